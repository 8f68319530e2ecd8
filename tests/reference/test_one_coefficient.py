"""One coefficient by cluster against n × n algebra over the rows, and how often its interval covers."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import t as student

from transforms.improvement.driver_cells import Cell
from transforms.improvement.driver_changes import change_per_year
from transforms.improvement.driver_gaps import paired_gap
from transforms.improvement.one_coefficient import one_coefficient


def cr2_of_rows(y: np.ndarray, x: np.ndarray, clusters: np.ndarray, at: int) -> tuple[float, float, float]:
    """Estimate, CR2 standard error and Satterthwaite degrees of freedom of one column of a full design."""
    bread = np.linalg.pinv(x.T @ x)
    hat = x @ bread @ x.T
    residual_maker = np.eye(len(y)) - hat
    coefficient = bread @ x.T @ y
    residual = residual_maker @ y
    rows = []
    for cluster in np.unique(clusters):
        own = clusters == cluster
        values, vectors = np.linalg.eigh(residual_maker[np.ix_(own, own)])
        # the pseudo-inverse: what the dummies of the cluster fit exactly has no residual
        roots = np.where(values > 1e-9, np.maximum(values, 1e-9) ** -0.5, 0.0)
        root = (vectors * roots) @ vectors.T
        weights = np.zeros(len(y))
        weights[own] = bread[at] @ x[own].T @ root
        rows.append(weights)
    influence = np.array(rows)
    variance = float(((influence @ residual) ** 2).sum())
    spread = influence @ residual_maker @ influence.T
    return coefficient[at], variance**0.5, float(np.trace(spread) ** 2 / (spread**2).sum())


def people(seed: int) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """School, year, whether a leader, and answer of some people of eight schools in three years."""
    rng = np.random.default_rng(seed)
    rows = [
        (school, year, float(leader), rng.normal(3 + 0.2 * school + 0.1 * year + 0.4 * leader))
        for school in range(8)
        for year in range(3)
        for leader in (False, True)
        for _ in range(rng.integers(1, 3) if leader else rng.integers(2, 6))
    ]
    school, year, leader, answer = np.array(rows).T
    return school, year, leader, answer


def dummies(codes: np.ndarray) -> np.ndarray:
    return (codes[:, None] == np.unique(codes)).astype(float)


@pytest.mark.parametrize("seed", range(5))
def test_mean_equals_cr2_of_a_constant(seed):
    school, _, _, answer = people(seed)
    squares = np.array([(school == s).sum() for s in range(8)], dtype=float)
    products = np.array([answer[school == s].sum() for s in range(8)])
    found = one_coefficient(squares, products)
    expected = cr2_of_rows(answer, np.ones((len(answer), 1)), school, 0)
    assert (found.estimate, found.std_error, found.df) == pytest.approx(expected, rel=1e-8)


@pytest.mark.parametrize("seed", range(5))
def test_gap_equals_cr2_with_a_column_for_each_school(seed):
    school, _, leader, answer = people(seed)
    pairs = [
        tuple(
            (int(group.sum()), float(answer[group].sum()))
            for group in ((school == s) & (leader == 1), (school == s) & (leader == 0))
        )
        for s in range(8)
    ]
    found = paired_gap(pairs)
    design = np.column_stack([leader, dummies(school)])
    expected = cr2_of_rows(answer, design, school, 0)
    assert (found.estimate, found.std_error, found.df) == pytest.approx(expected, rel=1e-6)


@pytest.mark.parametrize("seed", range(5))
def test_change_equals_cr2_with_a_column_for_each_school_and_role(seed):
    school, year, leader, answer = people(seed)
    cells = []
    for s in range(8):
        for t in range(3):
            for role, is_leader in (("teacher", 0), ("principal", 1)):
                own = (school == s) & (year == t) & (leader == is_leader)
                total, squares = float(answer[own].sum()), float((answer[own] ** 2).sum())
                cells.append(
                    Cell("trust", str(s), 2020 + t, role, int(own.sum()), total, squares, int(own.sum()))
                )
    found = change_per_year(cells)
    design = np.column_stack([year, dummies(school * 10 + leader)])
    expected = cr2_of_rows(answer, design, school, 0)
    assert (found.estimate, found.std_error, found.df) == pytest.approx(expected, rel=1e-6)


def test_equal_clusters_have_one_degree_less_than_there_are():
    found = one_coefficient(np.full(7, 3.0), np.arange(7.0))
    # the SE is that of the mean of seven ratios
    assert found.df == pytest.approx(6.0)
    assert found.std_error == pytest.approx(np.std(np.arange(7) / 3, ddof=1) / 7**0.5)
    assert found.p_value == pytest.approx(2 * student.sf(found.estimate / found.std_error, 6))


def test_one_cluster_or_one_that_decides_all_gives_nothing():
    assert one_coefficient(np.array([4.0]), np.array([2.0])) is None
    assert one_coefficient(np.array([4.0, 0.0]), np.array([2.0, 1.0])) is None


def test_intervals_of_a_gap_cover_the_truth():
    rng = np.random.default_rng(5)
    covered = 0
    for _ in range(1_000):
        schools = []
        for _ in range(12):
            n_leaders, n_teachers = rng.integers(1, 4), rng.integers(4, 15)
            own = rng.normal(0.4, 0.3)  # schools differ in their gap
            level = rng.normal(3.5, 0.4)
            leaders = rng.normal(level + own, 0.7, n_leaders).sum()
            schools.append(
                ((int(n_leaders), leaders), (int(n_teachers), rng.normal(level, 0.7, n_teachers).sum()))
            )
        found = paired_gap(schools)
        covered += found.ci_low <= 0.4 <= found.ci_high
    # 95 % ± 2.6 binomial errors of 1,000
    assert 932 <= covered <= 968
