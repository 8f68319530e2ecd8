"""Counts of persons rounded, where a study asks for it, and nothing beside them that would tell them.

A mean beside its sum gives the count by division. So does the ratio of an interval to its standard error, by
the degrees of freedom; a mean written out in full, as a fraction; and a mean to two decimals, if answers are
whole numbers. So sums are left out where a mean says the same, and means are rounded too.
"""

from __future__ import annotations

import hashlib
import hmac
from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from math import inf

import duckdb

from expectations.contract import Column, Table
from transforms.disclosure import (
    Cell,
    Finding,
    LinkedCells,
    Publication,
    RoundedCounts,
    Rule,
    Verdict,
    bounds_of,
    round_counts,
)
from transforms.release.bands import band_relations
from transforms.release.cells import (
    Declared,
    hidden_persons,
    hide,
    linked_cells,
    places_of_counts,
    show_counts,
)
from transforms.release.counted import Persons
from transforms.warehouse import quoted

# Draws and pseudonyms tell nothing of each other.
_PURPOSE = b"pdeval rounding of counts"


@dataclass(frozen=True)
class Coarse:
    """Columns of a table that change with the rounding: ``counts``, ``digits`` of means, and ``left_out``."""

    counts: tuple[str, ...] = ()
    digits: Mapping[str, int] = field(default_factory=dict)
    left_out: tuple[str, ...] = ()


_REACH = Coarse(("n_staff",), {"hours_per_participant": 1}, ("hours",))
# Answers are whole numbers: with one decimal every count of 10 or more has a mean that is rounded to it.
_MEAN_OF_ANSWERS = {"ci_low": 1, "ci_high": 1}
_OF_MEDIAN = {"median_sgp_ci_low": 0, "median_sgp_ci_high": 0}

COARSE: Mapping[str, Coarse] = {
    "report.pd_reach": _REACH,
    "report.pd_reach_district": _REACH,
    "report.growth_by_school": Coarse(("n_students",), {"mean_growth_sd": 2}),
    "report.growth_quadrant": Coarse(
        ("n_students",),
        {"mean_score_sd": 2, "mean_prior_sd": 2, "median_sgp": 0, "value_added_sd": 2, **_OF_MEDIAN},
        ("std_error",),  # with two variances of all schools it is the count
    ),
    # A percentile between two whole ones has the count's remainder by ten.
    "report.growth_distribution": Coarse(
        ("n_students",), {**{f"sgp_p{p}": 0 for p in (10, 25, 50, 75, 90)}, **_OF_MEDIAN}
    ),
    "report.survey_school_scale": Coarse(
        ("n_responses",), {"mean": 1, **_MEAN_OF_ANSWERS}, ("std_error", "r_wg")
    ),
    "report.driver_score": Coarse(("n_persons",), {"mean_score": 1, **_MEAN_OF_ANSWERS}),
    # Of an estimate, its interval and a p-value in full the degrees of freedom can be worked out; Hedges' g
    # differs from the estimate by a factor of them; reasons and notes quote sizes.
    "estimates.effect": Coarse(
        ("n_students", "n_staff", "n_participants"),
        {"estimate_sd": 3, "ci_low": 3, "ci_high": 3, "p_value_bh": 2, "improvement_index": 0},
        (
            "std_error",
            "df",
            "p_value",
            "hedges_g",
            "n_clusters",
            "baseline_g_max",
            "attrition_overall",
            "attrition_differential",
            "robustness_value",
            "estimate_scale_points",
            "std_error_scale_points",
            "std_error_model",
            "placebo_sd",
            "placebo_std_error",
            "placebo_p_value",
            "effective_sample_size",
            "wwc_reasons",
            "essa_reasons",
            "note",
        ),
    ),
}


@dataclass(frozen=True)
class Rounding:
    """Counts go to a multiple of ``base``, up or down by lot; ``pseudonym_key`` keeps the lot secret."""

    base: int
    pseudonym_key: bytes = field(repr=False)

    @property
    def key(self) -> bytes:
        """The key of the draws, made of that of the pseudonyms."""
        return hmac.new(self.pseudonym_key, _PURPOSE, hashlib.sha256).digest()

    def minimum(self, minimum: int) -> int:
        """The least multiple that is not below ``minimum``: else 10, rounded to 9, would be 10 or 11."""
        return -(-minimum // self.base) * self.base

    @property
    def told(self) -> str:
        """For whoever reads a count."""
        return f"rounded up or down by lot to a multiple of {self.base}; sums need not hold"

    def as_told(self) -> dict[str, object]:
        """For the manifest: the base, the columns that are rounded or coarser, and those left out."""
        return {
            "base": self.base,
            "counts": {table: list(coarse.counts) for table, coarse in COARSE.items()},
            "left_out": {table: list(coarse.left_out) for table, coarse in COARSE.items() if coarse.left_out},
            "how": f"Counts of persons are {self.told}.",
        }


def rounded_table(table: Table, rounding: Rounding) -> Table:
    """``table`` as it is handed on with rounded counts: fewer columns, and the others say what was done."""
    coarse = COARSE.get(table.qualified_name, Coarse())
    columns = (column for column in table.columns if column.name not in coarse.left_out)
    return replace(table, columns=tuple(_described(column, coarse, rounding) for column in columns))


def _described(column: Column, coarse: Coarse, rounding: Rounding) -> Column:
    said = column.description.rstrip(".")
    if column.name in coarse.counts:
        return replace(column, description=f"{said}; {rounding.told}.")
    if column.name not in coarse.digits:
        return column
    digits = coarse.digits[column.name]
    kept = f"{digits} decimal{'s' * (digits > 1)}" if digits else "a whole number"
    return replace(column, description=f"{said}; rounded to {kept}.")


@dataclass(frozen=True)
class JudgedRounding:
    """What an attack on rounded counts found; ``hidden``: how many more figures it took, by table."""

    findings: tuple[Finding, ...]
    hidden: Mapping[str, int]


def round_and_judge(
    connection: duckdb.DuckDBPyConnection, declared: Declared, minimum: int, rounding: Rounding
) -> Mapping[Persons, JudgedRounding]:
    """Round the counts that the tables of ``declared`` still show, and attack what is known then.

    The tables are hidden, and were judged with exact counts. Who reads rounded counts knows less, so what is
    hidden stays hidden; asked is whether a count can be told though it is rounded: 14 and 14 are 12 to 14
    each, if their sum is 28 to 32. Such counts are hidden as well.
    """
    judged = {}
    for persons in Persons:
        part = declared.of(persons)
        cells = linked_cells(connection, part, is_strict=True)
        before = hidden_persons(connection, part, cells)
        rounded = _round(cells, places_of_counts(connection, part), rounding)
        known = _known(cells, before, rounded, minimum)
        hidden, findings = _protected(known, before, Rule(minimum))
        hide(connection, part, hidden - before)
        tables = Counter(table for name in hidden - before for table in cells[name].tables)
        judged[persons] = JudgedRounding(findings, tables)
        standing = [one for one in part.counted if one.count in COARSE[one.table].counts]
        show_counts(connection, standing, rounded.shown)
    return judged


def round_numbers(connection: duckdb.DuckDBPyConnection, table: str) -> None:
    """Round the numbers of ``table`` that stand beside counts."""
    places = ", ".join(
        f"{quoted(column)} = round({quoted(column)}, {digits})"
        for column, digits in COARSE[table].digits.items()
    )
    connection.execute(f"update {quoted(table)} set {places}")  # noqa: S608 (declared in code)


def round_sizes(connection: duckdb.DuckDBPyConnection, table: str, rounding: Rounding) -> None:
    """Round the counts of a ``table`` whose rows are of the same persons: a size is rounded alike in all."""
    for column in map(quoted, COARSE[table].counts):
        rows = connection.execute(
            f"select distinct {column} from {quoted(table)} where {column} is not null order by all"  # noqa: S608
        ).fetchall()
        sizes = LinkedCells(tuple(Cell(f"{table} | {column} | {n}", n) for (n,) in rows))
        rounded = round_counts(sizes, rounding.base, key=rounding.key)
        # all at once: a size that is rounded already may be the true size of another row
        connection.execute(
            f"update {quoted(table)} set {column} = list_extract($shown::bigint[],"  # noqa: S608
            f" list_position($sizes::bigint[], {column}))",
            {
                "sizes": [int(cell.value) for cell in sizes.cells],
                "shown": [rounded.shown[cell.name] for cell in sizes.cells],
            },
        )


def _round(cells: LinkedCells, places: Mapping[str, str], rounding: Rounding) -> RoundedCounts:
    """One lot for each count of a place: thirteen who answered six questions are not rounded six times."""
    lots = {name: f"{place} | {cells[name].value:.0f}" for name, place in places.items()}
    sizes = {lot: cells[name].value for name, lot in lots.items()}
    of_lots = LinkedCells(tuple(Cell(lot, n) for lot, n in sizes.items()))
    drawn = round_counts(of_lots, rounding.base, key=rounding.key)
    return replace(drawn, shown={name: drawn.shown[lot] for name, lot in lots.items()})


def _known(cells: LinkedCells, hidden: Collection[str], rounded: RoundedCounts, minimum: int) -> LinkedCells:
    """``cells`` as readers know them who have the roundings and the bands, and know the minimum."""
    beneath, relations = band_relations(cells, hidden, minimum)
    known = []
    for cell in cells.cells:
        if cell.name in beneath:
            cell = replace(cell, publication=Publication.NEVER)
        elif _is_count(cell) and cell.name not in hidden:
            span = rounded.known(cell.name)
            cell = replace(cell, at_least=max(minimum, span[0]), at_most=span[1])
        known.append(cell)
    return LinkedCells(tuple(known), (*cells.relations, *relations), cells.together)


def _is_count(cell: Cell) -> bool:
    return cell.publication is Publication.OPEN and cell.value > 0  # a zero stays one


def _protected(
    known: LinkedCells, hidden: frozenset[str], rule: Rule
) -> tuple[frozenset[str], tuple[Finding, ...]]:
    """``hidden`` with the counts that their rounding does not protect, and what is found even then."""
    findings: list[Finding] = []
    for part in known.components:
        counts = frozenset(cell.name for cell in part.cells if _is_count(cell)) - hidden
        rounded, found = counts, _attack(part, counts, counts, rule)
        while found and rounded:
            told = {one.cell for one in found}
            groups = {name for group in part.together if told.intersection(group) for name in group}
            rounded -= rounded & (told | groups) or rounded
            found = _attack(part, counts, rounded, rule)
        findings += found
        hidden |= counts - rounded
    return hidden, tuple(findings)


def _attack(part: LinkedCells, counts: frozenset[str], rounded: frozenset[str], rule: Rule) -> list[Finding]:
    """Those of ``counts`` of which too few values are left, where ``rounded`` of them are shown.

    By the bounds alone: the auditor's own verdict compares with what is known where nothing is shown, and
    would take the roundings for that.
    """
    cells = tuple(
        replace(cell, at_least=0.0, at_most=inf) if cell.name in counts - rounded else cell
        for cell in part.cells
    )
    not_exact = frozenset(cell.name for cell in cells if _is_count(cell))
    bounds = bounds_of(replace(part, cells=cells), not_exact, counts, rule)
    return [
        _finding(part[name], *bounds[name], rule)
        for name in sorted(counts)
        if bounds[name][1] - bounds[name][0] + 1 < rule.narrow
    ]


def _finding(cell: Cell, lower: float, upper: float, rule: Rule) -> Finding:
    n_values = round(upper - lower + 1)
    if n_values < 2:
        reason = "can be computed though it is rounded"
        return Finding(cell.name, cell.tables, Verdict.FAIL, reason, lower, upper)
    reason = f"only {n_values} values remain possible"
    return Finding(cell.name, cell.tables, Verdict.REVIEW, reason, lower, upper)
