"""What became of the rows of every file, and whether the numbers add up."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import duckdb

from transforms.reporting import terms
from transforms.reporting.catalogue import say
from transforms.reporting.fill import filled
from transforms.reporting.numerals import count, counted, listed, percent
from transforms.reporting.rows import RejectedRow
from transforms.reporting.tables import DataTable, make_table

_FILES = """
select entity, source_file, rows_read, rows_loaded, rows_duplicate, rows_skipped, rows_quarantined
from meta.reconciliation order by entity, source_file
"""


@dataclass(frozen=True)
class FileRow:
    """What became of the rows of one file: one row of meta.reconciliation."""

    entity: str
    source_file: str
    rows_read: int
    rows_loaded: int
    rows_duplicate: int
    rows_skipped: int
    rows_quarantined: int

    @property
    def n_astray(self) -> int:
        """Rows read that are neither loaded, repeated, left out nor turned away; 0 as it should be."""
        fates = self.rows_loaded + self.rows_duplicate + self.rows_skipped + self.rows_quarantined
        return self.rows_read - fates


@dataclass(frozen=True)
class RuleCount:
    """Rows that one rule turned away or corrected, in how many files, and an example of its reason."""

    rule: str
    n_rows: int
    n_files: int
    reason: str


def read_files(connection: duckdb.DuckDBPyConnection) -> tuple[FileRow, ...]:
    """Every file with the fate of its rows."""
    return filled(connection, FileRow, _FILES)


def astray(rows: Sequence[FileRow]) -> list[FileRow]:
    """The files whose rows do not add up."""
    return [row for row in rows if row.n_astray]


def files_sentence(rows: Sequence[FileRow]) -> str:
    """Whether each row of each file is accounted for."""
    if not rows:
        return say("No file is on record.")
    wrong = astray(rows)
    if not wrong:
        every = (
            say("the one file")
            if len(rows) == 1
            else say("all {n_files}", n_files=counted(len(rows), "file"))
        )
        return say("In {every} the rows add up: none was lost on the way.", every=every)
    names = listed([row.source_file for row in wrong[:3]])
    return say(
        "In {n_wrong} of {n_files} the rows do not add up: {names}.",
        n_wrong=count(len(wrong)),
        n_files=counted(len(rows), "file"),
        names=names,
    )


def by_rule(rows: Sequence[RejectedRow]) -> list[RuleCount]:
    """The rules that turned rows away, the most rows first."""
    found: dict[str, list[RejectedRow]] = {}
    for row in rows:
        found.setdefault(row.rule, []).append(row)
    counts = [
        RuleCount(
            rule,
            sum(row.n_rows for row in of_rule),
            len({row.source_file for row in of_rule}),
            max(of_rule, key=lambda row: row.n_rows).reason,
        )
        for rule, of_rule in found.items()
    ]
    return sorted(counts, key=lambda row: (-row.n_rows, row.rule))


def rules_table(rows: Sequence[RuleCount]) -> DataTable:
    """Each rule with its rows and what to do."""
    return make_table(
        say("Rows by the rule that they broke"),
        "Rule|Rows #|Files #|Reason, as on the largest file",
        [(terms.plain(row.rule), count(row.n_rows), count(row.n_files), row.reason) for row in rows],
        is_prose=True,
    )


def rules_title(rows: Sequence[RuleCount]) -> str:
    """The rule that most rows broke, and how much of all that were turned away."""
    total = sum(row.n_rows for row in rows)
    first = rows[0]
    if len(rows) == 1:
        return say("All broke one rule: {rule}", rule=terms.plain(first.rule).lower())
    return say(
        "Most often: {rule}, {n_rows} of what broke a rule",
        rule=terms.plain(first.rule).lower(),
        n_rows=percent(first.n_rows / total),
    )


def files_table(rows: Sequence[FileRow]) -> DataTable:
    """The fate of the rows of each file."""
    return make_table(
        say("Rows by file"),
        "What|File|Read #|Loaded #|Duplicate #|Left out #|Turned away #|Astray #",
        [
            (
                terms.plain(row.entity),
                row.source_file,
                count(row.rows_read),
                count(row.rows_loaded),
                count(row.rows_duplicate),
                count(row.rows_skipped),
                count(row.rows_quarantined),
                count(row.n_astray),
            )
            for row in rows
        ],
    )
