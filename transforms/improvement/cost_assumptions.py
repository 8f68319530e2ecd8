"""The assumptions that costs rest on, in words that stand on the page."""

from __future__ import annotations

from collections.abc import Callable

from transforms.improvement.settings import CostSettings

_NOT_SET = "not set"

# Key of study.toml, its words, how its value is written, what it is for.
_Writer = Callable[[CostSettings], str]
_ASSUMPTIONS: tuple[tuple[str, str, _Writer, str], ...] = (
    (
        "teacher_hourly_cost",
        "cost of an hour of a participant",
        lambda cost: _amount(cost, cost.teacher_hourly_cost),
        "prices hours that the source does not, whatever the role; where the source lists participants'"
        " time, that stands",
    ),
    (
        "substitute_daily_cost",
        "cost of a day of a substitute",
        lambda cost: _amount(cost, cost.substitute_daily_cost),
        "prices teachers' hours on school days (weekdays outside July) instead of their own time, for an hour"
        " is priced once; not where the source lists substitutes or participants' time",
    ),
    (
        "hours_per_substitute_day",
        "hours that a substitute covers in a day",
        lambda cost: f"{cost.hours_per_substitute_day:g}",
        "turns hours into days",
    ),
    (
        "substitute_share",
        "share of teachers' hours on school days in which a substitute stood in",
        lambda cost: f"{cost.substitute_share:g}",
        "at which time of the day a session was is not in the data",
    ),
    (
        "price_year",
        "prices of school year",
        lambda cost: _NOT_SET if cost.price_year is None else str(cost.price_year),
        "amounts of other years are multiplied by the price index of this year over that of theirs; where it"
        " is not set, they stand in the prices of their own year",
    ),
    (
        "uncertainty",
        "how far amounts may be off, in either direction",
        lambda cost: f"{cost.uncertainty:.0%}",
        "all amounts together are drawn from a triangular distribution that reaches this far around what was"
        " listed",
    ),
)


def assumption_records(settings: CostSettings) -> list[dict[str, object]]:
    """Rows of estimates.cost_assumption: what is set, what is by default, and what is not there."""
    return [
        {
            "assumption": words,
            "value": write(settings),
            "origin": _origin(settings, key, write(settings)),
            "meaning": meaning,
        }
        for key, words, write, meaning in _ASSUMPTIONS
    ]


def _origin(settings: CostSettings, key: str, value: str) -> str:
    if value == _NOT_SET:
        return _NOT_SET
    return "study.toml" if key in settings.named else "default"


def _amount(settings: CostSettings, value: float | None) -> str:
    if value is None:
        return _NOT_SET
    return f"{settings.currency}{' ' if settings.currency[-1].isalpha() else ''}{value:,.2f}"
