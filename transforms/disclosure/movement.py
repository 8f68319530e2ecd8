"""The engine's linear programme: the cheapest other table that readers cannot tell from the true one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from transforms.disclosure.cells import LinkedCells, Publication, Rule

if TYPE_CHECKING:
    from highspy._core import _Highs
    from scipy.sparse import csr_array

Floats = NDArray[np.float64]

WHOLE = 1e-6  # HiGHS meets bounds to 1e-7; counts are whole numbers below 1e6

# a movement need not be the cheapest, and a limit of nodes, unlike one of time, gives the same every night
_SHALLOW: dict[str, float] = {"node_limit": 1000, "mip_rel_gap": 0.2}
_SIMPLEX: dict[str, bool | int | str] = {
    "output_flag": False,
    "presolve": "off",
    "solver": "simplex",
    "threads": 1,
}


@dataclass(frozen=True)
class Movement:
    """Another table that keeps every relation: ``values`` by cell, ``cost`` of hiding all that differs."""

    values: Floats
    cost: float


class Movements:
    """Deviations up and down from the true values, kept in one HiGHS model so that each solve starts warm.

    Cells that cannot be hidden are fixed. A cell that may be hidden moves at a price, hidden ones are free.
    """

    def __init__(self, cells: LinkedCells, rule: Rule) -> None:
        self.values = np.array([cell.value for cell in cells.cells])
        self.is_whole = np.array([cell.is_whole for cell in cells.cells])
        self.n = len(self.values)
        known = np.array([rule.known_of_hidden(cell) for cell in cells.cells])
        fixed = np.array([c.publication is Publication.OUT or rule.stays_shown(c) for c in cells.cells])
        self.room_down = np.where(fixed, 0.0, np.maximum(self.values - known[:, 0], 0.0))
        self.room_up = np.where(fixed, 0.0, known[:, 1] - self.values)
        self.price = np.zeros(self.n)
        self._rows, self._least, self._most = _rows(cells, self.values)
        self._net_rows = self._rows[:, : self.n]
        self._highs = self._model()

    def _model(self) -> _Highs:
        import highspy
        from highspy._core import _Highs

        self._optimal = highspy.HighsModelStatus.kOptimal
        lp, both = highspy.HighsLp(), self._rows
        lp.num_col_, lp.num_row_ = 2 * self.n, both.shape[0]
        lp.col_cost_ = np.zeros(2 * self.n)
        lp.col_lower_ = np.zeros(2 * self.n)
        lp.col_upper_ = np.concatenate([self.room_up, self.room_down])
        lp.row_lower_, lp.row_upper_ = self._least, self._most
        lp.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
        lp.a_matrix_.start_, lp.a_matrix_.index_, lp.a_matrix_.value_ = both.indptr, both.indices, both.data
        highs = _Highs()  # highspy.Highs() writes a banner before it can be silenced; its base does not
        for option, value in _SIMPLEX.items():
            highs.setOptionValue(option, value)
        highs.passModel(lp)
        return highs

    def set_price(self, cell: int, price: float) -> None:
        """What moving ``cell`` by one costs; 0 once it is hidden."""
        if self.price[cell] != price:
            self.price[cell] = price
            self._highs.changeColCost(cell, price)
            self._highs.changeColCost(self.n + cell, price)

    def cheapest(self, cell: int, by: float, *, most: float = np.inf) -> Movement | None:
        """The cheapest movement that changes ``cell`` by at least ``by`` (negative: downwards).

        None if there is none for ``most`` or less. Where the relaxation does not end in whole numbers it is
        the cheapest found by a search of limited depth, which depends on no clock.
        """
        room = self.room_up[cell] if by > 0 else self.room_down[cell]
        if abs(by) > room + WHOLE:
            return None
        up, down = cell, self.n + cell
        goal, other = (up, down) if by > 0 else (down, up)
        self._highs.changeColBounds(goal, min(abs(by), room), room)
        self._highs.changeColBounds(other, 0.0, 0.0)
        self._highs.run()
        solved = self._highs.getModelStatus() == self._optimal
        deviation = np.asarray(self._highs.getSolution().col_value) if solved else None
        self._highs.changeColBounds(up, 0.0, self.room_up[cell])
        self._highs.changeColBounds(down, 0.0, self.room_down[cell])
        if deviation is None:
            return None
        moved = self._movement(deviation)
        if moved.cost > most:
            return None
        if self._is_whole(moved.values):
            return moved
        return self._whole(cell, by, moved, may_hide_more=bool(np.isinf(most)))

    def furthest(self, cell: int, upwards: bool) -> float:
        """How far ``cell`` can move at all when everything that can be hidden is; at most its room."""
        lower, upper = -self.room_down, self.room_up.copy()
        upper[cell] = min(upper[cell], float(self.values.sum()) + 1.0)  # beyond any use, and finite
        gain = np.zeros(self.n)
        gain[cell] = -1.0 if upwards else 1.0
        net = self._solved(gain, self._net_rows, lower, upper, {})
        return max(0.0, float(-gain[cell] * net[cell])) if net is not None else 0.0

    def _movement(self, deviation: Floats) -> Movement:
        moved = deviation[: self.n] - deviation[self.n :]
        values = self.values + moved
        near = np.where(self.is_whole, np.round(values), values)
        values = np.where(np.abs(near - values) < WHOLE, near, values)
        return Movement(values, float(self.price @ np.abs(values - self.values)))

    def _is_whole(self, values: Floats) -> bool:
        return bool(np.all(~self.is_whole | (values == np.round(values))))

    def _whole(self, cell: int, by: float, relaxed: Movement, *, may_hide_more: bool) -> Movement | None:
        """The same in whole numbers: with the cells of the relaxation and hidden ones, else with any."""
        is_near = (self.price == 0) | (np.abs(relaxed.values - self.values) > WHOLE)
        down, up = np.where(is_near, self.room_down, 0.0), np.where(is_near, self.room_up, 0.0)
        lower, upper = -down, up
        lower[cell], upper[cell] = (by, up[cell]) if by > 0 else (-down[cell], by)
        net = self._solved(np.zeros(self.n), self._net_rows, lower, upper, _SHALLOW)
        if net is None and may_hide_more:
            net = self._whole_of_any(cell, by)
        return None if net is None else self._movement(np.concatenate([net, np.zeros(self.n)]))

    def _whole_of_any(self, cell: int, by: float) -> Floats | None:
        upper = np.concatenate([self.room_up, self.room_down])
        lower = np.zeros(2 * self.n)
        goal, other = (cell, self.n + cell) if by > 0 else (self.n + cell, cell)
        lower[goal], upper[other] = abs(by), 0.0
        both = self._solved(np.tile(self.price, 2), self._rows, lower, upper, _SHALLOW)
        return None if both is None else both[: self.n] - both[self.n :]

    def _solved(
        self, cost: Floats, rows: csr_array, lower: Floats, upper: Floats, options: dict[str, float]
    ) -> Floats | None:
        """Mixed-integer form, from scratch."""
        from scipy.optimize import Bounds, LinearConstraint, milp

        solved = milp(
            cost,
            constraints=[LinearConstraint(rows, self._least, self._most)] if rows.shape[0] else [],
            bounds=Bounds(lower, upper),
            integrality=np.resize(self.is_whole, len(cost)).astype(int),
            options=options,
        )
        return None if solved.x is None else np.asarray(solved.x)


def _rows(cells: LinkedCells, values: Floats) -> tuple[csr_array, Floats, Floats]:
    """Relations as rows of deviations up, then down: equations stay at 0, inequalities use what is left."""
    from scipy.sparse import csr_array, hstack

    row, column, coefficient = [], [], []
    for i, relation in enumerate(cells.relations):
        for name, c in relation.terms:
            row.append(i)
            column.append(cells.position[name])
            coefficient.append(float(c))
    matrix = csr_array((coefficient, (row, column)), shape=(len(cells.relations), len(values)))
    is_equation = np.array([relation.sense == "==" for relation in cells.relations], dtype=bool)
    constant = np.array([relation.constant for relation in cells.relations], dtype=float)
    left = np.maximum(constant - matrix @ values, 0.0) if len(constant) else constant
    both = csr_array(hstack([matrix, -matrix], format="csr"))
    return both, np.where(is_equation, 0.0, -np.inf), np.where(is_equation, 0.0, left)
