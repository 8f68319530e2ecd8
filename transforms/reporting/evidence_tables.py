"""The tables of the page of evidence, cell by cell."""

from __future__ import annotations

from collections.abc import Sequence

from transforms.reporting import terms
from transforms.reporting.catalogue import noted, say
from transforms.reporting.evidence_rows import (
    BaselineRow,
    CalibrationRow,
    CheckRow,
    DifferenceRow,
    DosePoint,
    DoseTermRow,
    PeriodRow,
    SensitivityRow,
    SpecificationRow,
)
from transforms.reporting.numerals import (
    NO_NUMBER,
    count,
    counted,
    decimal,
    interval,
    p_value,
    percent,
    signed,
)
from transforms.reporting.rows import EffectRow
from transforms.reporting.tables import DataTable, make_table
from transforms.reporting.words import ALPHA, estimate_with_interval

_TERM_NAMES = {
    "per_10_hours_below_14": noted("10 hours more, below 14 hours"),
    "per_10_hours_above_14": noted("10 hours more, above 14 hours"),
    "change_at_14": noted("change of the slope at 14 hours"),
    "first_year": noted("first year of taking part"),
    "sustained_year": noted("later years of taking part"),
    "sustained_less_first": noted("later years less the first"),
    "aligned_hours": noted("10 hours in the subject"),
    "other_subject_hours": noted("10 hours in other subjects"),
    "aligned_less_other": noted("in the subject less in others"),
    "lagged_hours": noted("10 hours in the year before"),
}


def designs_table(rows: Sequence[EffectRow]) -> DataTable:
    """Every estimate of the whole population, with its placebo beside it."""
    return make_table(
        say("All designs and contrasts"),
        "PD|Subject|Compared|Contrast|Estimate, SD (95% interval) #|Placebo, SD (SE) #|Robustness value #"
        "|Teachers in PD #|Schools #|p, adjusted #",
        [
            (
                terms.pd_type_name(row.pd_type),
                terms.subject_name(row.academic_subject),
                terms.design_name(row.design),
                terms.contrast_name(row.contrast),
                f"{estimate_with_interval(row)}{(say(' struck out') if row.is_struck_out else '')}",
                f"{signed(row.placebo_sd)} ({decimal(row.placebo_std_error)})"
                if row.placebo_sd is not None
                else say(NO_NUMBER),
                decimal(row.robustness_value, 3),
                count(row.n_participants),
                count(row.n_schools),
                p_value(row.p_value_bh),
            )
            for row in rows
            if not row.is_refused
        ],
    )


def ratings_table(rows: Sequence[EffectRow]) -> DataTable:
    """What a reviewer would say of each estimate, with the reasons."""
    return make_table(
        say("Ratings with their reasons"),
        "PD|Subject|Compared|What Works Clearinghouse|Evidence tier (ESSA)",
        [
            (
                terms.pd_type_name(row.pd_type),
                terms.subject_name(row.academic_subject),
                terms.design_name(row.design),
                "; ".join(filter(None, (row.wwc_rating, row.wwc_reasons))),
                "; ".join(
                    filter(
                        None,
                        (
                            "none"
                            if row.essa_tier is None
                            else say("Tier {essa_tier}", essa_tier=row.essa_tier),
                            row.essa_reasons,
                        ),
                    )
                ),
            )
            for row in rows
        ],
        is_prose=True,
    )


def dose_terms_table(rows: Sequence[DoseTermRow]) -> DataTable:
    """Terms of dose, first and later years, other subjects; those without a number are left out."""
    return make_table(
        say("Dose, first and later years, other subjects: years of the same teacher"),
        "PD|Subject|Term|Estimate, SD (95% interval) #|p #",
        [
            (
                terms.pd_type_name(row.pd_type),
                terms.subject_name(row.academic_subject),
                say(_TERM_NAMES.get(row.term, terms.plain(row.term))),
                f"{signed(row.estimate_sd)} ({interval(row.ci_low, row.ci_high)})",
                p_value(row.p_value),
            )
            for row in rows
            if row.estimate_sd is not None and row.design == "within_teacher"
        ],
    )


def sensitivity_table(rows: Sequence[SensitivityRow], effects: Sequence[EffectRow]) -> DataTable:
    """How much would have to be wrong with each estimate."""
    named = {row.effect_id: row for row in effects}
    return make_table(
        say("How much would have to be wrong"),
        "PD|Subject|Compared|Contrast|Robustness value #|Strongest control|Estimate if another were"
        " as strong #"
        "|One school left out #|Specifications with the same sign #|and p below 0.05 #",
        [
            (
                terms.pd_type_name(effect.pd_type),
                terms.subject_name(effect.academic_subject),
                terms.design_name(effect.design),
                terms.contrast_name(effect.contrast),
                decimal(row.robustness_value, 3),
                row.benchmark_covariate or say(NO_NUMBER),
                signed(row.benchmark_estimate_sd),
                interval(row.leave_one_out_low_sd, row.leave_one_out_high_sd),
                say(
                    "{share_same_sign} of {n_specifications}",
                    share_same_sign=percent(row.share_same_sign),
                    n_specifications=count(row.n_specifications),
                )
                if row.n_specifications
                else say(NO_NUMBER),
                percent(row.share_significant),
            )
            for row in rows
            if (effect := named.get(row.effect_id)) is not None
        ],
    )


def differences_table(rows: Sequence[DifferenceRow]) -> DataTable:
    """Tests of differences between subgroups that are significant alone, and how many chance would give."""
    tested = [row for row in rows if row.p_value is not None]
    alone = [row for row in tested if (row.p_value or 1.0) < ALPHA]
    caption = say(
        "{n_differences} between subgroups with p below 0.05, of {n_tested} tested (about"
        " {alpha} would be by chance)",
        n_differences=counted(len(alone), "difference"),
        n_tested=count(len(tested)),
        alpha=round(ALPHA * len(tested)),
    )
    return _differences(caption, alone)


def tested_differences_table(rows: Sequence[DifferenceRow]) -> DataTable:
    """All tests of differences between subgroups, the smallest p first."""
    ordered = sorted(rows, key=lambda row: 1.0 if row.p_value is None else row.p_value)
    return _differences(say("Differences between groups that were tested"), ordered)


def _differences(caption: str, rows: Sequence[DifferenceRow]) -> DataTable:
    return make_table(
        caption,
        "PD|Subject|Compared|Contrast|Subgroups|Largest less smallest, SD (SE) #|p #|p, adjusted #",
        [
            (
                terms.pd_type_name(row.pd_type),
                terms.subject_name(row.academic_subject),
                terms.design_name(row.design),
                terms.contrast_name(row.contrast),
                say(
                    "{subgroup} less {subgroup_2}",
                    subgroup=_subgroup(row.largest_subgroup),
                    subgroup_2=_subgroup(row.smallest_subgroup),
                ),
                f"{signed(row.difference_sd)} ({decimal(row.std_error)})",
                p_value(row.p_value),
                p_value(row.p_value_bh),
            )
            for row in rows
        ],
    )


def periods_table(rows: Sequence[PeriodRow]) -> DataTable:
    """Leads and lags of the event studies."""
    return make_table(
        say("Difference in growth by years since the start"),
        "PD|Subject|Years since the start #|Estimate, SD (95% interval) #|Teachers #",
        [
            (
                terms.pd_type_name(row.pd_type),
                terms.subject_name(row.academic_subject),
                signed(float(row.event_time), 0),
                f"{signed(row.estimate_sd)} ({interval(row.ci_low, row.ci_high)})",
                count(row.n_teachers),
            )
            for row in rows
        ],
    )


def event_checks_table(checks: Sequence[CheckRow], effects: Sequence[EffectRow]) -> DataTable:
    """Each event study with the test of its leads, its breakdown and what other estimators find."""
    named = {row.effect_id: row for row in effects}
    found: dict[str, dict[str, CheckRow]] = {}
    for check in checks:
        if check.effect_id in named:
            found.setdefault(check.effect_id, {})[check.check_name] = check
    return make_table(
        say("Event studies: years before the start, and other estimators"),
        "PD|Subject|Leads, p #|Breakdown #|Sun and Abraham, SD #|Two-way fixed effects, SD #",
        [
            (
                terms.pd_type_name(named[effect_id].pd_type),
                terms.subject_name(named[effect_id].academic_subject),
                p_value(of_effect["pre_trend"].p_value) if "pre_trend" in of_effect else say(NO_NUMBER),
                decimal(of_effect["breakdown"].bound) if "breakdown" in of_effect else say(NO_NUMBER),
                _check_estimate(of_effect.get("sun_abraham")),
                _check_estimate(of_effect.get("two_way_fixed_effects")),
            )
            for effect_id, of_effect in found.items()
        ],
    )


def _check_estimate(check: CheckRow | None) -> str:
    if check is None or check.estimate_sd is None:
        return say(NO_NUMBER)
    return f"{signed(check.estimate_sd)} ({interval(check.ci_low, check.ci_high)})"


def dose_points_table(rows: Sequence[DosePoint]) -> DataTable:
    """The curves of hours, point by point."""
    return make_table(
        say("Growth against no hours, by hours in the year"),
        "PD|Subject|Hours #|Estimate, SD (95% interval) #",
        [
            (
                terms.pd_type_name(row.pd_type),
                terms.subject_name(row.academic_subject),
                decimal(row.hours, 1),
                f"{signed(row.estimate_sd)} ({interval(row.ci_low, row.ci_high)})",
            )
            for row in rows
        ],
    )


def balance_table(rows: Sequence[BaselineRow]) -> DataTable:
    """What was compared before the PD, before and after weighting."""
    return make_table(
        say("Differences before the PD, in SD"),
        "PD|Subject|Compared by|What|Before weighting #|After #",
        [
            (
                terms.pd_type_name(row.pd_type),
                terms.subject_name(row.academic_subject),
                terms.design_name(row.design),
                row.characteristic,
                signed(row.g_before),
                signed(row.g_after),
            )
            for row in rows
        ],
    )


def calibration_table(rows: Sequence[CalibrationRow]) -> DataTable:
    """What planted effects came back as, by design and size of the effect."""
    return make_table(
        say("Planted effects, and what came back"),
        "Compared|Subject|Contrast|Planted, SD #|Draws #|Bias, SD #|95% intervals that hold it (95%"
        " interval) #"
        "|Told from zero #|Found with a power of 80%, SD #|Verdict",
        [
            (
                terms.design_name(row.design),
                terms.subject_name(row.academic_subject),
                terms.contrast_name(row.contrast),
                decimal(row.planted_sd),
                count(row.n_draws),
                signed(row.bias_sd, 3),
                _coverage(row),
                percent(row.rejection_rate),
                decimal(row.minimum_detectable_sd),
                say("struck out") if row.is_struck_out else row.note or "holds",
            )
            for row in rows
        ],
    )


def _coverage(row: CalibrationRow) -> str:
    if row.coverage is None:
        return say(NO_NUMBER)
    ends = say(
        "{coverage_ci_low} to {coverage_ci_high}",
        coverage_ci_low=percent(row.coverage_ci_low),
        coverage_ci_high=percent(row.coverage_ci_high),
    )
    return f"{percent(row.coverage)} ({ends})"


def specifications_table(rows: Sequence[SpecificationRow]) -> DataTable:
    """All ways to fit, in groups of choices: how many, and what they give."""
    groups: dict[tuple[str, str, str], list[SpecificationRow]] = {}
    for row in rows:
        groups.setdefault((row.pd_type, row.academic_subject, row.contrast), []).append(row)
    return make_table(
        say("Ways to fit, and what they give"),
        "PD|Subject|Contrast|Ways #|Lowest, SD #|Middle, SD #|Highest, SD #|Above 0 #|p below 0.05 #",
        [
            (
                terms.pd_type_name(pd_type),
                terms.subject_name(subject),
                terms.contrast_name(contrast),
                count(len(found)),
                signed(min(row.estimate_sd for row in found)),
                signed(sorted(row.estimate_sd for row in found)[len(found) // 2]),
                signed(max(row.estimate_sd for row in found)),
                percent(sum(row.estimate_sd > 0 for row in found) / len(found)),
                percent(sum(row.p_value < ALPHA for row in found) / len(found)),
            )
            for (pd_type, subject, contrast), found in groups.items()
        ],
    )


def _subgroup(name: str | None) -> str:
    return terms.plain((name or "").replace("=", ": "))
