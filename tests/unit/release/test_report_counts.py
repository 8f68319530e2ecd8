"""The declared counts are of columns that the report has."""

from __future__ import annotations

from expectations.outputs import OUTPUTS
from transforms.release.report_counts import COUNTED, MARGINS, SAME


def test_every_named_column_is_one_of_its_table() -> None:
    for one in COUNTED:
        columns = {column.name for column in OUTPUTS[one.table].published_columns}
        flag = {one.flag} if one.flag else set()
        assert {*one.key, *one.hides, *one.words, *flag} <= columns, one.name


def test_margins_and_equal_counts_are_of_declared_counts_of_the_same_kind_of_persons() -> None:
    persons = {one.name: one.persons for one in COUNTED}
    assert len(persons) == len(COUNTED)
    for one, other in [*((m.parts, m.total) for m in MARGINS), *((s.one, s.other) for s in SAME)]:
        assert persons[one] is persons[other]
