"""Broken rows: planted in the exports, counted in the truth, so that a run can be held to them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa


@dataclass(frozen=True)
class BrokenRows:
    """Rows of one file that break one rule.

    ``outcome`` is what becomes of them: quarantined, duplicate (dropped and counted) or skipped.
    ``rows`` counts the rows with that outcome; a key conflict turns away both rows of the pair.
    """

    entity: str
    path: str
    rule: str
    outcome: str
    rows: int


@dataclass
class BrokenLedger:
    """All planted broken rows, and how many a file of a given size gets."""

    share: float
    entries: list[BrokenRows] = field(default_factory=list)

    def count(self, n_rows: int, n_rules: int) -> int:
        """Rows per rule in a file with ``n_rows`` good rows and ``n_rules`` rules to break; at least 1."""
        return max(1, round(n_rows * self.share / n_rules)) if self.share > 0 else 0

    def note(self, entity: str, path: str, rule: str, rows: int, outcome: str = "quarantined") -> None:
        """Record planted rows; none when the district is to be clean."""
        if rows:
            self.entries.append(BrokenRows(entity, path, rule, outcome, rows))


def spoiled(table: pa.Table, positions: np.ndarray, changes: Mapping[str, pa.Array | str | None]) -> pa.Table:
    """Copies of the rows at ``positions`` with columns replaced by other text (null for None)."""
    copies = table.take(pa.array(positions))
    for name, value in changes.items():
        values = value if isinstance(value, pa.Array) else pa.array([value] * len(positions), pa.string())
        copies = copies.set_column(copies.column_names.index(name), name, values)
    return copies


def append_rows(table: pa.Table, *additions: pa.Table) -> pa.Table:
    """The table and further rows; a column in which they differ in type becomes text."""
    columns = {}
    for name in table.column_names:
        parts = [table[name], *(addition[name] for addition in additions)]
        if len({part.type for part in parts}) > 1:
            parts = [part.cast(pa.string()) for part in parts]
        columns[name] = pa.chunked_array([chunk for part in parts for chunk in part.chunks], parts[0].type)
    return pa.table(columns)
