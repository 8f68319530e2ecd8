"""What a text is as a number or a date: read for certain, or turned away, never guessed."""

from __future__ import annotations

import pytest

from tests.unit.loading.loader import Bench
from transforms.errors import InputError


def _scores(*texts: str, **source: object) -> Bench:
    """Load scale scores; the texts stand in a file with semicolons."""
    bench = Bench()
    bench.file("student", "student_id", *(f"p{i}" for i in range(len(texts))))
    bench.file(
        "assessment_result", "student_id,assessment_id,academic_subject,school_year,scale_score", **source
    )
    rows = [[f"p{i}", "STATE", "ela", "2025", text] for i, text in enumerate(texts)]
    bench.connection.executemany("insert into f1 values (?, ?, ?, ?, ?)", rows)
    bench.load()
    return bench


def _hired(*texts: str, **source: object) -> Bench:
    bench = Bench()
    bench.file("staff", "staff_id,hire_date", *(f"t{i},{text}" for i, text in enumerate(texts)), **source)
    bench.load()
    return bench


@pytest.mark.parametrize(
    ("text", "decimal_sign", "number"),
    [
        ("1,234.5", ".", 1234.5),
        ("-1,234,567", ".", -1234567.0),
        ("1 234.5", ".", 1234.5),
        ("1\u00a0234,5", ",", 1234.5),
        ("1.234,5", ",", 1234.5),
        ("1'234.5", ".", 1234.5),
        ("2,5", ",", 2.5),
        ("5e2", ".", 500.0),
    ],
)
def test_a_number_is_read_with_its_groups_and_its_decimal_sign(
    text: str, decimal_sign: str, number: float
) -> None:
    bench = _scores(text, decimal_sign=decimal_sign)
    assert bench.core("assessment_result", "scale_score") == [(number,)]


@pytest.mark.parametrize(
    ("text", "decimal_sign"),
    [
        ("2,5", "."),  # a typing error for 2.5: leaving the comma out would make it 25
        ("12,34,5", "."),
        ("1,2345", "."),
        ("2.5", ","),
        ("1.5,5", ","),
        ("1e300", "."),  # its square has no room in a double
        ("nan", "."),
    ],
)
def test_a_sign_in_the_wrong_place_makes_no_other_number(text: str, decimal_sign: str) -> None:
    bench = _scores(text, decimal_sign=decimal_sign)
    assert bench.rejected("assessment_result") == [(2, "not_a_number", "scale_score")]


def test_one_comma_among_decimal_points_is_turned_away_alone() -> None:
    # 11 values prove the point, 1 the comma: under one in ten, so a typing error
    bench = _scores(*[f"{i}.25" for i in range(11)], "2,5")
    assert bench.rejected("assessment_result") == [(13, "not_a_number", "scale_score")]
    assert bench.counts("assessment_result") == [(11, 0, 0, 1)]


@pytest.mark.parametrize("text", ["infinity", "0204-09-01", "20240-09-01", "2024-02-30", "1899-12-30"])
def test_a_day_that_no_record_of_a_school_can_have_is_no_date(text: str) -> None:
    bench = _hired("2020-08-01", text)
    assert bench.rejected("staff") == [(3, "not_a_date", "hire_date")]


def test_the_far_future_that_some_systems_write_for_open_ended_is_a_date() -> None:
    assert [str(row[0]) for row in _hired("9999-12-31").core("staff", "hire_date")] == ["9999-12-31"]


def test_two_digit_years_are_not_taken_for_the_first_century() -> None:
    # DuckDB's own cast reads 25/12/24 as the 24th of December of the year 25
    assert [str(row[0]) for row in _hired("25/12/24").core("staff", "hire_date")] == ["2024-12-25"]


def test_two_digit_years_whose_order_nothing_tells_are_an_error() -> None:
    with pytest.raises(InputError, match=r"column hire_date: .*set date_format"):
        _hired("9/12/24", "1/2/24")


def test_a_date_with_a_time_is_its_day() -> None:
    assert [str(row[0]) for row in _hired("2024-09-17 00:00:00").core("staff", "hire_date")] == ["2024-09-17"]


def test_constants_are_canonical_whatever_the_file_writes() -> None:
    bench = Bench()
    bench.file("staff", "staff_id,hire_date,years_experience", "t1,10/13/2024,1")
    bench.file("pd_activity", "pd_activity_id,title,pd_type", "a1,Coaching,coaching")
    bench.file(
        "pd_participation", "staff_id,pd_activity_id", "t1,a1",
        date_format="%m/%d/%Y", decimal_sign=",",
        constants={"participation_date": "2024-10-01", "hours": 2.5},
    )  # fmt: skip
    bench.load()
    rows = bench.core("pd_participation", "participation_date", "hours")
    assert [(str(day), hours) for day, hours in rows] == [("2024-10-01", 2.5)]


def test_iso_dates_are_read_beside_those_of_the_sources_format() -> None:
    bench = _hired("10/13/2024", "2024-11-05", "13/10/2024", date_format="%m/%d/%Y")
    assert [str(row[0]) for row in bench.core("staff", "hire_date")] == ["2024-10-13", "2024-11-05"]
    assert bench.rejected("staff") == [(4, "not_a_date", "hire_date")]
