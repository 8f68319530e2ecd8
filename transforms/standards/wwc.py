"""The rating of the What Works Clearinghouse, with its reasons."""

from __future__ import annotations

from dataclasses import dataclass

from transforms.standards.attrition import AttritionVerdict
from transforms.standards.baseline import BaselineVerdict

WITHOUT_RESERVATIONS = "meets WWC standards without reservations"
WITH_RESERVATIONS = "meets WWC standards with reservations"
DOES_NOT_MEET = "does not meet WWC standards"


@dataclass(frozen=True)
class WwcEvidence:
    """What decides the rating of one estimate.

    ``is_group_design``: two groups formed by lot or by choice, whose members stay what they are; a
    correlation of hours is none. ``is_compromised``: not analysed as assigned. ``confound`` names what cannot
    be told apart from the PD (all who took part in one school), empty where nothing is. ``attrition`` is of
    studies by lot, ``baseline`` None where no baseline of the outcome is known.
    """

    is_group_design: bool
    is_randomised: bool = False
    is_compromised: bool = False
    confound: str = ""
    attrition: AttritionVerdict | None = None
    baseline: BaselineVerdict | None = None


@dataclass(frozen=True)
class WwcRating:
    """A rating and the clauses that it rests on."""

    rating: str
    reasons: tuple[str, ...]


def rate(evidence: WwcEvidence) -> WwcRating:
    """Rate one estimate by WWC Standards 5.0.

    Randomised with low attrition: without reservations. Randomised with high or unknown attrition, or
    compromised, or a quasi-experiment: with reservations where the baseline is equivalent, else it does
    not meet standards. A confound or no groups: does not meet.
    """
    if not evidence.is_group_design:
        return WwcRating(DOES_NOT_MEET, ("correlational: no groups that were formed to be compared",))
    if evidence.confound:
        return WwcRating(DOES_NOT_MEET, (f"confounded: {evidence.confound}",))
    reasons = ["assigned by lot" if evidence.is_randomised else "a quasi-experiment: not assigned by lot"]
    if evidence.is_randomised and evidence.is_compromised:
        reasons.append("not analysed as assigned")
    if evidence.is_randomised and evidence.attrition is not None:
        reasons.append(evidence.attrition.reason)
        if evidence.attrition.is_low and not evidence.is_compromised:
            return WwcRating(WITHOUT_RESERVATIONS, tuple(reasons))
    elif evidence.is_randomised:
        reasons.append("attrition is not known")
    if evidence.baseline is None:
        return WwcRating(
            DOES_NOT_MEET, (*reasons, "no baseline of the outcome to show that groups were alike")
        )
    reasons += evidence.baseline.reasons
    rating = WITH_RESERVATIONS if evidence.baseline.is_equivalent else DOES_NOT_MEET
    return WwcRating(rating, tuple(reasons))
