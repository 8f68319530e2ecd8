"""The data dictionary of the site: everything that is declared, and what version it is of."""

from __future__ import annotations

from pathlib import Path

import pytest

from expectations.contract import Kind
from expectations.entities import ENTITIES
from expectations.macros import macros
from expectations.outputs import OUTPUTS
from expectations.schema_versions import SCHEMA_VERSION
from expectations.units import unit_of
from tests.unit.reporting.page_reader import elements, text
from transforms.reporting.dictionary_page import dictionary_page


def test_every_table_column_and_macro_is_on_the_page_and_no_direct_identifier() -> None:
    page = dictionary_page(SCHEMA_VERSION)
    tables = {table.name: dict(table.columns) for schema in page.schemas for table in schema.tables}
    assert {name: set(columns) for name, columns in tables.items()} == {
        table.qualified_name: {column.name for column in table.published_columns}
        for table in (*ENTITIES.values(), *OUTPUTS.values())
    }
    assert [macro.signature for macro in page.macros] == [macro.signature for macro in macros()]
    assert "last_name" not in tables["core.staff"]
    assert tables["core.pd_participation"]["hours"].startswith("Number, never empty. ")
    assert "Unit: hours" in tables["core.pd_participation"]["hours"]


def test_a_build_of_another_version_is_told_apart(district_page: Path) -> None:
    assert dictionary_page(SCHEMA_VERSION).difference == ""
    assert dictionary_page("1.0").difference.startswith("This build has tables of version 1.0;")
    assert "This build has tables of version 1.0" in text(district_page.with_name("dictionary.html"))


def test_each_table_can_be_linked_to_and_its_columns_open_without_a_script(district_page: Path) -> None:
    found = elements(district_page.with_name("dictionary.html"))
    ids = {element.attributes.get("id") for element in found}
    assert {"estimates-effect", "macro-reach", "schema-frames", "versions"} <= ids
    n_tables = len(ENTITIES) + len(OUTPUTS)
    assert sum(element.name == "details" for element in found) == n_tables + 1  # the menu is one more


def test_a_number_that_nobody_gives_a_unit_is_refused() -> None:
    assert unit_of("estimates.x", "p_value", Kind.NUMBER) == "probability"
    assert unit_of("estimates.x", "p_value", Kind.NUMBER, "points") == "points"
    assert unit_of("estimates.x", "note", Kind.TEXT) == ""
    with pytest.raises(ValueError, match=r"estimates\.x\.weight is a number without a unit"):
        unit_of("estimates.x", "weight", Kind.NUMBER)
