"""How numbers are written on every page: two decimals, a true minus sign, thousands separators."""

from __future__ import annotations

import math
from collections.abc import Sequence

from transforms.reporting.catalogue import noted, say, say_noun

MINUS = "\u2212"
NO_NUMBER = noted("n/a")


def decimal(value: float | None, decimals: int = 2) -> str:
    """Write ``value`` with a fixed number of decimals; never a negative zero; n/a for None and NaN."""
    if value is None or not math.isfinite(value):
        return say(NO_NUMBER)
    text = f"{abs(value):,.{decimals}f}"
    is_zero = not any(digit in text for digit in "123456789")
    return text if is_zero or value > 0 else MINUS + text


def signed(value: float | None, decimals: int = 2) -> str:
    """Write ``value`` with its sign, so that the direction is never left to the reader."""
    text = decimal(value, decimals)
    return (
        f"+{text}"
        if value is not None and any(digit in text for digit in "123456789") and value > 0
        else text
    )


def interval_decimals(low: float, high: float) -> int:
    """Two decimals, or as many more as keep an end that is not zero from being written as zero.

    0.004 to 0.12 needs three: "0.00 to 0.12" would contradict the sentence that zero is not among it.
    An interval that holds zero gets three at most; its ends carry no such sentence.
    """
    nearest = min((abs(end) for end in (low, high) if end), default=1.0)
    at_most = 3 if low <= 0 <= high else 6
    for decimals in range(2, at_most):
        if round(nearest, decimals) > 0:
            return decimals
    return at_most


def interval(low: float | None, high: float | None, decimals: int | None = None) -> str:
    """Write both ends of an interval, with more decimals where rounding would move an end to zero."""
    if low is None or high is None:
        return say(NO_NUMBER)
    places = interval_decimals(low, high) if decimals is None else decimals
    return say("{low} to {high}", low=decimal(low, places), high=decimal(high, places))


def count(value: int | None) -> str:
    """Write a count with thousands separators; n/a for None."""
    return say(NO_NUMBER) if value is None else f"{value:,}"


def counted(value: int | None, singular: str, plural: str = "") -> str:
    """A count with its noun: 1 school, 13 schools."""
    return f"{count(value)} {say_noun(value, singular, plural or singular + 's')}"


def percent(share: float | None) -> str:
    """Write a share of 0 to 1 in whole percent; a share that is not 0 or 1 is never written as 0% or 100%."""
    if share is None or not math.isfinite(share):
        return say(NO_NUMBER)
    if 0 < share < 0.01:
        return say("under 1%")
    if 0.99 < share < 1:
        return say("over 99%")
    return f"{share * 100:.0f}%"


def p_value(value: float | None) -> str:
    """Write a p-value with three decimals, small ones as a bound."""
    if value is None or not math.isfinite(value):
        return say(NO_NUMBER)
    return "<0.001" if value < 0.001 else f"{value:.3f}"


def school_year(spring_year: int) -> str:
    """Write a school year, named in the data by its spring: 2025 is 2024–25."""
    return f"{spring_year - 1}–{spring_year % 100:02d}"


def listed(parts: Sequence[str]) -> str:
    """Join words as a sentence does: a, b and c."""
    return (
        parts[0]
        if len(parts) == 1
        else say("{listed} and {parts}", listed=", ".join(parts[:-1]), parts=parts[-1])
    )


def capitalised(text: str) -> str:
    """The text with its first letter large, the rest as it is."""
    return text[:1].upper() + text[1:]
