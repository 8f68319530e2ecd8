"""Samples of value-added with known truth, small enough for a test."""

from __future__ import annotations

from dataclasses import dataclass

import duckdb
import numpy as np
import pandas as pd

from expectations.outputs import OUTPUTS
from transforms.warehouse import create_table, open_database

COVARIATES = ("is_english_learner", "is_swd", "is_economically_disadvantaged", "is_gifted", "is_female")
# of the true prior: 0.7 xi + 0.05 xi^2, whose slope at xi is 0.7 + 0.1 xi
LINEAR, SQUARE = 0.7, 0.05
TABLES = (
    "frames.value_added_analysis",
    "frames.student_teacher_link",
    "frames.growth_history",
    "frames.student_growth",
    "frames.teacher_year_exposure",
    "frames.scored_result",
    "estimates.growth_percentile",
    "estimates.value_added_model",
)


@dataclass(frozen=True)
class Plan:
    """``sorting`` is the standard deviation between teachers of their students' ability."""

    schools: int = 20
    teachers: int = 6
    students: int = 20
    years: int = 2
    sorting: float = 0.6
    sem: float = 0.45
    school_sd: float = 0.1
    teacher_sd: float = 0.15
    year_sd: float = 0.1
    seed: int = 1


def made_up(plan: Plan) -> pd.DataFrame:
    """Rows of frames.value_added_analysis with the true prior ``xi`` and the teacher's effect ``truth``."""
    rng = np.random.default_rng(plan.seed)
    n_classes = plan.schools * plan.teachers * plan.years
    school = np.repeat(np.arange(plan.schools), plan.teachers * plan.years)
    teacher = np.repeat(np.arange(plan.schools * plan.teachers), plan.years)
    year = np.tile(np.arange(plan.years), plan.schools * plan.teachers)
    effect = rng.normal(0, plan.school_sd, plan.schools)[school]
    effect = effect + rng.normal(0, plan.teacher_sd, plan.schools * plan.teachers)[teacher]
    effect = effect + rng.normal(0, plan.year_sd, n_classes)
    ability = rng.normal(0, plan.sorting, n_classes)
    row = np.repeat(np.arange(n_classes), plan.students)
    n = len(row)
    xi = ability[row] + rng.normal(0, 1, n)
    sem = plan.sem * rng.uniform(0.7, 1.3, n)
    other = 0.7 * xi + rng.normal(0, 0.6, n)
    learner = rng.random(n) < 0.3
    score = LINEAR * xi + SQUARE * xi**2 + 0.1 * other - 0.1 * learner + effect[row] + rng.normal(0, 0.5, n)
    return pd.DataFrame(
        {
            "student_id": [f"p{i}" for i in range(n)],
            "staff_id": [f"t{k}" for k in teacher[row]],
            "school_id": [f"s{k}" for k in school[row]],
            "assessment_id": "STATE",
            "academic_subject": "mathematics",
            "school_year": 2024 + year[row],
            "growth_window": "spring_to_spring",
            "grade_level": 4 + teacher[row] % 2,
            "roster_weight": 1.0,
            "score_sd": score,
            "prior_score_sd": xi + sem * rng.normal(0, 1, n),
            "prior_sem_sd": sem,
            "other_prior_sd": other + sem * rng.normal(0, 1, n),
            "other_prior_sem_sd": sem,
            "is_english_learner": learner,
            "is_female": rng.random(n) < 0.5,
            "xi": xi,
            "truth": effect[row],
        }
    )


def study(frame: pd.DataFrame | None = None) -> duckdb.DuckDBPyConnection:
    """A connection with the tables that growth of groups reads, the sample filled from ``frame``."""
    connection = open_database(None, threads=1)
    for name in TABLES:
        create_table(connection, OUTPUTS[name])
    if frame is not None:
        add(connection, "frames.value_added_analysis", frame)
    return connection


def add(connection: duckdb.DuckDBPyConnection, table: str, frame: pd.DataFrame) -> None:
    """Add the columns of ``frame`` that the table has."""
    names = [column.name for column in OUTPUTS[table].columns if column.name in frame]
    connection.register("added", frame[names])
    connection.execute(f"INSERT INTO {table} BY NAME FROM added")
    connection.unregister("added")
