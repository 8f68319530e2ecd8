"""What the values of indicators are compared with."""

from __future__ import annotations

from collections.abc import Sequence

import duckdb

from sql import render_sql
from transforms.improvement.indicators import Indicator
from transforms.improvement.settings import MINIMUM_STAFF

MINIMUM_PEERS = 3


def compare_indicators(connection: duckdb.DuckDBPyConnection, indicators: Sequence[Indicator]) -> None:
    """Fill ``comparison_value`` of rows that are there.

    For a school it is the median of the other schools of its level (three or more, of five people or more
    each), for the district the value of the year before; empty where there is neither.
    """
    connection.execute(
        f"create or replace temp table indicator_comparison as"
        f" {render_sql('improvement/indicator_comparison.sql')}",
        {
            "indicators": [indicator.name for indicator in indicators],
            "minimum_staff": MINIMUM_STAFF,
            "minimum_peers": MINIMUM_PEERS,
        },
    )
    connection.execute(
        "update estimates.indicator as indicator set comparison_value = compared.comparison_value"
        " from temp.indicator_comparison as compared where indicator.indicator = compared.indicator"
        " and indicator.school_year = compared.school_year and indicator.category = compared.category"
        " and indicator.school_id is not distinct from compared.school_id"
    )
    connection.execute("drop table temp.indicator_comparison")
