"""All designs on all subjects: what stands in estimates.effect and in the tables beside it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, replace

import duckdb

from transforms.designs.calibration_rows import ALL_TYPES
from transforms.designs.dose import dose_records
from transforms.designs.effect import Effect, with_multiplicity
from transforms.designs.heterogeneity import SubgroupEstimate
from transforms.designs.heterogeneity_records import Comparison, heterogeneity_records
from transforms.designs.models import panel_record, regression_record
from transforms.designs.panel import DesignEstimate, FloatArray, TeacherPanel
from transforms.designs.panel_designs import PanelFindings, estimate_panel_designs
from transforms.designs.placebos import with_placebos
from transforms.designs.ratings import rated
from transforms.designs.regressions import CONTRASTS, REGRESSIONS, Regression, estimate_regression
from transforms.designs.sample import (
    DesignSample,
    make_design_rows,
    read_sample,
    subjects_with_growth,
)
from transforms.designs.sample_flow import SampleFlow, read_sample_flow
from transforms.designs.sensitivity import sensitivity_records
from transforms.designs.settings import DesignSettings
from transforms.designs.specifications import specification_records
from transforms.designs.subgroups import estimate_subgroups, subject_comparisons
from transforms.designs.teacher_panel import teacher_panel
from transforms.designs.try_outs import calibrated
from transforms.estimation.errors import EstimationError

Record = Mapping[str, object]
Records = dict[str, list[Record]]
Comparisons = dict[Comparison, list[SubgroupEstimate]]


def estimate_designs(
    connection: duckdb.DuckDBPyConnection, settings: DesignSettings, build_id: str
) -> Records:
    """Rows of the tables of estimates, by qualified table name, for every subject with growth.

    Reads frames.growth_analysis, teacher_year_exposure, teacher_year, pd_offer, student_growth,
    student_teacher_link and core.school; makes temporary tables only.
    """
    records: Records = defaultdict(list)
    comparisons: Comparisons = defaultdict(list)
    for subject in subjects_with_growth(connection):
        make_design_rows(connection, subject)
        try:
            sample = read_sample(connection, subject, settings)
        except EstimationError:
            continue
        if not sample.exposure.types:
            continue
        for comparison, estimates in _estimate_subject(
            connection, sample, settings, build_id, records
        ).items():
            comparisons[comparison] += estimates
    _extend(records, heterogeneity_records(comparisons))
    return records


def _estimate_subject(
    connection: duckdb.DuckDBPyConnection,
    sample: DesignSample,
    settings: DesignSettings,
    build_id: str,
    records: Records,
) -> Comparisons:
    """Add the rows of one subject to ``records``; return what is to be compared between subgroups."""
    regressions = [
        estimate_regression(sample, design, contrast, settings, build_id)
        for design in REGRESSIONS
        for contrast in CONTRASTS
    ]
    panel = teacher_panel(sample)
    findings = estimate_panel_designs(connection, sample, panel, settings, build_id, is_full=True)
    calibration = calibrated(sample, regressions, panel, findings, settings)
    effects = finished([*(effect for found in regressions for effect in found.effects), *findings.effects])
    effects = rated(
        _struck_out(with_placebos(effects, panel, findings, settings), calibration), findings.facts
    )
    specifications = specification_records(sample, settings)
    subgroup_effects, comparisons = estimate_subgroups(connection, sample, settings, build_id)
    influence = {**findings.influence, **_influence_by_id(regressions)}
    comparisons.update(subject_comparisons(effects, influence, sample.school_ids))
    _extend(
        records,
        {
            "estimates.effect": [asdict(effect) for effect in (*effects, *finished(subgroup_effects))],
            "estimates.variance_component": [
                asdict(row) for found in regressions for row in found.components
            ],
            "estimates.model": _models(regressions, findings, panel),
            "estimates.effect_sample": _flows(read_sample_flow(connection, sample), regressions, findings),
            "estimates.teacher_year_growth": panel_records(panel),
            "estimates.type_coefficient": [
                {"academic_subject": panel.academic_subject, "pd_type": name, "coefficient_sd": float(value)}
                for name, value in zip(panel.types, panel.type_effects, strict=True)
            ],
            "estimates.event_study_period": findings.periods,
            "estimates.event_study_check": findings.checks,
            "estimates.baseline": findings.baselines,
            "estimates.calibration": calibration,
            "estimates.specification": specifications,
            "estimates.sensitivity": sensitivity_records(
                sample, regressions, effects, specifications, settings
            ),
            **dose_records(sample, settings),
        },
    )
    return comparisons


def finished(effects: Iterable[Effect]) -> list[Effect]:
    """The rows with their p-values adjusted within each design, contrast and subgroup."""
    by_family: dict[tuple[str, str, str], list[Effect]] = defaultdict(list)
    for effect in effects:
        by_family[effect.design, effect.contrast, effect.subgroup].append(effect)
    return [row for family in by_family.values() for row in with_multiplicity(family)]


def _struck_out(effects: Iterable[Effect], calibration: Sequence[Record]) -> list[Effect]:
    """Mark the rows of a type, or of a whole design that was calibrated as one, that failed."""
    verdicts = {
        (row["design"], row["contrast"], row["pd_type"]): bool(row["is_struck_out"]) for row in calibration
    }
    return [
        replace(
            effect,
            is_struck_out=verdicts.get(
                (effect.design, effect.contrast, effect.pd_type),
                verdicts.get((effect.design, effect.contrast, ALL_TYPES), False),
            ),
        )
        for effect in effects
    ]


def _influence_by_id(regressions: Iterable[Regression]) -> dict[str, FloatArray]:
    return {
        effect.effect_id: found.influence[effect.pd_type]
        for found in regressions
        for effect in found.effects
        if effect.pd_type in found.influence
    }


def _models(regressions: Iterable[Regression], findings: PanelFindings, panel: TeacherPanel) -> list[Record]:
    rows = [regression_record(found, panel.academic_subject) for found in regressions]
    estimated = dict.fromkeys(
        (design, contrast)
        for (design, contrast, _), found in findings.estimates.items()
        if isinstance(found, DesignEstimate)
    )
    return [row for row in rows if row] + [panel_record(*key, panel) for key in estimated]


def _flows(flow: SampleFlow, regressions: Sequence[Regression], findings: PanelFindings) -> list[Record]:
    rows: list[Record] = []
    for at in range(len(flow.sample.exposure.types)):
        for design in dict.fromkeys(found.design for found in regressions):
            rows += flow.of_regression(design, at)
        for (design, contrast, position), found in findings.estimates.items():
            is_first = (design, contrast) != ("lottery", "participated") and contrast != "per_10_hours"
            if position == at and is_first and isinstance(found, DesignEstimate):
                rows += flow.of_panel(design, at, found)
    return rows


def _extend(records: Records, more: Mapping[str, Sequence[Record]]) -> None:
    for table, rows in more.items():
        records[table] += rows


def panel_records(panel: TeacherPanel) -> list[Record]:
    """Rows of estimates.teacher_year_growth."""
    return [
        {
            "academic_subject": panel.academic_subject,
            "staff_id": staff_id,
            "school_id": school_id,
            "school_year": int(year),
            "growth_sd": float(growth),
            "weight": float(weight),
            "n_students": int(n_students),
            "prior_mean_sd": float(prior),
            "years_experience": None if experience != experience else float(experience),
        }
        for staff_id, school_id, year, growth, weight, n_students, prior, experience in zip(
            panel.staff_ids[panel.teacher],
            panel.school_ids[panel.school],
            panel.school_year,
            panel.growth_sd,
            panel.weight,
            panel.n_students,
            panel.prior_mean_sd,
            panel.years_experience,
            strict=True,
        )
    ]
