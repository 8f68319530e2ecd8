"""Quantile regression at many quantiles: exact, one linear programme warm-started from the next.

Quantile tau of a weighted sample minimises sum w rho_tau(y - Xb) (Koenker and Bassett 1978). Its dual,
max y'a subject to X'a = (1 - tau) X'w and 0 <= a <= w, differs between quantiles in the right-hand side only:
the optimal basis of one quantile is dual feasible for the next, and HiGHS's dual simplex goes on from there.

Most rows lie so far from the plane that the next one cannot reach them. They are merged in one pseudo-row
above and one below (Portnoy and Koenker 1997), and the answer is accepted only when no merged row is on the
wrong side of the new plane: then it is optimal for all rows. Otherwise the rows that were wrong are taken
in, and the programme is solved again. So the band decides on the time, never on the result.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from transforms.growth.errors import GrowthError

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

# Below it a programme over all rows is as fast as one over a band of them.
_BAND_FROM_ROWS = 30_000
# Share of the weight that the band reaches beyond the quantiles of the old plane and the new one.
_BAND_REACH = 0.01
# In units of the response; scores are reported with fewer digits.
_SIDE_TOLERANCE = 1e-7
_FEASIBILITY = 1e-9


def quantile_process(
    design: FloatArray, response: FloatArray, weights: FloatArray, quantiles: Sequence[float]
) -> FloatArray:
    """Coefficients (p, quantiles) of the weighted quantile regressions of ``response`` (n) on ``design`` (n, p).

    ``weights`` (n) are positive and count observations; ``quantiles`` lie between 0 and 1, in any order
    (ascending is fast). Each column interpolates p rows (a vertex, as R's ``br`` gives); where the optimum is
    not unique it is one of them. Raises GrowthError where columns of the design are linearly dependent.
    """
    _check_rank(design)
    programme = _Programme.of(design, response, weights)
    found = np.empty((design.shape[1], len(quantiles)))
    vertex: _Vertex | None = None
    for j, quantile in enumerate(quantiles):
        vertex = programme.solve(quantile, vertex)
        found[:, j] = vertex.coefficients
    return found


def _check_rank(design: FloatArray) -> None:
    from scipy.linalg import qr

    length = np.sqrt((design**2).sum(axis=0))
    empty = length == 0.0
    if len(design) < design.shape[1] or empty.any():
        raise GrowthError("the prior scores leave a spline without students; too few students for its curves")
    corner = qr(design / length, mode="r", pivoting=True)[0]
    diagonal = np.abs(np.diag(corner[: design.shape[1]]))
    if diagonal[-1] <= 1e-10 * diagonal[0]:
        raise GrowthError("the prior scores say the same, so that percentile curves are not determined")


@dataclass(frozen=True, eq=False)
class _Vertex:
    """A solution: the plane, and the p rows that it goes through."""

    quantile: float
    coefficients: FloatArray
    rows: IntArray


@dataclass(frozen=True, eq=False)
class _Programme:
    """Data of all quantiles. ``totals`` (p) is X'w."""

    design: FloatArray
    response: FloatArray
    weights: FloatArray
    totals: FloatArray

    @classmethod
    def of(cls, design: FloatArray, response: FloatArray, weights: FloatArray) -> _Programme:
        return cls(design, response, weights, design.T @ weights)

    def solve(self, quantile: float, start: _Vertex | None) -> _Vertex:
        """The vertex of ``quantile``, from that of another quantile where there is one."""
        if start is None:
            return self._solve_some(quantile, None, np.ones(len(self.response), dtype=bool))
        residuals = self.response - self.design @ start.coefficients
        is_kept = self._band(residuals, start, quantile)
        while True:
            vertex = self._solve_some(quantile, (residuals, start), is_kept)
            if is_kept.all():
                return vertex
            new = self.response - self.design @ vertex.coefficients
            is_wrong = ~is_kept & (np.where(residuals > 0.0, new, -new) < -_SIDE_TOLERANCE)
            if not is_wrong.any():
                return vertex
            is_kept |= is_wrong

    def _band(self, residuals: FloatArray, start: _Vertex, quantile: float) -> NDArray[np.bool_]:
        """Rows that the plane may reach or pass on its way to ``quantile``."""
        if len(residuals) < _BAND_FROM_ROWS:
            return np.ones(len(residuals), dtype=bool)
        low = min(start.quantile, quantile) - _BAND_REACH
        high = max(start.quantile, quantile) + _BAND_REACH
        ends = np.quantile(residuals, [max(low, 0.0), min(high, 1.0)])
        is_kept = (residuals >= ends[0]) & (residuals <= ends[1])
        is_kept[start.rows] = True
        return is_kept

    def _solve_some(
        self, quantile: float, start: tuple[FloatArray, _Vertex] | None, is_kept: NDArray[np.bool_]
    ) -> _Vertex:
        """Solve with the rows ``is_kept`` and, of the others, one row above and one below the plane."""
        rows = np.flatnonzero(is_kept)
        design, response, weights = self.design[rows], self.response[rows], self.weights[rows]
        if start is not None and not is_kept.all():
            sides = start[0] > 0.0
            merged = [self._merged(~is_kept & side) for side in (sides, ~sides)]
            design = np.vstack([design, *(one[:-1] for one in merged)])
            response = np.append(response, [one[-1] for one in merged])
            weights = np.append(weights, [1.0, 1.0])
        solver = _solver(design, response, weights, (1.0 - quantile) * self.totals)
        if start is not None:
            residuals = np.append(start[0][rows], [1.0, -1.0][: len(response) - len(rows)] or [])
            solver.setBasis(_basis(residuals, np.searchsorted(rows, start[1].rows), design.shape[1]))
        solver.run()
        return _vertex(solver, quantile, rows, self.design, self.response)

    def _merged(self, is_merged: NDArray[np.bool_]) -> FloatArray:
        """Weighted sum of the rows (p) and, last, of their response."""
        weights = self.weights[is_merged]
        return np.append(weights @ self.design[is_merged], weights @ self.response[is_merged])


def _solver(design: FloatArray, response: FloatArray, weights: FloatArray, target: FloatArray) -> Any:
    """HiGHS with the dual programme: one column a row of the design."""
    import highspy
    from scipy.sparse import csr_matrix

    columns = csr_matrix(design)
    programme = highspy.HighsLp()
    programme.num_col_, programme.num_row_ = design.shape
    programme.col_cost_ = -response
    programme.col_lower_ = np.zeros(len(response))
    programme.col_upper_ = weights
    programme.row_lower_ = programme.row_upper_ = target
    programme.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    programme.a_matrix_.start_ = columns.indptr
    programme.a_matrix_.index_ = columns.indices
    programme.a_matrix_.value_ = columns.data
    solver = highspy.Highs()
    solver.silent()
    options = {"presolve": "off", "solver": "simplex", "threads": 1, "simplex_scale_strategy": 0}
    options |= {"primal_feasibility_tolerance": _FEASIBILITY, "dual_feasibility_tolerance": _FEASIBILITY}
    for name, value in options.items():
        solver.setOptionValue(name, value)
    solver.passModel(programme)
    return solver


def _basis(residuals: FloatArray, basic: IntArray, n_rows: int) -> Any:
    """The basis of a vertex: rows above at their upper bound, below at zero, those on the plane basic."""
    import highspy

    status = highspy.HighsBasisStatus
    columns = [status.kUpper if is_above else status.kLower for is_above in (residuals > 0.0).tolist()]
    for position in basic.tolist():
        columns[position] = status.kBasic
    basis = highspy.HighsBasis()
    basis.col_status, basis.row_status = columns, [status.kLower] * n_rows
    basis.valid, basis.alien = True, False
    return basis


def _vertex(
    solver: Any, quantile: float, rows: IntArray, design: FloatArray, response: FloatArray
) -> _Vertex:
    """Read the solution; the plane is solved anew from the rows it goes through, so that they lie on it."""
    import highspy

    if solver.getModelStatus() != highspy.HighsModelStatus.kOptimal:
        status = solver.modelStatusToString(solver.getModelStatus())
        raise GrowthError(f"the quantile {quantile:g} could not be fitted: {status}")
    basic = highspy.HighsBasisStatus.kBasic
    statuses = solver.getBasis().col_status
    on_plane = rows[[i for i in range(len(rows)) if statuses[i] == basic]]
    if len(on_plane) < design.shape[1]:
        return _Vertex(quantile, -np.array(solver.getSolution().row_dual), on_plane)
    return _Vertex(quantile, np.linalg.solve(design[on_plane], response[on_plane]), on_plane)
