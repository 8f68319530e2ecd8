"""Entropy balancing against the primal problem solved directly, and the package ebal where it is there."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.optimize import linprog, minimize

from transforms.designs.balancing import NotBalancedError, entropy_balance


def primal(columns: np.ndarray, base: np.ndarray, target: np.ndarray) -> np.ndarray:
    """Minimum of sum of w log(w / q) over the weights themselves, by sequential least squares."""
    q = base / base.sum()
    conditions = [
        {"type": "eq", "fun": lambda w: w.sum() - 1.0, "jac": lambda w: np.ones_like(w)},
        {"type": "eq", "fun": lambda w: columns.T @ w - target, "jac": lambda w: columns.T},
    ]
    found = minimize(
        lambda w: float((w * np.log(w / q)).sum()),
        q,
        jac=lambda w: np.log(w / q) + 1.0,
        bounds=[(1e-12, 1.0)] * len(q),
        constraints=conditions,
        method="SLSQP",
        options={"ftol": 1e-14, "maxiter": 500},
    )
    assert found.success
    return found.x


@pytest.mark.parametrize("seed", range(8))
def test_weights_are_those_of_the_primal_problem(seed: int) -> None:
    rng = np.random.default_rng(seed)
    m, k = int(rng.integers(12, 40)), int(rng.integers(1, 4))
    columns, base = rng.normal(size=(m, k)), rng.uniform(0.5, 4.0, m)
    target = rng.dirichlet(np.ones(m)) @ columns
    found = entropy_balance(columns, base, target)
    assert found.weights @ columns == pytest.approx(target, abs=1e-7)
    assert found.weights == pytest.approx(primal(columns, base, target), abs=1e-5)  # SLSQP's own accuracy


def test_there_are_weights_exactly_where_a_linear_programme_finds_some() -> None:
    rng = np.random.default_rng(5)
    verdicts = []
    for _ in range(200):
        columns, target = rng.normal(size=(15, 3)), rng.normal(0, 0.8, 3)
        equal = np.vstack([columns.T, np.ones(15)])
        is_inside = linprog(np.zeros(15), A_eq=equal, b_eq=np.append(target, 1.0)).status == 0
        try:
            entropy_balance(columns, np.ones(15), target)
            is_balanced = True
        except NotBalancedError:
            is_balanced = False
        verdicts.append((is_inside, is_balanced))
    assert all(inside == balanced for inside, balanced in verdicts)
    assert {inside for inside, _ in verdicts} == {True, False}


def test_weights_are_those_of_ebal() -> None:
    ebal = pytest.importorskip("ebal", reason="an optional oracle, not among the dependencies")
    rng = np.random.default_rng(3)
    treated = np.arange(300) < 80
    columns = rng.normal(size=(300, 3)) + 0.4 * treated[:, None]
    oracle = ebal.ebal_bin(PCA=False, print_level=-1, constraint_tolerance=1e-8)
    wanted = oracle.ebalance(treated.astype(int), columns, rng.normal(size=300))["w"][~treated]
    found = entropy_balance(columns[~treated], np.ones(220), columns[treated].mean(axis=0))
    assert found.weights == pytest.approx(wanted / wanted.sum(), abs=1e-7)
