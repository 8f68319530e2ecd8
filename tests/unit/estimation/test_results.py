from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import statsmodels.formula
from statsmodels.base.model import LikelihoodModelResults
from statsmodels.iolib.smpickle import load_pickle

from transforms.estimation.errors import EstimationError
from transforms.estimation.results import NoLikelihoodError, RowsNotKeptError, results
from transforms.estimation.sums.crossproducts import FloatArray

HOURS, GRADE, YEAR = "hours:within", "C(grade)[T.4]", "school year[T.2021-22]"


@dataclass(frozen=True)
class GivenFit:
    """Estimates as given. The df of a contrast is ``df_of_coefficients`` weighted by |contrast|."""

    response: str = "score"
    names: tuple[str, ...] = ("intercept", HOURS, GRADE, YEAR)
    params: FloatArray = field(default_factory=lambda: np.array([10.0, 2.0, 3.0, -1.0]))
    cov_params: FloatArray = field(default_factory=lambda: np.diag([25.0, 4.0, 1.0, 0.25]))
    n_rows: int = 40
    n_observations: float = 30.5
    method: str = "REML"
    sigma2: float = 2.0
    log_likelihood: float | None = -17.5
    df_of_coefficients: tuple[float, ...] = (1.0, 2.0, 4.0, 8.0)

    def details(self) -> Mapping[str, str | float | int]:
        return {"Groups school": 12, "Variance school": 0.123456789, "R2": 0.5}

    def df_for(self, contrasts: FloatArray) -> FloatArray:
        # an infinite df must not meet a coefficient of 0
        pairs = [zip(row, self.df_of_coefficients, strict=True) for row in np.abs(contrasts)]
        return np.array([sum(size * df for size, df in row if size) for row in pairs])


@dataclass(frozen=True)
class GivenCovariance:
    cov_params: FloatArray
    df: float
    name: str = "CR2 by school"

    def df_for(self, contrasts: FloatArray) -> FloatArray:
        return np.full(len(contrasts), self.df)


def test_results_are_statsmodels_results_with_names() -> None:
    fitted = results(GivenFit())
    assert isinstance(fitted._results, LikelihoodModelResults)
    assert fitted.params.to_dict() == {"intercept": 10.0, HOURS: 2.0, GRADE: 3.0, YEAR: -1.0}
    assert fitted.bse.tolist() == [5.0, 2.0, 1.0, 0.5]
    assert fitted.tvalues.tolist() == [2.0, 1.0, 3.0, -2.0]
    assert fitted.cov_params().loc[HOURS, HOURS] == 4.0
    assert fitted.df.to_dict() == {"intercept": 1.0, HOURS: 2.0, GRADE: 4.0, YEAR: 8.0}
    assert list(fitted.pvalues.index) == list(fitted.conf_int().index) == list(GivenFit().names)


def test_weights_are_the_observations_and_rows_are_counted_beside_them() -> None:
    fitted = results(GivenFit())
    assert (fitted.nobs, fitted.n_rows, fitted.scale, fitted.llf) == (30.5, 40, 2.0, -17.5)


def test_each_coefficient_has_p_value_and_limits_from_its_own_df() -> None:
    fitted = results(GivenFit())
    # df 1: 1 - 2 atan(t) / pi at t = 2; df 2: 1 - t / sqrt(2 + t^2) at t = 1 (closed forms of t)
    assert fitted.pvalues["intercept"] == pytest.approx(1 - 2 * np.arctan(2.0) / np.pi, rel=1e-12)
    assert fitted.pvalues[HOURS] == pytest.approx(1 - 1 / np.sqrt(3.0), rel=1e-12)
    # printed tables of t at .975: df 1 12.7062, df 2 4.3027, df 4 2.7764, df 8 2.3060
    expected = [10 + 5 * 12.7062, 2 + 2 * 4.3027, 3 + 2.7764, -1 + 0.5 * 2.3060]
    np.testing.assert_allclose(fitted.conf_int()[1], expected, atol=5e-4)
    np.testing.assert_allclose(fitted.conf_int().mean(axis=1), fitted.params, rtol=1e-12)


def test_limits_of_chosen_positions_keep_their_names() -> None:
    limits = results(GivenFit()).conf_int(alpha=0.1, cols=[1, 3])
    assert list(limits.index) == [HOURS, YEAR]
    assert limits.loc[HOURS, 1] == pytest.approx(2 + 2 * 2.9200, abs=1e-4)  # t at .95, df 2


def test_infinite_df_is_the_normal_distribution() -> None:
    fitted = results(replace(GivenFit(), df_of_coefficients=(np.inf,) * 4))
    assert fitted.conf_int().loc[GRADE, 1] == pytest.approx(3 + 1.959964, abs=1e-6)
    assert "inf" in str(fitted.summary())


def test_df_of_zero_gives_no_number() -> None:
    fitted = results(replace(GivenFit(), df_of_coefficients=(0.0, 2.0, 4.0, 8.0)))
    assert np.isnan(fitted.pvalues["intercept"])
    assert fitted.conf_int().loc["intercept"].isna().all()
    assert fitted.pvalues.drop("intercept").notna().all()


def test_contrast_is_tested_with_the_df_of_the_contrast() -> None:
    test = results(GivenFit()).t_test(f"{GRADE} - {HOURS} = 0")
    assert test.effect.item() == 1.0
    assert test.sd.item() == pytest.approx(np.sqrt(5.0))
    assert test.df_denom.tolist() == [6.0]  # 4 + 2, where the coefficients have 4 and 2
    # t = 1 / sqrt(5), t at .975 with df 6 is 2.4469
    assert test.conf_int()[0, 1] == pytest.approx(1 + 2.4469 * np.sqrt(5.0), abs=2e-4)


def test_several_contrasts_have_a_df_each() -> None:
    test = results(GivenFit()).t_test([f"{HOURS} = 1", f"{YEAR} + {GRADE} = 0", "2 * intercept = 0"])
    assert test.df_denom.tolist() == [2.0, 12.0, 2.0]
    np.testing.assert_allclose(test.tvalue, [(2 - 1) / 2, 2 / np.sqrt(1.25), 2.0], rtol=1e-12)
    assert test.pvalue[0] == pytest.approx(1 - 0.5 / np.sqrt(2.25), rel=1e-12)  # df 2, t = .5
    assert test.summary_frame().shape == (3, 6)


@pytest.mark.parametrize(
    "hypotheses",
    [
        f"{HOURS} = 1, {YEAR} = 0",
        [f"{HOURS} = 1", f"{YEAR} = 0"],
        {HOURS: 1.0, YEAR: 0.0},
        (np.eye(4)[[1, 3]], np.array([1.0, 0.0])),
    ],
    ids=["string", "list", "dict", "pair"],
)
def test_hypotheses_are_written_as_in_statsmodels_with_names_as_they_are(hypotheses: object) -> None:
    test = results(GivenFit()).t_test(hypotheses)
    assert test.effect.tolist() == [2.0, -1.0]
    assert test.tvalue.tolist() == [0.5, -2.0]
    assert test.df_denom.tolist() == [2.0, 8.0]


def test_formulaic_as_statsmodels_engine_takes_names_in_backticks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(statsmodels.formula.options, "formula_engine", "formulaic")
    fitted = results(GivenFit())
    assert fitted.t_test(f"`{HOURS}` - `{YEAR}` = 1").tvalue.item() == pytest.approx(2 / np.sqrt(4.25))
    assert fitted.t_test([f"`{HOURS}` = 1", f"`{YEAR}` = 0"]).tvalue.tolist() == [0.5, -2.0]
    assert fitted.t_test({f"`{YEAR}`": 0.0}).df_denom.tolist() == [8.0]


def test_unknown_name_in_a_hypothesis_is_an_error() -> None:
    with pytest.raises(Exception, match="unrecognized token"):
        results(GivenFit()).t_test("coaching = 0")


def test_joint_test_takes_the_smallest_df_of_its_rows() -> None:
    test = results(GivenFit()).f_test(f"{GRADE} = 0, {YEAR} = 0")
    assert test.fvalue == pytest.approx((3.0**2 + 2.0**2) / 2)
    assert (test.df_num, test.df_denom) == (2, 4.0)
    # F with 2 and m df exceeds f with probability (1 + 2 f / m)^(-m/2)
    assert test.pvalue == pytest.approx((1 + 2 * 6.5 / 4) ** -2, rel=1e-12)


def test_joint_test_with_infinite_df_is_chi_square() -> None:
    fitted = results(replace(GivenFit(), df_of_coefficients=(np.inf,) * 4))
    hypotheses = f"{GRADE} = 0, {YEAR} = 0"
    # chi-square with 2 df exceeds 13 with probability exp(-13 / 2)
    assert fitted.f_test(hypotheses).pvalue == pytest.approx(np.exp(-6.5), rel=1e-12)
    assert fitted.wald_test(hypotheses, use_f=False).pvalue == pytest.approx(np.exp(-6.5), rel=1e-12)


def test_robust_covariance_replaces_errors_and_df_and_nothing_else() -> None:
    robust = GivenCovariance(4.0 * GivenFit().cov_params, df=5.0)
    model, fitted = results(GivenFit()), results(GivenFit(), robust)
    assert fitted.params.equals(model.params)
    assert fitted.bse.tolist() == [10.0, 4.0, 2.0, 1.0]
    assert fitted.df.tolist() == [5.0] * 4
    assert fitted.t_test(f"{HOURS} - {YEAR} = 0").df_denom.tolist() == [5.0]
    assert fitted.f_test(f"{HOURS} = 0").df_denom == 5.0
    assert (fitted.scale, fitted.df_resid, fitted.df_resid_inference) == (2.0, 1.0, 5.0)
    assert (model.cov_type, fitted.cov_type) == ("nonrobust", "CR2 by school")


def test_covariance_of_another_fit_is_an_error() -> None:
    with pytest.raises(EstimationError, match="CR2 by school is of 2 coefficients, the fit has 4"):
        results(GivenFit(), GivenCovariance(np.eye(2), df=5.0))


@pytest.mark.parametrize("name", ["resid", "fittedvalues"])
def test_what_needs_rows_says_that_rows_are_not_kept(name: str) -> None:
    fitted = results(GivenFit())
    with pytest.raises(RowsNotKeptError, match="rows are not kept"):
        getattr(fitted, name)
    assert not hasattr(fitted, name)
    with pytest.raises(RowsNotKeptError, match="rows are not kept"):
        fitted.predict()


def test_fit_without_likelihood_says_so() -> None:
    with pytest.raises(NoLikelihoodError, match="REML has no log likelihood"):
        _ = results(replace(GivenFit(), log_likelihood=None)).llf


def test_prediction_takes_the_columns_of_a_frame_by_name() -> None:
    fitted = results(GivenFit())
    rows = pd.DataFrame({YEAR: [1, 0], GRADE: [0, 1], HOURS: [3, 5], "intercept": 1}, index=["a", "b"])
    assert fitted.predict(rows).to_dict() == {"a": 15.0, "b": 23.0}  # 10 + 3 x 2 - 1; 10 + 5 x 2 + 3
    in_order = rows[list(GivenFit().names)].to_numpy()
    assert fitted.predict(in_order).tolist() == [15.0, 23.0]
    # variance of b: 25 + 5^2 x 4 + 1
    assert fitted.t_test(in_order).sd[1] == pytest.approx(np.sqrt(126.0))
    with pytest.raises(EstimationError, match=r"lacks the columns intercept, hours:within"):
        fitted.predict(rows[[YEAR, GRADE]])


def test_frame_has_one_row_a_coefficient() -> None:
    fitted = results(GivenFit())
    frame = fitted.to_frame(alpha=0.1)
    assert list(frame.columns) == [
        *("term", "estimate", "std_error", "df", "statistic", "p_value", "conf_low", "conf_high")
    ]
    assert frame["term"].tolist() == list(GivenFit().names)
    expected = [HOURS, 2.0, 2.0, 2.0, 1.0, fitted.pvalues[HOURS], *fitted.conf_int(0.1).loc[HOURS]]
    assert frame.iloc[1].tolist() == expected


def test_covariance_of_one_coefficient_is_one_number() -> None:
    fitted = results(GivenFit())
    assert fitted.cov_params(column=1) == 4.0
    assert fitted.cov_params(r_matrix=np.eye(4)[:2]).tolist() == [[25.0, 0.0], [0.0, 4.0]]


def test_summary_shows_fit_coefficients_with_df_and_details() -> None:
    lines = str(results(GivenFit(), GivenCovariance(GivenFit().cov_params, df=7.25)).summary()).splitlines()
    shown = [" ".join(line.split()) for line in lines]
    assert "Dep. Variable: score No. Rows: 40" in shown
    assert "Method: REML No. Observations: 30.50" in shown
    assert "Covariance Type: CR2 by school Scale: 2" in shown
    assert "coef std err df t P>|t| [0.025 0.975]" in shown
    # t 3 with df 7.25: p .019, limits 3 -+ 2.348
    assert "C(grade)[T.4] 3.0000 1.000 7.25 3.000 0.019 0.652 5.348" in shown
    assert "Groups school: 12 R2: 0.5" in shown
    assert "Variance school: 0.123457" in shown


def test_summary_is_also_html_with_names_escaped_latex_and_csv() -> None:
    names = ("intercept", "<b>hours</b>", "a & b", "prior_score")
    summary = results(replace(GivenFit(), names=names)).summary()
    html = summary.as_html()
    assert "&lt;b&gt;hours&lt;/b&gt;" in html
    assert "a &amp; b" in html
    assert "<b>hours" not in html
    assert "<b>hours</b>" in str(summary)
    assert r"prior\_score" in summary.as_latex()
    assert "prior_score" in summary.as_csv()


def test_saved_results_load_with_every_number(tmp_path: Path) -> None:
    fitted = results(GivenFit(), GivenCovariance(GivenFit().cov_params, df=7.25))
    fitted.save(tmp_path / "fit.pickle", remove_data=True)
    loaded = load_pickle(tmp_path / "fit.pickle")
    assert str(loaded.summary()) == str(fitted.summary())
    assert loaded.to_frame().equals(fitted.to_frame())
    assert loaded.t_test(f"{HOURS} = 0").df_denom.tolist() == [7.25]
