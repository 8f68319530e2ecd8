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
        "school", "school_id,school_name,changed",
        "s1,Old,2024-01-05", "s1,New,2024-02-01", "s2,Only,2023-01-01",
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


def _bench_of_participation() -> Bench:
    bench = Bench()
    bench.file("staff", "staff_id", "t1")
    bench.file("pd_activity", "pd_activity_id,title,pd_type", "a1,Coaching,coaching")
    return bench


def test_a_default_is_no_value_that_wins_over_another_source() -> None:
    headers = "staff_id,pd_activity_id,participation_date,hours"
    bench = _bench_of_participation()
    bench.file("pd_participation", headers, "t1,a1,2024-10-01,2")
    bench.file("pd_participation", f"{headers},attendance_status", "t1,a1,2024-10-01,2,absent")
    bench.load()
    # the first source says nothing of attendance, so it is absent, and absent carries no hours
    assert bench.core("pd_participation", "attendance_status", "hours") == [("absent", 0.0)]
    assert bench.rejected("pd_participation") == []


def test_an_empty_cell_and_its_default_are_equal_values() -> None:
    bench = _bench_of_participation()
    bench.file(
        "pd_participation", "staff_id,pd_activity_id,participation_date,hours,attendance_status",
        "t1,a1,2024-10-01,2,", "t1,a1,2024-10-01,2,attended",
    )  # fmt: skip
    bench.load()
    assert bench.core("pd_participation", "attendance_status", "hours") == [("attended", 2.0)]
    assert bench.counts("pd_participation") == [(1, 1, 0, 0)]


def test_a_default_in_the_key_tells_records_apart() -> None:
    bench = Bench()
    bench.file("student", "student_id", "p1")
    bench.file(
        "assessment_result", "student_id,assessment_id,academic_subject,school_year,term,scale_score",
        "p1,STATE,ela,2025,,500", "p1,STATE,ela,2025,spring,500", "p1,STATE,ela,2025,fall,480",
    )  # fmt: skip
    bench.load()
    assert bench.core("assessment_result", "term", "scale_score") == [("fall", 480.0), ("spring", 500.0)]
    assert bench.counts("assessment_result") == [(2, 1, 0, 0)]


def test_a_record_whose_other_sources_name_an_unknown_id_is_turned_away_with_them() -> None:
    bench = _bench_of_participation()
    headers = "staff_id,pd_activity_id,participation_date,hours"
    bench.file("pd_participation", headers, "t1,a9,2024-10-01,2", "t1,a1,2024-10-01,3")
    bench.file("pd_participation", headers, "t1,a9,2024-10-01,2", "t1,a9,2024-10-01,2")
    bench.load()
    # of the second source one record is merged into the first's and goes with it, the other is its duplicate
    assert bench.counts("pd_participation") == [(1, 0, 0, 1), (0, 1, 0, 1)]


def test_a_conflict_within_one_source_leaves_the_record_of_another() -> None:
    bench = Bench()
    bench.file("school", "school_id,school_name", "s1,North", "s1,Nort")
    bench.file("school", "school_id,school_name", "s1,Northside")
    bench.load()
    assert bench.core("school", "school_name") == [("Northside",)]
    assert bench.counts("school") == [(0, 0, 0, 2), (1, 0, 0, 0)]


def test_one_file_of_two_sources_counts_in_each() -> None:
    bench = Bench()
    bench.file("student", "student_id", "p1", "p2")
    for subject in ("ela", "mathematics"):
        bench.file(
            "assessment_result", "student_id,ela,mathematics", "p1,500,510", "p2,490,",
            columns={"scale_score": subject}, skip_if_missing=("scale_score",),
            constants={"assessment_id": "STATE", "academic_subject": subject, "school_year": 2025},
        )  # fmt: skip
    bench.load()
    assert bench.counts("assessment_result") == [(2, 0, 0, 0), (1, 0, 1, 0)]
    assert bench.core("assessment_result", "academic_subject", "scale_score") == [
        ("ela", 490.0), ("ela", 500.0), ("mathematics", 510.0),
    ]  # fmt: skip


def test_the_latest_of_two_digit_years_is_the_latest_day() -> None:
    bench = Bench()
    # read as year, month, day the first would be the later one
    bench.file(
        "school", "school_id,school_name,changed", "s1,Old,31/01/24", "s1,New,01/02/24",
        on_conflict="latest", order_column="changed",
    )  # fmt: skip
    bench.load()
    assert bench.core("school", "school_name") == [("New",)]
