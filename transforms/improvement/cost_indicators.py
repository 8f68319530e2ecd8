"""Indicators of cost. None is judged: what costs less is not better for it."""

from __future__ import annotations

from transforms.improvement.indicators import Indicator

_SOURCES = ("pd_cost", "pd_participation")

INDICATORS = (
    Indicator(
        idea="cost",
        name="cost_per_participant_hour",
        label="Cost of an hour of PD for one participant",
        meaning="Cost of activities over the hours that were attended in them, by PD type.",
        unit="currency units an hour",
        higher_is="neither",
        sources=_SOURCES,
    ),
    Indicator(
        idea="cost",
        name="cost_per_student_reached",
        label="Cost of PD per student reached",
        meaning="Cost of activities over the students of the teachers who took part in them, by PD type.",
        unit="currency units a student",
        higher_is="neither",
        sources=_SOURCES,
    ),
    Indicator(
        idea="cost",
        name="cost_personnel_share",
        label="Share of the cost that is people's time",
        meaning="Cost of the time of participants, facilitators and others over all cost, by PD type.",
        unit="share",
        higher_is="neither",
        sources=("pd_cost",),
    ),
    Indicator(
        idea="cost",
        name="cost_per_teacher",
        label="Cost of PD per teacher, with PD or without",
        meaning="Cost of activities, shared out by attended hours, that fell to a school, per teacher.",
        unit="currency units a teacher",
        higher_is="neither",
        sources=(*_SOURCES, "pd_activity"),
    ),
)
