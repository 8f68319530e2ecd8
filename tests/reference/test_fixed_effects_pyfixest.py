"""Fixed effects from sums equal statsmodels with dummies, and pyfixest, on the rows.

Tolerance: 1e-8 relative throughout; what is seen is 1e-12. pyfixest keeps levels of one row (fixef_rm
"none"), as the sums do, and counts every level as a parameter (ssc k_fixef "full", which is also its default
"nonnested" for iid errors): K = columns + levels - (factors - 1). With two factors that is right for one
connected part; the sums count one parameter less for each further part.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pyfixest
import pytest
import statsmodels.formula.api as smf
from pyfixest.demeaners import LsmrDemeaner

from tests.reference.dense_mixed import connection_with
from transforms.estimation.errors import EstimationError, NotConvergedError
from transforms.estimation.linear import fixed_effects_rows, within
from transforms.estimation.linear.fixed_effects import FixedEffectsModel, fit_fixed_effects
from transforms.estimation.linear.fixed_effects_rows import RowsReadError
from transforms.estimation.linear.least_squares import ExactFitError, TooFewObservationsError
from transforms.estimation.linear.within import WithinFit, WithinRankError, level_effects
from transforms.estimation.robust.one_way import cluster_robust
from transforms.estimation.sums.design import Terms, WeightKind

CLOSE = 1e-8
WEIGHTS: dict[str, tuple[str | None, WeightKind]] = {
    "unweighted": (None, "frequency"),
    "frequency": ("times", "frequency"),
    "precision": ("precision", "precision"),
}
FACTORS = [
    ("teacher",),
    ("teacher", "school_year"),
    ("school_year", "teacher"),
    ("teacher", "school_year", "grade"),
]


def scores(seed: int, n_rows: int = 500) -> pd.DataFrame:
    """Teachers who move between schools, years and grades; scores near 650; one teacher with one row."""
    rng = np.random.default_rng(seed)
    teacher = rng.integers(0, 40, n_rows)
    teacher[0] = 40
    frame = pd.DataFrame(
        {
            "school": (teacher // 5 + (rng.random(n_rows) < 0.1)) % 8,
            "teacher": [f"t{k:02d}" for k in teacher],
            "school_year": 2019 + rng.integers(0, 5, n_rows),
            "grade": rng.integers(3, 9, n_rows),
            "prior": np.round(rng.normal(650, 40, n_rows)),
            "hours": rng.gamma(2.0, 8.0, n_rows),
            "times": rng.integers(1, 4, n_rows).astype(float),
            "precision": rng.uniform(0.2, 2.0, n_rows),
        }
    )
    effects = rng.normal(0, 12, 41)[teacher] + 3.0 * (frame["school_year"] - 2019)
    frame["score"] = 150 + 0.8 * frame["prior"] + 0.1 * frame["hours"] + effects + rng.normal(0, 15, n_rows)
    return frame


def terms_of(columns: list[str], absorbed: tuple[str, ...]) -> Terms:
    return replace(Terms.of_columns("score", columns), has_intercept=False, absorbed=absorbed)


def fitted(frame: pd.DataFrame, absorbed: tuple[str, ...], **options: Any) -> FixedEffectsModel:
    options = {"cluster": "school", **options}
    terms = terms_of(["prior", "hours"], absorbed)
    return fit_fixed_effects(connection_with(frame), "frame", terms, **options)


def with_dummies(frame: pd.DataFrame, absorbed: tuple[str, ...], kind: str = "unweighted") -> Any:
    formula = f"score ~ prior + hours + {' + '.join(f'C({factor})' for factor in absorbed)}"
    if kind == "precision":
        return smf.wls(formula, frame, weights=frame["precision"]).fit()
    repeated = frame.loc[frame.index.repeat(frame["times"].astype(int))] if kind == "frequency" else frame
    return smf.ols(formula, repeated).fit()


def by_pyfixest(frame: pd.DataFrame, absorbed: tuple[str, ...], kind: str, vcov: Any = "iid") -> Any:
    weight, _ = WEIGHTS[kind]
    return pyfixest.feols(
        f"score ~ prior + hours | {' + '.join(absorbed)}",
        frame,
        vcov=vcov,
        weights=weight,
        weights_type="fweights" if kind == "frequency" else "aweights",
        fixef_rm="none",
        ssc=pyfixest.ssc(k_adj=True, k_fixef="full"),
        # its default tolerance of 1e-6 or 1e-8 is not below what is compared here
        demeaner=LsmrDemeaner(fixef_atol=1e-13, fixef_btol=1e-13),
    )


@pytest.fixture(params=["sums", "rows"])
def engine(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Both ways of ``fit_fixed_effects``: rows are read where no column of dummies is said to fit."""
    if request.param == "rows":
        monkeypatch.setattr(within, "_LARGEST_BYTES", 0)
    return str(request.param)


@pytest.mark.parametrize("kind", WEIGHTS)
@pytest.mark.parametrize("absorbed", FACTORS, ids="+".join)
def test_fit_equals_least_squares_with_dummies(absorbed: tuple[str, ...], kind: str, engine: str) -> None:
    frame = scores(seed=1)
    weight, weight_kind = WEIGHTS[kind]
    fit = fitted(frame, absorbed, weight=weight, weight_kind=weight_kind).fit
    expected = with_dummies(frame, absorbed, kind)
    np.testing.assert_allclose(fit.params[:2], expected.params[["prior", "hours"]], rtol=CLOSE)
    np.testing.assert_allclose(fit.std_errors[:2], expected.bse[["prior", "hours"]], rtol=CLOSE)
    assert fit.df_resid == expected.df_resid
    assert fit.sigma2 == pytest.approx(expected.scale, rel=CLOSE)
    if kind != "precision":
        assert fit.log_likelihood == pytest.approx(expected.llf, rel=CLOSE)
    is_from_rows = engine == "rows" and len(absorbed) > 1
    assert fit.method == f"Within {', '.join(absorbed)}" + " (pyfixest, rows read)" * is_from_rows
    assert str(fit.details()["Engine"]).startswith("pyfixest" if is_from_rows else "sums")


@pytest.mark.parametrize("kind", WEIGHTS)
@pytest.mark.parametrize("absorbed", FACTORS, ids="+".join)
def test_fit_equals_pyfixest(absorbed: tuple[str, ...], kind: str) -> None:
    frame = scores(seed=2)
    weight, weight_kind = WEIGHTS[kind]
    fit = fitted(frame, absorbed, weight=weight, weight_kind=weight_kind).fit
    expected = by_pyfixest(frame, absorbed, kind)
    np.testing.assert_allclose(fit.params[:2], expected.coef(), rtol=CLOSE)
    np.testing.assert_allclose(fit.std_errors[:2], expected.se(), rtol=CLOSE)
    assert fit.df_resid == expected._df_t
    assert fit.r_squared == pytest.approx(expected._r2_within, rel=CLOSE)


def test_fixed_effects_are_the_coefficients_of_every_level() -> None:
    frame = scores(seed=3)
    model = fitted(frame, ("teacher",))
    assert isinstance(model.fit, WithinFit)
    effects = level_effects(model.sums, model.fit)
    expected = smf.ols("score ~ 0 + C(teacher) + prior + hours", frame).fit().params[:-2]
    np.testing.assert_allclose(effects.estimates, expected, rtol=CLOSE)
    assert [f"C(teacher)[{level}]" for level in effects.ids] == list(expected.index)
    assert effects.n_rows.tolist() == frame["teacher"].value_counts().sort_index().tolist()


def test_fixed_effects_beside_columns_of_another_factor_are_relative_to_its_first_level() -> None:
    frame = scores(seed=4)
    model = fitted(frame, ("teacher", "school_year"))
    expected = smf.ols("score ~ 0 + C(teacher) + C(school_year) + prior + hours", frame).fit().params
    assert isinstance(model.fit, WithinFit)
    np.testing.assert_allclose(level_effects(model.sums, model.fit).estimates, expected[:41], rtol=CLOSE)
    np.testing.assert_allclose(model.fit.params[2:], expected[41:45], rtol=CLOSE)
    assert model.fit.names[2:] == tuple(f"school_year[{year}]" for year in range(2020, 2024))


def test_level_of_one_row_is_kept_and_counted(engine: str) -> None:
    frame = scores(seed=5)
    fit, without = fitted(frame, ("teacher", "grade")).fit, fitted(frame[1:], ("teacher", "grade")).fit
    np.testing.assert_allclose(fit.params[:2], without.params[:2], rtol=CLOSE)
    np.testing.assert_allclose(fit.std_errors[:2], without.std_errors[:2], rtol=CLOSE)
    assert fit.details()["Levels of teacher of one row"] == 1
    assert fit.n_rows == without.n_rows + 1


def test_unconnected_parts_leave_out_a_dummy_each(engine: str) -> None:
    frame = scores(seed=6)
    # teachers t00 to t19 in grades 3 to 5, the others in 6 to 8
    is_upper = frame["teacher"] >= "t20"
    frame["grade"] = np.where(is_upper, 6, 3) + frame["grade"] % 3
    model = fitted(frame, ("teacher", "grade"))
    # its pseudo-inverse counts the rank: 41 + 6 - 2
    expected = with_dummies(frame, ("teacher", "grade"))
    np.testing.assert_allclose(model.fit.params[:2], expected.params[["prior", "hours"]], rtol=CLOSE)
    np.testing.assert_allclose(model.fit.std_errors[:2], expected.bse[["prior", "hours"]], rtol=CLOSE)
    assert model.fit.df_resid == expected.df_resid == 500 - 2 - 45
    assert model.fit.details()["Parts by teacher and grade"] == 2
    if engine == "sums":
        assert model.left_out == ("grade[6]",)
        assert model.fit.details()["Left Out"] == "grade[6]"
        assert model.fit.names[2:] == tuple(f"grade[{grade}]" for grade in (4, 5, 7, 8))


def test_factor_that_holds_another_leaves_nothing_to_it(engine: str) -> None:
    frame = scores(seed=7)
    frame["district"] = frame["teacher"].str[1].astype(int)
    model, alone = fitted(frame, ("teacher", "district")), fitted(frame, ("teacher",))
    np.testing.assert_allclose(model.fit.params, alone.fit.params, rtol=CLOSE)
    np.testing.assert_allclose(model.fit.cov_params, alone.fit.cov_params, rtol=CLOSE)
    assert model.fit.df_resid == alone.fit.df_resid


def test_dummies_of_a_third_factor_that_others_determine_are_left_out_by_name() -> None:
    frame = scores(seed=8)
    frame["cohort"] = 100 + (frame["school_year"] - 2019) // 2
    model = fitted(frame, ("teacher", "school_year", "cohort"))
    expected = with_dummies(frame, ("teacher", "school_year"))
    np.testing.assert_allclose(model.fit.params[:2], expected.params[["prior", "hours"]], rtol=CLOSE)
    np.testing.assert_allclose(model.fit.std_errors[:2], expected.bse[["prior", "hours"]], rtol=CLOSE)
    assert model.fit.df_resid == expected.df_resid
    assert model.left_out == ("cohort[101]", "cohort[102]")


def test_teacher_in_several_schools_is_one_level_also_within_clusters() -> None:
    frame = scores(seed=9)
    assert (frame.groupby("teacher")["school"].nunique() > 1).any()
    fit = fitted(frame, ("teacher",), groups=("school_year", "school"), cluster="school_year").fit
    assert fit.n_absorbed == 41
    np.testing.assert_allclose(fit.params, fitted(frame, ("teacher",)).fit.params, rtol=1e-11)


@pytest.mark.parametrize("kind", WEIGHTS)
def test_covariance_by_cluster_from_rows_equals_that_from_sums(
    kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    frame, (weight, weight_kind) = scores(seed=10), WEIGHTS[kind]
    options = {"weight": weight, "weight_kind": weight_kind}
    model = fitted(frame, ("teacher", "school_year"), **options)
    by_sums = cluster_robust(model.sums, model.fit, "CR1S")
    monkeypatch.setattr(within, "_LARGEST_BYTES", 0)
    by_rows = fitted(frame, ("teacher", "school_year"), **options).covariance
    assert by_rows is not None
    np.testing.assert_allclose(by_rows.cov_params, by_sums.cov_params[:2, :2], rtol=CLOSE)
    assert by_rows.name == "CR1S by school (pyfixest)"
    assert by_rows.df_for(np.eye(2)).tolist() == [7.0, 7.0]  # 8 schools - 1


def test_fit_from_rows_has_no_precisions(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(within, "_LARGEST_BYTES", 0)
    model = fitted(scores(seed=11), ("teacher", "school_year"))
    with pytest.raises(RowsReadError, match="rows read"):
        model.fit.precisions(model.sums)


def test_column_that_does_not_vary_within_the_factors_is_named(engine: str) -> None:
    frame = scores(seed=12)
    frame["experience"] = frame["teacher"].str[1:].astype(float) + frame["school_year"]
    terms = terms_of(["experience", "prior"], ("teacher", "school_year"))
    with pytest.raises(WithinRankError, match="experience does not vary within teacher and school_year"):
        fit_fixed_effects(connection_with(frame), "frame", terms, cluster="school")


def test_only_column_that_does_not_vary_within_the_factors_is_named(engine: str) -> None:
    frame = scores(seed=13)
    frame["experience"] = frame["teacher"].str[1:].astype(float) + frame["school_year"]
    terms = terms_of(["experience"], ("teacher", "school_year"))
    with pytest.raises(WithinRankError, match="experience does not vary within teacher and school_year"):
        fit_fixed_effects(connection_with(frame), "frame", terms, cluster="school")


def test_column_that_repeats_another_within_the_factors_is_named(engine: str) -> None:
    frame = scores(seed=14)
    frame["gain"] = 2 * frame["prior"] + frame["school_year"]
    terms = terms_of(["prior", "gain"], ("teacher", "school_year"))
    with pytest.raises(WithinRankError, match="gain is determined by prior within teacher and school_year"):
        fit_fixed_effects(connection_with(frame), "frame", terms, cluster="school")


def test_exact_fit_is_an_error(engine: str) -> None:
    frame = scores(seed=15)
    frame["score"] = 0.5 * frame["prior"] + 3.0 * frame["school_year"]
    with pytest.raises(ExactFitError, match="residual of score is lost in rounding"):
        fitted(frame, ("teacher", "school_year"))


def test_levels_that_use_up_the_observations_are_an_error(engine: str) -> None:
    rng = np.random.default_rng(16)
    frame = pd.DataFrame(
        {
            "school": 1,
            "teacher": [1, 1, 2, 2, 3, 3, 4, 4],
            "school_year": [1, 2, 2, 3, 3, 4, 4, 1],
            "prior": rng.normal(size=8),
            "score": rng.normal(size=8),
        }
    )
    terms = terms_of(["prior"], ("teacher", "school_year"))
    with pytest.raises(TooFewObservationsError, match="8 observations are too few"):  # 8 - 1 - (4 + 4 - 1)
        fit_fixed_effects(connection_with(frame), "frame", terms, cluster="school")


def test_factors_that_were_not_taken_out_are_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(within, "_LARGEST_BYTES", 0)
    monkeypatch.setattr(fixed_effects_rows, "_TOLERANCE", 0.5)
    # two factors are taken out in one step whatever the tolerance, three are not
    with pytest.raises(NotConvergedError, match="the means of teacher were not taken out"):
        fitted(scores(seed=20), ("teacher", "school_year", "grade"))


def test_one_cluster_has_no_covariance_by_cluster(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(within, "_LARGEST_BYTES", 0)
    frame = scores(seed=17).assign(school=1)
    assert fitted(frame, ("teacher", "school_year")).covariance is None


@pytest.mark.parametrize(
    ("columns", "absorbed", "message"),
    [(["prior"], (), "no factor to absorb"), ([], ("teacher",), "no columns")],
)
def test_model_that_lacks_a_side_is_an_error(
    columns: list[str], absorbed: tuple[str, ...], message: str
) -> None:
    with pytest.raises(EstimationError, match=message):
        fit_fixed_effects(connection_with(scores(seed=18)), "frame", terms_of(columns, absorbed))


@pytest.mark.parametrize("engine", ["sums", "rows"])
def test_all_rows_are_one_cluster_where_none_is_given(engine: str, monkeypatch: pytest.MonkeyPatch) -> None:
    if engine == "rows":
        monkeypatch.setattr(within, "_LARGEST_BYTES", 1)
    terms = terms_of(["prior"], ("teacher", "school_year"))
    model = fit_fixed_effects(connection_with(scores(seed=19)), "frame", terms)
    assert model.sums.cluster_name == "all rows"
    assert len(model.sums.products) == 1
    assert model.covariance is None
