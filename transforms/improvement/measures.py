"""What a rule of recommendation may ask about a type of professional development (PD)."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

Kind = Literal["probability", "share", "sd", "tier", "p", "ratio", "count", "money", "flag"]
NO_TIER = 5.0


@dataclass(frozen=True)
class Measure:
    """One thing that can be asked; ``label`` stands within a sentence."""

    name: str
    label: str
    kind: Kind
    meaning: str


@dataclass(frozen=True)
class Value:
    """What is known of a measure for one PD type; where ``value`` is None, ``note`` says why.

    ``ci_low`` and ``ci_high`` are ends of a 95 % interval where there is one.
    """

    value: float | None = None
    note: str = ""
    ci_low: float | None = None
    ci_high: float | None = None


Values = Mapping[str, Value]

_ALL = (
    Measure(
        "probability_positive",
        "probability that growth is higher with it",
        "probability",
        "Probability under a flat prior that the mean difference over academic subjects is above 0.",
    ),
    Measure(
        "probability_above_threshold",
        "probability that the difference is large enough to matter",
        "probability",
        "Probability under a flat prior that it is above effect_sd.",
    ),
    Measure(
        "worst_subject_probability",
        "probability that growth is higher with it, in the subject where that is least likely",
        "probability",
        "The smallest probability_positive of its academic subjects, each taken alone.",
    ),
    Measure(
        "expected_effect_sd",
        "estimated difference in growth",
        "sd",
        "Estimate of taking part, mean over academic subjects, in standard deviations of student scores.",
    ),
    Measure(
        "evidence_tier",
        "evidence tier",
        "tier",
        "Best evidence tier that the main design reached in any subject, 1 (strong) to 4; 5: none reached.",
    ),
    Measure(
        "any_design_tier",
        "evidence tier by any design",
        "tier",
        "Best evidence tier that any design reached in any subject, those that failed their check left out.",
    ),
    Measure(
        "struck_out",
        "its numbers failed the check with planted effects",
        "flag",
        "1 where every design that answers for it failed its calibration, else 0.",
    ),
    Measure(
        "placebo_p",
        "p-value of the same comparison in the year before",
        "p",
        "Smallest p-value of the placebo over subjects, times their number (Bonferroni), at most 1.",
    ),
    Measure(
        "reach_share",
        "share of teachers reached",
        "share",
        "Share of the report year's teachers with hours in it.",
    ),
    Measure(
        "n_participants",
        "teachers who carry the estimate",
        "count",
        "Fewest teachers who took part in it in the estimate of any subject.",
    ),
    Measure(
        "reaction_share",
        "what participants say of it",
        "share",
        "Mean reaction of those who answered in the report year, 0 (worst) to 1 (best possible answer).",
    ),
    Measure(
        "reaction_low",
        "what participants say of it, lower end",
        "share",
        "Lower end of the 95 % interval of the mean reaction, 0 (worst) to 1 (best answer).",
    ),
    Measure(
        "reaction_high",
        "what participants say of it, upper end",
        "share",
        "Upper end of the 95 % interval of the mean reaction, 0 to 1.",
    ),
    Measure(
        "equity_ratio",
        "reach among the less reached group against the others",
        "ratio",
        "Share reached in high-poverty schools, or among novices, over the share among others: the smaller.",
    ),
    Measure(
        "equity_ratio_high",
        "the same ratio, upper end",
        "ratio",
        "Upper end of the 95 % interval of that ratio.",
    ),
    Measure(
        "subgroup_p",
        "p-value that disadvantaged students, or students of novices, gain less",
        "p",
        "Smallest adjusted p-value of a subgroup difference to their disadvantage; 1 where none is.",
    ),
    Measure(
        "cost_per_student",
        "cost per student",
        "money",
        "Cost of the report year per student whose teacher took part.",
    ),
    Measure(
        "cost_per_001_sd",
        "cost per student and .01 SD",
        "money",
        "Cost per student over the estimate in hundredths of an SD; not known unless that is above 0.",
    ),
    Measure(
        "value_ratio",
        "worth of the estimate over its cost",
        "ratio",
        "Estimate in hundredths of an SD times value_per_001_sd, over the cost per student.",
    ),
)
MEASURES: dict[str, Measure] = {measure.name: measure for measure in _ALL}


def shown(measure: str, value: float | None) -> str:
    """A value as a reader would write it; "not known" for None."""
    if value is None or not math.isfinite(value):
        return "not known"
    kind = MEASURES[measure].kind
    if kind == "probability":
        return _probability(value)
    if kind == "share":
        return "under 1%" if 0 < value < 0.005 else f"{100 * value:.0f}%"
    if kind == "sd":
        return f"{value:+.3f} SD".replace("-", "\u2212")
    if kind == "tier":
        return "none reached" if value >= NO_TIER else f"{value:g}"
    if kind == "flag":
        return "yes" if value >= 0.5 else "no"
    if kind == "p":
        return "under 0.001" if value < 0.001 else f"{value:.3f}"
    return f"{value:,.2f}" if kind in ("ratio", "money") else f"{value:,.0f}"


def _probability(value: float) -> str:
    if value > 0.99:
        return "over 99 in 100"
    return "under 1 in 100" if value < 0.01 else f"{100 * value:.0f} in 100"
