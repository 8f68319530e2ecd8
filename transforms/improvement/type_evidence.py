"""What the estimates say of each PD type: one design, one mean over academic subjects."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import duckdb

from sql import render_sql
from transforms.designs.main_design import strongest_design
from transforms.designs.settings import RELIABLE_DF
from transforms.improvement.measures import NO_TIER, Value, Values
from transforms.improvement.posterior import Posterior, mean_over_subjects


@dataclass(frozen=True)
class SubjectEffect:
    """One row of estimates.effect, whole population, taking part or not."""

    design: str
    pd_type: str
    academic_subject: str
    estimate_sd: float | None
    std_error: float | None
    df: float | None
    essa_tier: int | None
    is_struck_out: bool
    placebo_p_value: float | None
    n_participants: int | None
    note: str | None

    @property
    def posterior(self) -> Posterior | None:
        """None where there is no number or too few degrees of freedom for one to be relied on."""
        if self.estimate_sd is None or not self.std_error or self.df is None or self.df < RELIABLE_DF:
            return None
        return Posterior(self.estimate_sd, self.std_error, self.df)


@dataclass(frozen=True)
class UnevenGain:
    """A tested difference between subgroups of one estimate; ``p_value_bh`` among all comparisons."""

    design: str
    pd_type: str
    academic_subject: str
    dimension: str
    is_to_disadvantage: bool
    p_value_bh: float


@dataclass(frozen=True)
class TypeEvidence:
    """The main design of a PD type, its estimates by subject, and their mean.

    Without a ``mean`` the ``reason`` says why. ``is_joint``: the error of the mean counts how the subjects'
    errors go together; else it is an upper bound.
    """

    pd_type: str
    reason: str = ""
    design: str | None = None
    effects: tuple[SubjectEffect, ...] = ()
    mean: Posterior | None = None
    is_joint: bool = False
    is_struck_out: bool = False
    uneven: tuple[UnevenGain, ...] = ()
    any_design_tier: int | None = None

    @property
    def tier(self) -> int | None:
        """Best evidence tier of its estimates."""
        return best_tier(self.effects)


def best_tier(effects: Iterable[SubjectEffect]) -> int | None:
    """The strongest tier (the smallest number); None where none is reached."""
    return min((row.essa_tier for row in effects if row.essa_tier is not None), default=None)


def read_evidence(connection: duckdb.DuckDBPyConnection, pd_types: Sequence[str]) -> dict[str, TypeEvidence]:
    """The evidence on each of ``pd_types``."""
    effects: dict[str, list[SubjectEffect]] = defaultdict(list)
    for row in connection.execute(render_sql("improvement/subject_effect.sql")).fetchall():
        effects[row[1]].append(SubjectEffect(*row))
    differences = {
        (design, pd_type): error
        for design, pd_type, error in connection.execute(
            render_sql("improvement/subject_difference.sql")
        ).fetchall()
    }
    uneven = [
        UnevenGain(*row) for row in connection.execute(render_sql("improvement/uneven_gain.sql")).fetchall()
    ]
    return {
        pd_type: evidence_on(
            pd_type, effects[pd_type], differences, [row for row in uneven if row.pd_type == pd_type]
        )
        for pd_type in pd_types
    }


def evidence_on(
    pd_type: str,
    effects: Sequence[SubjectEffect],
    differences: Mapping[tuple[str, str], float],
    uneven: Sequence[UnevenGain],
) -> TypeEvidence:
    """Choose the strongest design that answers most of the type's subjects, struck out ones only where there
    are no others, and take the mean over its subjects."""
    usable = [row for row in effects if row.posterior is not None]
    trusted = [row for row in usable if not row.is_struck_out]
    answered: dict[str, set[str]] = defaultdict(set)
    for row in trusted or usable:
        answered[row.design].add(row.academic_subject)
    design = strongest_design(answered)
    if design is None:
        return TypeEvidence(pd_type, _why_none(effects))
    chosen = tuple(row for row in trusted or usable if row.design == design)
    posteriors = [row.posterior for row in chosen if row.posterior is not None]
    mean, is_joint = mean_over_subjects(posteriors, differences.get((design, pd_type)))
    return TypeEvidence(
        pd_type,
        design=design,
        effects=chosen,
        mean=mean,
        is_joint=is_joint,
        is_struck_out=not trusted,
        uneven=tuple(row for row in uneven if row.design == design),
        any_design_tier=best_tier(trusted),
    )


def _why_none(effects: Sequence[SubjectEffect]) -> str:
    if not effects:
        return "it was not compared with student growth"
    if any(row.estimate_sd is not None for row in effects):
        return f"every estimate has fewer than {RELIABLE_DF:g} degrees of freedom"
    reasons = dict.fromkeys((row.note or "no estimate").removeprefix("refused:").strip() for row in effects)
    return "; ".join(reasons)


def evidence_values(evidence: TypeEvidence, effect_sd: float) -> Values:
    """The measures that the estimates give."""
    if evidence.mean is None:
        unknown = Value(note=f"no estimate: {evidence.reason}")
        return dict.fromkeys(_OF_ESTIMATES, unknown)
    low, high = evidence.mean.interval
    worst = min(row.posterior.probability_above(0.0) for row in evidence.effects if row.posterior)
    return {
        "probability_positive": Value(evidence.mean.probability_above(0.0)),
        "probability_above_threshold": Value(evidence.mean.probability_above(effect_sd)),
        "worst_subject_probability": Value(worst),
        "expected_effect_sd": Value(evidence.mean.estimate_sd, ci_low=low, ci_high=high),
        "evidence_tier": Value(float(evidence.tier or NO_TIER)),
        "any_design_tier": Value(float(evidence.any_design_tier or NO_TIER)),
        "struck_out": Value(float(evidence.is_struck_out)),
        "placebo_p": _placebo(evidence.effects),
        "n_participants": _participants(evidence.effects),
        "subgroup_p": _uneven(evidence.uneven),
    }


_OF_ESTIMATES = (
    "probability_positive",
    "probability_above_threshold",
    "worst_subject_probability",
    "expected_effect_sd",
    "evidence_tier",
    "any_design_tier",
    "struck_out",
    "placebo_p",
    "n_participants",
    "subgroup_p",
)


def _placebo(effects: Sequence[SubjectEffect]) -> Value:
    found = [row.placebo_p_value for row in effects if row.placebo_p_value is not None]
    if not found:
        return Value(note="the design has no comparison in the year before")
    return Value(min(1.0, len(found) * min(found)))


def _participants(effects: Sequence[SubjectEffect]) -> Value:
    found = [row.n_participants for row in effects if row.n_participants is not None]
    return Value(float(min(found))) if found else Value(note="the estimate does not say who took part")


def _uneven(uneven: Sequence[UnevenGain]) -> Value:
    if not uneven:
        return Value(note="no subgroups could be compared")
    return Value(min((row.p_value_bh for row in uneven if row.is_to_disadvantage), default=1.0))
