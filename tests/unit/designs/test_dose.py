"""Dose: knot at 14 hours, spline, years, other subjects, the window before."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from tests.unit.designs.growth_frames import Plan, exposure, made_up_growth, study
from transforms.designs.dose import Record, dose_records
from transforms.designs.dose_forms import year_kinds
from transforms.designs.dose_spline import knots_of, spline_columns
from transforms.designs.exposure import Exposure
from transforms.designs.sample import DesignSample, make_design_rows, read_sample
from transforms.designs.settings import DesignSettings

SETTINGS = DesignSettings()


def sample_of(growth: pd.DataFrame, *exposures: pd.DataFrame) -> DesignSample:
    connection = study(growth, *exposures)
    make_design_rows(connection, "mathematics")
    return read_sample(connection, "mathematics", SETTINGS)


def terms_of(growth: pd.DataFrame, *exposures: pd.DataFrame) -> dict[tuple[str, str, str], Record]:
    rows = dose_records(sample_of(growth, *exposures), SETTINGS)["estimates.dose_term"]
    return {(str(row["design"]), str(row["pd_type"]), str(row["term"])): row for row in rows}


def with_dose(slope_below: float, slope_above: float, seed: int) -> pd.DataFrame:
    """Three years in which growth per 10 hours of coaching changes at 14 hours."""
    growth = made_up_growth(Plan(schools=24, years=3, effect=0.0, seed=seed))
    hours = growth["coaching"]
    growth["score_sd"] += (slope_below * np.minimum(hours, 14) + slope_above * np.maximum(hours - 14, 0)) / 10
    return growth


@pytest.mark.parametrize("design", ["adjusted", "within_teacher"])
def test_planted_change_of_slope_at_14_hours_is_found(design: str) -> None:
    growth = with_dose(0.0, 0.6, seed=3)
    terms = terms_of(growth, exposure(growth))
    below, above, change = (
        terms[design, "coaching", name]
        for name in ("per_10_hours_below_14", "per_10_hours_above_14", "change_at_14")
    )
    assert change["ci_low"] < 0.6 < change["ci_high"]
    assert change["p_value"] < 0.01
    assert above["estimate_sd"] == pytest.approx(below["estimate_sd"] + change["estimate_sd"], abs=1e-12)
    assert "p = 0.0" in str(terms[design, "coaching", "curve"]["note"])


def test_straight_line_is_not_bent_at_14_hours_more_often_than_by_chance() -> None:
    """2 designs of 10 studies: 5 rejections at 5 % or more have a probability of about .003."""
    rejected = 0
    for seed in range(10):
        growth = with_dose(0.2, 0.2, seed=100 + seed)
        terms = terms_of(growth, exposure(growth))
        for design in ("adjusted", "within_teacher"):
            rejected += terms[design, "coaching", "change_at_14"]["p_value"] < 0.05
    assert rejected < 5


def test_curve_is_growth_against_no_hours_and_straight_where_growth_is() -> None:
    growth = with_dose(0.2, 0.2, seed=5)
    curve = dose_records(sample_of(growth, exposure(growth)), SETTINGS)["estimates.dose_curve"]
    rows = [row for row in curve if row["design"] == "within_teacher"]
    assert (rows[0]["hours"], rows[0]["estimate_sd"], rows[0]["ci_high"]) == (0.0, 0.0, 0.0)
    positive = growth.drop_duplicates(["staff_id", "school_year"])["coaching"]
    assert rows[-1]["hours"] == pytest.approx(np.quantile(positive[positive > 0], 0.95))
    inside = [row["ci_low"] <= 0.02 * row["hours"] <= row["ci_high"] for row in rows]
    assert np.mean(inside) > 0.8
    assert rows[0]["linear_p_value"] > 0.05


@pytest.mark.parametrize(("n_doses", "n_knots"), [(4, 0), (5, 3), (29, 3), (30, 4), (99, 4), (100, 5)])
def test_number_of_knots_follows_the_number_of_different_doses(n_doses: int, n_knots: int) -> None:
    knots = knots_of(np.append(np.zeros(50), np.arange(1.0, n_doses + 1)))
    assert (0 if knots is None else len(knots)) == n_knots


def test_spline_is_straight_outside_of_its_knots() -> None:
    basis = spline_columns(np.array([0.0, 1.0, 2.0, 20.0, 21.0, 22.0]), np.array([3.0, 6.0, 10.0, 15.0]))
    assert basis[:3, 1:] == pytest.approx(np.zeros((3, 2)))
    assert basis[5] - basis[4] == pytest.approx(basis[4] - basis[3])


def test_nobody_above_14_hours_is_refused_by_name() -> None:
    growth = made_up_growth(Plan(seed=2))
    growth["coaching"] = growth["coaching"].clip(upper=14.0)
    row = terms_of(growth, exposure(growth))["adjusted", "coaching", "change_at_14"]
    assert row["estimate_sd"] is None
    assert row["note"] == "refused: 0 teachers with more than 14 hours, fewer than 10"


def test_no_hours_elsewhere_or_before_are_refused_by_name() -> None:
    growth = made_up_growth(Plan(years=2, seed=2))
    terms = terms_of(growth, exposure(growth))
    assert (
        terms["adjusted", "coaching", "aligned_less_other"]["note"] == "refused: no hours in other subjects"
    )
    assert terms["adjusted", "coaching", "lagged_hours"]["note"] == "refused: no hours in the window before"


def test_one_dose_for_all_is_refused_by_name() -> None:
    growth = made_up_growth(Plan(years=2, seed=2))
    growth["coaching"] = 10.0 * (growth["coaching"] > 0)
    row = terms_of(growth, exposure(growth))["adjusted", "coaching", "curve"]
    assert "all who took part have the same hours" in str(row["note"])


def test_hours_in_other_subjects_without_effect_are_told_from_aligned_ones() -> None:
    growth = made_up_growth(Plan(schools=24, years=3, effect=0.3, seed=8))
    hours = exposure(growth)
    hours["other_hours"] = np.random.default_rng(1).uniform(0, 20, len(hours))
    for design in ("adjusted", "within_teacher"):
        terms = terms_of(growth, hours)
        aligned, other, less = (
            terms[design, "coaching", name]
            for name in ("aligned_hours", "other_subject_hours", "aligned_less_other")
        )
        assert aligned["ci_low"] < 0.3 < aligned["ci_high"]
        assert other["ci_low"] < 0.0 < other["ci_high"]
        assert less["estimate_sd"] == pytest.approx(aligned["estimate_sd"] - other["estimate_sd"], abs=1e-12)
        assert less["p_value"] < 0.001


def test_hours_of_the_window_before_stand_beside_this_windows() -> None:
    growth = made_up_growth(Plan(schools=24, years=3, effect=0.2, seed=9))
    hours = exposure(growth)
    hours["lagged_hours"] = np.random.default_rng(2).uniform(0, 20, len(hours))
    lagged = hours.set_index(["staff_id", "school_year"])["lagged_hours"]
    keys = pd.MultiIndex.from_frame(growth[["staff_id", "school_year"]])
    growth["score_sd"] += 0.2 * lagged.reindex(keys).fillna(0.0).to_numpy() / 10
    row = terms_of(growth, hours)["within_teacher", "coaching", "lagged_hours"]
    assert row["ci_low"] < 0.2 < row["ci_high"]


def units(hours: list[float], lagged: list[float]) -> Exposure:
    """One person in three years."""
    from scipy.sparse import eye_array

    n = len(hours)
    zeros = np.zeros(n, dtype=np.int64)
    return Exposure(
        types=("coaching",),
        aligned_hours=np.array(hours)[:, None],
        other_hours=np.zeros((n, 1)),
        lagged_hours=np.array(lagged)[:, None],
        staff=zeros,
        teacher=zeros,
        school=zeros,
        school_year=2023 + np.arange(n),
        mixture=eye_array(n).tocsr(),
    )


@pytest.mark.parametrize(
    ("hours", "lagged", "kinds"),
    [
        ([0, 5, 5], [0, 0, 5], "-fs"),
        # who has hours in the first year of the study may have had some before it
        ([5, 5, 0], [0, 5, 5], "us-"),
        ([5, 0, 5], [3, 5, 0], "s-s"),
    ],
)
def test_first_year_is_told_from_a_later_one(hours: list[float], lagged: list[float], kinds: str) -> None:
    first, sustained, unknown = year_kinds(units(hours, lagged), 0)
    told = np.select([first, sustained, unknown], ["f", "s", "u"], "-")
    assert "".join(told) == kinds


def test_effect_that_only_later_years_have_is_found() -> None:
    growth = made_up_growth(Plan(schools=24, years=4, effect=0.0, seed=12))
    taught = growth.drop_duplicates(["staff_id", "school_year"]).sort_values("school_year")
    before = taught.assign(some=taught["coaching"] > 0).groupby("staff_id")["some"].cumsum()
    is_later = (taught["coaching"] > 0) & (before > 1)
    later = pd.Series(
        is_later.to_numpy(), index=pd.MultiIndex.from_frame(taught[["staff_id", "school_year"]])
    )
    keys = pd.MultiIndex.from_frame(growth[["staff_id", "school_year"]])
    growth["score_sd"] += 0.3 * later.reindex(keys).to_numpy(dtype=float)
    terms = terms_of(growth, exposure(growth))
    for design in ("adjusted", "within_teacher"):
        less = terms[design, "coaching", "sustained_less_first"]
        assert less["ci_low"] < 0.3 < less["ci_high"]
        assert less["p_value"] < 0.001
