"""How numbers are written."""

from __future__ import annotations

import math

import pytest

from transforms.reporting import numerals


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.084, "0.08"),
        (-0.058, "−0.06"),
        (-0.001, "0.00"),
        (0.0, "0.00"),
        (1234.5, "1,234.50"),
        (None, "n/a"),
        (math.nan, "n/a"),
    ],
)
def test_a_decimal_has_two_places_a_true_minus_and_no_negative_zero(value: float | None, text: str) -> None:
    assert numerals.decimal(value) == text


@pytest.mark.parametrize(
    ("value", "text"), [(0.084, "+0.08"), (-0.058, "−0.06"), (0.001, "0.00"), (None, "n/a")]
)
def test_an_estimate_carries_its_sign_and_a_rounded_zero_has_none(value: float | None, text: str) -> None:
    assert numerals.signed(value) == text


@pytest.mark.parametrize(
    ("low", "high", "text"),
    [
        (0.02, 0.14, "0.02 to 0.14"),
        (0.004, 0.12, "0.004 to 0.120"),  # two places would say 0.00, as if zero were in it
        (-0.12, -0.0004, "−0.1200 to −0.0004"),
        (-0.12, 0.17, "−0.12 to 0.17"),
        (-0.002, 0.03, "−0.002 to 0.030"),  # two places would hide on which side of zero it begins
        (0.0, 0.03, "0.00 to 0.03"),
        (None, 0.1, "n/a"),
    ],
)
def test_an_interval_without_zero_is_never_written_as_if_it_held_zero(
    low: float | None, high: float, text: str
) -> None:
    assert numerals.interval(low, high) == text


@pytest.mark.parametrize(
    ("share", "text"),
    [
        (0.0, "0%"),
        (0.003, "under 1%"),
        (0.005, "under 1%"),
        (0.124, "12%"),
        (0.997, "over 99%"),
        (1.0, "100%"),
        (None, "n/a"),
    ],
)
def test_a_share_is_0_or_100_percent_only_when_it_is(share: float | None, text: str) -> None:
    assert numerals.percent(share) == text


def test_counts_have_thousands_separators_and_their_noun() -> None:
    assert numerals.counted(1, "school") == "1 school"
    assert numerals.counted(12_345, "school") == "12,345 schools"


def test_a_p_value_is_never_zero() -> None:
    assert numerals.p_value(0.0) == "<0.001"
    assert numerals.p_value(0.0312) == "0.031"


def test_a_school_year_is_named_by_its_spring_in_the_data_and_by_both_years_on_the_page() -> None:
    assert numerals.school_year(2025) == "2024–25"
    assert numerals.school_year(2000) == "1999–00"
