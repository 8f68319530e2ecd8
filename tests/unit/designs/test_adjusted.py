from __future__ import annotations

import hashlib
from dataclasses import fields, replace

import numpy as np
import pandas as pd
import pytest

from expectations.outputs import OUTPUTS
from tests.reference.dense_mixed import at_theta, covariance, indicators, robust_dense
from tests.unit.designs.growth_frames import Plan, exposure, made_up_growth, regressed, study
from transforms.designs.effect import Effect, VarianceComponent
from transforms.designs.settings import DesignSettings
from transforms.standards.sensitivity import robustness_value

SETTINGS = DesignSettings()


def effects_of(
    growth: pd.DataFrame, *exposures: pd.DataFrame, settings: DesignSettings = SETTINGS
) -> dict[tuple[str, str], Effect]:
    found, _ = regressed(study(growth, *exposures), settings)
    return {(effect.pd_type, effect.contrast): effect for effect in found}


def refusal(effect: Effect) -> str:
    assert effect.estimate_sd is None
    assert effect.p_value is None
    assert effect.note is not None
    return effect.note


@pytest.mark.parametrize(
    ("row", "table"), [(Effect, "estimates.effect"), (VarianceComponent, "estimates.variance_component")]
)
def test_row_has_exactly_the_columns_of_the_contract(row: type, table: str) -> None:
    assert [field.name for field in fields(row)] == [column.name for column in OUTPUTS[table].columns]


def test_planted_effect_is_inside_the_interval() -> None:
    growth = made_up_growth(Plan(effect=0.2))
    effect = effects_of(growth, exposure(growth))["coaching", "per_10_hours"]
    assert effect.ci_low < 0.2 < effect.ci_high
    assert effect.ci_high - effect.ci_low < 0.2
    assert effect.estimate_sd == pytest.approx((effect.ci_low + effect.ci_high) / 2)
    assert effect.essa_tier == 3
    counts = (effect.n_students, effect.n_staff, effect.n_schools, effect.n_clusters)
    assert counts == (16 * 6 * 12, 16 * 6, 16, 16)
    assert (effect.n_participants, effect.n_participant_schools) == (16 * 3, 16)


def test_selection_between_schools_does_not_move_the_within_school_estimate() -> None:
    growth = made_up_growth(Plan(effect=0.0, school_pull=30.0, seed=2))
    effect = effects_of(growth, exposure(growth))["coaching", "per_10_hours"]
    pooled = effects_of(growth, exposure(growth), settings=replace(SETTINGS, has_school_split=False))
    assert effect.ci_low < 0.0 < effect.ci_high
    assert abs(effect.estimate_sd) < abs(pooled["coaching", "per_10_hours"].estimate_sd)
    assert "teachers compared within schools; between schools" in effect.note


def test_estimate_equals_dense_algebra_on_columns_made_from_the_rows() -> None:
    growth = made_up_growth(Plan(schools=8, teachers=4, students=4, seed=3))
    found, components = regressed(study(growth, exposure(growth)), SETTINGS)
    effect = next(effect for effect in found if effect.contrast == "participated")
    variances = [row.variance_sd2 for row in components if row.contrast == "participated"]
    theta = np.array(variances[:-1]) / variances[-1]
    participated = (growth["coaching"] > 0).astype(float)
    between = participated.groupby(growth["school_id"]).transform("mean")
    prior = growth["prior_score_sd"]
    x = np.column_stack(
        [
            np.ones(len(growth)),
            prior,
            prior**2,
            prior**3,
            growth["class_mean_prior_sd"],
            growth["school_mean_prior_sd"],
            growth["is_swd"].fillna(False).astype(float),
            growth["is_swd"].isna().astype(float),
            growth["is_female"].astype(float),
            participated - between,
            # every school has half of its teachers coached, so that the school mean is constant
        ]
    )
    y, z = growth["score_sd"].to_numpy(), indicators(growth, ["staff_id", "school_id"])
    _, dense = at_theta(theta, x, y, z, is_reml=True)
    robust, df = robust_dense(x, y, covariance(theta, z), growth["school_id"].to_numpy(), "CR2")
    assert effect.estimate_sd == pytest.approx(dense.params[-1], rel=1e-7)
    assert effect.std_error == pytest.approx(robust[-1, -1] ** 0.5, rel=1e-7)
    assert effect.df == pytest.approx(df[-1], rel=1e-7)
    assert effect.std_error_model == pytest.approx(dense.covariance[-1, -1] ** 0.5, rel=1e-7)
    # partial R2 of the whitened regression: model standard error, 8 × 4 × 4 students - 10 columns
    t_model = dense.params[-1] / dense.covariance[-1, -1] ** 0.5
    assert effect.robustness_value == pytest.approx(robustness_value(t_model, 128 - 10), rel=1e-6)
    assert "left out: is_english_learner (not in the data)" in effect.note
    assert "school mean of coaching" in effect.note


def test_several_years_add_teacher_year_in_teacher_in_school() -> None:
    growth = made_up_growth(Plan(years=3, seed=4))
    effects, components = regressed(study(growth, exposure(growth)), SETTINGS)
    levels = [row.group_name for row in components if row.contrast == "per_10_hours"]
    assert levels == ["teacher_year", "teacher", "school", "residual"]
    assert [row.n_groups for row in components[:3]] == [16 * 6 * 3, 16 * 6, 16]
    assert sum(row.icc for row in components[:4]) == pytest.approx(1.0)
    assert effects[0].n_staff == 16 * 6
    assert components[-1].variance_sd2 == pytest.approx(0.25, rel=0.1)  # planted residual: .5 squared


def test_co_taught_student_counts_once() -> None:
    growth = made_up_growth(Plan(seed=5))
    halves = pd.concat([growth.assign(roster_weight=0.5)] * 2)
    once = effects_of(growth, exposure(growth))["coaching", "per_10_hours"]
    # two half rows with the same teacher are one whole row
    twice = effects_of(halves, exposure(growth))["coaching", "per_10_hours"]
    assert twice.estimate_sd == pytest.approx(once.estimate_sd, rel=1e-6)
    assert twice.std_error == pytest.approx(once.std_error, rel=1e-6)
    assert twice.n_students == once.n_students


def test_co_taught_student_carries_the_hours_of_both_teachers_by_roster_share() -> None:
    growth = made_up_growth(Plan(effect=0.0, seed=11))
    growth["colleague"] = growth.groupby("school_id")["staff_id"].transform(
        lambda ids: ids.sort_values().iloc[0]
    )
    own = growth["staff_id"] != growth["colleague"]
    by_teacher = growth.groupby("staff_id")["coaching"].first()
    # three quarters of the instruction by the own teacher, a quarter by the first teacher of the school
    dosage = np.where(
        own, 0.75 * growth["coaching"] + 0.25 * growth["colleague"].map(by_teacher), growth["coaching"]
    )
    growth["score_sd"] += 0.3 * dosage / 10
    shared = pd.concat(
        [
            growth.assign(roster_weight=np.where(own, 0.75, 1.0)),
            growth[own].assign(roster_weight=0.25, staff_id=growth["colleague"][own]),
        ]
    )
    effect = effects_of(shared, exposure(growth))["coaching", "per_10_hours"]
    assert effect.ci_low < 0.3 < effect.ci_high
    assert effect.std_error < 0.05


def test_dose_is_refused_where_all_who_took_part_have_the_same_hours() -> None:
    growth = made_up_growth(Plan(seed=12))
    growth["coaching"] = (growth["coaching"] > 0) * 18.0
    found = effects_of(growth, exposure(growth))
    assert "a dose cannot be told from taking part" in refusal(found["coaching", "per_10_hours"])
    assert found["coaching", "participated"].estimate_sd is not None


def test_estimate_in_scale_points_stands_only_where_there_is_one_scale() -> None:
    growth = made_up_growth(Plan(seed=6))
    one_scale = effects_of(growth, exposure(growth))["coaching", "participated"]
    assert one_scale.estimate_scale_points == pytest.approx(40.0 * one_scale.estimate_sd)
    assert one_scale.std_error_scale_points == pytest.approx(40.0 * one_scale.std_error)
    growth.loc[0, "norm_sd"] = 41.0
    assert effects_of(growth, exposure(growth))["coaching", "participated"].estimate_scale_points is None


def test_effect_size_is_of_the_two_group_contrast_only() -> None:
    growth = made_up_growth(Plan(seed=7))
    effects = effects_of(growth, exposure(growth))
    took_part = effects["coaching", "participated"]
    # omega = 1 - 3 / (4 N - 9) with N = 16 x 6 x 12 = 1152 students
    assert took_part.hedges_g == pytest.approx((1 - 3 / (4 * 1152 - 9)) * took_part.estimate_sd)
    assert took_part.improvement_index > 0
    assert effects["coaching", "per_10_hours"].hedges_g is None
    assert effects["coaching", "per_10_hours"].improvement_index is None


def test_id_is_the_same_in_every_build() -> None:
    growth = made_up_growth(Plan(seed=8))
    effect = effects_of(growth, exposure(growth))["coaching", "participated"]
    key = b"adjusted|coaching|mathematics|participated|all"
    assert effect.effect_id == hashlib.sha256(key).hexdigest()[:10]


def test_fewer_than_ten_teachers_is_refused_and_left_out_of_the_joint_model() -> None:
    growth = made_up_growth(Plan(seed=9))
    few = sorted(growth.loc[growth["coaching"] > 0, "staff_id"].unique())[:9]
    growth["mentoring"] = np.where(growth["staff_id"].isin(few), 4.0, 0.0)
    effects = effects_of(growth, exposure(growth), exposure(growth, "mentoring"))
    assert "9 teachers with aligned hours, fewer than 10" in refusal(effects["mentoring", "participated"])
    assert effects["mentoring", "participated"].n_participants == 9
    assert "PD types left out of the model: mentoring" in effects["coaching", "participated"].note


def test_participants_of_one_school_are_refused() -> None:
    growth = made_up_growth(Plan(teachers=24, students=3, seed=10))
    growth.loc[growth["school_id"] != "s3", "coaching"] = 0.0
    effects = effects_of(growth, exposure(growth))
    assert "all who took part are in one school" in refusal(effects["coaching", "per_10_hours"])


def test_no_comparison_is_refused_for_taking_part_but_not_for_the_dose() -> None:
    growth = made_up_growth(Plan(seed=11))
    growth["coaching"] += 1.0
    effects = effects_of(growth, exposure(growth))
    assert "every teacher took part" in refusal(effects["coaching", "participated"])
    assert effects["coaching", "per_10_hours"].estimate_sd is not None


def test_equal_hours_of_all_are_refused() -> None:
    growth = made_up_growth(Plan(seed=12)).assign(coaching=6.0)
    effects = effects_of(growth, exposure(growth))
    assert "every teacher has the same hours" in refusal(effects["coaching", "per_10_hours"])


def test_hours_that_differ_between_schools_only_are_refused_within_schools() -> None:
    growth = made_up_growth(Plan(seed=13))
    growth["coaching"] = np.where(growth["school_id"].isin(["s1", "s2", "s3"]), 8.0, 0.0)
    effects = effects_of(growth, exposure(growth))
    assert "differ in it in 0 school(s)" in refusal(effects["coaching", "participated"])
    pooled = effects_of(growth, exposure(growth), settings=replace(SETTINGS, has_school_split=False))
    assert pooled["coaching", "participated"].estimate_sd is not None


def test_fewer_than_five_schools_are_refused() -> None:
    growth = made_up_growth(Plan(schools=4, teachers=10, students=4, seed=14))
    effects = effects_of(growth, exposure(growth))
    assert "4 schools; standard errors by school need at least 5" in refusal(
        effects["coaching", "per_10_hours"]
    )


def test_types_that_are_the_same_within_schools_are_both_refused_by_name() -> None:
    growth = made_up_growth(Plan(seed=15))
    growth["workshop_series"] = growth["coaching"] * 2
    effects = effects_of(growth, exposure(growth), exposure(growth, "workshop_series"))
    for pd_type, other in (("coaching", "workshop_series"), ("workshop_series", "coaching")):
        note = refusal(effects[pd_type, "per_10_hours"])
        assert f"cannot be told apart from {other} within schools (collinear)" in note


def test_scores_without_a_residual_are_refused() -> None:
    growth = made_up_growth(Plan(seed=16))
    growth["score_sd"] = growth["prior_score_sd"]
    effects = effects_of(growth, exposure(growth))
    assert "fit the response exactly" in refusal(effects["coaching", "per_10_hours"])


def test_few_schools_with_a_difference_give_a_number_with_the_warning() -> None:
    growth = made_up_growth(Plan(seed=17))
    is_low = growth["school_id"].isin(["s1", "s2"])
    growth.loc[~is_low, "coaching"] = 12.0 * growth["school_id"].isin(["s3", "s4", "s5"])
    effect = effects_of(growth, exposure(growth))["coaching", "participated"]
    assert effect.df < 4
    assert effect.note.startswith("fewer than 4 degrees of freedom: interval unreliable")
    assert effect.essa_tier is None


def test_level_difference_between_two_assessments_does_not_move_the_estimate() -> None:
    growth = made_up_growth(Plan(seed=20))
    is_other = growth["coaching"].gt(0) & (np.arange(len(growth)) % 3 > 0)
    growth["assessment_id"] = np.where(is_other, "benchmark", "state")
    plain = effects_of(growth, exposure(growth))["coaching", "per_10_hours"]
    growth["score_sd"] += np.where(is_other, 0.5, 0.0)
    shifted = effects_of(growth, exposure(growth))["coaching", "per_10_hours"]
    assert shifted.estimate_sd == pytest.approx(plain.estimate_sd, abs=1e-6)


def test_hours_in_other_subjects_are_held_constant() -> None:
    growth = made_up_growth(Plan(seed=18))
    plain = effects_of(growth, exposure(growth))["coaching", "per_10_hours"]
    hours = exposure(growth)
    hours["other_hours"] = np.arange(len(hours)) % 7
    held = effects_of(growth, hours)["coaching", "per_10_hours"]
    assert held.estimate_sd != pytest.approx(plain.estimate_sd, abs=1e-9)
    assert held.estimate_sd == pytest.approx(plain.estimate_sd, abs=0.05)


def test_subject_without_any_exposure_has_no_rows() -> None:
    growth = made_up_growth(Plan(seed=19))
    effects, components = regressed(study(growth, exposure(growth.assign(academic_subject="ela"))), SETTINGS)
    assert (effects, components) == ((), ())
