"""The instrument holds together, and its reference page is what the code says."""

from __future__ import annotations

from pathlib import Path

from transforms.improvement.connected_indicators import INDICATORS
from transforms.improvement.next_steps import RULES, When
from transforms.improvement.observables import OBSERVABLES
from transforms.improvement.standard import INDICATORS as OF_STANDARD
from transforms.selfassessment.document import document
from transforms.selfassessment.instrument import BY_ID, LEVEL_NAMES, LEVELS, PRACTICES, practice_called
from transforms.simulation.improvement import _PRACTICES as SIMULATED

ROOT = Path(__file__).parents[3]


def test_every_practice_has_four_different_levels_and_names_its_evidence():
    assert LEVELS == (1, 2, 3, 4)
    assert len(LEVEL_NAMES) == 4
    for practice in PRACTICES:
        assert len(set(practice.levels)) == 4
        assert all(20 < len(level) < 200 for level in practice.levels)
        assert practice.question.endswith("?")
        assert practice.evidence


def test_titles_and_ids_are_unique_in_any_case():
    names = [name.casefold() for practice in PRACTICES for name in (practice.id, practice.title)]
    assert len(set(names)) == len(names) == 2 * len(BY_ID)


def test_the_practices_of_the_simulated_district_are_in_the_instrument():
    assert all(practice_called(title) for title in SIMULATED)


def test_records_and_rules_are_of_practices_and_indicators_that_there_are():
    indicators = {indicator.name for indicator in (*INDICATORS, *OF_STANDARD)}
    assert all(row.practice in BY_ID and row.indicator in indicators for row in OBSERVABLES)
    for rule in RULES:
        known = indicators if rule.when is When.CONCERN else {*BY_ID, ""}
        assert rule.about in known
    assert len({rule.name for rule in RULES}) == len(RULES)


def test_a_practice_with_a_record_has_a_step_for_claims_and_one_for_a_start():
    for when in (When.RATED_ABOVE, When.LOW_AND_LITTLE):
        assert {rule.about for rule in RULES if rule.when is when} == {row.practice for row in OBSERVABLES}


def test_a_practice_without_a_record_has_a_step_for_low_ratings():
    without = BY_ID.keys() - {row.practice for row in OBSERVABLES}
    assert {rule.about for rule in RULES if rule.when is When.LOW} == without


def test_the_reference_page_is_what_the_code_says():
    page = (ROOT / "docs/reference/self-assessment.md").read_text(encoding="utf-8")
    assert page == "".join(document())
