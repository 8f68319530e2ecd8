"""What hiding costs: cells and weight that the engine hides beside the least possible, and its speed.

The least possible is an exact mixed-integer programme over small tables: one decision a cell, and for either
end of each sensitive cell's range a whole table that agrees with what stays shown. It leaves out that other
hidden cells must not be determined, so it is a bound from below. Tables whose optimum is not proven in time
are left out and counted.

    python benchmarks/disclosure.py [--tables 120] [--seconds 20]
"""

from __future__ import annotations

import argparse
import platform
import statistics
import sys
import time
from importlib.metadata import version
from pathlib import Path

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import block_diag, coo_array, hstack, vstack

sys.path.insert(0, str(Path(__file__).parents[1]))

import itertools

from tests.unit.disclosure.random_tables import crossed, random_release
from transforms.disclosure import (
    Cell,
    LinkedCells,
    Publication,
    Rule,
    audit,
    suppress,
    total_of,
)

FAR = 300.0  # as far as a cell of the small tables has to move


def least_weight(cells: LinkedCells, rule: Rule, seconds: float) -> tuple[float, int] | None:
    """Weight and number of open cells hidden in the best pattern; None if it was not proven in time."""
    n = len(cells.cells)
    values = np.array([c.value for c in cells.cells])
    known = np.array([rule.known_of_hidden(c) for c in cells.cells])
    is_open = np.array([c.publication is Publication.OPEN and not rule.stays_shown(c) for c in cells.cells])
    is_never = np.array([c.publication is Publication.NEVER for c in cells.cells])
    down = np.where(is_open | is_never, np.minimum(np.maximum(values - known[:, 0], 0), FAR), 0)
    up = np.where(is_open | is_never, np.minimum(known[:, 1] - values, FAR), 0)
    sensitive = [i for i, c in enumerate(cells.cells) if rule.must_cover(c) is not None]
    targets = []
    for i in sensitive:
        if cells.cells[i].publication is Publication.OUT:
            continue
        for end in rule.must_cover(cells.cells[i]) or ():
            reach = _reach(cells, i, end - values[i], down, up)
            if reach:
                targets.append((i, reach))
    weight = np.array([cells.weight(c.name) for c in cells.cells]) * is_open
    solved = _solve(cells, weight, targets, (down, up), is_open, sensitive, seconds)
    if solved is None:
        return None
    hidden = solved[:n] > 0.5
    return float(weight @ hidden), int((hidden & is_open).sum())


def _reach(cells: LinkedCells, i: int, by: float, down: np.ndarray, up: np.ndarray) -> float:
    """How much of ``by`` is possible at all with everything hidden."""
    rows, least, most = _relations(cells)
    objective = np.zeros(len(cells.cells))
    objective[i] = -np.sign(by)
    limits = Bounds(-down, up)
    constraints = [LinearConstraint(rows, least, most)] if rows.shape[0] else []
    solved = milp(objective, constraints=constraints, bounds=limits, integrality=np.ones(len(objective)))
    return float(np.sign(by) * min(abs(by), abs(solved.x[i]))) if by else 0.0


def _relations(cells: LinkedCells) -> tuple[coo_array, np.ndarray, np.ndarray]:
    entries = [(r, cells.position[name], c) for r, rel in enumerate(cells.relations) for name, c in rel.terms]
    row, column, value = (np.array(part) for part in zip(*entries, strict=True))
    rows = coo_array((value.astype(float), (row, column)), shape=(len(cells.relations), len(cells.cells)))
    values = np.array([c.value for c in cells.cells])
    spare = np.array([rel.constant for rel in cells.relations]) - rows @ values
    equal = np.array([rel.sense == "==" for rel in cells.relations])
    return rows, np.where(equal, 0.0, -np.inf), np.where(equal, 0.0, spare)


def _solve(cells, weight, targets, room, is_open, sensitive, seconds):  # type: ignore[no-untyped-def]
    """Columns: hide (n), then one deviation (n) for each target."""
    n, m = len(cells.cells), len(targets)
    down, up = room
    rows, least, most = _relations(cells)
    lower = np.concatenate([np.zeros(n), np.tile(-down, m)])
    upper = np.concatenate([np.ones(n), np.tile(up, m)])
    for i in sensitive:
        lower[i] = float(is_open[i])
    for t, (i, by) in enumerate(targets):
        at = n * (t + 1) + i
        lower[at], upper[at] = (by, upper[at]) if by > 0 else (lower[at], by)
    chosen = coo_array(np.eye(n)[is_open])
    constraints = [_together(cells, n, m, is_open)] if cells.together else []
    if m:
        kept = hstack([coo_array((rows.shape[0] * m, n)), block_diag([rows] * m)])
        constraints.append(LinearConstraint(kept.tocsc(), np.tile(least, m), np.tile(most, m)))
        moves = block_diag([chosen] * m)
        for limit, sign in ((up, 1.0), (down, -1.0)):
            ties = vstack([coo_array(-(chosen @ np.diag(limit)))] * m)
            constraints.append(LinearConstraint(hstack([ties, sign * moves]).tocsc(), -np.inf, 0.0))
    whole = np.ones(n * (m + 1))
    objective = np.concatenate([weight, np.zeros(n * m)])
    solved = milp(
        objective,
        constraints=constraints,
        bounds=Bounds(lower, upper),
        integrality=whole,
        options={"time_limit": seconds, "mip_rel_gap": 1e-6},
    )
    return solved.x if solved.status == 0 else None


def _together(cells, n, m, is_open):  # type: ignore[no-untyped-def]
    rows = []
    for group in cells.together:
        at = [cells.position[name] for name in group if is_open[cells.position[name]]]
        for i, j in itertools.pairwise(at):
            row = np.zeros(n * (m + 1))
            row[i], row[j] = 1, -1
            rows.append(row)
    return LinearConstraint(np.array(rows).reshape(-1, n * (m + 1)), 0.0, 0.0)


def utility(n_tables: int, seconds: float) -> None:
    ours: list[tuple[float, int]] = []
    best: list[tuple[float, int]] = []
    primary, total, unproven = 0, 0, 0
    for seed in range(n_tables):
        cells, rule = random_release(seed)
        result = suppress(cells, rule)
        if not result.primary or result.unprotected:
            continue
        optimum = least_weight(cells, rule, seconds)
        if optimum is None:
            unproven += 1
            continue
        ours.append((sum(cells.weight(name) for name in result.hidden), len(result.hidden)))
        best.append(optimum)
        primary += len(result.primary)
        total += sum(c.publication is Publication.OPEN for c in cells.cells)
    ratios = [mine[0] / least[0] for mine, least in zip(ours, best, strict=True)]
    n_ours, n_best = sum(n for _, n in ours), sum(n for _, n in best)
    print(f"{len(ours)} small releases ({unproven} without a proven optimum left out), {total} cells")
    print(f"  hidden by rule               {primary / total:7.1%}")
    print(f"  hidden in all, least weight  {n_best / total:7.1%}")
    print(f"  hidden in all, ours          {n_ours / total:7.1%}   ratio {n_ours / n_best:.3f}")
    weights = sum(w for w, _ in ours) / sum(w for w, _ in best)
    print(f"  weight, ours to least        {weights:7.3f}   median {statistics.median(ratios):.3f}", end="")
    print(f", worst {max(ratios):.3f}, equal in {sum(r < 1.0005 for r in ratios)} of {len(ratios)}")


def district(n_schools: int, n_types: int, n_years: int, rng: np.random.Generator) -> LinkedCells:
    """Teachers reached by school, year and type with all margins: one component of linked tables."""
    counts = rng.poisson(rng.gamma(0.7, 12.0, (n_schools, n_types, n_years)))
    axes = [[*range(n), "all"] for n in counts.shape]
    value = {
        (i, j, k): int(counts[_at(i), _at(j), _at(k)].sum())
        for i in axes[0]
        for j in axes[1]
        for k in axes[2]
    }
    names = {key: ",".join(map(str, key)) for key in value}
    relations = []
    for key in value:
        for axis, entry in enumerate(key):
            if entry == "all":
                parts = [names[(*key[:axis], part, *key[axis + 1 :])] for part in axes[axis][:-1]]
                relations.append(total_of(names[key], parts))
    return LinkedCells(tuple(Cell(names[key], n, ("reach",)) for key, n in value.items()), tuple(relations))


def _at(entry: int | str) -> int | slice:
    return slice(None) if isinstance(entry, str) else entry


def many(n_tables: int, shape: tuple[int, int], rng: np.random.Generator) -> LinkedCells:
    """Unlinked crossings, as a table by school of things that no district total adds up."""
    cells: list[Cell] = []
    relations = []
    for i in range(n_tables):
        part = crossed(rng.poisson(rng.gamma(0.7, 25.0, shape)), f"{i}:")
        cells += part.cells
        relations += part.relations
    return LinkedCells(tuple(cells), tuple(relations))


def speed() -> None:
    rng = np.random.default_rng(1)
    problems = {
        "2000 tables of 4 x 3": many(2000, (4, 3), rng),
        "100 tables of 20 x 10": many(100, (20, 10), rng),
        "40 schools x 6 types x 6 years": district(40, 6, 6, rng),
    }
    for name, cells in problems.items():
        started = time.perf_counter()
        result = suppress(cells, Rule())
        between = time.perf_counter()
        verdict = audit(cells, result.hidden, Rule())
        ended = time.perf_counter()
        share = len(result.primary) / len(cells.cells), len(result.hidden) / len(cells.cells)
        print(
            f"  {name:32} {len(cells.cells):6} cells, hidden {share[0]:.1%} by rule, {share[1]:.1%} in all;",
            end="",
        )
        print(
            f" suppress {between - started:6.2f} s, audit {ended - between:6.2f} s, {verdict.verdict.value}"
        )


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--tables", type=int, default=120)
    parser.add_argument("--seconds", type=float, default=20.0)
    arguments = parser.parse_args()
    versions = ", ".join(f"{name} {version(name)}" for name in ("scipy", "highspy"))
    print(f"{platform.machine()}, Python {platform.python_version()}, {versions}")
    utility(arguments.tables, arguments.seconds)
    speed()


if __name__ == "__main__":
    main()
