"""The designs that compare teacher-years, on one panel: every type, with what stands beside each estimate."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field, replace

import duckdb

from transforms.designs.effect import Effect
from transforms.designs.event_study import EventStudyFit, event_study_estimate, fit_event_study
from transforms.designs.lottery import LotteryFit, fit_lottery
from transforms.designs.lottery_sample import LotteryOffers, read_offers
from transforms.designs.matched import MatchedFit, fit_matched
from transforms.designs.number import number
from transforms.designs.panel import DesignEstimate, DesignRefusedError, FloatArray, TeacherPanel
from transforms.designs.panel_effects import panel_effect
from transforms.designs.ratings import GroupFacts
from transforms.designs.sample import DesignSample
from transforms.designs.settings import ALPHA, DesignSettings
from transforms.standards.attrition import Attrition

PANEL_CONTRASTS = {
    "event_study": ("participated",),
    "matched": ("participated",),
    "lottery": ("offered", "participated", "per_10_hours"),
}
# WWC Standards: below it, effects on compliers of one instrument do not count.
_STRONG_INSTRUMENT_F = 16.0
_STUDENT_UNIT = "standard deviations of students"

Found = DesignEstimate | DesignRefusedError
Record = Mapping[str, object]


@dataclass
class PanelFindings:
    """What the panel designs found, filled type by type.

    ``estimates`` by (design, contrast, position of the type), a number or a refusal; ``effects`` the rows
    of estimates.effect; ``facts`` for their ratings and ``influence`` (schools) by effect_id; ``periods``,
    ``checks`` and ``baselines`` are rows of estimates.event_study_period, event_study_check and baseline.
    """

    estimates: dict[tuple[str, str, int], Found] = field(default_factory=dict)
    effects: list[Effect] = field(default_factory=list)
    facts: dict[str, GroupFacts] = field(default_factory=dict)
    influence: dict[str, FloatArray] = field(default_factory=dict)
    offers: dict[int, LotteryOffers] = field(default_factory=dict)
    mean_leads: dict[int, tuple[float, float, float]] = field(default_factory=dict)
    periods: list[Record] = field(default_factory=list)
    checks: list[Record] = field(default_factory=list)
    baselines: list[Record] = field(default_factory=list)


def estimate_panel_designs(
    connection: duckdb.DuckDBPyConnection,
    sample: DesignSample,
    panel: TeacherPanel,
    settings: DesignSettings,
    build_id: str,
    *,
    is_full: bool,
) -> PanelFindings:
    """Every panel design for every type; ``is_full`` adds leads, bounds and baselines.

    Reads frames.pd_offer.
    """
    findings = PanelFindings()
    for at in range(len(panel.types)):
        offers = read_offers(connection, panel.types[at], panel)
        findings.offers[at] = offers
        of_type = panel.without_others(at)
        event = _found(_event, of_type, at, settings, is_full)
        matched = _found(fit_matched, of_type, at, settings.minimum_teachers)
        lottery = _found(fit_lottery, of_type, at, offers, settings.minimum_teachers)
        if isinstance(event, EventStudyFit) and event.pre_trend is not None:
            test = event.pre_trend
            findings.mean_leads[at] = (test.mean_lead, test.mean_lead_error, test.mean_lead_p_value)
        for design, contrast, found in _estimates(event, matched, lottery):
            effect = panel_effect(sample, panel, at, design, contrast, found, build_id)
            if isinstance(matched, MatchedFit) and design == "matched":
                effect = replace(effect, effective_sample_size=matched.effective_size)
            findings.estimates[design, contrast, at] = found
            findings.effects.append(effect)
            if isinstance(found, DesignEstimate):
                findings.influence[effect.effect_id] = found.influence
                findings.facts[effect.effect_id] = _facts(design, contrast, event, matched, lottery)
                if is_full:
                    _beside(findings, effect, event, matched, lottery)
    return findings


def _event(
    panel: TeacherPanel, at: int, settings: DesignSettings, is_full: bool
) -> EventStudyFit | DesignEstimate:
    if is_full:
        return fit_event_study(panel, at, settings.minimum_teachers)
    return event_study_estimate(panel, at, settings.minimum_teachers)


def _found(fit: Callable[..., object], *arguments: object) -> object:
    try:
        return fit(*arguments)
    except DesignRefusedError as error:
        return error


def _estimates(event: object, matched: object, lottery: object) -> list[tuple[str, str, Found]]:
    found: list[tuple[str, str, Found]] = []
    if isinstance(event, EventStudyFit):
        found.append(("event_study", "participated", event.estimate))
    elif isinstance(event, (DesignEstimate, DesignRefusedError)):
        found.append(("event_study", "participated", event))
    if isinstance(matched, MatchedFit):
        found.append(("matched", "participated", matched.estimate))
    elif isinstance(matched, DesignRefusedError):
        found.append(("matched", "participated", matched))
    for contrast in PANEL_CONTRASTS["lottery"]:
        if isinstance(lottery, LotteryFit):
            found.append(("lottery", contrast, getattr(lottery, contrast)))
        elif isinstance(lottery, DesignRefusedError):
            found.append(("lottery", contrast, lottery))
    return found


def _facts(design: str, contrast: str, event: object, matched: object, lottery: object) -> GroupFacts:
    if design == "event_study" and isinstance(event, EventStudyFit):
        failed = event.pre_trend is not None and event.pre_trend.p_value < ALPHA
        confound = "those who start were on another trend before" if failed else ""
        return GroupFacts(event.baseline, confound=confound)
    if design == "matched" and isinstance(matched, MatchedFit):
        of_students = {
            row.characteristic: row.difference_after for row in matched.baseline if row.unit == _STUDENT_UNIT
        }
        return GroupFacts(of_students)
    if design == "lottery" and isinstance(lottery, LotteryFit):
        lost = Attrition(lottery.attrition.overall, lottery.attrition.differential)
        baseline = {"class mean prior score": lottery.offered.baseline_g_max or 0.0}
        is_weak = contrast != "offered" and lottery.first_stage_f < _STRONG_INSTRUMENT_F
        weak = f"the offer is a weak instrument (first-stage F {lottery.first_stage_f:.1f}, below 16)"
        return GroupFacts(baseline, lost, confound=weak if is_weak else "")
    return GroupFacts({})


def _beside(findings: PanelFindings, effect: Effect, event: object, matched: object, lottery: object) -> None:
    key = {
        "effect_id": effect.effect_id,
        "pd_type": effect.pd_type,
        "academic_subject": effect.academic_subject,
    }
    if effect.design == "event_study" and isinstance(event, EventStudyFit):
        findings.periods.extend({**key, **row} for row in _period_rows(event))
        findings.checks.extend({**key, **row} for row in _check_rows(event))
        findings.baselines.extend(
            {
                **key,
                "design": effect.design,
                "characteristic": name,
                "unit": _STUDENT_UNIT,
                "difference_before": value,
                "difference_after": value,
                "is_wwc_baseline": True,
            }
            for name, value in event.baseline.items()
        )
    if effect.design == "matched" and isinstance(matched, MatchedFit):
        findings.baselines.extend(
            {
                **key,
                "design": effect.design,
                "characteristic": row.characteristic,
                "unit": row.unit,
                "difference_before": row.difference_before,
                "difference_after": row.difference_after,
                "g_before": row.g_before,
                "g_after": row.g_after,
                "is_wwc_baseline": row.unit == _STUDENT_UNIT,
            }
            for row in matched.baseline
        )
    if effect.design == "lottery" and effect.contrast == "offered" and isinstance(lottery, LotteryFit):
        findings.baselines.append(
            {
                **key,
                "design": effect.design,
                "characteristic": "class mean prior score",
                "unit": _STUDENT_UNIT,
                "difference_after": lottery.offered.baseline_g_max,
                "is_wwc_baseline": True,
            }
        )


def _number(estimate: float, std_error: float, df: float) -> dict[str, float]:
    found = number(estimate, std_error, df)
    return {} if found is None else asdict(found)


def _period_rows(event: EventStudyFit) -> list[dict[str, object]]:
    return [
        {
            "event_time": period.event_time,
            "n_teachers": period.n_teachers,
            **_number(period.estimate_sd, period.std_error, event.estimate.df),
        }
        for period in event.periods
    ]


def _check_rows(event: EventStudyFit) -> list[dict[str, object]]:
    df = event.estimate.df
    rows: list[dict[str, object]] = []
    if event.pre_trend is None:
        note = "no leads, or too many for the schools, to test jointly"
        rows.append({"check_name": "pre_trend", "bound": 0.0, "note": note})
    else:
        test = event.pre_trend
        rows.append(
            {
                "check_name": "pre_trend",
                "bound": 0.0,
                "statistic": test.statistic,
                "df": test.df_denominator,
                "p_value": test.p_value,
                "note": f"F with {test.df_numerator} and {test.df_denominator:.0f} degrees of freedom",
            }
        )
    for name, pair in (("sun_abraham", event.sun_abraham), ("two_way_fixed_effects", event.two_way)):
        if pair is not None and pair[1] > 0.0:
            rows.append({"check_name": name, "bound": 0.0, **_number(*pair, df)})
    rows += [
        {
            "check_name": "relative_magnitude",
            "bound": bound.mbar,
            "ci_low": bound.ci_low,
            "ci_high": bound.ci_high,
            "note": "95 % interval of the mean lag where trends differ by this many times the largest step",
        }
        for bound in event.bounds
    ]
    if event.breakdown is not None:
        note = "trends may differ by this many times the largest step before the interval holds 0"
        rows.append({"check_name": "breakdown", "bound": event.breakdown, "note": note})
    return rows
