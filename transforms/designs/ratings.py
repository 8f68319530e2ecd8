"""What the standards say of each estimate: WWC rating, evidence tier, size, each with its reasons."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from transforms.designs.effect import Effect
from transforms.designs.settings import ALPHA, RELIABLE_DF
from transforms.standards.attrition import Attrition, judge_attrition
from transforms.standards.baseline import judge_baseline
from transforms.standards.effect_sizes import size_benchmark
from transforms.standards.essa import EssaEvidence, tier_of
from transforms.standards.wwc import WwcEvidence, rate

# A significant negative estimate speaks against those of designs that are no stronger.
STRONGEST_FIRST = ("lottery", "event_study", "matched", "within_teacher", "adjusted")
_GROUP_DESIGNS = ("lottery", "event_study", "matched")


@dataclass(frozen=True)
class GroupFacts:
    """What is known of the groups of one estimate.

    ``baseline``: differences by characteristic, in standard deviations of students; ``attrition`` of
    lotteries; ``is_compromised`` and ``confound`` as WwcEvidence has them.
    """

    baseline: Mapping[str, float]
    attrition: Attrition | None = None
    is_compromised: bool = False
    confound: str = ""


def rated(effects: Iterable[Effect], facts: Mapping[str, GroupFacts]) -> list[Effect]:
    """The rows with their ratings; ``facts`` by effect_id, for the designs that compare groups.

    Rows without a number stay as they are. p_value_bh must be there.
    """
    rows = list(effects)
    return [
        row if row.estimate_sd is None else _rated(row, rows, facts.get(row.effect_id, GroupFacts({})))
        for row in rows
    ]


def _rated(row: Effect, rows: Sequence[Effect], facts: GroupFacts) -> Effect:
    rating = rate(
        WwcEvidence(
            is_group_design=row.design in _GROUP_DESIGNS and row.contrast != "per_10_hours",
            is_randomised=row.design == "lottery",
            is_compromised=facts.is_compromised,
            confound=facts.confound,
            attrition=None if facts.attrition is None else judge_attrition(facts.attrition),
            baseline=judge_baseline(facts.baseline, is_adjusted=True) if facts.baseline else None,
        )
    )
    tier = tier_of(
        EssaEvidence(
            estimate_sd=row.estimate_sd or 0.0,
            p_value=1.0 if row.p_value_bh is None else row.p_value_bh,
            wwc_rating=rating.rating,
            n_students=row.n_students or 0,
            n_sites=row.n_schools or 0,
            overriding=_overriding(row, rows),
            is_reliable=not row.is_struck_out and (row.df or 0.0) >= RELIABLE_DF,
        )
    )
    return replace(
        row,
        wwc_rating=rating.rating,
        wwc_reasons="; ".join(rating.reasons),
        essa_tier=tier.tier,
        essa_reasons="; ".join(tier.reasons),
        size_benchmark=None if row.contrast == "per_10_hours" else size_benchmark(row.estimate_sd or 0.0),
        attrition_overall=None if facts.attrition is None else facts.attrition.overall,
        attrition_differential=None if facts.attrition is None else facts.attrition.differential,
    )


def _overriding(row: Effect, rows: Sequence[Effect]) -> str:
    """A significant negative estimate of the same question from a design that is no weaker."""
    against = [
        other
        for other in rows
        if (other.pd_type, other.academic_subject, other.subgroup)
        == (row.pd_type, row.academic_subject, row.subgroup)
        and STRONGEST_FIRST.index(other.design) <= STRONGEST_FIRST.index(row.design)
        and other.estimate_sd is not None
        and other.estimate_sd < 0.0
        and other.p_value_bh is not None
        and other.p_value_bh < ALPHA
        and (other.df or 0.0) >= RELIABLE_DF
        and not other.is_struck_out
    ]
    if not against:
        return ""
    return f"{against[0].design}, {against[0].contrast} {against[0].estimate_sd:+.3f} SD"
