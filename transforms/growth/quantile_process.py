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
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from transforms.growth.errors import GrowthError

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
BoolArray = NDArray[np.bool_]

# Shares of the weight that the band reaches beyond the quantiles of the old plane and the new one: the next
# where the one before does not determine the plane, at last every row.
_BAND_REACHES = (0.02, 0.08, 0.32, 1.0)
# In units of the response; scores are reported with fewer digits.
_SIDE_TOLERANCE = 1e-7
_OPTIONS: dict[str, bool | float | str] = {
    "output_flag": False,
    "presolve": "off",
    "solver": "simplex",
    "threads": 1,
    "simplex_scale_strategy": 0,
    "primal_feasibility_tolerance": 1e-9,
    "dual_feasibility_tolerance": 1e-9,
}


def quantile_process(
    design: FloatArray, response: FloatArray, weights: FloatArray, quantiles: Sequence[float] | FloatArray
) -> FloatArray:
    """Coefficients (p, quantiles) of weighted quantile regressions of ``response`` (n) on ``design`` (n, p).

    ``weights`` (n) are positive and count observations; ``quantiles`` lie between 0 and 1, in any order
    (ascending is fast). Each column interpolates p rows (a vertex, as R's ``br`` gives); where the optimum is
    not unique it is one of them. Raises GrowthError where columns of the design are linearly dependent.
    """
    from scipy.sparse import csr_matrix

    _check_rank(design)
    programme = _Programme(design, response, weights, csr_matrix(design), weights @ design)
    found = np.empty((design.shape[1], len(quantiles)))
    vertex: _Vertex | None = None
    for j, quantile in enumerate(quantiles):
        vertex = programme.solve(quantile, vertex)
        found[:, j] = vertex.coefficients
    return found


def _check_rank(design: FloatArray) -> None:
    from scipy.linalg import qr

    if len(design) < design.shape[1]:
        raise GrowthError("too few different score patterns for percentile curves")
    length = np.sqrt((design**2).sum(axis=0))
    corner = qr(design / np.where(length > 0.0, length, 1.0), mode="r", pivoting=True)[0]
    diagonal = np.abs(np.diag(corner[: design.shape[1]]))
    if diagonal[-1] <= 1e-10 * diagonal[0]:
        raise GrowthError("the prior scores say the same, so that percentile curves are not determined")


@dataclass(frozen=True, eq=False)
class _Vertex:
    """A solution: the plane, and the p rows that it goes through.

    Where a coefficient is zero at the optimum (``zeros``, by number), it goes through fewer rows.
    """

    quantile: float
    coefficients: FloatArray
    rows: IntArray
    zeros: IntArray


@dataclass(frozen=True, eq=False)
class _Programme:
    """Data of all quantiles. ``columns`` (n, p) is the design without its zeros, ``totals`` (p) is X'w."""

    design: FloatArray
    response: FloatArray
    weights: FloatArray
    columns: csr_matrix
    totals: FloatArray

    def solve(self, quantile: float, start: _Vertex | None) -> _Vertex:
        """The vertex of ``quantile``, from that of another quantile where there is one."""
        vertex = self._solve_near(quantile, start) if start is not None else None
        if vertex is not None:
            return vertex
        solver = _solver(self.columns, self.response, self.weights, (1.0 - quantile) * self.totals)
        solver.run()
        every = np.arange(len(self.response))
        vertex = self._vertex(solver, quantile, every)
        if vertex is None:
            status = solver.modelStatusToString(solver.getModelStatus())
            raise GrowthError(f"the quantile {quantile:g} could not be fitted: {status}")
        return vertex

    def _solve_near(self, quantile: float, start: _Vertex) -> _Vertex | None:
        """Solve with the rows around the plane of ``start``; None where that does not succeed."""
        residuals = self.response - self.columns @ start.coefficients
        is_kept = np.zeros(len(residuals), dtype=bool)
        for reach in _BAND_REACHES:
            is_kept |= self._band(residuals, start, quantile, reach)
            vertex = self._solve_kept(quantile, start, residuals, is_kept)
            while vertex is not None:
                new = self.response - self.columns @ vertex.coefficients
                is_wrong = ~is_kept & (np.where(residuals > 0.0, new, -new) < -_SIDE_TOLERANCE)
                if not is_wrong.any():
                    return vertex
                is_kept |= is_wrong
                vertex = self._solve_kept(quantile, start, residuals, is_kept)
        return None

    def _band(self, residuals: FloatArray, start: _Vertex, quantile: float, reach: float) -> BoolArray:
        """Rows that the plane may reach or pass on its way to ``quantile``."""
        order = np.argsort(residuals)
        below = np.cumsum(self.weights[order])
        shares = np.array([min(start.quantile, quantile) - reach, max(start.quantile, quantile) + reach])
        first, last = np.searchsorted(below, np.clip(shares, 0.0, 1.0) * below[-1])
        is_kept = np.zeros(len(residuals), dtype=bool)
        is_kept[order[first : last + 1]] = True
        is_kept[start.rows] = True
        return is_kept

    def _solve_kept(
        self, quantile: float, start: _Vertex, residuals: FloatArray, is_kept: BoolArray
    ) -> _Vertex | None:
        """Solve with the rows ``is_kept`` and, of the others, one row above and one below the plane."""
        rows = np.flatnonzero(is_kept)
        columns, response, weights = self.columns[rows], self.response[rows], self.weights[rows]
        is_above = residuals[rows] > 0.0
        for side in (True, False):
            on_side = np.where((residuals > 0.0) == side, self.weights, 0.0)
            on_side[rows] = 0.0
            weight = on_side.sum()
            if weight > 0.0:
                columns = _with_row(columns, self.columns.T @ on_side / weight)
                response = np.append(response, (on_side * self.response).sum() / weight)
                weights = np.append(weights, weight)
                is_above = np.append(is_above, side)
        solver = _solver(columns, response, weights, (1.0 - quantile) * self.totals)
        solver.setBasis(_basis(is_above, np.searchsorted(rows, start.rows), start))
        solver.run()
        return self._vertex(solver, quantile, rows)

    def _vertex(self, solver: Any, quantile: float, rows: IntArray) -> _Vertex | None:
        """Read the solution; the plane is solved anew from the rows that it goes through.

        None where there is no optimum, where the plane goes through a merged row, or where the rows do not
        determine it to the last digits.
        """
        import highspy

        if solver.getModelStatus() != highspy.HighsModelStatus.kOptimal:
            return None
        # a basic column is its number, a basic row of the programme -1 less its number
        basic = solver.getBasicVariables()[1]
        zeros, on_plane = np.sort(-1 - basic[basic < 0]), np.sort(basic[basic >= 0])
        if len(on_plane) and on_plane[-1] >= len(rows):
            return None
        free = np.setdiff1d(np.arange(len(basic)), zeros)
        coefficients = np.zeros(len(basic))
        corner = self.design[np.ix_(rows[on_plane], free)]
        try:
            coefficients[free] = np.linalg.solve(corner, self.response[rows[on_plane]])
        except np.linalg.LinAlgError:
            return None
        return _Vertex(quantile, coefficients, rows[on_plane], zeros)


def _with_row(columns: csr_matrix, row: FloatArray) -> csr_matrix:
    from scipy.sparse import csr_matrix

    n_rows, n_terms = columns.shape
    values = np.append(columns.data, row)
    indices = np.append(columns.indices, np.arange(n_terms, dtype=np.int32))
    starts = np.append(columns.indptr, columns.indptr[-1] + n_terms)
    return csr_matrix((values, indices, starts), shape=(n_rows + 1, n_terms))


def _solver(columns: csr_matrix, response: FloatArray, weights: FloatArray, target: FloatArray) -> Any:
    """HiGHS with the dual programme: one column of it for each row of ``columns`` (n, p)."""
    import highspy
    from highspy._core import _Highs

    # highspy.Highs() writes a banner to the standard output before it can be silenced; its base does not
    solver = _Highs()
    for name, value in _OPTIONS.items():
        solver.setOptionValue(name, value)
    n_rows, n_terms = columns.shape
    solver.passModel(
        n_rows,
        n_terms,
        columns.nnz,
        int(highspy.MatrixFormat.kColwise),
        int(highspy.ObjSense.kMinimize),
        0.0,
        -response,
        np.zeros(n_rows),
        weights,
        target,
        target,
        columns.indptr,
        columns.indices,
        columns.data,
        np.zeros(n_rows, dtype=np.int32),
    )
    return solver


def _basis(is_above: BoolArray, on_plane: IntArray, vertex: _Vertex) -> Any:
    """The basis of a vertex: rows above it at their upper bound, below at zero, those on the plane basic."""
    import highspy

    status = highspy.HighsBasisStatus
    columns = np.full(len(is_above), status.kLower, dtype=object)
    columns[is_above] = status.kUpper
    columns[on_plane] = status.kBasic
    equations = [status.kLower] * len(vertex.coefficients)
    for position in vertex.zeros.tolist():
        equations[position] = status.kBasic
    basis = highspy.HighsBasis()
    basis.col_status, basis.row_status = columns.tolist(), equations
    basis.valid, basis.alien = True, False
    return basis
