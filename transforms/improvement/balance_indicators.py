"""Indicators of balance between what the district sets and what schools and teachers choose."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import duckdb

from transforms.improvement.indicators import Indicator

_HOURS = ("pd_activity", "pd_participation")
_RATINGS = ("school_priority_rating",)
_SURVEY = ("survey", "survey_item", "survey_response", "survey_answer")


@dataclass(frozen=True)
class Band:
    """Values from ``low`` to below ``high`` (None: no end) have ``status``; of one ``category`` or of all."""

    indicator: str
    status: str
    low: float | None = None
    high: float | None = None
    category: str | None = None
    is_share: bool = True

    @property
    def text(self) -> str:
        """The band in words: concern below 20%."""
        low, high = self._number(self.low), self._number(self.high)
        if self.low is None:
            words = f"{self.status} below {high}"
        elif self.high is None:
            words = f"{self.status} from {low}"
        else:
            words = f"{self.status} from {low} to below {high}"
        return f"{words} (category {self.category})" if self.category else words

    def _number(self, value: float | None) -> str:
        if value is None:
            return ""
        return f"{value:.0%}" if self.is_share else f"{value:g}"


BANDS = (
    Band("hours_chosen_locally", "concern", high=0.1),
    Band("hours_chosen_locally", "typical", 0.1, 0.9),
    Band("hours_chosen_locally", "concern", 0.9),
    Band("hours_without_initiator", "typical", high=0.1),
    Band("hours_without_initiator", "concern", 0.1),
    Band("hours_on_priorities", "concern", high=0.2),
    Band("hours_on_priorities", "typical", 0.2, 0.6),
    Band("hours_on_priorities", "strength", 0.6),
    Band("hours_by_priority_level", "concern", 0.05, category="other_school"),
    Band("own_priorities_served", "concern", high=0.5),
    Band("own_priorities_served", "typical", 0.5),
    Band("hours_on_top_two_priorities", "concern", high=0.2),
    Band("hours_on_top_two_priorities", "typical", 0.2, 0.5),
    Band("hours_on_top_two_priorities", "strength", 0.5),
    Band("need_fit_gap", "strength", high=0.0, is_share=False),
    Band("need_fit_gap", "typical", 0.0, 1.0, is_share=False),
    Band("need_fit_gap", "concern", 1.0, is_share=False),
)
# What an interval must leave: named by what lies at or above, and below.
_INTERVAL_RULES = {"hours_meet_need": (0.0, 0.0), "coherence_reported": (0.7, 0.5)}


def _bands(indicator: str, has_interval: bool = False) -> str:
    words = ", ".join(band.text for band in BANDS if band.indicator == indicator)
    return (
        f"{words}; an interval must lie in the band with both ends, else typical" if has_interval else words
    )


def _interval_rule(indicator: str) -> str:
    strength, concern = _INTERVAL_RULES[indicator]
    return (
        f"strength where the whole interval lies above {strength:g}, concern where it lies below {concern:g},"
        " else typical"
    )


INDICATORS = (
    Indicator(
        "balance",
        "hours_by_initiator",
        "Hours by initiator",
        "Share of PD hours initiated by the district, the school or a teacher; unknown where that is not"
        " recorded.",
        "share",
        "neither",
        _HOURS,
    ),
    Indicator(
        "balance",
        "teacher_hours_by_initiator",
        "Hours per teacher by initiator",
        "Mean PD hours of a teacher in the year by who initiated them; teachers without hours count as zero.",
        "hours per teacher",
        "neither",
        _HOURS,
    ),
    Indicator(
        "balance",
        "hours_chosen_locally",
        "Hours chosen by schools or teachers",
        "Share of PD hours initiated by a school or a teacher, of those whose initiator is known.",
        "share",
        "neither",
        _HOURS,
        _bands("hours_chosen_locally"),
    ),
    Indicator(
        "balance",
        "hours_without_initiator",
        "Hours without a recorded initiator",
        "Share of PD hours for which nobody recorded who initiated them.",
        "share",
        "worse",
        _HOURS,
        _bands("hours_without_initiator"),
    ),
    Indicator(
        "balance",
        "hours_mandatory",
        "Mandatory hours",
        "Share of PD hours with mandatory attendance, of those for which that is recorded.",
        "share",
        "neither",
        _HOURS,
    ),
    Indicator(
        "balance",
        "hours_on_priorities",
        "Hours on priorities",
        "Share of PD hours that serve a priority of the district or of the person's own school; hours on"
        " another school's priority do not count.",
        "share",
        "better",
        _HOURS,
        _bands("hours_on_priorities"),
    ),
    Indicator(
        "balance",
        "hours_by_priority_level",
        "Hours by whose priority they serve",
        "Share of PD hours on priorities of the district, of the person's own school, of another school, of"
        " nobody that can be told, and on none.",
        "share",
        "neither",
        (*_HOURS, "priority"),
        _bands("hours_by_priority_level"),
    ),
    Indicator(
        "balance",
        "own_priorities_served",
        "Schools whose own priority got hours",
        "Share of the schools that set a priority of their own in which at least one hour served it.",
        "share of schools",
        "better",
        (*_HOURS, "priority"),
        _bands("own_priorities_served"),
    ),
    Indicator(
        "balance",
        "hours_on_top_two_priorities",
        "Hours on the two largest priorities",
        "Share of all PD hours that went to the two priorities with most hours; hours without a priority"
        " count in the denominator.",
        "share",
        "better",
        _HOURS,
        _bands("hours_on_top_two_priorities"),
    ),
    Indicator(
        "balance",
        "pd_type_concentration",
        "Concentration on kinds of PD",
        "Herfindahl index: sum of the squared shares of hours by PD type. 1 is one kind only; 0.1 is as many"
        " as ten kinds of equal size.",
        "index from 0 to 1",
        "neither",
        _HOURS,
    ),
    Indicator(
        "balance",
        "activities_per_teacher",
        "Different activities per teacher",
        "Mean number of different activities that a teacher attended in the year; those without any count as"
        " zero.",
        "activities per teacher",
        "neither",
        _HOURS,
    ),
    Indicator(
        "balance",
        "need_fit_gap",
        "Need less fit",
        "Rated need less rated fit, each from 1 to 5, mean over priorities weighted by need; in the district"
        " the mean over schools. Above zero: the offer fits less than the need asks.",
        "points",
        "worse",
        _RATINGS,
        _bands("need_fit_gap", has_interval=True),
    ),
    Indicator(
        "balance",
        "hours_meet_need",
        "Hours go where the need is",
        "Rank correlation across schools of the need for a priority and the hours per teacher spent on it;"
        " all is the mean over priorities.",
        "rank correlation from −1 to 1",
        "better",
        (*_RATINGS, *_HOURS),
        _interval_rule("hours_meet_need"),
        is_sql=False,
    ),
    Indicator(
        "balance",
        "rating_source_difference",
        "Difference between sources of ratings",
        "Need less fit by one source less the same by another, within priorities, errors by school. Schools"
        " are not drawn for a source, so it may be of the schools.",
        "points",
        "neither",
        _RATINGS,
        is_sql=False,
    ),
    Indicator(
        "balance",
        "rating_conflicts",
        "Ratings in conflict",
        "Ratings of the same school, priority and year that two records give differently: settled by the"
        " order of the sources (disagreement), or left out (conflicting_key). Of all years.",
        "records",
        "worse",
        _RATINGS,
        is_sql=False,
    ),
    Indicator(
        "balance",
        "coherence_reported",
        "Coherence that staff report",
        "Mean score of survey items on coherence, from 0 (not at all) to 1 (fully); errors by survey.",
        "share of the scale",
        "better",
        _SURVEY,
        _interval_rule("coherence_reported"),
        is_sql=False,
    ),
)
BY_NAME = {indicator.name: indicator for indicator in INDICATORS}

_OF_BAND = """
update estimates.indicator set status = $status
where indicator = $indicator and value is not null and category = coalesce($category, category)
    and coalesce(ci_low, value) >= coalesce($low, '-infinity'::double)
    and coalesce(ci_high, value) < coalesce($high, 'infinity'::double)
"""
# An interval that reaches into two bands belongs to neither.
_TYPICAL = """
update estimates.indicator set status = 'typical' where indicator = $indicator and ci_low is not null
"""
_OF_INTERVAL = """
update estimates.indicator
set status = case
    when ci_low > $strength then 'strength' when ci_high < $concern then 'concern' else 'typical'
end
where indicator = $indicator and ci_low is not null and ci_high is not null
"""


def set_statuses(connection: duckdb.DuckDBPyConnection, bands: Iterable[Band] = BANDS) -> None:
    """Give status to the rows of estimates.indicator that a band or an interval rule speaks of."""
    bands = tuple(bands)
    for indicator in {band.indicator for band in bands}:
        connection.execute(_TYPICAL, {"indicator": indicator})
    for band in bands:
        connection.execute(
            _OF_BAND,
            {
                "status": band.status,
                "indicator": band.indicator,
                "category": band.category,
                "low": band.low,
                "high": band.high,
            },
        )
    for indicator, (strength, concern) in _INTERVAL_RULES.items():
        connection.execute(_OF_INTERVAL, {"indicator": indicator, "strength": strength, "concern": concern})
