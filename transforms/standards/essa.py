"""Evidence tiers of the Every Student Succeeds Act, with their reasons."""

from __future__ import annotations

from dataclasses import dataclass

from transforms.standards.wwc import WITH_RESERVATIONS, WITHOUT_RESERVATIONS

ALPHA = 0.05
MINIMUM_STUDENTS, MINIMUM_SITES = 350, 2


@dataclass(frozen=True)
class EssaEvidence:
    """What decides the tier of one estimate.

    ``p_value`` is adjusted for the comparisons made; ``overriding`` names a significant negative estimate
    of the same PD type and domain from an equal or stronger design, empty where there is none.
    ``has_controls``: covariates for who took part. ``is_reliable``: the interval can be relied on.
    """

    estimate_sd: float
    p_value: float
    wwc_rating: str
    n_students: int
    n_sites: int
    overriding: str = ""
    has_controls: bool = True
    is_reliable: bool = True
    has_rationale: bool = False


@dataclass(frozen=True)
class EssaTier:
    """A tier (1 to 4; None where none is reached) and the clauses that it rests on."""

    tier: int | None
    reasons: tuple[str, ...]


def tier_of(evidence: EssaEvidence) -> EssaTier:
    """Tier 1: well-implemented experiment; 2: quasi-experiment (both: significant and positive, 350
    students, 2 sites, no significant negative estimate overriding it); 3: correlation with controls; 4: a
    rationale.

    Sources: Every Student Succeeds Act, section 8101(21); U.S. Department of Education, non-regulatory
    guidance (2016, 2023).
    """
    without = EssaTier(4, ("a rationale by research",)) if evidence.has_rationale else None
    against = _against_any(evidence)
    if against:
        return EssaTier(without.tier if without else None, (*against, *(without.reasons if without else ())))
    found = f"significant and positive (p = {evidence.p_value:.3f} among all comparisons)"
    wanted = {WITHOUT_RESERVATIONS: 1, WITH_RESERVATIONS: 2}.get(evidence.wwc_rating)
    small = _too_small(evidence)
    if wanted is not None and not small:
        sample = f"{evidence.n_students:,} students in {evidence.n_sites:,} schools"
        higher = () if wanted == 1 else ("no higher tier: no experiment with low attrition",)
        return EssaTier(wanted, (evidence.wwc_rating, found, sample, *higher))
    why_not = small if wanted is not None else (f"no higher tier: {evidence.wwc_rating}",)
    if evidence.has_controls:
        return EssaTier(3, (found, "with statistical controls", *why_not))
    return EssaTier(without.tier if without else None, ("no controls for who took part", *why_not))


def _against_any(evidence: EssaEvidence) -> tuple[str, ...]:
    """What keeps an estimate from every tier but the fourth."""
    if not evidence.is_reliable:
        return ("the interval cannot be relied on",)
    if not evidence.p_value < ALPHA:
        return (f"not significant among all comparisons (p = {evidence.p_value:.3f})",)
    if evidence.estimate_sd <= 0.0:
        return ("significant and negative",)
    if evidence.overriding:
        return (f"overridden by a significant negative estimate: {evidence.overriding}",)
    return ()


def _too_small(evidence: EssaEvidence) -> tuple[str, ...]:
    reasons = []
    if evidence.n_students < MINIMUM_STUDENTS:
        reasons.append(f"no higher tier: {evidence.n_students:,} students, fewer than {MINIMUM_STUDENTS}")
    if evidence.n_sites < MINIMUM_SITES:
        reasons.append(f"no higher tier: {evidence.n_sites} school, fewer than {MINIMUM_SITES}")
    return tuple(reasons)
