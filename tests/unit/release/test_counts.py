"""The declared counts are of columns that the report has, and no table of the report is forgotten."""

from __future__ import annotations

import re

from expectations.contract import Column
from expectations.outputs import OUTPUTS
from transforms.release.counts import REPORT_COUNTS
from transforms.warehouse import sql_files

OF_PERSONS = re.compile(r"n_(staff|persons|people|teachers|students|responses|respondents|participants)")


def test_every_named_column_is_one_of_its_table_and_may_be_empty_where_it_is_emptied() -> None:
    for one in REPORT_COUNTS.counted:
        columns = {column.name: column for column in OUTPUTS[one.table].published_columns}
        flag = {one.flag} if one.flag and not one.is_dropped else set()
        emptied = {*one.hides, *one.with_it, *(name for name, word in one.words.items() if word is None)}
        assert {*one.key, *emptied, *one.words, *flag} <= columns.keys(), one.name
        assert not [name for name in emptied if columns[name].is_required], one.name


def test_a_key_names_one_row() -> None:
    for one in REPORT_COUNTS.counted:
        assert set(OUTPUTS[one.table].key) <= set(one.key), one.name


def test_what_is_emptied_shows_the_count_or_the_row_is_dropped() -> None:
    for one in REPORT_COUNTS.counted:
        assert one.is_dropped != bool(one.hides), one.name


def test_margins_and_equal_counts_are_of_declared_counts_of_the_same_kind_of_persons() -> None:
    persons = {one.name: one.persons for one in REPORT_COUNTS.counted}
    assert len(persons) == len(REPORT_COUNTS.counted)
    margins = [(margin.parts, margin.total or margin.parts) for margin in REPORT_COUNTS.margins]
    for one, other in [*margins, *((same.one, same.other) for same in REPORT_COUNTS.same)]:
        assert persons[one] is persons[other]


def test_every_table_of_the_report_counts_persons_or_says_why_it_does_not() -> None:
    counted = {one.table for one in REPORT_COUNTS.counted}
    reasoned = REPORT_COUNTS.without_persons.keys()
    assert not counted & reasoned
    assert counted | reasoned == {file.qualified_name for file in sql_files("report")}


def test_comparisons_are_of_columns_that_may_be_empty() -> None:
    for one in REPORT_COUNTS.comparisons:
        columns = {column.name: column for column in OUTPUTS[one.table].published_columns}
        assert one.shown in columns
        assert not [name for name in one.hides if columns[name].is_required]


def test_open_questions_are_of_tables_of_the_report() -> None:
    assert REPORT_COUNTS.open_questions.keys() <= OUTPUTS.keys()


def test_a_table_that_is_said_to_count_nobody_has_no_column_of_persons() -> None:
    found = [
        (table, column.name)
        for table in REPORT_COUNTS.without_persons
        for column in OUTPUTS[table].published_columns
        if _is_of_persons(column)
    ]
    assert found == []


def _is_of_persons(column: Column) -> bool:
    return OF_PERSONS.fullmatch(column.name) is not None or column.name.endswith(
        ("per_teacher", "per_student", "per_participant", "response_rate", "of_teachers", "of_students")
    )
