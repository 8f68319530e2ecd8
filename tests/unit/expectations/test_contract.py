"""The contract says each thing once and everything else follows it."""

from __future__ import annotations

from pathlib import Path

import pytest

from expectations.contract import DECLARED_BY, PSEUDONYMISED, REQUIRED_ENTITIES, Column, Kind, Table, by_name
from expectations.dictionary import data_dictionary
from expectations.entities import ENTITIES, entities_with_types
from expectations.row_rules import ROW_RULES
from transforms.loading.core import load_order
from transforms.loading.staging import record_rules

ROOT = Path(__file__).parents[3]


def test_the_data_dictionary_in_docs_is_the_one_that_the_contract_gives() -> None:
    assert (ROOT / "docs/reference/data-dictionary.md").read_text(encoding="utf-8") == data_dictionary()


def test_every_reference_has_a_declarer_that_is_an_entity() -> None:
    kinds = {c.references for table in ENTITIES.values() for c in table.columns if c.references}
    assert kinds == set(DECLARED_BY)
    assert {name for tiers in DECLARED_BY.values() for tier in tiers for name in tier} <= set(ENTITIES)
    assert set(PSEUDONYMISED) <= kinds
    assert {name for group in REQUIRED_ENTITIES for name in group} <= set(ENTITIES)


def test_direct_identifiers_are_never_published() -> None:
    restricted = {(t.name, c.name) for t in ENTITIES.values() for c in t.columns if c.is_direct_identifier}
    assert {
        ("staff", "email"),
        ("staff", "last_name"),
        ("staff", "first_name"),
        ("student", "birth_date"),
    } <= restricted
    assert not any(c.is_direct_identifier for t in ENTITIES.values() for c in t.published_columns)


@pytest.mark.parametrize("entity", sorted(ENTITIES))
def test_every_rule_of_a_record_has_its_own_bit(entity: str) -> None:
    weights = [rule.weight for rule in record_rules(ENTITIES[entity])]
    assert weights == [1 << bit for bit in range(len(weights))]
    assert len(weights) <= 64


def test_row_rules_name_columns_of_their_entity() -> None:
    for rule in ROW_RULES:
        assert rule.column in ENTITIES[rule.entity].column_names


@pytest.mark.parametrize("absent", [frozenset(), frozenset({"school", "staff", "student", "section"})])
def test_ids_are_declared_before_they_are_used(absent: frozenset[str]) -> None:
    order = [table.name for table in load_order(ENTITIES, frozenset(ENTITIES) - absent)]
    assert sorted(order) == sorted(ENTITIES)
    if not absent:
        assert order.index("school") < order.index("staff_assignment") < order.index("section_staff")
        assert order.index("pd_session") < order.index("pd_participation")
    else:
        assert order.index("student_enrollment") < order.index("assessment_result")


def test_a_study_may_add_pd_types() -> None:
    allowed = entities_with_types(["coaching", "lab_visit"])["pd_activity"].column("pd_type").allowed
    assert allowed == ("coaching", "lab_visit")


def test_a_key_that_is_no_column_is_refused() -> None:
    column = Column("school_id", Kind.ID, "Id.")
    with pytest.raises(ValueError, match="key columns"):
        by_name([Table("core", "school", "One row per school", "Schools.", ("school",), (column,))])
