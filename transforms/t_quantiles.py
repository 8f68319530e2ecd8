"""Quantiles of Student's t as a table, so that SQL can give intervals."""

from __future__ import annotations

import duckdb

_ALPHA = 0.05


def make_t_quantiles(connection: duckdb.DuckDBPyConnection, largest_df: int) -> None:
    """Make the temporary table t_quantile (df, quantile): two-sided 95 %, for 1 to ``largest_df`` degrees."""
    import numpy as np
    import pyarrow as pa
    from scipy.special import stdtrit

    df = np.arange(1, largest_df + 1)
    connection.register("t_quantiles", pa.table({"df": df, "quantile": stdtrit(df, 1.0 - _ALPHA / 2.0)}))
    connection.execute("CREATE OR REPLACE TEMP TABLE t_quantile AS FROM t_quantiles")
    connection.unregister("t_quantiles")
