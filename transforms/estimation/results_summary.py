"""The summary of a fit from sums, laid out as statsmodels lays out its own."""

from __future__ import annotations

from copy import deepcopy
from html import escape
from typing import TYPE_CHECKING

from statsmodels.iolib.summary import Summary, forg
from statsmodels.iolib.table import SimpleTable
from statsmodels.iolib.tableformatting import fmt_params

if TYPE_CHECKING:
    from transforms.estimation.results import SumsResults


def summary_of(results: SumsResults, alpha: float) -> Summary:
    """What was fitted, the coefficients with their df and limits at 1 - ``alpha``, the fit's details."""
    summary = _EscapedSummary()
    left = [
        ("Dep. Variable:", [results.fit.response]),
        ("Method:", [results.fit.method]),
        ("Covariance Type:", [results.cov_type]),
    ]
    right = [
        ("No. Rows:", [str(results.n_rows)]),
        ("No. Observations:", [_count(results.nobs)]),
        ("Scale:", [_shown(results.scale)]),
    ]
    summary.add_table_2cols(results, title="Estimates from Sums", gleft=left, gright=right)
    summary.tables.append(_coefficient_table(results, alpha))
    details = [(f"{label}:", [_shown(value)]) for label, value in results.fit.details().items()]
    if details:
        half = (len(details) + 1) // 2
        summary.add_table_2cols(results, title="", gleft=details[:half], gright=details[half:])
    summary.add_extra_txt(["df: degrees of freedom of each row; inf is the normal distribution."])
    return summary


class _EscapedSummary(Summary):
    """statsmodels puts names into HTML unescaped; names come from the columns of a study."""

    def as_html(self) -> str:
        escaped = deepcopy(self)
        for cell in (cell for table in escaped.tables for row in table for cell in row):
            cell.data = escape(str(cell.data))
        return Summary.as_html(escaped)


def _coefficient_table(results: SumsResults, alpha: float) -> SimpleTable:
    """The coefficients as statsmodels prints them, with a column of df."""
    columns = (
        results.params,
        results.bse,
        results.df,
        results.tvalues,
        results.pvalues,
        *results.conf_int(alpha).T,
    )
    cells = [
        [forg(estimate, prec=4), forg(error), _count(df), forg(t), f"{p:#6.3f}", forg(low), forg(high)]
        for estimate, error, df, t, p, low, high in zip(*columns, strict=True)
    ]
    header = ["coef", "std err", "df", "t", "P>|t|", f"[{alpha / 2:g}", f"{1 - alpha / 2:g}]"]
    layout = {**fmt_params, "data_fmts": ["%s"]}
    return SimpleTable(cells, header, list(results.fit.names), txt_fmt=layout)


def _shown(value: str | float) -> str:
    return str(value) if isinstance(value, str | int) else f"{value:.6g}"


def _count(value: float) -> str:
    return f"{value:.2f}".removesuffix(".00")
