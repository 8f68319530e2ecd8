"""Indicators of connected professional learning: their definitions, rules and comparisons."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import duckdb

from sql import render_sql
from transforms.improvement.comparison import compare_indicators
from transforms.improvement.indicators import Indicator, fill_indicators
from transforms.improvement.settings import ImprovementSettings

IDEA = "connected_learning"

# Feedback later than two weeks after a lesson is feedback on a lesson that nobody remembers.
FEEDBACK_DAYS = 14
SUSTAINED_DAYS = 30
# Yoon et al. (2007), REL 2007-033: programmes of 14 hours and more had effects on achievement, shorter none.
SUSTAINED_HOURS = 14
# The median of fewer schools tells what one of them does.

PARAMETERS: dict[str, object] = {
    "feedback_days": FEEDBACK_DAYS,
    "sustained_days": SUSTAINED_DAYS,
    "sustained_hours": SUSTAINED_HOURS,
}

_PD = ("pd_activity", "pd_participation")


@dataclass(frozen=True)
class Rule:
    """Status from value: strength up to (or from) ``strength``, concern beyond ``concern``, else typical."""

    strength: float
    concern: float
    is_share: bool = True

    @property
    def is_higher_better(self) -> bool:
        """Whether large values are strengths."""
        return self.strength > self.concern

    @property
    def text(self) -> str:
        """The rule in words, as the definition prints it."""
        strength = f"{self._shown(self.strength)} or {'more' if self.is_higher_better else 'less'}"
        return f"strength: {strength}; concern: {self.concern_text}; typical between"

    @property
    def concern_text(self) -> str:
        """When the value is a concern, in words."""
        return f"{'less' if self.is_higher_better else 'more'} than {self._shown(self.concern)}"

    def _shown(self, end: float) -> str:
        return f"{end:.0%}" if self.is_share else f"{end:g}"

    def status(self, value: float) -> str:
        """strength, typical or concern."""
        sign = 1.0 if self.is_higher_better else -1.0
        if sign * value >= sign * self.strength:
            return "strength"
        return "concern" if sign * value < sign * self.concern else "typical"


RULES: dict[str, Rule] = {
    "one_off_hours_share": Rule(0.25, 0.5),
    "one_off_money_share": Rule(0.25, 0.5),
    "feedback_cycles": Rule(2.0, 1.0, is_share=False),
    "feedback_in_time": Rule(0.75, 0.5),
}


def _indicator(
    name: str, label: str, unit: str, higher_is: str, sources: Sequence[str], meaning: str
) -> Indicator:
    rule = RULES[name].text if name in RULES else ""
    return Indicator(IDEA, name, label, meaning, unit, higher_is, tuple(sources), rule)  # type: ignore[arg-type]


INDICATORS = (
    _indicator(
        "one_off_hours_share", "Hours in one-off events", "share", "worse", _PD,
        "Share of all PD hours in types that are one-off: not job-embedded and sustained.",
    ),
    _indicator(
        "connected_hours_share", "Hours in connected learning", "share", "better", _PD,
        "Share of all PD hours in types that are job-embedded and sustained; the rest is one-off.",
    ),
    _indicator(
        "one_off_money_share", "Money in one-off events", "share", "worse", (*_PD, "pd_cost"),
        "Share of the cost of PD in one-off types; a school's part of an activity's cost is its part of the"
        " hours attended in the year. What nobody attended counts for the district alone.",
    ),
    _indicator(
        "connected_hours", "Connected hours per teacher", "hours per teacher", "better", _PD,
        "Hours of teachers in connected types, by all teachers of the year, also those with none.",
    ),
    _indicator(
        "curriculum_linked_hours", "Curriculum-linked hours per teacher", "hours per teacher", "better", _PD,
        "Hours of teachers in activities that the catalogue marks as linked to the curriculum or that are of"
        " the type curriculum_based, by all teachers of the year, also those with none.",
    ),
    _indicator(
        "collaborative_planning_hours", "Collaborative planning per teacher", "hours per teacher", "better",
        _PD, "Hours of teachers in collaborative planning, by all teachers of the year, also those with"
        " none.",
    ),
    _indicator(
        "feedback_hours", "Coaching and feedback hours per teacher", "hours per teacher", "better", _PD,
        "Hours of teachers in coaching, feedback cycles, mentoring and induction, by all teachers of the"
        " year,"
        " also those with none.",
    ),
    _indicator(
        "feedback_cycles", "Feedback cycles per teacher", "cycles per teacher", "better", ("observation",),
        f"Observations with feedback on record within {FEEDBACK_DAYS} days, by all teachers of the year, also"
        " those never observed. By purpose of the observation for the district.",
    ),
    _indicator(
        "teachers_with_feedback_cycle", "Teachers with a feedback cycle", "share", "better", ("observation",),
        f"Share of the year's teachers with at least one observation with feedback within {FEEDBACK_DAYS}"
        f" days.",
    ),
    _indicator(
        "feedback_in_time", "Observations with feedback in time", "share", "better", ("observation",),
        f"Share of observations of teachers with feedback on record within {FEEDBACK_DAYS} days; those made"
        f" less than {FEEDBACK_DAYS} days before the last day on record are left out.",
    ),
    _indicator(
        "feedback_never", "Observations without feedback", "share", "worse", ("observation",),
        "Share of observations of teachers without feedback on record; those made less than"
        f" {FEEDBACK_DAYS} days before the last day on record are left out.",
    ),
    _indicator(
        "days_to_feedback", "Days from observation to feedback", "days", "worse", ("observation",),
        "Median days from an observation to its feedback; one without feedback waits longer than any other."
        " Numerator: observations without feedback.",
    ),
    _indicator(
        "sustained_days", "Participations that went on for weeks", "share", "better", _PD,
        f"Share of participations (a person in an activity in a year) with at least {SUSTAINED_DAYS} days"
        " between the first and the last attended day. A system that records completion alone gives one day.",
    ),
    _indicator(
        "sustained_hours", f"Participations of {SUSTAINED_HOURS} hours or more", "share", "better", _PD,
        f"Share of participations (a person in an activity in a year) of {SUSTAINED_HOURS} hours or more.",
    ),
    _indicator(
        "schools_self_assessed", "Schools with a self-assessment", "share", "better", ("self_assessment",),
        "Share of schools with teachers that rated at least one practice in the year.",
    ),
)  # fmt: skip


def fill_connected_indicators(connection: duckdb.DuckDBPyConnection, settings: ImprovementSettings) -> None:
    """Fill the indicators of this idea in estimates.indicator, with status and comparison."""
    query = render_sql("improvement/placed_observation.sql")
    connection.execute(f"create or replace temp view placed_observation as {query}")
    fill_indicators(connection, INDICATORS, settings, PARAMETERS)
    _judge(connection)
    compare_indicators(connection, INDICATORS)


def _judge(connection: duckdb.DuckDBPyConnection) -> None:
    for name, rule in RULES.items():
        rows = connection.execute(
            "select rowid, value from estimates.indicator where indicator = $name and category = 'all'"
            " and value is not null",
            {"name": name},
        ).fetchall()
        statuses = [(row, rule.status(value)) for row, value in rows]
        if statuses:
            connection.execute(
                "update estimates.indicator as indicator set status = judged.status from"
                " (select unnest($rows::bigint[]) as row_number, unnest($statuses::varchar[]) as status)"
                " as judged where indicator.rowid = judged.row_number",
                {"rows": [row for row, _ in statuses], "statuses": [status for _, status in statuses]},
            )
