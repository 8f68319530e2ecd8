"""Design ``within_teacher``: the years of one teacher compared."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from tests.unit.designs.growth_frames import Plan, exposure, made_up_growth, regressed, study
from transforms.designs.effect import Effect
from transforms.designs.settings import DesignSettings

SETTINGS = DesignSettings()


def effects_of(growth: pd.DataFrame, *exposures: pd.DataFrame) -> dict[tuple[str, str], Effect]:
    found, _ = regressed(study(growth, *exposures), SETTINGS, "within_teacher")
    return {(effect.pd_type, effect.contrast): effect for effect in found}


def test_estimate_equals_least_squares_with_a_dummy_for_each_teacher() -> None:
    growth = made_up_growth(Plan(schools=6, teachers=4, students=4, years=3, seed=3))
    growth["grade_level"] = 4 + (growth["staff_id"].str[-1].astype(int) + growth["school_year"]) % 2
    effect = effects_of(growth, exposure(growth))["coaching", "participated"]
    prior = growth["prior_score_sd"]
    cells = growth["grade_level"].astype(str) + growth["school_year"].astype(str)
    x = pd.DataFrame(
        {
            "took_part": (growth["coaching"] > 0).astype(float),
            "p1": prior,
            "p2": prior**2,
            "p3": prior**3,
            "class": growth["class_mean_prior_sd"],
            "school": growth["school_mean_prior_sd"],
            "swd": growth["is_swd"].fillna(False).astype(float),
            "swd_missing": growth["is_swd"].isna().astype(float),
            "female": growth["is_female"].astype(float),
        }
    )
    x = pd.concat(
        [
            x,
            pd.get_dummies(cells).iloc[:, 1:].astype(float),
            pd.get_dummies(growth["staff_id"]).astype(float),
        ],
        axis=1,
    ).to_numpy()
    params, *_ = np.linalg.lstsq(x, growth["score_sd"].to_numpy(), rcond=None)
    assert effect.estimate_sd == pytest.approx(params[0], rel=1e-7)
    # CR2 by school, written out over the rows
    residual = growth["score_sd"].to_numpy() - x @ params
    bread = np.linalg.pinv(x.T @ x)
    meat = np.zeros_like(bread)
    for school in growth["school_id"].unique():
        rows = (growth["school_id"] == school).to_numpy()
        hat = x[rows] @ bread @ x[rows].T
        values, vectors = np.linalg.eigh(np.eye(rows.sum()) - hat)
        root = vectors @ np.diag(np.where(values > 1e-8, np.abs(values), np.inf) ** -0.5) @ vectors.T
        score = x[rows].T @ root @ residual[rows]
        meat += np.outer(score, score)
    assert effect.std_error == pytest.approx((bread @ meat @ bread)[0, 0] ** 0.5, rel=1e-6)


def test_selection_of_better_teachers_does_not_move_the_estimate() -> None:
    growth = made_up_growth(Plan(schools=20, years=3, effect=0.0, seed=5))
    quality = growth.groupby("staff_id")["staff_id"].transform(lambda ids: sum(map(ord, ids.iloc[0])) % 7 / 7)
    growth["score_sd"] += quality
    growth["coaching"] = np.where(quality > 0.5, growth["coaching"], growth["coaching"] * 0.3)
    effect = effects_of(growth, exposure(growth))["coaching", "per_10_hours"]
    assert effect.ci_low < 0.0 < effect.ci_high


def test_planted_effect_is_inside_the_interval() -> None:
    growth = made_up_growth(Plan(years=3, effect=0.2, seed=6))
    effect = effects_of(growth, exposure(growth))["coaching", "per_10_hours"]
    assert effect.ci_low < 0.2 < effect.ci_high
    assert effect.ci_high - effect.ci_low < 0.15


def test_one_year_is_refused() -> None:
    growth = made_up_growth(Plan(seed=7))
    effect = effects_of(growth, exposure(growth))["coaching", "participated"]
    assert effect.estimate_sd is None
    assert effect.note == "refused: one school year, so that nobody can be compared with an earlier year"


def test_fewer_than_ten_teachers_who_changed_hours_are_refused() -> None:
    growth = made_up_growth(Plan(years=2, seed=8))
    always = growth["staff_id"].isin([f"t{school}-0" for school in range(16)])
    growth["coaching"] = np.where(always, 10.0, 0.0)
    first = growth["staff_id"].isin([f"t{school}-0" for school in range(9)]) & (growth["school_year"] == 2024)
    growth.loc[first, "coaching"] = 4.0
    effects = effects_of(growth, exposure(growth))
    assert "9 teachers changed hours, fewer than 10" in effects["coaching", "per_10_hours"].note
    assert (
        "0 teachers took part in some years and not in others, fewer than 10"
        in effects["coaching", "participated"].note
    )
