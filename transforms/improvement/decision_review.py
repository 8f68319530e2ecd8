"""The ledger: what became of each decision, by rules that the page prints."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from transforms.improvement.settings import MINIMUM_STAFF
from transforms.improvement.type_evidence import TypeEvidence
from transforms.improvement.type_measures import TypeYear

GROWN, HALVED, KEPT = 0.10, 0.50, 0.25
_ROUNDING = 1e-9  # of a change computed from hours
STAGES = {"planned": "Plan", "doing": "Do", "studied": "Study", "acted": "Act"}
ACTED_ON_RULE = (
    f"Acted on: after scale, hours or reach are up by {GROWN:.0%} or more; after stop or pause, hours are"
    f" down by {HALVED:.0%} or more; after sustain, hours are within {KEPT:.0%} of what they were; adapt and"
    " study do not show in hours, so the status says. Hours of the decision's school year are compared with"
    " those of its review year (the year after, where none is set), or of the report year where that is"
    " earlier."
)
VERDICT_RULE = (
    "Verdict on what was expected: better, where the 95% interval lies above it; fell short, where it lies"
    " below it; met, where it holds the expectation and not 0 (or, where no difference was expected, where"
    " it lies below the smallest difference worth having); else it cannot be told."
)


@dataclass(frozen=True)
class Decision:
    """One row of core.decision, without its rationale."""

    decision_id: str
    school_year: int
    pd_type: str
    action: str
    expected_effect_sd: float | None
    owner_role: str | None
    review_year: int | None
    status: str | None


@dataclass(frozen=True)
class Said:
    """An answer by code and its reason in words."""

    code: str
    reason: str


def due(decision: Decision, report_year: int) -> str:
    """Whether a decision has been reviewed, or when it should be."""
    if decision.status in ("studied", "acted"):
        return "reviewed"
    if decision.review_year is None:
        return "no_review_year"
    if decision.status is None:
        return "no_status"
    if decision.review_year < report_year:
        return "overdue"
    return "due" if decision.review_year == report_year else "not_yet_due"


def compared_year(decision: Decision, report_year: int) -> int | None:
    """The school year whose hours show whether it was acted on; None where none has passed since."""
    review = max(decision.review_year or 0, decision.school_year + 1)
    year = min(review, report_year)
    return year if year > decision.school_year else None


def acted_on(
    decision: Decision, before: TypeYear | None, after: TypeYear | None, is_early: bool = False
) -> Said:
    """Whether hours and reach changed as decided (ACTED_ON_RULE); ``is_early``: no school year has passed."""
    if decision.action in ("adapt", "study"):
        return _by_status(decision.status, is_early)
    if is_early:
        return Said("too_early", "no school year has passed since")
    if after is None:
        return Said("cannot_tell", "no hours are known of the year that would tell")
    if after.is_small or (before is not None and before.is_small):
        return Said("cannot_tell", "of too few people to be shown")
    if before is None:
        return Said("cannot_tell", "no hours are known of the year of the decision")
    if before.hours == 0.0 and decision.action != "scale":
        return Said("cannot_tell", "there were no hours of it in the year of the decision")
    told = f"hours went from {before.hours:,.0f} to {after.hours:,.0f}"
    if before.hours > 0.0:
        told += f" ({after.hours / before.hours - 1:+.0%})".replace("-", "\u2212")
    if decision.action == "scale":
        is_done = _has_grown(before.hours, after.hours) or _has_grown(before.reach_share, after.reach_share)
    elif decision.action == "sustain":
        is_done = abs(after.hours / before.hours - 1.0) <= KEPT + _ROUNDING
    else:
        is_done = after.hours / before.hours - 1.0 <= -HALVED + _ROUNDING
    return Said("yes" if is_done else "no", told)


def _has_grown(before: float | None, after: float | None) -> bool:
    if before is None or after is None:
        return False
    if before == 0.0:
        return after > 0.0
    return after / before - 1.0 >= GROWN - _ROUNDING


def _by_status(status: str | None, is_early: bool) -> Said:
    if status is None:
        return Said("cannot_tell", "it does not show in hours, and no status is given")
    code = {"planned": "too_early" if is_early else "no", "doing": "in_progress"}.get(status, "yes")
    return Said(code, f"it does not show in hours; its status is {status}")


def verdict(expected: float | None, evidence: TypeEvidence | None, effect_sd: float) -> Said:
    """Hold what was expected against the 95 % interval of what is found (VERDICT_RULE)."""
    if expected is None:
        return Said("cannot_tell", "nothing was said of what is expected")
    if evidence is None or evidence.mean is None:
        return Said("cannot_tell", f"no estimate: {evidence.reason if evidence else 'nothing is known'}")
    if evidence.is_struck_out:
        return Said("cannot_tell", "every estimate failed its check with planted effects")
    low, high = evidence.mean.interval
    if low > expected:
        return Said("better", "the interval lies above what was expected")
    if high < expected:
        return Said("fell_short", "the interval lies below what was expected")
    if expected <= 0.0:
        if high < effect_sd:
            return Said("met", f"the interval lies below {effect_sd:g} SD, as no difference was expected")
        return Said("cannot_tell", f"the interval holds what was expected and also {effect_sd:g} SD")
    if low > 0.0:
        return Said("met", "the interval holds what was expected and not 0")
    return Said("cannot_tell", "the interval holds both what was expected and 0")


def review(
    decision: Decision,
    years: Mapping[int, TypeYear],
    evidence: TypeEvidence | None,
    recommended: str | None,
    is_latest: bool,
    report_year: int,
    effect_sd: float,
) -> dict[str, object]:
    """The row of estimates.decision_review. ``years`` are the type's by school year."""
    later = compared_year(decision, report_year)
    before, after = years.get(decision.school_year), None if later is None else years.get(later)
    acted = acted_on(decision, before, after, is_early=later is None)
    found = verdict(decision.expected_effect_sd, evidence, effect_sd)
    before, after = (None if year is None or year.is_small else year for year in (before, after))
    mean = evidence.mean if evidence else None
    low, high = mean.interval if mean else (None, None)
    return {
        **{name: getattr(decision, name) for name in decision.__dataclass_fields__},
        "stage": STAGES.get(decision.status or ""),
        "due": due(decision, report_year),
        "found_effect_sd": mean.estimate_sd if mean else None,
        "found_ci_low": low,
        "found_ci_high": high,
        "design": evidence.design if evidence else None,
        "verdict": found.code,
        "verdict_reason": found.reason,
        "compared_year": later,
        "hours_before": before.hours if before else None,
        "hours_after": after.hours if after else None,
        "hours_change": after.hours / before.hours - 1 if before and after and before.hours else None,
        "reach_before": _shown_reach(before),
        "reach_after": _shown_reach(after),
        "acted_on": acted.code,
        "acted_on_reason": acted.reason,
        "recommended_action": recommended,
        "agrees": recommended == decision.action if recommended and is_latest else None,
        "is_latest": is_latest,
    }


def _shown_reach(year: TypeYear | None) -> float | None:
    if year is None or 0 < year.n_teachers_reached < MINIMUM_STAFF:
        return None
    return year.reach_share
