"""All designs on all subjects: what stands in estimates.effect and in the tables beside it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import asdict

import duckdb

from transforms.designs.effect import Effect, with_multiplicity
from transforms.designs.models import regression_record
from transforms.designs.panel import TeacherPanel
from transforms.designs.ratings import rated
from transforms.designs.regressions import CONTRASTS, REGRESSIONS, estimate_regression
from transforms.designs.sample import (
    DesignSample,
    make_design_rows,
    read_sample,
    subjects_with_growth,
)
from transforms.designs.sample_flow import SampleFlow, read_sample_flow
from transforms.designs.settings import DesignSettings
from transforms.designs.teacher_panel import teacher_panel
from transforms.estimation.errors import EstimationError

Record = Mapping[str, object]
Records = dict[str, list[Record]]


def estimate_designs(
    connection: duckdb.DuckDBPyConnection, settings: DesignSettings, build_id: str
) -> Records:
    """Rows of the tables of estimates, by qualified table name, for every subject with growth.

    Reads frames.growth_analysis, frames.teacher_year_exposure, frames.teacher_year and core.school; makes
    temporary tables only.
    """
    records: Records = defaultdict(list)
    for subject in subjects_with_growth(connection):
        make_design_rows(connection, subject)
        try:
            sample = read_sample(connection, subject, settings)
        except EstimationError:
            continue
        if not sample.exposure.types:
            continue
        _estimate_subject(sample, read_sample_flow(connection, sample), settings, build_id, records)
    return records


def _estimate_subject(
    sample: DesignSample, flow: SampleFlow, settings: DesignSettings, build_id: str, records: Records
) -> None:
    regressions = [
        estimate_regression(sample, design, contrast, settings, build_id)
        for design in REGRESSIONS
        for contrast in CONTRASTS
    ]
    effects = [effect for found in regressions for effect in found.effects]
    records["estimates.effect"] += [asdict(effect) for effect in rated(finished(effects), {})]
    for found in regressions:
        records["estimates.variance_component"] += [asdict(row) for row in found.components]
        model = regression_record(found, sample.academic_subject)
        records["estimates.model"] += [model] if model else []
    for at in range(len(sample.reach)):
        for design in REGRESSIONS:
            records["estimates.effect_sample"] += flow.of_regression(design, at)
    records["estimates.teacher_year_growth"] += panel_records(teacher_panel(sample))


def finished(effects: Iterable[Effect]) -> list[Effect]:
    """The rows with what follows from several of them: p-values by design and contrast."""
    by_family: dict[tuple[str, str], list[Effect]] = defaultdict(list)
    for effect in effects:
        by_family[effect.design, effect.contrast].append(effect)
    return [row for family in by_family.values() for row in with_multiplicity(family)]


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
