"""What is not shown, so that nobody can be known by it, and how that was tried: for the page of methods."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

import duckdb

from transforms.reporting.catalogue import noted, say
from transforms.reporting.fill import filled
from transforms.reporting.minimums import minimums
from transforms.reporting.numerals import count, counted
from transforms.reporting.rows import Build
from transforms.reporting.sections import Section
from transforms.reporting.tables import make_table

_VERDICTS = """
select table_name, persons, verdict, n_figures, n_hidden, reason
from meta.disclosure order by table_name, persons
"""
_PERSONS = {"students": noted("students"), "staff": noted("staff")}
# From the best to the worst.
_WORDS = {
    "pass": noted("nothing found"),
    "review": noted("to be looked at"),
    "fail": noted("could be worked out"),
}


@dataclass(frozen=True)
class VerdictRow:
    """One row of meta.disclosure."""

    table_name: str
    persons: str | None
    verdict: str
    n_figures: int | None
    n_hidden: int | None
    reason: str | None


def hidden_section(connection: duckdb.DuckDBPyConnection, build: Build) -> Section:
    """The minimums of the study and the verdict on each table."""
    rows = filled(connection, VerdictRow, _VERDICTS)
    table = make_table(
        say("Each table under attack"),
        "Table|Counts|Figures #|Hidden #|Verdict|Why",
        [
            (
                row.table_name,
                say(_PERSONS[row.persons]) if row.persons else say("nobody"),
                count(row.n_figures) if row.persons else "",
                count(row.n_hidden) if row.persons else "",
                say(_WORDS[row.verdict]),
                row.reason or "",
            )
            for row in rows
        ],
    )
    return Section(
        "hidden",
        say("What is not shown"),
        paragraphs=(
            say(
                "A number that rests on fewer than {students} students or {staff} staff is not shown, nor one"
                " from which it could be worked out by adding and subtracting over all tables, with the last"
                " report beside this one.",
                **vars(minimums(build)),
            ),
            say(
                "Before a report is published it is attacked: linear programmes look for the least and the"
                " most that each hidden number can be, from all that is shown. Where that is too narrow"
                " nothing is published."
            ),
            *((_verdicts(rows),) if rows else ()),
        ),
        tables=(table,) if rows else (),
    )


def _verdicts(rows: tuple[VerdictRow, ...]) -> str:
    worst = {row.table_name: row.verdict for row in sorted(rows, key=_badness)}
    tables = Counter(worst.values())
    found = say("Nothing was found in {passed}.", passed=counted(tables["pass"], "table"))
    if not tables["review"]:
        return found
    waiting = counted(tables["review"], "table")
    return say("{found} To be looked at, for the reason given: {waiting}.", found=found, waiting=waiting)


def _badness(row: VerdictRow) -> int:
    return tuple(_WORDS).index(row.verdict)
