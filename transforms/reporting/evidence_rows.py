"""The rows that the page of evidence is made from, as frozen values.

Every field has the name and the meaning of its column in ``expectations.design_outputs``.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class PeriodRow:
    """One lead or lag of an event study."""

    effect_id: str
    pd_type: str
    academic_subject: str
    event_time: int
    estimate_sd: float
    ci_low: float
    ci_high: float
    n_teachers: int


@dataclass(frozen=True)
class CheckRow:
    """One check of an event study."""

    effect_id: str
    check_name: str
    bound: float
    estimate_sd: float | None
    ci_low: float | None
    ci_high: float | None
    p_value: float | None
    note: str | None


@dataclass(frozen=True)
class BaselineRow:
    """One characteristic compared before the PD, in standard deviations."""

    effect_id: str
    design: str
    pd_type: str
    academic_subject: str
    characteristic: str
    g_before: float
    g_after: float | None


@dataclass(frozen=True)
class DosePoint:
    """Growth against no hours at one number of hours."""

    design: str
    pd_type: str
    academic_subject: str
    hours: float
    estimate_sd: float
    ci_low: float
    ci_high: float
    linear_p_value: float | None


@dataclass(frozen=True)
class DoseTermRow:
    """One term of the dose models; ``estimate_sd`` is None where ``note`` says why."""

    design: str
    pd_type: str
    academic_subject: str
    term: str
    estimate_sd: float | None
    ci_low: float | None
    ci_high: float | None
    p_value: float | None
    note: str | None


@dataclass(frozen=True)
class SensitivityRow:
    """How much would have to be wrong with one estimate."""

    effect_id: str
    robustness_value: float | None
    robustness_value_alpha: float | None
    benchmark_covariate: str | None
    benchmark_estimate_sd: float | None
    e_value: float | None
    leave_one_out_low_sd: float | None
    leave_one_out_high_sd: float | None
    n_specifications: int | None
    share_same_sign: float | None
    share_significant: float | None


@dataclass(frozen=True)
class SpecificationRow:
    """One specification of the curve with a number."""

    pd_type: str
    academic_subject: str
    specification_number: int
    comparison: str
    covariates: str
    dose: str
    companions: str
    contrast: str
    estimate_sd: float
    ci_low: float
    ci_high: float
    p_value: float


@dataclass(frozen=True)
class CalibrationRow:
    """What a planted effect came back as."""

    design: str
    pd_type: str
    academic_subject: str
    contrast: str
    planted_sd: float
    n_draws: int
    bias_sd: float | None
    coverage: float | None
    coverage_ci_low: float | None
    coverage_ci_high: float | None
    rejection_rate: float | None
    minimum_detectable_sd: float | None
    is_struck_out: bool
    note: str | None


@dataclass(frozen=True)
class DifferenceRow:
    """Whether an estimate differs between subgroups."""

    design: str
    pd_type: str
    academic_subject: str
    contrast: str
    dimension: str
    n_subgroups: int
    largest_subgroup: str | None
    smallest_subgroup: str | None
    difference_sd: float | None
    std_error: float | None
    p_value: float | None
    p_value_bh: float | None
    df_denominator: float | None = None


@dataclass(frozen=True)
class EvidenceReport:
    """All that stands beside the estimates of a build."""

    periods: tuple[PeriodRow, ...]
    checks: tuple[CheckRow, ...]
    baselines: tuple[BaselineRow, ...]
    dose_points: tuple[DosePoint, ...]
    dose_terms: tuple[DoseTermRow, ...]
    sensitivities: tuple[SensitivityRow, ...]
    specifications: tuple[SpecificationRow, ...]
    calibrations: tuple[CalibrationRow, ...]
    differences: tuple[DifferenceRow, ...]
