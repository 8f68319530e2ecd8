"""What stands beside the estimates, read from the published tables of one build: aggregates only."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

import duckdb

from transforms.reporting.evidence_rows import (
    BaselineRow,
    CalibrationRow,
    CheckRow,
    DifferenceRow,
    DosePoint,
    DoseTermRow,
    EvidenceReport,
    PeriodRow,
    SensitivityRow,
    SpecificationRow,
)
from transforms.reporting.fill import filled

# Of each table the rows that can be drawn, in the order in which they are.
_DRAWN = {
    PeriodRow: "estimates.event_study_period where estimate_sd is not null and ci_low is not null"
    " and n_teachers >= $minimum_staff"
    " order by academic_subject, pd_type, event_time",
    CheckRow: "estimates.event_study_check order by effect_id, check_name, bound",
    BaselineRow: "estimates.baseline where g_before is not null"
    " order by academic_subject, design, pd_type, characteristic",
    DosePoint: "estimates.dose_curve order by academic_subject, design, pd_type, hours",
    DoseTermRow: "estimates.dose_term order by academic_subject, design, pd_type, term",
    SensitivityRow: "estimates.sensitivity order by effect_id",
    SpecificationRow: "estimates.specification where estimate_sd is not null and ci_low is not null"
    " order by academic_subject, pd_type, specification_number",
    CalibrationRow: "estimates.calibration order by academic_subject, design, contrast, pd_type, planted_sd",
    DifferenceRow: "estimates.subgroup_difference"
    " order by academic_subject, design, pd_type, contrast, dimension",
}


def read_evidence(connection: duckdb.DuckDBPyConnection, minimum_staff: int) -> EvidenceReport:
    """Read every table beside estimates.effect that a page shows; nothing of fewer than ``minimum_staff``."""
    found: list[Any] = [
        filled(
            connection,
            row_type,
            " ".join(("select", ", ".join(field.name for field in fields(row_type)), "from", source)),
            {"minimum_staff": minimum_staff} if "$minimum_staff" in source else {},
        )
        for row_type, source in _DRAWN.items()
    ]
    return EvidenceReport(*found)
