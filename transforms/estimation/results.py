"""Fits from sums as statsmodels results: params, bse, conf_int(), t_test(), summary().

Importing this module imports statsmodels, which takes seconds: import it where results are shown.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
import pandas as pd
from patsy import PatsyError
from scipy import stats
from statsmodels.base.data import PandasData
from statsmodels.base.model import LikelihoodModelResults, LikelihoodResultsWrapper
from statsmodels.formula._manager import FormulaManager
from statsmodels.iolib.summary import Summary
from statsmodels.stats.contrast import ContrastResults

from transforms.estimation.errors import EstimationError
from transforms.estimation.estimates import Covariance, Estimates, First
from transforms.estimation.results_summary import summary_of
from transforms.estimation.sums.crossproducts import FloatArray


class RowsNotKeptError(EstimationError, AttributeError):
    """Residuals and fitted values need the rows, which stay in the database."""


class NoLikelihoodError(EstimationError, AttributeError):
    """The method of the fit has no likelihood."""


def results(
    fit: Estimates, covariance: Covariance | None = None, *, n_shown: int | None = None
) -> SumsResultsWrapper:
    """The fit as statsmodels results, with pandas objects named by coefficient.

    Standard errors and degrees of freedom are those of ``covariance``, or the fit's own where it is
    None. Only the first ``n_shown`` coefficients are shown (all where it is None): those after them are
    levels of fixed effects. Raises EstimationError where the covariance is of another number.
    """
    if covariance is not None and covariance.cov_params.shape != fit.cov_params.shape:
        raise EstimationError(
            f"the covariance {covariance.name} is of {len(covariance.cov_params)} coefficients, "
            f"the fit has {len(fit.names)}"
        )
    if n_shown is not None and n_shown < len(fit.names):
        covariance = covariance and First(covariance, n_shown)
        fit = First(fit, n_shown)
    return SumsResultsWrapper(SumsResults(fit, covariance))


class _CoefficientNames(PandasData):
    """The names that statsmodels' wrapper attaches; its parent takes them from rows."""

    def __init__(self, response: str, names: Sequence[str]) -> None:
        self._cache: dict[str, object] = {}
        self.ynames = response
        self.param_names = list(names)


@dataclass(frozen=True)
class SumsModel:
    """What statsmodels' results ask of a model, without rows."""

    data: _CoefficientNames
    _data_attr: ClassVar[tuple[str, ...]] = ()

    @property
    def endog_names(self) -> str:
        """Name of the response."""
        return str(self.data.ynames)

    @property
    def exog_names(self) -> list[str]:
        """Names of the coefficients (p)."""
        return list(self.data.param_names)


class SumsResults(LikelihoodModelResults):
    """statsmodels results of a fit from sums; every contrast has degrees of freedom of its own.

    ``df`` (p) are those of the coefficients; a df of inf is the normal distribution, a df of 0 leaves
    p-values and limits NaN. ``nobs`` is the sum of frequency weights, or the rows;
    ``scale`` is the residual variance.
    ``df_resid`` is the smallest of the fit's own degrees of freedom over its coefficients, n - p for
    least squares; ``df_resid_inference`` is the smallest of ``df``.

    Hypotheses are arrays (k, p), pairs of an array and values, strings, lists of strings or dicts from
    name to value. In a string a name stands as it is, also with colons, brackets or spaces:
    ``t_test("hours:within - C(grade)[T.4] = 0")``. Names that begin with an operator need an array or
    a dict. Where statsmodels.formula.options.formula_engine is "formulaic", names that are not plain
    words stand in backticks, in dicts too, as for statsmodels' own results.
    """

    def __init__(self, fit: Estimates, covariance: Covariance | None = None) -> None:
        model = SumsModel(_CoefficientNames(fit.response, fit.names))
        normalized = fit.cov_params / fit.sigma2
        super().__init__(model, fit.params, normalized, fit.sigma2, use_t=True, cov_type="nonrobust")
        self.fit = fit
        self._inference: Estimates | Covariance = fit
        if covariance is not None:
            self._inference = covariance
            self.cov_type = covariance.name
            self.cov_kwds = {"description": f"Standard errors are {covariance.name}."}
            self.cov_params_default = covariance.cov_params
        self.nobs = fit.n_observations
        self.n_rows = fit.n_rows
        coefficients = np.eye(len(fit.names))
        self.df = self._inference.df_for(coefficients)
        self.df_resid = float(fit.df_for(coefficients).min())
        self.df_resid_inference = float(self.df.min())

    @property
    def pvalues(self) -> FloatArray:
        """Two-sided p-values (p), each from t with its own df."""
        return 2.0 * stats.t.sf(np.abs(self.tvalues), self.df)

    @property
    def llf(self) -> float:
        """Log likelihood of the fit's method. Raises NoLikelihoodError where it has none."""
        value = getattr(self.fit, "log_likelihood", None)
        if value is None:
            raise NoLikelihoodError(f"{self.fit.method} has no log likelihood")
        return float(value)

    @property
    def resid(self) -> FloatArray:
        """Raises RowsNotKeptError."""
        raise RowsNotKeptError("no residuals: rows are not kept")

    @property
    def fittedvalues(self) -> FloatArray:
        """Raises RowsNotKeptError."""
        raise RowsNotKeptError("no fitted values: rows are not kept; predict takes rows of your own")

    def conf_int(self, alpha: float = 0.05) -> FloatArray:
        """Limits (p, 2) at level 1 - ``alpha``, each from t with its own df."""
        reach = stats.t.ppf(1.0 - alpha / 2.0, self.df) * self.bse
        return np.column_stack((self.params - reach, self.params + reach))

    def t_test(self, r_matrix: Any, cov_p: FloatArray | None = None, use_t: bool | None = None) -> Any:
        """Tests of k contrasts one by one, each with its own df (``df_denom`` (k)).

        See the class for how hypotheses are written. ``cov_p`` replaces the covariance, not the df.
        """
        constraint = self._constraint(r_matrix)
        test = super().t_test(constraint, cov_p, use_t)
        if test.distribution != "t":
            return test
        df = self._inference.df_for(constraint[0])
        return ContrastResults(effect=test.effect, t=test.tvalue, sd=test.sd, df_denom=df)

    def wald_test(
        self,
        r_matrix: Any,
        cov_p: FloatArray | None = None,
        invcov: FloatArray | None = None,
        use_f: bool | None = None,
        df_constraints: int | None = None,
        scalar: bool = True,
    ) -> Any:
        """Joint test of k contrasts by F with the smallest df of its rows, or chi-square without ``use_f``.

        Exact where all rows have the same df and the covariance is known up to ``scale``. With a robust
        covariance of few clusters it rejects too often as k grows, and the smallest df depends on how
        the rows are written; the test of Pustejovsky and Tipton (2018, HTZ) needs more than each row's df.
        """
        constraint = self._constraint(r_matrix)
        test = super().wald_test(constraint, cov_p, invcov, use_f, df_constraints, scalar)
        if test.distribution != "F":
            return test
        df = float(self._inference.df_for(constraint[0]).min())
        joint = ContrastResults(F=test.fvalue, df_denom=df, df_num=test.df_num)
        if np.isinf(df):
            # scipy's F gives NaN here; its limit is chi-square / k
            joint.pvalue = stats.chi2.sf(test.fvalue * test.df_num, test.df_num)
        return joint

    def predict(self, exog: pd.DataFrame | FloatArray | None = None) -> pd.Series | FloatArray:
        """Expected response (k) of rows of columns (k, p), the intercept's column of ones included.

        The columns of a DataFrame are taken by name, those of an array by position. ``t_test`` of the
        same array gives standard errors. Raises RowsNotKeptError without rows, EstimationError where a
        DataFrame lacks a column.
        """
        if exog is None:
            raise RowsNotKeptError("no predictions of the fitted rows: rows are not kept; give rows")
        if not isinstance(exog, pd.DataFrame):
            return np.asarray(exog, dtype=np.float64) @ self.params
        lacking = [name for name in self.fit.names if name not in exog.columns]
        if lacking:
            raise EstimationError(f"predict lacks the columns {', '.join(lacking)}")
        rows = exog[list(self.fit.names)].to_numpy(dtype=np.float64)
        return pd.Series(rows @ self.params, index=exog.index)

    def to_frame(self, alpha: float = 0.05) -> pd.DataFrame:
        """One row a coefficient, with limits at level 1 - ``alpha``."""
        low, high = self.conf_int(alpha).T
        return pd.DataFrame(
            {
                "term": self.fit.names,
                "estimate": self.params,
                "std_error": self.bse,
                "df": self.df,
                "statistic": self.tvalues,
                "p_value": self.pvalues,
                "conf_low": low,
                "conf_high": high,
            }
        )

    def summary(self, alpha: float = 0.05) -> Summary:
        """What was fitted, the coefficients with their df and limits at 1 - ``alpha``, the fit's details."""
        return summary_of(self, alpha)

    def _constraint(self, hypotheses: Any) -> tuple[FloatArray, FloatArray]:
        """R (k, p) and q (k, 1) of Rb = q, read as statsmodels reads them."""
        try:
            linear = FormulaManager().get_linear_constraints(hypotheses, self.model.data.cov_names)
        except PatsyError as error:
            said = str(error).splitlines()[0]
            raise EstimationError(
                f"{said}: {hypotheses}; the coefficients are {', '.join(self.fit.names)}"
            ) from error
        return np.asarray(linear.constraint_matrix, float), np.asarray(linear.constraint_values, float)


class SumsResultsWrapper(LikelihoodResultsWrapper):
    """SumsResults (``_results``) with pandas objects for arrays, as statsmodels wraps its own."""

    _wrap_attrs: ClassVar = {**LikelihoodResultsWrapper._wrap_attrs, "df": "columns"}

    def cov_params(
        self,
        r_matrix: FloatArray | None = None,
        column: int | Sequence[int] | None = None,
        scale: float | None = None,
        cov_p: FloatArray | None = None,
        other: FloatArray | None = None,
    ) -> Any:
        """Covariance (p, p) by coefficient; that of contrasts or of a ``column`` comes as an array."""
        covariance = self._results.cov_params(r_matrix, column, scale, cov_p, other)
        # statsmodels' wrapper would spread one variance over all names
        is_whole = r_matrix is None and column is None
        return self._results.model.data.attach_cov(covariance) if is_whole else covariance

    def conf_int(self, alpha: float = 0.05, cols: Sequence[int] | None = None) -> pd.DataFrame:
        """Limits (p, 2) at level 1 - ``alpha`` by coefficient; ``cols`` are positions of those wanted."""
        limits = self._results.model.data.attach_columns(self._results.conf_int(alpha))
        return limits if cols is None else limits.iloc[list(cols)]
