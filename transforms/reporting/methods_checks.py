"""What the page of methods says of how well the estimates of a build stand."""

from __future__ import annotations

from collections.abc import Sequence

from transforms.reporting import evidence_words, terms
from transforms.reporting.catalogue import say
from transforms.reporting.evidence_rows import BaselineRow, CalibrationRow
from transforms.reporting.numerals import (
    count,
    counted,
    decimal,
    listed,
    percent,
)
from transforms.reporting.rows import EffectRow, Report
from transforms.reporting.tables import DataTable, make_table
from transforms.reporting.words import MINIMUM_DF, refusal_reason
from transforms.standards.baseline import SATISFIED_TO


def check_sentences(report: Report) -> tuple[str, ...]:
    """Placebo, years before the start, balance, boundary fits, degrees of freedom: a sentence each."""
    whole = [row for row in report.effects if row.subgroup == "all"]
    return (
        evidence_words.placebo_sentence(whole),
        evidence_words.pre_trends_sentence(report.evidence.checks),
        _balance_sentence(report.evidence.baselines),
        _boundary_sentence(report),
        _df_sentence(whole),
    )


def _balance_sentence(rows: Sequence[BaselineRow]) -> str:
    worst: dict[str, float] = {}
    for row in rows:
        if row.design == "matched" and row.g_after is not None:
            worst[row.effect_id] = max(worst.get(row.effect_id, 0.0), abs(row.g_after))
    if not worst:
        return say("No matched comparison was weighted.")
    alike = sum(value <= SATISFIED_TO for value in worst.values())
    return say(
        "After weighting, {alike} of {n_matched_comparisons} differ by no more than"
        " {satisfied_to} SD in anything known of the time before; the largest difference left"
        " is {max} SD.",
        alike=alike,
        n_matched_comparisons=counted(len(worst), "matched comparison"),
        satisfied_to=decimal(SATISFIED_TO),
        max=decimal(max(worst.values())),
    )


def _boundary_sentence(report: Report) -> str:
    boundary = [row for row in report.variances if row.is_boundary]
    if not report.variances:
        return say("No mixed model was fitted.")
    if not boundary:
        return say("Every mixed model with a number converged, all variances above zero.")
    names = [
        say(
            "{group_name} in {subject_in_sentence} ({contrast_name})",
            group_name=terms.group_name(row.group_name).lower(),
            subject_in_sentence=terms.subject_in_sentence(row.academic_subject),
            contrast_name=terms.contrast_name(row.contrast),
        )
        for row in boundary
    ]
    return say("Variances estimated as zero, a fit at the boundary: {names}.", names=listed(names))


def _df_sentence(rows: Sequence[EffectRow]) -> str:
    found = [row.df for row in rows if row.df is not None and not row.is_refused]
    if not found:
        return say("No estimate has degrees of freedom.")
    few = sum(df < MINIMUM_DF for df in found)
    said = (
        say("none has fewer than 4")
        if not few
        else say("{n_estimates} with fewer than 4, not judged", n_estimates=counted(few, "estimate"))
    )
    return say(
        "Degrees of freedom run from {min} to {max}; {said}.",
        min=decimal(min(found), 1),
        max=decimal(max(found), 1),
        said=said,
    )


def refusals_table(rows: Sequence[EffectRow]) -> DataTable:
    """Why comparisons have no number, and how many."""
    reasons: dict[tuple[str, str], int] = {}
    for row in rows:
        if row.is_refused and row.subgroup == "all":
            key = (row.design, refusal_reason(row))
            reasons[key] = reasons.get(key, 0) + 1
    return make_table(
        say("Comparisons without a number, and why"),
        "Design|Reason|Comparisons #",
        [(terms.design_name(design), reason, count(n)) for (design, reason), n in reasons.items()],
        is_prose=True,
    )


def false_alarms_sentence(rows: Sequence[CalibrationRow]) -> str:
    """How often a design told a difference from zero where nothing was planted, and in how many copies."""
    rates = [
        row
        for row in rows
        if row.pd_type == "all" and row.planted_sd == 0.0 and row.rejection_rate is not None
    ]
    if not rates:
        return say("False alarms could not be counted.")
    low = min(rates, key=lambda row: row.rejection_rate or 0.0)
    high = max(rates, key=lambda row: row.rejection_rate or 0.0)
    return say(
        "Where nothing was planted, a difference was told from zero in {rejection_rate} to"
        " {rejection_rate_2} of copies, by design, subject and contrast; 5% should be.",
        rejection_rate=percent(low.rejection_rate),
        rejection_rate_2=percent(high.rejection_rate),
    )
