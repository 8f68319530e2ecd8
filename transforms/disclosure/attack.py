"""Bounds of hidden cells, for a reader who has all that is shown and a solver.

Nothing here is shared with the engine: what is shown is substituted away, the rest falls into blocks, and
each hidden cell is minimised and maximised by itself.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from math import ceil, floor, inf, isfinite
from time import monotonic
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from transforms.disclosure.cells import LinkedCells

if TYPE_CHECKING:
    from scipy.optimize import OptimizeResult
    from scipy.sparse import csr_array

CLOSE = 1e-6  # ten times HiGHS' feasibility tolerance

# primal simplex (4) stays warm when only the objective changes
_PRIMAL_SIMPLEX: dict[str, bool | int | str] = {
    "output_flag": False,
    "presolve": "off",
    "solver": "simplex",
    "simplex_strategy": 4,
    "threads": 1,
}

Floats = NDArray[np.float64]
Bounds = tuple[float, float]


class ContradictionError(ValueError):
    """No table at all agrees with what is shown: the declared cells or bounds are wrong."""


@dataclass(frozen=True)
class Unknowns:
    """A block of hidden cells: least <= rows @ x <= most, lower <= x <= upper."""

    names: tuple[str, ...]
    lower: Floats
    upper: Floats
    is_whole: NDArray[np.bool_]
    rows: csr_array
    least: Floats
    most: Floats


@dataclass
class Effort:
    """What the attack cost, and until when it may go on."""

    deadline: float
    n_programmes: int = 0
    unfinished: list[str] = field(default_factory=list)

    def is_over(self) -> bool:
        return monotonic() > self.deadline


def unknowns(cells: LinkedCells, known: Mapping[str, Bounds]) -> list[Unknowns]:
    """The hidden cells, which are those with bounds in ``known``, in blocks that nothing links."""
    names = [cell.name for cell in cells.cells if cell.name in known]
    column = {name: j for j, name in enumerate(names)}
    entries: list[tuple[int, int, float]] = []
    least: list[float] = []
    most: list[float] = []
    for relation in cells.relations:
        inside = [(column[name], c) for name, c in relation.terms if name in column]
        if not inside:
            continue
        shown = sum(c * cells[name].value for name, c in relation.terms if name not in column)
        most.append(relation.constant - shown)
        least.append(most[-1] if relation.sense == "==" else -inf)
        entries += [(len(most) - 1, j, float(c)) for j, c in inside]
    rows = _sparse(entries, (len(most), len(names)))
    bounds = np.array([known[name] for name in names], dtype=float).reshape(-1, 2)
    whole = np.array([cells[name].is_whole for name in names], dtype=bool)
    return list(_blocks(names, bounds, whole, rows, np.array(least), np.array(most)))


def _sparse(entries: list[tuple[int, int, float]], shape: tuple[int, int]) -> csr_array:
    from scipy.sparse import csr_array

    row, column, value = zip(*entries, strict=True) if entries else ((), (), ())
    return csr_array(
        (np.array(value, dtype=float), (np.array(row, dtype=int), np.array(column, dtype=int))), shape=shape
    )


def _blocks(
    names: list[str], bounds: Floats, whole: NDArray[np.bool_], rows: csr_array, least: Floats, most: Floats
) -> Iterable[Unknowns]:
    from scipy.sparse import csr_array
    from scipy.sparse.csgraph import connected_components

    if not names:
        return
    n_blocks, label = connected_components(abs(rows).T @ abs(rows), directed=False)
    columns = np.split(
        np.argsort(label, kind="stable"), np.cumsum(np.bincount(label, minlength=n_blocks))[:-1]
    )
    of_row = label[rows.indices[rows.indptr[:-1]]] if rows.shape[0] else np.array([], dtype=int)
    order = np.argsort(of_row, kind="stable")
    lines = np.split(order, np.cumsum(np.bincount(of_row, minlength=n_blocks))[:-1])
    for inside, mine in zip(columns, lines, strict=True):
        part = rows[mine][:, inside] if len(mine) else csr_array((0, len(inside)))
        yield Unknowns(
            tuple(names[j] for j in inside),
            bounds[inside, 0],
            bounds[inside, 1],
            whole[inside],
            part,
            least[mine],
            most[mine],
        )


def attack(block: Unknowns, wanted: Collection[str], effort: Effort) -> dict[str, Bounds]:
    """The least and most that each ``wanted`` cell of ``block`` can be, counts in whole numbers.

    Cells not reached before the deadline go to ``effort.unfinished``. Raises ``ContradictionError``.
    """
    asked = [j for j, name in enumerate(block.names) if name in wanted]
    if not asked:
        return {}
    if block.rows.shape[0] == 0:
        return {block.names[j]: (float(block.lower[j]), float(block.upper[j])) for j in asked}
    if _is_one_sum(block):
        return _of_one_sum(block, asked)
    return _by_programmes(block, asked, effort)


def _is_one_sum(block: Unknowns) -> bool:
    """One equation in which all hidden cells have the coefficient 1 (or all -1)."""
    values = block.rows.data
    return bool(
        block.rows.shape[0] == 1
        and np.all(values == values[0])
        and abs(values[0]) == 1
        and block.least[0] == block.most[0]
    )


def _of_one_sum(block: Unknowns, asked: list[int]) -> dict[str, Bounds]:
    """Each part takes what the others leave: exact, also in whole numbers, as the sum is the only tie."""
    total = block.most[0] * block.rows.data[0]
    if block.lower.sum() > total + CLOSE or block.upper.sum() < total - CLOSE:
        raise ContradictionError(_contradiction(block))
    found = {}
    for j in asked:
        rest = np.arange(len(block.names)) != j
        low = max(block.lower[j], total - block.upper[rest].sum())
        high = min(block.upper[j], total - block.lower[rest].sum())
        found[block.names[j]] = (float(low), float(high))
    return found


def _by_programmes(block: Unknowns, asked: list[int], effort: Effort) -> dict[str, Bounds]:
    """Minimise and maximise each cell, unless a table found on the way is at a bound that none passes."""
    solver = _Solver(block)
    lower, upper = _implied(block)
    found = {}
    for j in asked:
        if effort.is_over():
            effort.unfinished.append(block.names[j])
            continue
        ends = []
        for sign, limit in ((1.0, lower[j]), (-1.0, -upper[j])):
            if solver.has_reached(j, sign, limit):
                ends.append(_End(float(limit)))
                continue
            effort.n_programmes += 1
            end = solver.least(j, sign)
            if end.at_fraction:
                effort.n_programmes += 1
                end = _in_whole_numbers(block, j, sign, end, effort)
            ends.append(end)
        found[block.names[j]] = (ends[0].value, -ends[1].value)
    return found


def _implied(block: Unknowns, rounds: int = 2) -> tuple[Floats, Floats]:
    """Bounds that each row alone implies: none is passed by any table, though not all are reached."""
    lower, upper = block.lower.copy(), block.upper.copy()
    rows = block.rows
    for _ in range(rounds):
        for i in range(rows.shape[0]):
            at, c = (
                rows.indices[rows.indptr[i] : rows.indptr[i + 1]],
                rows.data[rows.indptr[i] : rows.indptr[i + 1]],
            )
            for sign, limit in ((1.0, block.most[i]), (-1.0, -block.least[i])):
                _narrow(lower, upper, at, sign * c, limit)
    return lower, upper


def _narrow(lower: Floats, upper: Floats, at: NDArray[np.int32], c: Floats, most: float) -> None:
    """Each term of c @ x <= most takes at most what the least of the others leaves."""
    least = np.where(c > 0, c * lower[at], c * upper[at])
    is_finite = np.isfinite(least)
    n_open = len(least) - int(np.count_nonzero(is_finite))
    if not isfinite(most) or n_open > 1:
        return
    rest = least[is_finite].sum() - np.where(is_finite, least, 0.0)
    bound = (most - rest) / c
    up, down = (c > 0, c < 0) if n_open == 0 else ((c > 0) & ~is_finite, (c < 0) & ~is_finite)
    upper[at[up]] = np.minimum(upper[at[up]], bound[up])
    lower[at[down]] = np.maximum(lower[at[down]], bound[down])


@dataclass(frozen=True)
class _End:
    """The least of sign * x: ``at_fraction`` where it was reached at a table that is not of whole numbers."""

    value: float
    at_fraction: bool = False


class _Solver:
    """One block in HiGHS; each question changes the objective only, so the last basis stays feasible."""

    def __init__(self, block: Unknowns) -> None:
        import highspy
        from highspy._core import _Highs

        self._block = block
        self._optimal = highspy.HighsModelStatus.kOptimal
        self._unbounded = highspy.HighsModelStatus.kUnbounded
        self._highs = _Highs()  # highspy.Highs() writes a banner before it can be silenced; its base does not
        for option, value in _PRIMAL_SIMPLEX.items():
            self._highs.setOptionValue(option, value)
        model = highspy.HighsLp()
        model.num_row_, model.num_col_ = block.rows.shape
        model.col_cost_ = np.zeros(model.num_col_)
        model.col_lower_, model.col_upper_ = block.lower, block.upper
        model.row_lower_, model.row_upper_ = block.least, block.most
        model.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
        model.a_matrix_.start_ = block.rows.indptr
        model.a_matrix_.index_, model.a_matrix_.value_ = block.rows.indices, block.rows.data
        self._highs.passModel(model)
        self._least = np.full(model.num_col_, inf)  # over the tables found so far
        self._most = np.full(model.num_col_, -inf)

    def has_reached(self, j: int, sign: float, limit: float) -> bool:
        """Whether a table of whole numbers was found with sign * x[j] at ``limit``."""
        reached = self._least[j] if sign > 0 else -self._most[j]
        return bool(abs(reached - limit) < CLOSE)

    def least(self, j: int, sign: float) -> _End:
        self._highs.changeColCost(j, sign)
        self._highs.run()
        status = self._highs.getModelStatus()
        x = np.asarray(self._highs.getSolution().col_value)
        self._highs.changeColCost(j, 0.0)
        if status == self._optimal:
            off = np.abs(x - np.round(x))[self._block.is_whole]
            at_fraction = bool(np.any(off > CLOSE))
            if not at_fraction:
                self._least, self._most = np.minimum(self._least, x), np.maximum(self._most, x)
            return _End(_tidy(sign * float(x[j])), at_fraction)
        if status == self._unbounded:  # so it is in whole numbers, as all coefficients are
            return _End(-inf)
        return _from_scratch(self._block, j, sign)


def _from_scratch(block: Unknowns, j: int, sign: float) -> _End:
    """An unbounded or doubtful answer is asked again through scipy, with presolve."""
    from scipy.optimize import linprog

    objective = np.zeros(len(block.names))
    objective[j] = sign
    is_equation = block.least == block.most
    solved = linprog(
        objective,
        A_ub=block.rows[~is_equation] if np.any(~is_equation) else None,
        b_ub=block.most[~is_equation] if np.any(~is_equation) else None,
        A_eq=block.rows[is_equation] if np.any(is_equation) else None,
        b_eq=block.most[is_equation] if np.any(is_equation) else None,
        bounds=np.column_stack([block.lower, block.upper]),
        method="highs",
    )
    return _read(solved, block, j, sign)


def _read(solved: OptimizeResult, block: Unknowns, j: int, sign: float) -> _End:
    if solved.status == 3:
        return _End(-inf)
    if solved.status != 0 or solved.x is None:
        raise ContradictionError(_contradiction(block))
    off = np.abs(solved.x - np.round(solved.x))[block.is_whole]
    return _End(_tidy(sign * float(solved.x[j])), bool(np.any(off > CLOSE)))


def _in_whole_numbers(block: Unknowns, j: int, sign: float, relaxed: _End, effort: Effort) -> _End:
    """The same end over whole-number tables: never wider than the relaxation."""
    from scipy.optimize import LinearConstraint, milp

    objective = np.zeros(len(block.names))
    objective[j] = sign
    solved = milp(
        objective,
        constraints=LinearConstraint(block.rows, block.least, block.most),
        bounds=(block.lower, block.upper),
        integrality=block.is_whole.astype(int),
        options={"time_limit": max(1.0, min(60.0, effort.deadline - monotonic()))},
    )
    if solved.status == 0 and solved.x is not None:
        return _End(_tidy(sign * float(solved.x[j])))
    if solved.status in (
        2,
        4,
    ):  # 2: infeasible, 4: infeasible or unbounded, which the relaxation has ruled out
        raise ContradictionError(_contradiction(block))
    effort.unfinished.append(block.names[j])
    return _End(float(ceil(relaxed.value - CLOSE)) if block.is_whole[j] else relaxed.value)


def _tidy(value: float) -> float:
    """A bound that is whole but for the solver's tolerance is whole."""
    near = floor(value + 0.5)
    return float(near) if abs(near - value) < CLOSE else value


def _contradiction(block: Unknowns) -> str:
    return (
        f"no table agrees with what is shown around {block.names[0]}: a declared relation or bound is wrong"
    )
