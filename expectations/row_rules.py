"""Rules over one record of an entity that no single column can state."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class RowRule:
    """A rule over one record of an entity; a record for which ``condition`` is true is turned away.

    ``condition`` is SQL over the entity's typed columns and, as ``text_<column>``, their texts.
    """

    entity: str
    rule: str
    column: str
    condition: str
    reason: str


def _period(entity: str, begin: str, end: str) -> RowRule:
    return RowRule(
        entity,
        "period_reversed",
        end,
        f"{end} < {begin}",
        f"{end} lies before {begin}; correct one of the two dates",
    )


ROW_RULES: tuple[RowRule, ...] = (
    _period("staff_assignment", "entry_date", "exit_date"),
    _period("student_enrollment", "entry_date", "exit_withdraw_date"),
    _period("section_staff", "begin_date", "end_date"),
    _period("section_student", "begin_date", "end_date"),
    _period("pd_activity", "start_date", "end_date"),
    RowRule(
        "pd_participation",
        "no_date",
        "participation_date",
        "text_participation_date is null and text_pd_session_id is null",
        "neither participation_date nor a session with a date; hours without a day cannot be placed",
    ),
    RowRule(
        "survey_item",
        "scale_reversed",
        "scale_max",
        "scale_max <= scale_min",
        "scale_max is not above scale_min; correct the scale of the item",
    ),
)
