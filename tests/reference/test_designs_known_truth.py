"""Designs on simulated districts whose truth is known: what selection does to them, and false alarms."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from tests.unit.designs.growth_frames import exposure, regressed, study
from transforms.designs.effect import Effect
from transforms.designs.event_study import event_study_estimate
from transforms.designs.panel_effects import panel_effect
from transforms.designs.sample import make_design_rows, read_sample
from transforms.designs.settings import DesignSettings
from transforms.designs.teacher_panel import teacher_panel

SETTINGS = DesignSettings()
TRUTH = 0.1


def selected_district(seed: int, selection: float) -> pd.DataFrame:
    """24 schools of 6 teachers over 5 years. Who starts coaching, and when, depends on a lasting quality."""
    rng = np.random.default_rng(seed)
    rows = []
    for school in range(24):
        shared = rng.normal(0, 0.15)
        for teacher in range(6):
            quality = rng.normal(0, 0.2)
            ever = rng.random() < 1 / (1 + np.exp(-selection * quality / 0.2))
            start = rng.integers(2022, 2026) if ever else 9999
            for year in range(2021, 2026):
                level = shared + quality + rng.normal(0, 0.08) + TRUTH * (year >= start)
                prior = rng.normal(0, 1, 10)
                score = 0.7 * prior + level + rng.normal(0, 0.5, 10)
                for student in range(10):
                    key = f"{school}-{teacher}-{student}-{year}"
                    hours = 12.0 * (year >= start)
                    names = key, f"t{school}-{teacher}", year, f"s{school}"
                    rows.append((*names, score[student], prior[student], hours))
    columns = ["student_id", "staff_id", "school_year", "school_id", "score_sd", "prior_score_sd", "coaching"]
    return completed(pd.DataFrame(rows, columns=columns))


def completed(growth: pd.DataFrame) -> pd.DataFrame:
    """The other columns of frames.growth_analysis."""
    for name, group in (("class", "staff_id"), ("school", "school_id")):
        means = growth.groupby(["school_year", group])["prior_score_sd"].transform("mean")
        growth[f"{name}_mean_prior_sd"] = means
    years = growth["school_year"]
    return growth.assign(
        assessment_id="state",
        academic_subject="mathematics",
        term="spring",
        grade_level=5,
        roster_weight=1.0,
        norm_sd=40.0,
        window_start=pd.to_datetime((years - 1).astype(str) + "-05-01"),
        window_end=pd.to_datetime(years.astype(str) + "-05-01"),
        is_design_window=True,
    )


def of_designs(growth: pd.DataFrame) -> dict[str, Effect]:
    """The estimate of taking part by each design that compares all years."""
    connection = study(growth, exposure(growth))
    found = {}
    for design in ("adjusted", "within_teacher"):
        rows, _ = regressed(connection, SETTINGS, design)
        found[design] = next(row for row in rows if row.contrast == "participated")
    make_design_rows(connection, "mathematics")
    sample = read_sample(connection, "mathematics", SETTINGS)
    panel = teacher_panel(sample)
    estimate = event_study_estimate(panel, 0)
    found["event_study"] = panel_effect(sample, panel, 0, "event_study", "participated", estimate, "b1")
    return found


def holds(effect: Effect) -> bool:
    return effect.ci_low <= TRUTH <= effect.ci_high


def test_selection_biases_adjusted_and_no_design_that_compares_teachers_with_themselves() -> None:
    found = [of_designs(selected_district(500 + seed, 2.0)) for seed in range(12)]
    errors = {name: np.array([one[name].estimate_sd - TRUTH for one in found]) for name in found[0]}
    assert errors["adjusted"].mean() > 0.03
    for name in ("within_teacher", "event_study"):
        assert abs(errors[name].mean()) < 3 * errors[name].std() / 12**0.5
    # and the row says what it is
    assert found[0]["adjusted"].wwc_rating == "does not meet WWC standards"
    assert "correlational" in found[0]["adjusted"].wwc_reasons


@pytest.mark.slow
def test_intervals_under_selection_in_two_hundred_districts() -> None:
    held = {"adjusted": 0, "within_teacher": 0, "event_study": 0}
    for seed in range(200):
        for name, effect in of_designs(selected_district(seed, 2.0)).items():
            held[name] += holds(effect)
    assert held["within_teacher"] >= 180, held
    assert held["event_study"] >= 180, held
    assert held["adjusted"] < 150, held


def null_district(seed: int) -> pd.DataFrame:
    """16 schools of 6 teachers over 3 years; five kinds of PD, attended by lot, none with an effect."""
    rng = np.random.default_rng(seed)
    teachers = pd.DataFrame(
        {
            "staff_id": [f"t{k}" for k in range(96)],
            "school_id": [f"s{k // 6}" for k in range(96)],
            "quality": rng.normal(0, 0.2, 96),
        }
    )
    years = teachers.merge(pd.DataFrame({"school_year": [2023, 2024, 2025]}), how="cross")
    for kind in range(5):
        years[f"type_{kind}"] = np.where(rng.random(len(years)) < 0.4, rng.uniform(3, 25, len(years)), 0.0)
    rows = years.loc[years.index.repeat(8)].reset_index(drop=True)
    rows["student_id"] = [f"p{k}" for k in range(len(rows))]
    rows["prior_score_sd"] = rng.normal(0, 1, len(rows))
    rows["score_sd"] = 0.7 * rows["prior_score_sd"] + rows["quality"] + rng.normal(0, 0.5, len(rows))
    return completed(rows)


@pytest.mark.slow
def test_false_alarms_after_benjamini_and_hochberg() -> None:
    alarms, families = 0, 0
    for seed in range(200):
        growth = null_district(seed)
        connection = study(growth, *(exposure(growth, f"type_{kind}") for kind in range(5)))
        for design in ("adjusted", "within_teacher"):
            rows, _ = regressed(connection, SETTINGS, design)
            for contrast in ("participated", "per_10_hours"):
                adjusted = [row.p_value_bh for row in rows if row.contrast == contrast]
                families += 1
                alarms += min(adjusted) < 0.05
    assert families == 800
    assert alarms / families <= 0.07, alarms
