"""The key rule of the contract: equal repeats are duplicates, unequal ones are turned away, sources merge."""

from __future__ import annotations

from tests.unit.loading.loader import Bench


def test_equal_values_under_one_key_are_one_row_and_a_duplicate() -> None:
    bench = Bench()
    bench.file("school", "school_id,school_name", "s1,North", "s1,North", "s2,South")
    bench.load()
    assert bench.core("school", "school_id", "school_name") == [("s1", "North"), ("s2", "South")]
    assert bench.counts("school") == [(2, 1, 0, 0)]
    assert bench.rejected("school") == []


def test_different_values_under_one_key_quarantine_every_record_of_it() -> None:
    bench = Bench()
    bench.file("school", "school_id,school_name", "s1,North", "s1,Nort", "s1,North", "s2,South")
    bench.load()
    assert bench.core("school", "school_id") == [("s2",)]
    assert bench.counts("school") == [(1, 0, 0, 3)]
    assert bench.rejected("school") == [(line, "conflicting_key", "school_id") for line in (2, 3, 4)]


def test_the_rule_holds_over_files_of_one_source_number_only() -> None:
    bench = Bench()
    bench.file("school", "school_id,school_name", "s1,North")
    bench.file("school", "school_id,school_name,locale", "s1,Nord,rural", "s2,South,city")
    bench.load()
    # s1: the first source's name wins, its empty locale is filled, the other name is a disagreement
    assert bench.core("school", "school_id", "school_name", "locale") == [
        ("s1", "North", "rural"),
        ("s2", "South", "city"),
    ]
    assert bench.counts("school") == [(1, 0, 0, 0), (2, 0, 0, 0)]
    assert bench.rejected("school") == [(2, "disagreement", "school_name")]


def test_latest_keeps_the_record_with_the_greatest_order_column() -> None:
    bench = Bench()
    bench.file(
        "school", "school_id,school_name,changed", "s1,Old,2024-01-05", "s1,New,2024-02-01", "s2,Only,2023-01-01",
        on_conflict="latest", order_column="changed",
    )  # fmt: skip
    bench.load()
    assert bench.core("school", "school_id", "school_name") == [("s1", "New"), ("s2", "Only")]
    assert bench.counts("school") == [(2, 1, 0, 0)]


def test_latest_with_two_different_newest_records_is_a_conflict() -> None:
    bench = Bench()
    bench.file(
        "school", "school_id,school_name,version", "s1,Old,1", "s1,New,2", "s1,Newer,2",
        on_conflict="latest", order_column="version",
    )  # fmt: skip
    bench.load()
    assert bench.core("school", "school_id") == []
    assert bench.counts("school") == [(0, 0, 0, 3)]


def test_empty_key_parts_are_equal_to_each_other() -> None:
    bench = Bench()
    bench.file("staff", "staff_id", "t1")
    bench.file("pd_activity", "pd_activity_id,title,pd_type", "a1,Coaching,coaching")
    bench.file(
        "pd_participation", "staff_id,pd_activity_id,participation_date,hours",
        "t1,a1,2024-10-01,2", "t1,a1,2024-10-01,2", "t1,a1,2024-11-01,3",
    )  # fmt: skip
    bench.load()
    # no session id: the three records share one key and differ
    assert bench.counts("pd_participation") == [(0, 0, 0, 3)]


def test_three_sources_fill_each_other_column_by_column() -> None:
    bench = Bench()
    bench.file("staff", "staff_id,hire_date", "t1,")
    bench.file("staff", "staff_id,hire_date", "t1,2020-08-01")
    bench.file("staff", "staff_id,hire_date,highest_degree", "t1,2021-08-01,Masters")
    bench.load()
    assert [str(row[0]) for row in bench.core("staff", "hire_date")] == ["2020-08-01"]
    assert bench.core("staff", "highest_degree") == [("Masters",)]
    assert bench.rejected("staff") == [(2, "disagreement", "hire_date")]
