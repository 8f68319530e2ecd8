"""One report a year is remembered, the last published; which of them is the last report."""

from __future__ import annotations

from datetime import datetime

import pytest

from transforms.history.keep import Remembered, kept, last_report
from transforms.history.recall import Study


def reports(*named: tuple[str, int]) -> list[Remembered]:
    """Reports published one day after the other."""
    return [Remembered(name, year, datetime(2026, 1, 1 + day)) for day, (name, year) in enumerate(named)]


@pytest.mark.parametrize(
    ("earlier", "year", "remembered", "last"),
    [
        ([], 2024, [], None),
        ([("a", 2023)], 2024, ["a"], "a"),
        ([("a", 2023), ("b", 2023)], 2024, ["b"], "b"),
        ([("a", 2022), ("b", 2023)], 2024, ["a", "b"], "b"),
        # a rerun takes the place of its own year, and is still held against the year before
        ([("a", 2023), ("b", 2024)], 2024, ["a"], "a"),
        # in the first year the build before is all there is
        ([("a", 2024)], 2024, ["a"], "a"),
        ([("a", 2024), ("b", 2024)], 2024, ["b"], "b"),
        # going back to an earlier year loses nothing, but a later report is not the last one
        ([("a", 2025)], 2024, ["a"], None),
        ([("a", 2023), ("b", 2025)], 2024, ["a", "b"], "a"),
        ([("a", 2024), ("b", 2025)], 2024, ["a", "b"], "a"),
    ],
)
def test_what_a_build_remembers_and_is_held_against(earlier, year, remembered, last):
    found = kept(reports(*earlier), "now", year)
    assert [report.build_id for report in found] == remembered
    chosen = last_report(reports(*earlier), "now", year)
    assert (chosen.build_id if chosen else None) == last


def test_a_build_is_never_held_against_itself():
    assert last_report(reports(("a", 2023), ("now", 2024)), "now", 2024).build_id == "a"
    assert last_report(reports(("now", 2024)), "now", 2024) is None


def test_a_report_without_a_date_is_the_oldest():
    undated = Remembered("z", 2023, None)
    assert kept([*reports(("a", 2023)), undated], "now", 2024)[0].build_id == "a"


@pytest.mark.parametrize(
    ("one", "other", "is_same"),
    [
        (Study("Riverbend", "1"), Study("Riverbend Schools", "1"), True),
        (Study("Riverbend", "1"), Study("Riverbend", "2"), False),
        (Study("Riverbend", None), Study("Riverbend", "2"), True),
        (Study("Riverbend", None), Study("Oakdale", "2"), False),
    ],
)
def test_one_agency_is_one_study_else_the_names_decide(one, other, is_same):
    assert one.is_same(other) is is_same
    assert other.is_same(one) is is_same
