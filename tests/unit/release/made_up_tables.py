"""Two made-up tables of a report that count the same persons, and what is declared of them."""

from __future__ import annotations

from collections.abc import Sequence

import duckdb

from transforms.release.cells import Declared
from transforms.release.control import Released, make_released_tables
from transforms.release.counted import Counted, Margin, Persons, Same
from transforms.release.earlier import LastRelease
from transforms.warehouse import SqlFile

SCHOOLS = Counted(
    "schools",
    "report.made_up_school",
    ("school", "role"),
    "n",
    Persons.STAFF,
    ("n", "mean"),
    words={"note": "few"},
    is_personal="true",
)
MEANS = Counted(
    "means",
    "report.made_up_mean",
    ("school",),
    "n",
    Persons.STAFF,
    ("n", "mean"),
    flag=None,
    is_personal="true",
)
ROLES = Margin("schools", "schools", ("school",), "role <> 'all'", "role = 'all'")
TEACHERS = Same("schools", "means", "one.school = other.school and one.role = 'teacher'")

FIRST = LastRelease()
LINKED = Declared((SCHOOLS, MEANS), (ROLES,), (TEACHERS,))


def table(name: str, columns: str) -> SqlFile:
    text = (
        f"select {columns}, case when n >= $minimum_staff then n end as n,"
        " case when n >= $minimum_staff then mean end as mean, n < $minimum_staff as is_suppressed,"
        f" '' as note from given.{name}"
    )
    name = f"made_up_{name}"
    return SqlFile(f"report/{name}.sql", text, "report", name, "one row", "what?", (), ("minimum_staff",))


FILES = [table("school", "school, role"), table("mean", "school")]


def made(
    connection: duckdb.DuckDBPyConnection,
    schools: Sequence[tuple[str, str, int]],
    means: Sequence[tuple[str, int]] = (),
    declared: Declared = LINKED,
    last: LastRelease = FIRST,
) -> Released:
    connection.execute("create table given.school (school text, role text, n integer, mean double)")
    connection.execute("create table given.mean (school text, n integer, mean double)")
    for school, role, n in schools:
        connection.execute("insert into given.school values (?, ?, ?, 3.5)", [school, role, n])
    for school, n in means:
        connection.execute("insert into given.mean values (?, ?, 3.5)", [school, n])
    return make_released_tables(connection, FILES, {"minimum_cell": 10, "minimum_staff": 5}, declared, last)
