"""Counts of persons in the tables of a report site, as a reader of its files finds them."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from pathlib import Path

STUDENTS = frozenset({"Students"})
STAFF = frozenset(
    {
        "Answered",
        "Answers",
        "Complete answers",
        "Invited",
        "Left the district",
        "People",
        "Placed",
        "Reached it",
        "Still waiting",
        "Teachers",
        "Teachers in PD",
        "Teachers reached",
        "Went on",
    }
)
_WHOLE = re.compile(r"[1-9][\d,]*")


def counts_on(site: Path) -> Iterator[tuple[str, str, int]]:
    """File, column and every count above zero of a column that counts persons."""
    for path in sorted((site / "data").rglob("*.csv")):
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = list(csv.reader(file))
        width = max(map(len, rows))
        header, *cells = [row for row in rows if len(row) == width]
        for row in cells:
            for title, cell in zip(header, row, strict=True):
                if title in STUDENTS | STAFF and _WHOLE.fullmatch(cell.strip()):
                    yield path.name, title, int(cell.replace(",", ""))


def too_small(site: Path, students: int = 10, staff: int = 5) -> list[tuple[str, str, int]]:
    """Those below the minimums."""
    return [one for one in counts_on(site) if one[2] < (students if one[1] in STUDENTS else staff)]
