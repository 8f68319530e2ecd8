"""Rules of balance: where a school stands, whether it is worth a visit, whether to look there first.

The thresholds are conventions of this project, printed wherever a rule is applied.
"""

from __future__ import annotations

from dataclasses import dataclass

NOT_AVAILABLE = "not available"
ON_THE_LINE = "on the line"
QUADRANTS = {
    (True, True): "aligned and differentiated",
    (True, False): "aligned",
    (False, True): "differentiated",
    (False, False): "neither",
}


@dataclass(frozen=True)
class BalanceRules:
    """Thresholds: shares from 0 to 1, ratings of need and fit from 1 to 5, gaps in points of these."""

    minimum_peers: int = 5
    fixed_alignment: float = 0.4
    fixed_differentiation: float = 0.2
    fixed_coherence: float = 0.35
    high_need: float = 4.0
    low_fit: float = 2.0
    small_gap: float = 0.5
    top_quarter: float = 0.75
    minimum_climate: float = 0.5
    minimum_responses: int = 5
    source_disagreement: float = 2.0
    minimum_students: int = 10

    def cut(self, fixed: float, median: float | None, n_peers: int) -> float:
        """The median of schools of the same level, never below ``fixed``; ``fixed`` alone with few peers."""
        return fixed if median is None or n_peers < self.minimum_peers else max(fixed, median)


RULES = BalanceRules()


@dataclass(frozen=True)
class SchoolFacts:
    """What is known of a school in a year: one row of sql/balance/school_facts.sql.

    Shares are of hours. ``need``, ``fit`` and ``gap`` are means over priorities weighted by need.
    ``growth_below`` names subjects whose value-added lies wholly below zero.
    """

    school_id: str
    school_year: int
    n_staff: int
    n_teachers: int
    n_activities: int
    hours: float
    alignment: float | None
    differentiation: float | None
    coherence: float | None
    own_priority_share: float | None
    other_school_share: float | None
    hours_per_teacher: float
    school_level: str
    mean_need: float | None = None
    mean_fit: float | None = None
    mean_gap: float | None = None
    n_ratings: int | None = None
    sources: str | None = None
    source_high: str | None = None
    gap_high: float | None = None
    source_low: str | None = None
    gap_low: float | None = None
    climate: float | None = None
    n_responses: int | None = None
    climate_low: float | None = None
    climate_high: float | None = None
    n_growth_subjects: int | None = None
    growth_below: str | None = None
    n_peers: int = 1
    alignment_median: float | None = None
    differentiation_median: float | None = None
    coherence_median: float | None = None
    climate_median: float | None = None
    hours_top_quarter: float | None = None
    hours_bottom_quarter: float | None = None


@dataclass(frozen=True)
class Criterion:
    """One rule applied to a school; ``is_met`` is None where the build has no source to judge it by."""

    is_met: bool | None
    text: str


@dataclass(frozen=True)
class Verdict:
    """Where a school stands and why; texts are for readers."""

    alignment_cut: float
    differentiation_cut: float
    margin: float | None
    quadrant: str
    criteria: tuple[Criterion, ...]
    look_at_first: tuple[str, ...]

    @property
    def is_worth_a_visit(self) -> bool:
        """Whether every criterion that can be judged is met; quadrant and coherence must be judged."""
        judged = [criterion.is_met for criterion in self.criteria if criterion.is_met is not None]
        return self.criteria[0].is_met is True and self.criteria[2].is_met is True and all(judged)


def judged(school: SchoolFacts, absent: frozenset[str], rules: BalanceRules = RULES) -> Verdict:
    """Apply all rules to a school; ``absent`` has those of ratings, survey, growth without a source."""
    alignment_cut = rules.cut(rules.fixed_alignment, school.alignment_median, school.n_peers)
    differentiation_cut = rules.cut(
        rules.fixed_differentiation, school.differentiation_median, school.n_peers
    )
    margin = 1 / school.n_activities if school.n_activities else None
    quadrant = quadrant_of(school, alignment_cut, differentiation_cut, margin)
    return Verdict(
        alignment_cut,
        differentiation_cut,
        margin,
        quadrant,
        (
            _balanced(school, quadrant, alignment_cut, differentiation_cut),
            _small_gap(school, "ratings" in absent, rules),
            _coherent(school, rules),
            _good_climate(school, "survey" in absent, rules),
            _growing(school, "growth" in absent),
        ),
        look_at_first(school, rules),
    )


def quadrant_of(
    school: SchoolFacts, alignment_cut: float, differentiation_cut: float, margin: float | None
) -> str:
    """The quadrant, or that the school is on the line: within ``margin`` of a cut.

    Hours are counted, so nothing is drawn at random. The margin is the share of an average activity of the
    school, 1 / activities: one activity more or less would carry a school on the line over it.
    """
    if school.alignment is None or school.differentiation is None or margin is None:
        return NOT_AVAILABLE
    distances = (school.alignment - alignment_cut, school.differentiation - differentiation_cut)
    if any(abs(distance) < margin for distance in distances):
        return ON_THE_LINE
    return QUADRANTS[distances[0] > 0, distances[1] > 0]


def _balanced(
    school: SchoolFacts, quadrant: str, alignment_cut: float, differentiation_cut: float
) -> Criterion:
    if school.alignment is None or school.differentiation is None:
        return Criterion(False, "alignment or differentiation not on record")
    return Criterion(
        quadrant == QUADRANTS[True, True],
        f"{quadrant}: {school.alignment:.0%} of hours on district priorities (cut {alignment_cut:.0%}),"
        f" {school.differentiation:.0%} chosen by the school or its teachers (cut {differentiation_cut:.0%})",
    )


def _small_gap(school: SchoolFacts, is_absent: bool, rules: BalanceRules) -> Criterion:
    if is_absent:
        return Criterion(None, "need and fit not judged: no school_priority_rating source")
    if school.mean_gap is None:
        return Criterion(False, "need and fit not rated")
    return Criterion(
        school.mean_gap <= rules.small_gap,
        f"need less fit {points(school.mean_gap)} (at most {points(rules.small_gap)})",
    )


def _coherent(school: SchoolFacts, rules: BalanceRules) -> Criterion:
    if school.coherence is None:
        return Criterion(False, "priorities of hours not on record")
    has_peers = school.n_peers >= rules.minimum_peers and school.coherence_median is not None
    cut = school.coherence_median if has_peers else rules.fixed_coherence
    assert cut is not None  # noqa: S101 - for the type checker: has_peers says so
    against = "median of its level" if has_peers else "fixed step, too few schools of its level"
    return Criterion(
        school.coherence >= cut,
        f"{school.coherence:.0%} of hours on its top two priorities ({against}: {cut:.0%})",
    )


def _good_climate(school: SchoolFacts, is_absent: bool, rules: BalanceRules) -> Criterion:
    if is_absent:
        return Criterion(None, "staff climate not judged: no survey of it")
    if school.climate is None or (school.n_responses or 0) < rules.minimum_responses:
        return Criterion(False, f"staff climate: fewer than {rules.minimum_responses} answers")
    is_below_peers = (
        school.n_peers >= rules.minimum_peers
        and school.climate_high is not None
        and school.climate_median is not None
        and school.climate_high < school.climate_median
    )
    return Criterion(
        school.climate >= rules.minimum_climate and not is_below_peers,
        f"staff climate {school.climate:.2f} of 1"
        + (" (clearly below its level)" if is_below_peers else " (not clearly below its level)"),
    )


def _growing(school: SchoolFacts, is_absent: bool) -> Criterion:
    if is_absent:
        return Criterion(None, "student growth not judged: no value-added")
    if not school.n_growth_subjects:
        return Criterion(False, "student growth: no value-added of this school")
    if school.growth_below:
        return Criterion(False, f"student growth clearly below typical in {school.growth_below}")
    return Criterion(True, "student growth nowhere clearly below typical")


def look_at_first(school: SchoolFacts, rules: BalanceRules = RULES) -> tuple[str, ...]:
    """Why a school needs a look before others; empty where no rule says so.

    Quarters need ``minimum_peers`` schools of the level.
    """
    if school.mean_need is None or school.mean_fit is None or school.n_peers < rules.minimum_peers:
        return ()
    if school.mean_need < rules.high_need:
        return ()
    top, bottom = school.hours_top_quarter, school.hours_bottom_quarter
    rated = f"need {school.mean_need:.1f}, fit {school.mean_fit:.1f} of 5 (by {school.sources})"
    hours = f"{school.hours_per_teacher:.1f} hours per teacher"
    found = []
    if top is not None and school.hours_per_teacher >= top and school.mean_fit <= rules.low_fit:
        found.append(f"many hours without fit: {hours}, top quarter of its level (from {top:.1f}); {rated}")
    if bottom is not None and school.hours_per_teacher <= bottom:
        found.append(f"high need, few hours: {hours}, bottom quarter of its level (to {bottom:.1f}); {rated}")
    return tuple(found)


def points(value: float) -> str:
    """A gap with its sign: +1.3, −0.4, 0.0."""
    text = f"{value:+.1f}"
    return text[1:] if float(text) == 0 else text.replace("-", "\u2212")


def sources_disagree(school: SchoolFacts, rules: BalanceRules = RULES) -> str | None:
    """What two sources of ratings say where their gaps lie ``source_disagreement`` points apart or more."""
    high, low = school.gap_high, school.gap_low
    if high is None or low is None or high - low < rules.source_disagreement:
        return None
    return (
        f"ratings from {school.source_high} put need less fit at {points(high)}, those from"
        f" {school.source_low} at {points(low)}"
    )
