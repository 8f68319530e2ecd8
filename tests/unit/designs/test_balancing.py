from __future__ import annotations

import numpy as np
import pytest

from transforms.designs.balancing import NotBalancedError, entropy_balance


def column(*values: float) -> np.ndarray:
    return np.array(values, dtype=float)[:, None]


def test_one_binary_column_shares_the_target_among_rows_by_their_base() -> None:
    # A mean of .8: rows with 1 share .8 by their base 1 : 3, the row with 0 has .2
    found = entropy_balance(column(1, 1, 0), np.array([1.0, 3.0, 4.0]), np.array([0.8]))
    assert found.weights == pytest.approx([0.2, 0.6, 0.2])


def test_three_points_have_weights_in_geometric_progression() -> None:
    # Rows 0, 1, 2 with base 1 have weights 1 : r : r^2; mean 4/3: (r + 2 r^2) / (1 + r + r^2) = 4/3,
    # 2 r^2 - r - 4 = 0, r = (1 + sqrt(33)) / 4
    found = entropy_balance(column(0, 1, 2), np.ones(3), np.array([4 / 3]))
    r = (1 + 33**0.5) / 4
    assert found.weights == pytest.approx(np.array([1, r, r * r]) / (1 + r + r * r))


def test_means_that_are_met_already_leave_the_base_weights() -> None:
    found = entropy_balance(column(0, 1, 2), np.array([1.0, 2.0, 1.0]), np.array([1.0]))
    assert found.weights == pytest.approx([0.25, 0.5, 0.25])


def test_effective_size_of_equal_weights_is_their_number() -> None:
    assert entropy_balance(column(0, 1, 2, 3), np.ones(4), np.array([1.5])).effective_size == pytest.approx(
        4.0
    )


def test_target_outside_of_the_rows_has_no_weights() -> None:
    with pytest.raises(NotBalancedError):
        entropy_balance(column(0, 1, 2), np.ones(3), np.array([2.1]))


def test_target_inside_of_every_range_but_outside_of_the_hull_has_no_weights() -> None:
    triangle = np.array([[0.0, 0.0], [1.0, 0.0], [0.0, 1.0]])
    with pytest.raises(NotBalancedError):
        entropy_balance(triangle, np.ones(3), np.array([0.9, 0.9]))


def test_column_that_is_the_same_in_all_rows_must_be_so_in_the_target() -> None:
    rows = np.array([[0.0, 1.0], [1.0, 1.0]])
    assert entropy_balance(rows, np.ones(2), np.array([0.3, 1.0])).weights == pytest.approx([0.7, 0.3])
    with pytest.raises(NotBalancedError, match="the same in all rows"):
        entropy_balance(rows, np.ones(2), np.array([0.3, 0.5]))


def test_repeated_columns_are_balanced_once_and_must_repeat_in_the_target() -> None:
    rows = np.array([[0.0, 0.0], [1.0, 2.0]])
    assert entropy_balance(rows, np.ones(2), np.array([0.3, 0.6])).weights == pytest.approx([0.7, 0.3])
    with pytest.raises(NotBalancedError, match="repeat"):
        entropy_balance(rows, np.ones(2), np.array([0.3, 0.5]))


def test_units_and_origin_of_columns_do_not_matter() -> None:
    rng = np.random.default_rng(1)
    rows, base = rng.normal(size=(60, 3)), rng.uniform(1, 3, 60)
    target = np.array([0.2, -0.1, 0.3])
    scale, origin = np.array([1e3, 1e-3, 7.0]), np.array([1e4, -2.0, 0.0])
    plain = entropy_balance(rows, base, target).weights
    moved = entropy_balance(rows * scale + origin, base, target * scale + origin).weights
    assert moved == pytest.approx(plain, abs=1e-9)  # convergence, not rounding
