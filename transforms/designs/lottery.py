"""Design ``lottery``: growth of teachers who were offered a PD type by lot against those who were not.

Contrast ``offered`` is intent to treat: growth in the first year after the draw regressed on the offer, the
class mean prior score and an intercept for each stratum (cohort by block) within which places were drawn,
weighted by students. ``participated`` and ``per_10_hours`` are effects on compliers, two-stage least squares
with the offer as the instrument: those take part, or more hours, because of the offer, and the offer must
change growth by nothing else. With one instrument two-stage least squares is the ratio of two coefficients
of the same regression, and its sandwich that of their influences (Angrist and Pischke 2009, section 4.1).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from transforms.designs.instrument import ROUNDING, anderson_rubin, first_stage_f, weak_notes
from transforms.designs.lottery_sample import (
    Attrition,
    LotteryOffers,
    LotterySample,
    build_lottery_sample,
    read_offers,
)
from transforms.designs.panel import (
    BoolArray,
    DesignEstimate,
    DesignRefusedError,
    FloatArray,
    IntArray,
    TeacherPanel,
)
from transforms.designs.teacher_regression import FirstCoefficient, by_cluster, by_row, independent_columns

__all__ = ["LotteryFit", "LotteryOffers", "fit_lottery", "read_offers"]

# Up to this share of teachers with the other arm than their school: schools were drawn, and few moved.
_DRAWN_BY_SCHOOL = 0.1
# Columns of the responses.
_GROWTH, _PART, _DOSE = 0, 1, 2


@dataclass(frozen=True, eq=False)
class LotteryFit:
    """The contrasts, each an estimate or the reason for none, and how the lottery went.

    ``first_stage_f`` is that of taking part on the offer. ``never_takers`` is the share of the offered who
    took no part, ``always_takers`` that of the others who did. ``anderson_rubin`` (1949) is the 95 %
    interval of ``participated`` that holds however weak the offer is; it can be infinite, and is None where
    there is no estimate. ``n_offered`` and ``n_not_offered`` count teachers with growth.
    """

    offered: DesignEstimate
    participated: DesignEstimate | DesignRefusedError
    per_10_hours: DesignEstimate | DesignRefusedError
    first_stage_f: float
    never_takers: float
    always_takers: float
    anderson_rubin: tuple[float, float] | None
    attrition: Attrition
    n_offered: int
    n_not_offered: int


def fit_lottery(
    panel: TeacherPanel, type_position: int, offers: LotteryOffers, minimum_teachers: int = 10
) -> LotteryFit:
    """Effects of the PD type at ``type_position``, in standard deviations of student scores.

    The unit is the teacher, who was drawn: HC2, a teacher's offers together, with Bell and McCaffrey's
    degrees of freedom. Where schools were drawn it is CR2 by school. ``influence`` is by school in either
    case, scaled to the standard error. ``treated`` are rows with the offer for ``offered``, else rows with
    hours. ``baseline_g_max`` is the difference in the class mean prior score within strata, in standard
    deviations of students. Raises DesignRefusedError where there is no intent to treat either.
    """
    sample = build_lottery_sample(panel, type_position, offers)
    counts = _check_counts(sample, minimum_teachers)
    takes_part = sample.hours > 0.0
    is_by_school = _is_drawn_by_school(sample)
    responses = np.column_stack([sample.growth_sd, takes_part, sample.hours / 10.0])
    found = _regress(sample, responses, is_by_school, has_prior=True)
    priors = _regress(sample, sample.prior_mean_sd[:, None], is_by_school, has_prior=False)
    baseline_g = abs(float(priors.estimates[0]))
    assemble = _Assembler(panel, sample, found, is_by_school, baseline_g, _notes(sample, is_by_school))
    strength = first_stage_f(found, _PART)
    refusal = _first_stage_refusal(takes_part, float(found.estimates[_PART]))
    interval = None if refusal else anderson_rubin(found, _GROWTH, _PART)
    return LotteryFit(
        offered=assemble.intent_to_treat(),
        participated=DesignRefusedError(refusal)
        if refusal
        else assemble.ratio(_PART, takes_part, weak_notes(strength, interval)),
        per_10_hours=_per_10_hours(assemble, sample, refusal),
        first_stage_f=strength,
        never_takers=float((~takes_part[sample.is_offered]).mean()),
        always_takers=float(takes_part[~sample.is_offered].mean()),
        anderson_rubin=interval,
        attrition=sample.attrition,
        n_offered=counts[0],
        n_not_offered=counts[1],
    )


@dataclass(frozen=True, eq=False)
class _Assembler:
    """Makes estimates of one sample from coefficients and the influences of its units."""

    panel: TeacherPanel
    sample: LotterySample
    found: FirstCoefficient
    is_by_school: bool
    baseline_g: float
    notes: tuple[str, ...]

    def intent_to_treat(self) -> DesignEstimate:
        """The offer's own coefficient."""
        value = float(self.found.estimates[_GROWTH])
        return self.estimate(value, self.found.influence[:, _GROWTH], self.sample.is_offered)

    def ratio(self, of: int, is_treated: BoolArray, notes: tuple[str, ...]) -> DesignEstimate:
        """Growth by what the offer changed; its influence is (that of growth - ratio x change's) / change."""
        change = float(self.found.estimates[of])
        value = float(self.found.estimates[_GROWTH]) / change
        influence = (self.found.influence[:, _GROWTH] - value * self.found.influence[:, of]) / change
        return self.estimate(value, influence, is_treated, notes)

    def estimate(
        self, value: float, influence: FloatArray, is_treated: BoolArray, notes: tuple[str, ...] = ()
    ) -> DesignEstimate:
        n_clusters = len(influence)
        std_error = float(np.sqrt((influence**2).sum()))
        df = min(self.found.df, n_clusters - 1.0)
        if not std_error > 0.0 or not df > 0.0:
            raise DesignRefusedError("those drawn for leave no variation for a standard error")
        by_school = np.zeros(len(self.panel.school_ids))
        # Units are teachers or schools in the order of their codes.
        units = _units(self.sample, self.is_by_school)
        schools = np.zeros(n_clusters, dtype=np.int64)
        schools[units] = self.sample.school
        np.add.at(by_school, schools, influence)
        size = float(np.sqrt((by_school**2).sum()))
        used = np.zeros(len(self.panel.weight), dtype=bool)
        treated = used.copy()
        used[self.sample.panel_rows] = True
        treated[self.sample.panel_rows[is_treated[self.sample.panel_offer]]] = True
        notes = (*self.notes, *notes, *self._school_note(size, std_error, len(np.unique(schools))))
        scaled = by_school * (std_error / size) if size > 0.0 else by_school
        return DesignEstimate(value, std_error, df, n_clusters, used, treated, scaled, self.baseline_g, notes)

    def _school_note(self, size: float, std_error: float, n_schools: int) -> tuple[str, ...]:
        if self.is_by_school or n_schools < 2:
            return ()
        other = size * np.sqrt(n_schools / (n_schools - 1.0))
        if 0.8 <= other / std_error <= 1.25:
            return ()
        return (f"standard error by school {other:.3f}, by teacher {std_error:.3f}",)


def _check_counts(sample: LotterySample, minimum_teachers: int) -> tuple[int, int]:
    offered = len(np.unique(sample.teacher[sample.is_offered]))
    others = len(np.unique(sample.teacher[~sample.is_offered]))
    for count, which in ((offered, "with an offer"), (others, "without an offer")):
        if count < minimum_teachers:
            raise DesignRefusedError(f"{count} teachers {which} have growth, fewer than {minimum_teachers}")
    return offered, others


def _is_drawn_by_school(sample: LotterySample) -> bool:
    """Whether the teachers of a school have the same offer, but for a few who may have moved."""
    offered = np.bincount(sample.school, sample.is_offered)
    total = np.bincount(sample.school)
    is_shared = total > 1
    minority = np.minimum(offered, total - offered)[is_shared].sum()
    return bool(is_shared.any() and minority <= _DRAWN_BY_SCHOOL * total[is_shared].sum())


def _units(sample: LotterySample, is_by_school: bool) -> IntArray:
    units = np.unique(sample.school if is_by_school else sample.teacher, return_inverse=True)[1]
    return units.astype(np.int64)


def _regress(
    sample: LotterySample, responses: FloatArray, is_by_school: bool, has_prior: bool
) -> FirstCoefficient:
    """Coefficients of the offer, their influence by teacher or school (units, responses)."""
    strata = (sample.stratum[:, None] == np.arange(int(sample.stratum.max()) + 1)).astype(float)
    left = np.column_stack([strata, sample.prior_mean_sd]) if has_prior else strata
    left = independent_columns(left, sample.weight)
    design = np.column_stack([sample.is_offered, left])
    units = _units(sample, is_by_school)
    if is_by_school:
        return by_cluster(design, responses, sample.weight, units)
    rows = by_row(design, responses, sample.weight)
    influence = np.zeros((int(units.max()) + 1, responses.shape[1]))
    np.add.at(influence, units, rows.influence)
    return FirstCoefficient(rows.estimates, influence, rows.df)


def _first_stage_refusal(takes_part: BoolArray, change: float) -> str:
    if not takes_part.any():
        return "nobody drawn for took part"
    if not change > ROUNDING:
        return f"the offer did not raise the share that took part ({100 * change:.0f} points)"
    return ""


def _per_10_hours(
    assemble: _Assembler, sample: LotterySample, refusal: str
) -> DesignEstimate | DesignRefusedError:
    takes_part = sample.hours > 0.0
    if refusal:
        return DesignRefusedError(refusal)
    if np.ptp(sample.hours[takes_part]) == 0.0:
        return DesignRefusedError(
            "all who took part have the same hours, so that a dose cannot be told from taking part"
        )
    change = float(assemble.found.estimates[_DOSE])
    if not change > ROUNDING:
        return DesignRefusedError(f"the offer did not raise hours ({10 * change:.1f})")
    return assemble.ratio(_DOSE, takes_part, weak_notes(first_stage_f(assemble.found, _DOSE), None))


def _notes(sample: LotterySample, is_by_school: bool) -> tuple[str, ...]:
    lost = sample.attrition
    notes = [
        "standard errors by school, which was drawn"
        if is_by_school
        else "standard errors by teacher, who was drawn"
    ]
    if lost.n_never_in_panel:
        notes.append(
            f"{lost.n_never_in_panel} of {lost.n_drawn} drawn for have no growth in any year, count as lost"
        )
    if lost.n_of_other_subject:
        notes.append(f"{lost.n_of_other_subject} drawn for have growth in other subjects only, not counted")
    if sample.n_unknown_year:
        notes.append(f"{sample.n_unknown_year} offers without a known outcome year left out")
    if sample.n_strata_of_one_arm:
        notes.append(f"{sample.n_strata_of_one_arm} block(s) with one arm only left out")
    return tuple(notes)
