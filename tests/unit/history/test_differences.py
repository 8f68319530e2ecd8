"""The difference of two values with intervals: known numbers, direction, many looks."""

from __future__ import annotations

import math

import pytest

from transforms.history.differences import Interval, difference, differences

Z = 1.959963984540054


def wilson(k: int, n: int) -> Interval:
    """Wilson's 95 % interval of ``k`` of ``n``, written out anew."""
    share, squared = k / n, Z * Z
    middle = (share + squared / (2 * n)) / (1 + squared / n)
    half = Z * math.sqrt(share * (1 - share) / n + squared / (4 * n * n)) / (1 + squared / n)
    return Interval(share, middle - half, middle + half)


@pytest.mark.parametrize(
    ("first", "second", "low", "high"),
    [  # Newcombe (1998), Statistics in Medicine 17(8), table II, method 10
        ((56, 70), (48, 80), 0.0524, 0.3339),
        ((9, 10), (3, 10), 0.1705, 0.8090),
        ((10, 10), (0, 20), 0.6791, 1.0000),
    ],
)
def test_shares_have_newcombes_interval(first, second, low, high):
    found = difference(wilson(*second), wilson(*first))
    assert (found.low, found.high) == pytest.approx((low, high), abs=1e-4)


def test_of_symmetric_intervals_errors_add_as_squares():
    found = difference(Interval(1.0, 0.7, 1.3), Interval(2.0, 1.6, 2.4))
    assert (found.value, found.low, found.high) == pytest.approx((1.0, 0.5, 1.5))


@pytest.mark.parametrize("now", [Interval(0.6, 0.505, 0.7), Interval(0.4, 0.3, 0.495)])
def test_the_p_value_is_below_5_percent_exactly_where_zero_lies_outside(now):
    for width in (0.05, 0.0949, 0.0951, 0.2):
        found = difference(Interval(0.5, 0.5 - width, 0.5 + width), now)
        assert (found.p_value < 0.05) == (not found.low <= 0 <= found.high)


def test_no_difference_is_never_clear():
    assert difference(Interval(0.5, 0.5, 0.5), Interval(0.5, 0.5, 0.5)).p_value == 1.0


def test_a_difference_of_values_without_error_is_sure():
    assert difference(Interval(0.5, 0.5, 0.5), Interval(0.6, 0.6, 0.6)).p_value == 0.0


def test_what_is_clear_alone_may_not_be_among_many():
    barely = (Interval(0.0, -1.0, 1.0), Interval(1.5, 0.5, 2.5))
    nothing = (Interval(0.0, -1.0, 1.0), Interval(0.1, -0.9, 1.1))
    assert differences([barely])[0].is_clear
    assert not differences([barely, *[nothing] * 20])[0].is_clear


def test_without_pairs_there_are_no_differences():
    assert differences([]) == ()
