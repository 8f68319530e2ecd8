"""Random releases of the report's shapes: hierarchies, crossings, shared margins, overlaps, two builds."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from transforms.disclosure import (
    Cell,
    LinkedCells,
    Publication,
    Relation,
    Rule,
    after_release,
    overlapping,
    same_count,
    suppress,
    total_of,
)

NEVER = Publication.NEVER


def random_release(seed: int) -> tuple[LinkedCells, Rule]:
    """A release of some 4 to 70 cells with true counts, and a rule of 5 to 30 or less."""
    rng = np.random.default_rng(seed)
    shape = (hierarchy, crossing, linked_crossings, overlaps, unpublished, two_builds)[seed % 6]
    minimum = int(rng.choice([3, 5, 10, 10, 10, 20, 30]))
    rule = Rule(minimum, hide_zeros=bool(rng.random() < 0.2))
    return shape(rng, rule), rule


def _count(rng: np.random.Generator, rule: Rule) -> int:
    kind = rng.random()
    if kind < 0.15:
        return 0
    return int(rng.integers(1, rule.minimum) if kind < 0.4 else rng.integers(rule.minimum, 5 * rule.minimum))


def hierarchy(rng: np.random.Generator, rule: Rule, prefix: str = "") -> LinkedCells:
    """A tree of 2 to 4 levels; some nodes have an unpublished remainder."""
    cells: list[Cell] = []
    relations: list[Relation] = []

    def grow(name: str, depth: int) -> int:
        if depth == 0:
            cells.append(Cell(name, _count(rng, rule)))
            return int(cells[-1].value)
        names = [f"{name}.{i}" for i in range(int(rng.integers(2, 5)))]
        total = sum(grow(child, depth - 1) for child in names)
        if rng.random() < 0.2:
            cells.append(Cell(f"{name}.rest", _count(rng, rule), publication=NEVER))
            names.append(f"{name}.rest")
            total += int(cells[-1].value)
        cells.append(Cell(name, total))
        relations.append(total_of(name, names))
        return total

    grow(f"{prefix}all", int(rng.integers(1, 4)))
    return LinkedCells(tuple(cells), tuple(relations))


def crossing(rng: np.random.Generator, rule: Rule, prefix: str = "", rows: int = 0) -> LinkedCells:
    """Rows by columns with all margins."""
    n_rows, n_columns = rows or int(rng.integers(2, 6)), int(rng.integers(2, 5))
    counts = np.array([[_count(rng, rule) for _ in range(n_columns)] for _ in range(n_rows)])
    if rng.random() < 0.1:  # few people at all
        counts = np.minimum(counts, rng.integers(0, 3, counts.shape))
    return crossed(counts, prefix)


def crossed(counts: np.ndarray, prefix: str = "") -> LinkedCells:
    n_rows, n_columns = counts.shape
    inside = [[f"{prefix}{i},{j}" for j in range(n_columns)] for i in range(n_rows)]
    cells = [Cell(inside[i][j], int(counts[i, j])) for i in range(n_rows) for j in range(n_columns)]
    cells += [Cell(f"{prefix}{i},all", int(counts[i].sum())) for i in range(n_rows)]
    cells += [Cell(f"{prefix}all,{j}", int(counts[:, j].sum())) for j in range(n_columns)]
    cells += [Cell(f"{prefix}all,all", int(counts.sum()))]
    relations = [total_of(f"{prefix}{i},all", inside[i]) for i in range(n_rows)]
    relations += [total_of(f"{prefix}all,{j}", [row[j] for row in inside]) for j in range(n_columns)]
    relations += [total_of(f"{prefix}all,all", [f"{prefix}{i},all" for i in range(n_rows)])]
    relations += [total_of(f"{prefix}all,all", [f"{prefix}all,{j}" for j in range(n_columns)])]
    return LinkedCells(tuple(cells), tuple(relations))


def linked_crossings(rng: np.random.Generator, rule: Rule) -> LinkedCells:
    """Schools by year and schools by type of the same persons: two faces of a three-way cube.

    Half of the time the interior is in the problem as cells that are never published; the margin of schools
    is shown twice, as two cells that stand or fall together.
    """
    cube = np.array([_count(rng, rule) for _ in range(18)]).reshape(3, 3, 2) // int(rng.integers(1, 4))
    first, second = crossed(cube.sum(axis=2), "year:"), crossed(cube.sum(axis=1), "type:")
    shared = [(f"year:{i},all", f"type:{i},all") for i in ("0", "1", "2", "all")]
    cells, relations = [*first.cells, *second.cells], [*first.relations, *second.relations]
    relations += [same_count(*pair) for pair in shared]
    if rng.random() < 0.5:
        for i, j, k in np.ndindex(cube.shape):
            cells.append(Cell(f"{i},{j},{k}", int(cube[i, j, k]), publication=NEVER))
        relations += [
            total_of(f"year:{i},{j}", [f"{i},{j},{k}" for k in range(2)]) for i in range(3) for j in range(3)
        ]
        relations += [
            total_of(f"type:{i},{k}", [f"{i},{j},{k}" for j in range(3)]) for i in range(3) for k in range(2)
        ]
    return LinkedCells(tuple(cells), tuple(relations), tuple(shared))


def overlaps(rng: np.random.Generator, rule: Rule) -> LinkedCells:
    """Teachers by school and by type of PD, in which one can take part in several; totals of types add up."""
    n_schools, n_types = int(rng.integers(2, 4)), int(rng.integers(2, 4))
    taken = [
        rng.random((_count(rng, rule) + 1, n_types)) < rng.choice([0.15, 0.5, 0.9]) for _ in range(n_schools)
    ]
    taken = [school[school.any(axis=1)] for school in taken]
    cells = [Cell(f"{i},any", len(school)) for i, school in enumerate(taken)]
    cells += [
        Cell(f"{i},{j}", int(school[:, j].sum())) for i, school in enumerate(taken) for j in range(n_types)
    ]
    cells += [Cell("all,any", sum(len(school) for school in taken))]
    cells += [Cell(f"all,{j}", int(sum(school[:, j].sum() for school in taken))) for j in range(n_types)]
    relations: list[Relation] = []
    for i in (*range(n_schools), "all"):
        relations += overlapping(f"{i},any", [f"{i},{j}" for j in range(n_types)])
    for j in (*range(n_types), "any"):
        relations.append(total_of(f"all,{j}", [f"{i},{j}" for i in range(n_schools)]))
    return LinkedCells(tuple(cells), tuple(relations))


def unpublished(rng: np.random.Generator, rule: Rule) -> LinkedCells:
    """A crossing of which one column or the interior is never published."""
    cells = crossing(rng, rule)
    if rng.random() < 0.5:
        hidden = {c.name for c in cells.cells if c.name.endswith(",0") and not c.name.startswith("all")}
    else:
        hidden = {c.name for c in cells.cells if "all" not in c.name}
    published = tuple(replace(c, publication=NEVER) if c.name in hidden else c for c in cells.cells)
    return LinkedCells(published, cells.relations)


def two_builds(rng: np.random.Generator, rule: Rule) -> LinkedCells:
    """One table in two builds; in some cells a few persons left in between."""
    now = crossing(rng, rule)
    left = {
        c.name: int(rng.integers(1, 4)) if rng.random() < 0.25 else 0
        for c in now.cells
        if "all" not in c.name
    }
    n_rows = max(int(name.split(",")[0]) for name in left) + 1
    n_columns = max(int(name.split(",")[1]) for name in left) + 1
    counts = np.array(
        [[now[f"{i},{j}"].value + left[f"{i},{j}"] for j in range(n_columns)] for i in range(n_rows)],
        dtype=int,
    )
    earlier = crossed(counts)
    links = [total_of(f"earlier/{name}", (name, f"left:{name}")) for name in left]
    return after_release(
        now,
        earlier,
        suppress(earlier, rule).hidden,
        links,
        earlier_rule=rule,
        differences=[Cell(f"left:{name}", n, publication=NEVER) for name, n in left.items()],
    )
