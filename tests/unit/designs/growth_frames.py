"""Frames of the growth models with a known effect, small enough for a test."""

from __future__ import annotations

from dataclasses import dataclass

import duckdb
import numpy as np
import pandas as pd

from transforms.designs.effect import Effect, VarianceComponent
from transforms.designs.estimate import finished
from transforms.designs.ratings import rated
from transforms.designs.regressions import CONTRASTS, estimate_regression
from transforms.designs.sample import make_design_rows, read_sample, subjects_with_growth
from transforms.designs.settings import DesignSettings
from transforms.warehouse import declared_table

WINDOW_START, WINDOW_END = "2024-05-01", "2025-05-01"


@dataclass(frozen=True)
class Plan:
    """What the generated study is like; ``effect`` is per 10 hours of coaching, in standard deviations."""

    schools: int = 16
    teachers: int = 6
    students: int = 12
    years: int = 1
    effect: float = 0.2
    school_pull: float = 0.0
    seed: int = 1


def made_up_growth(plan: Plan) -> pd.DataFrame:
    """Rows of frames.growth_analysis with the teacher's coaching hours in the column ``coaching``.

    Half of the teachers of a school and year are coached for 5 to 25 hours, by lot.
    ``school_pull`` adds hours where the school effect is high: selection between schools.
    """
    rng = np.random.default_rng(plan.seed)
    rows = []
    for school in range(plan.schools):
        school_effect = rng.normal(0, 0.2)
        teacher_effects = rng.normal(0, 0.2, plan.teachers)
        for year in range(2026 - plan.years, 2026):
            coached = rng.permutation(plan.teachers) < plan.teachers // 2
            for teacher in range(plan.teachers):
                hours = coached[teacher] * max(0.0, rng.uniform(5, 25) + plan.school_pull * school_effect)
                level = school_effect + teacher_effects[teacher] + rng.normal(0, 0.1)
                for student in range(plan.students):
                    prior = rng.normal(0.5 * school_effect, 1)
                    score = 0.7 * prior + level + plan.effect * hours / 10 + rng.normal(0, 0.5)
                    key = f"{school}-{teacher}-{student}-{year}"
                    rows.append((key, f"t{school}-{teacher}", year, f"s{school}", score, prior, hours))
    names = ["student_id", "staff_id", "school_year", "school_id", "score_sd", "prior_score_sd", "coaching"]
    frame = pd.DataFrame(rows, columns=names)
    frame["is_female"] = rng.random(len(frame)) < 0.5
    frame["is_swd"] = pd.array(rng.random(len(frame)) < 0.1, dtype="boolean")
    frame.loc[frame.index % 9 == 0, "is_swd"] = pd.NA
    means = frame.groupby(["school_year", "staff_id"])["prior_score_sd"].transform("mean")
    frame["class_mean_prior_sd"] = means
    means = frame.groupby(["school_year", "school_id"])["prior_score_sd"].transform("mean")
    frame["school_mean_prior_sd"] = means
    return frame.assign(
        assessment_id="state",
        academic_subject="mathematics",
        term="spring",
        grade_level=5,
        roster_weight=1.0,
        norm_sd=40.0,
        window_start=pd.to_datetime((frame["school_year"] - 1).astype(str) + "-05-01"),
        window_end=pd.to_datetime(frame["school_year"].astype(str) + "-05-01"),
        is_design_window=True,
    )


def exposure(growth: pd.DataFrame, column: str = "coaching", other_hours: float = 0.0) -> pd.DataFrame:
    """Rows of frames.teacher_year_exposure from the hours in ``column``; none where there are no hours."""
    key = ["staff_id", "academic_subject", "school_year", "window_start", "window_end"]
    rows = growth.groupby(key, as_index=False)[column].first()
    rows = rows.rename(columns={column: "aligned_hours"}).query("aligned_hours > 0")
    return rows.assign(pd_type=column, other_hours=other_hours, lagged_hours=0.0, n_participations=1)


def study(growth: pd.DataFrame, *exposures: pd.DataFrame) -> duckdb.DuckDBPyConnection:
    """A connection with both frames, as the contract has them."""
    connection = duckdb.connect()
    connection.execute("create schema frames")
    connection.execute("create schema core")
    taught = growth[["staff_id", "school_year", "school_id"]].drop_duplicates(["staff_id", "school_year"])
    tables = {
        "frames.growth_analysis": growth,
        "frames.teacher_year_exposure": pd.concat(exposures),
        "frames.teacher_year": taught,
        "frames.pd_offer": taught.head(0)[["staff_id"]],
        "core.school": growth[["school_id"]].drop_duplicates(),
    }
    for name, rows in tables.items():
        table = declared_table(name)
        columns = ", ".join(f"{column.name} {column.kind.sql_type}" for column in table.columns)
        connection.execute(f"create table {name} ({columns})")
        known = rows[[column.name for column in table.columns if column.name in rows]]
        connection.register("given", known)
        connection.execute(f"insert into {name} by name from given")
        connection.unregister("given")
    return connection


def regressed(
    connection: duckdb.DuckDBPyConnection, settings: DesignSettings, design: str = "adjusted"
) -> tuple[tuple[Effect, ...], tuple[VarianceComponent, ...]]:
    """Effects and variances of one regression design, of all subjects and contrasts."""
    effects, components = [], []
    for subject in subjects_with_growth(connection):
        make_design_rows(connection, subject)
        sample = read_sample(connection, subject, settings)
        for contrast in CONTRASTS:
            found = estimate_regression(sample, design, contrast, settings, "b1")
            effects += found.effects
            components += found.components
    return tuple(rated(finished(effects), {})), tuple(components)
