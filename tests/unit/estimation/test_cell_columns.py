"""Columns of cells join sums as if they had been summed from the rows."""

from __future__ import annotations

import duckdb
import numpy as np
import pandas as pd
import pytest

from transforms.estimation.errors import EstimationError
from transforms.estimation.sums.cell_columns import with_cell_columns
from transforms.estimation.sums.design import Design
from transforms.estimation.sums.summation import cross_products

RNG = np.random.default_rng(1)
CELL = RNG.integers(0, 12, 200)
ROWS = pd.DataFrame(
    {
        "y": RNG.normal(size=200),
        "x": RNG.normal(5, 1, size=200),
        "hours": (CELL * 7 % 5) * 3.0 + 100.0,
        "cell": CELL,
        "school": CELL // 3,
        "w": RNG.uniform(0.1, 1, 200),
    }
)


def summed(columns):
    with duckdb.connect() as connection:
        connection.register("given", ROWS)
        return cross_products(
            connection, "given", Design.of_columns("y", columns, ("cell", "school"), weight="w")
        )


def test_column_of_cells_gives_the_sums_of_its_rows() -> None:
    from_rows, narrow = summed(["x", "hours"]), summed(["x"])
    hours = narrow.ids[0] * 7 % 5 * 3.0 + 100.0
    added = with_cell_columns(narrow, {"hours": hours})
    assert added.names == from_rows.names
    same = added.about(from_rows.shifts)
    assert np.allclose(same.sums, from_rows.sums, rtol=0, atol=1e-9)
    assert np.allclose(same.products, from_rows.products, rtol=0, atol=1e-8)
    added.verify()


def test_no_columns_leave_the_sums_as_they_are() -> None:
    narrow = summed(["x"])
    assert np.array_equal(with_cell_columns(narrow, {}).products, narrow.products)


@pytest.mark.parametrize("values", [np.zeros(3), np.full(12, np.nan)])
def test_value_that_is_missing_or_not_finite_is_an_error(values) -> None:
    with pytest.raises(EstimationError, match="one finite value for each cell"):
        with_cell_columns(summed(["x"]), {"hours": values})
