"""The tables of the page of recommendations, cell by cell."""

from __future__ import annotations

from collections.abc import Sequence

from transforms.reporting import terms
from transforms.reporting.catalogue import noted, say
from transforms.reporting.decision_rows import QuestionRow, RecommendationRow, ReviewRow, RuleRow
from transforms.reporting.decision_words import (
    ACTED_WORDS,
    ACTION_TITLES,
    DUE_WORDS,
    VERDICT_WORDS,
    effect_words,
    found_words,
    how_sure,
    in_100,
    own_unknowns,
)
from transforms.reporting.indicator_rows import IndicatorRow
from transforms.reporting.numerals import (
    NO_NUMBER,
    capitalised,
    count,
    decimal,
    interval,
    percent,
    school_year,
)
from transforms.reporting.tables import DataTable, make_table

GROUP_NAMES = {
    "high_poverty_school": noted("teachers in high-poverty schools"),
    "novice": noted("novice teachers"),
}


def action_table(action: str, rows: Sequence[RecommendationRow], common: Sequence[str]) -> DataTable:
    """The types with one action, each with its reasons in words; ``common`` is not known of any type."""
    return make_table(
        say(ACTION_TITLES[action]),
        "Kind of PD|How sure|Why",
        [
            (
                terms.pd_type_name(row.pd_type),
                how_sure(row),
                " ".join(
                    part for part in (row.reasons, row.why_not_bolder, own_unknowns(row, common)) if part
                ),
            )
            for row in rows
        ],
        is_prose=True,
    )


def measures_table(rows: Sequence[RecommendationRow]) -> DataTable:
    """What the rules ask of each type."""
    return make_table(
        say("What the rules ask of each kind of PD"),
        "Kind of PD|Action|Difference in growth, SD (95% interval) #|Chance that it is higher #"
        "|Chance that it is large enough #|Compared by|Evidence tier #|Teachers reached #"
        "|Reaction, 0 to 100% (95% interval) #|Reach of the less reached group against others (95%"
        " interval) #|Cost per student #",
        [_measure_cells(row) for row in rows],
    )


def _measure_cells(row: RecommendationRow) -> tuple[str, ...]:
    return (
        terms.pd_type_name(row.pd_type),
        row.action,
        effect_words(row),
        _chance(row.probability_positive),
        _chance(row.probability_above_threshold),
        terms.design_name(row.design) if row.design else say(NO_NUMBER),
        say("none") if row.evidence_tier is None else str(row.evidence_tier),
        percent(row.reach_share),
        say(NO_NUMBER)
        if row.reaction_share is None
        else say(
            "{reaction_share} ({reaction_low} to {reaction_high})",
            reaction_share=percent(row.reaction_share),
            reaction_low=percent(row.reaction_low),
            reaction_high=percent(row.reaction_high),
        ),
        _ratio(row),
        say(NO_NUMBER) if row.cost_per_student is None else decimal(row.cost_per_student, 0),
    )


def _chance(value: float | None) -> str:
    return say(NO_NUMBER) if value is None else in_100(value)


def _ratio(row: RecommendationRow) -> str:
    if row.equity_ratio is None or row.less_reached_group is None:
        return say(NO_NUMBER)
    ends = interval(row.equity_ratio_low, row.equity_ratio_high, 2)
    return f"{decimal(row.equity_ratio)} ({ends}), {say(GROUP_NAMES.get(row.less_reached_group, ''))}"


def evidence_table(rows: Sequence[RecommendationRow]) -> DataTable:
    """The estimates by academic subject that each recommendation rests on."""
    return make_table(
        say("The estimates by subject"),
        "Kind of PD|Compared by|Estimates with 95% intervals",
        [
            (
                terms.pd_type_name(row.pd_type),
                terms.design_name(row.design) if row.design else say(NO_NUMBER),
                row.evidence.split(": ", 1)[-1] if row.design else capitalised(row.evidence),
            )
            for row in rows
        ],
        is_prose=True,
    )


def ledger_table(rows: Sequence[ReviewRow]) -> DataTable:
    """Every decision and what came of it, the latest first."""
    return make_table(
        say("Decisions and what came of them"),
        "Kind of PD|Decided|Plan, Do, Study, Act|Acted on|What came of it|The rules now say",
        [_ledger_cells(row) for row in sorted(rows, key=lambda row: (-row.school_year, row.decision_id))],
        is_prose=True,
    )


def _ledger_cells(row: ReviewRow) -> tuple[str, ...]:
    when = (
        ""
        if row.review_year is None
        else say(", year {review_year}", review_year=school_year(row.review_year))
    )
    return (
        terms.pd_type_name(row.pd_type),
        f"{school_year(row.school_year)}: {row.action}",
        say(
            "{stage}; review {due_words}{when}",
            stage=row.stage or say("Not given"),
            due_words=say(DUE_WORDS[row.due]),
            when=when,
        ),
        f"{say(ACTED_WORDS[row.acted_on])}: {row.acted_on_reason}",
        f"{say(VERDICT_WORDS[row.verdict])}: {found_words(row)}",
        f"{row.recommended_action or 'nothing'}{('' if row.is_latest else say(' (decided on again since)'))}",
    )


def questions_table(rows: Sequence[QuestionRow]) -> DataTable:
    """All questions with what they are worth."""
    unit = rows[0].unit if rows else ""
    return make_table(
        say("What knowing more is worth"),
        f"Kind of PD|{say('Worth of knowing for sure, {unit}', unit=unit)} #"
        f"|{say('Worth of one more year like this one, {unit}', unit=unit)} #"
        "|Students not reached #|Worth it above, SD #|Chance that it is #|Teachers needed in a lottery #"
        "|Note",
        [
            (
                terms.pd_type_name(row.pd_type),
                decimal(row.value_of_information, 1),
                decimal(row.value_of_next_year, 1),
                count(row.n_students),
                decimal(row.break_even_sd, 3),
                _chance(row.probability_worth_it),
                say("not to be found in one year")
                if row.teachers_needed is None
                else count(row.teachers_needed),
                row.note or "",
            )
            for row in rows
        ],
    )


def rules_table(rows: Sequence[RuleRow]) -> DataTable:
    """The table of rules in use."""
    return make_table(
        say("The rules in use, in order"),
        "Rule|Action|Where|What it says",
        [
            (
                f"{row.rule_number}. {capitalised(row.rule)}",
                row.action,
                capitalised(row.condition_words),
                row.sentence,
            )
            for row in rows
        ],
        is_prose=True,
    )


def indicators_table(rows: Sequence[IndicatorRow], is_latest: bool) -> DataTable:
    """The loop's indicators of the district: the latest year of each, or all years."""
    shown = [row for row in rows if row.school_id is None and row.value is not None]
    ordered = sorted(shown, key=lambda row: (row.label, -row.school_year))
    latest = {row.indicator: row.school_year for row in reversed(ordered)}
    return make_table(
        say("Each in its latest year") if is_latest else say("All school years"),
        "What|School year|Share #|Out of #|The year before #|Reads as",
        [
            (
                row.label,
                school_year(row.school_year),
                percent(row.value),
                count(round(row.denominator or 0)),
                percent(row.comparison_value),
                row.status,
            )
            for row in ordered
            if not is_latest or row.school_year == latest[row.indicator]
        ],
    )
