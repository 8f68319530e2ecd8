"""Intervals of shares and means for SQL: macros and a table of quantiles."""

from __future__ import annotations

import duckdb

from transforms.t_quantiles import make_t_quantiles

# Two-sided 95 % quantile of the normal distribution.
NORMAL_QUANTILE = 1.959963984540054
# Beyond it the quantile of t is that of the normal distribution to three digits.
LARGEST_DF = 1_000

_MACROS = (
    """create or replace temp macro wilson_low(k, n) as
    greatest(0, (k + z2() / 2 - sqrt(z2()) * sqrt(k * (n - k) / nullif(n, 0) + z2() / 4)) / (n + z2()))""",
    """create or replace temp macro wilson_high(k, n) as
    least(1, (k + z2() / 2 + sqrt(z2()) * sqrt(k * (n - k) / nullif(n, 0) + z2() / 4)) / (n + z2()))""",
)


def make_interval_macros(connection: duckdb.DuckDBPyConnection) -> None:
    """Make temporary ``wilson_low(k, n)`` and ``wilson_high(k, n)``, 95 % interval of k of n, and t_quantile.

    Wilson (1927), Journal of the American Statistical Association 22(158). Null where n is 0 or null.
    """
    connection.execute(f"create or replace temp macro z2() as {NORMAL_QUANTILE**2!r}::double")
    for macro in _MACROS:
        connection.execute(macro)
    make_t_quantiles(connection, LARGEST_DF)
