"""The rows that a report is made from, as frozen values.

Every field has the name and the meaning of its column in ``expectations.outputs`` or ``sql/report``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from transforms.reporting.evidence_rows import EvidenceReport
from transforms.reporting.growth_rows import GrowthReport


@dataclass(frozen=True)
class Build:
    """The one row of meta.build that a report names."""

    build_id: str
    study_name: str
    report_year: int
    started_at: datetime
    pdeval_version: str
    schema_version: str
    input_fingerprint: str
    settings: str


@dataclass(frozen=True)
class EffectRow:
    """One row of estimates.effect; ``estimate_sd`` is None where the row was refused, ``note`` says why."""

    design: str
    pd_type: str
    academic_subject: str
    subgroup: str
    contrast: str
    estimate_sd: float | None
    std_error: float | None
    df: float | None
    ci_low: float | None
    ci_high: float | None
    p_value: float | None
    p_value_bh: float | None
    n_students: int | None
    n_staff: int | None
    n_schools: int | None
    n_clusters: int | None
    n_participants: int | None
    n_participant_schools: int | None
    essa_tier: int | None
    is_primary: bool
    estimate_scale_points: float | None
    std_error_scale_points: float | None
    std_error_model: float | None
    note: str | None
    effect_id: str = ""
    robustness_value: float | None = None
    placebo_sd: float | None = None
    placebo_std_error: float | None = None
    placebo_p_value: float | None = None
    wwc_rating: str | None = None
    wwc_reasons: str | None = None
    essa_reasons: str | None = None
    is_struck_out: bool = False

    @property
    def std_error_model_scale_points(self) -> float | None:
        """Standard error of the model, without the robust correction, in scale points."""
        if self.std_error_model is None or not self.std_error_scale_points or not self.std_error:
            return None
        return self.std_error_model * self.std_error_scale_points / self.std_error

    @property
    def is_refused(self) -> bool:
        """Whether no number could be computed."""
        return self.estimate_sd is None or self.ci_low is None or self.ci_high is None


@dataclass(frozen=True)
class VarianceRow:
    """One row of estimates.variance_component."""

    design: str
    academic_subject: str
    contrast: str
    group_name: str
    variance_sd2: float
    icc: float
    n_groups: int
    is_boundary: bool


@dataclass(frozen=True)
class IntakeRow:
    """What came in for one entity; read = loaded + duplicate + skipped + quarantined."""

    entity: str
    rows_read: int
    rows_loaded: int
    rows_duplicate: int
    rows_skipped: int
    rows_quarantined: int


@dataclass(frozen=True)
class RejectedRow:
    """Rows of one entity and file that one rule turned away."""

    entity: str
    source_file: str
    rule: str
    reason: str
    n_rows: int
    first_line: int | None


@dataclass(frozen=True)
class SampleStep:
    """How many students and score rows are left after one step, by academic subject."""

    academic_subject: str
    step: str
    n_students: int
    n_rows: int


@dataclass(frozen=True)
class ReachRow:
    """Teachers reached by one PD type in one school and year; counts are None where suppressed."""

    school: str
    school_year: int
    pd_type: str
    n_participants: int | None
    n_teachers: int | None
    share: float | None
    hours_per_participant: float | None
    is_suppressed: bool


@dataclass(frozen=True)
class DistrictReachRow:
    """Teachers reached by one PD type in one school year of the whole study."""

    school_year: int
    pd_type: str
    n_participants: int | None
    n_teachers: int | None
    share: float | None
    hours: float | None
    hours_per_participant: float | None
    is_suppressed: bool


@dataclass(frozen=True)
class GrowthRow:
    """Mean gain of one school, subject and year; None where suppressed."""

    school: str
    academic_subject: str
    school_year: int
    n_students: int | None
    mean_gain_sd: float | None
    is_suppressed: bool


class Validation(Protocol):
    """Anything with the fields of meta.validation_result: a row of the table or a result of the gate."""

    @property
    def table_schema(self) -> str: ...
    @property
    def table_name(self) -> str: ...
    @property
    def column_name(self) -> str | None: ...
    @property
    def rule(self) -> str: ...
    @property
    def meaning(self) -> str: ...
    @property
    def severity(self) -> str: ...
    @property
    def status(self) -> str: ...
    @property
    def n_rows(self) -> int | None: ...
    @property
    def n_offending(self) -> int | None: ...
    @property
    def detail(self) -> str | None: ...


@dataclass(frozen=True)
class ValidationRow:
    """One row of meta.validation_result."""

    table_schema: str
    table_name: str
    column_name: str | None
    rule: str
    meaning: str
    severity: str
    status: str
    n_rows: int | None
    n_offending: int | None
    detail: str | None


@dataclass(frozen=True)
class Unavailable:
    """A topic that could not be computed, and why."""

    topic: str
    reason: str


@dataclass(frozen=True)
class Report:
    """Everything that the page shows, before any wording."""

    build: Build
    effects: tuple[EffectRow, ...]
    variances: tuple[VarianceRow, ...]
    intake: tuple[IntakeRow, ...]
    rejected: tuple[RejectedRow, ...]
    sample_flow: tuple[SampleStep, ...]
    reach: tuple[ReachRow, ...]
    district_reach: tuple[DistrictReachRow, ...]
    growth: tuple[GrowthRow, ...]
    growth_percentiles: GrowthReport
    evidence: EvidenceReport
    validation: tuple[ValidationRow, ...]
    unavailable: tuple[Unavailable, ...]
    activity_titles: tuple[tuple[str, str], ...]
    packages: tuple[tuple[str, str], ...]


def failed(results: Sequence[Validation], severity: str) -> list[Validation]:
    """The results of ``severity`` that did not pass; errors count as failed."""
    return [result for result in results if result.severity == severity and result.status != "passed"]
