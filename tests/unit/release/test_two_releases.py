"""Two releases in a row: what readers of both can work out of the persons in whom they differ."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import product
from random import Random

import duckdb
import pytest

from tests.unit.release.made_up_tables import LINKED, ROLES, SCHOOLS, made
from transforms.disclosure import Cell, LinkedCells, Relation, Rule, Verdict, audit, suppress, total_of
from transforms.history.recall import Study
from transforms.release.cells import Declared
from transforms.release.control import Released
from transforms.release.counted import Persons
from transforms.release.earlier import LastRelease, Told, compare, told_by
from transforms.release.kept import (
    NOT_AT_HAND,
    NOTHING_BEFORE,
    OF_ANOTHER_VERSION,
    KeptCounts,
    last_releases,
)

Counts = Mapping[tuple[str, str], int]
BEFORE: Counts = {
    ("1014", "all"): 40,
    ("1014", "teacher"): 30,
    ("1014", "coach"): 10,
    ("1020", "all"): 28,
    ("1020", "teacher"): 18,
    ("1020", "coach"): 10,
}
LEAST, MOST = 1, 4  # a hidden count of staff may be any of these
FAR = 70


@dataclass(frozen=True)
class Night:
    """One build: what was made and the counts that its table shows."""

    released: Released
    shown: Mapping[tuple[str, str], int | None]

    @property
    def last(self) -> LastRelease:
        return LastRelease(self.released.judged.told)


@pytest.fixture
def connection() -> Iterator[duckdb.DuckDBPyConnection]:
    opened = duckdb.connect()
    yield opened
    opened.close()


def night(
    connection: duckdb.DuckDBPyConnection, counts: Counts, last: LastRelease, declared: Declared = LINKED
) -> Night:
    connection.execute("drop schema if exists given cascade; drop schema if exists report cascade")
    connection.execute("create schema given")
    schools = [(school, role, n) for (school, role), n in counts.items()]
    means = [(school, n) for (school, role), n in counts.items() if role == "teacher"]
    released = made(connection, schools, means, declared, last)
    rows = connection.execute("select school, role, n from report.made_up_school").fetchall()
    return Night(released, {(school, role): n for school, role, n in rows})


def changed(counts: Counts, by: int, *places: tuple[str, str]) -> Counts:
    return {place: n + (by if place in places else 0) for place, n in counts.items()}


def possible_changes(school: str, before: Night, now: Night) -> set[tuple[int, int, int]]:
    """The changes of all, teachers and coaches of a school that what two nights show leaves possible.

    By trying all whole numbers: nobody is without a role, hidden counts are of somebody.
    """
    tables = []
    for shown in (before.shown, now.shown):
        n_teachers, n_coaches, n_all = (shown[school, role] for role in ("teacher", "coach", "all"))
        tables.append(
            {
                (teachers, coaches)
                for teachers, coaches in product(_values(n_teachers), _values(n_coaches))
                if n_all is None or teachers + coaches == n_all
            }
        )
    return {(t1 + c1 - t0 - c0, t1 - t0, c1 - c0) for (t0, c0), (t1, c1) in product(tables[0], tables[1])}


def _values(n: int | None) -> range:
    return range(1, FAR) if n is None else range(n, n + 1)


def test_an_unchanged_build_shows_the_same(connection: duckdb.DuckDBPyConnection) -> None:
    counts = {**BEFORE, ("1014", "coach"): 3, ("1014", "all"): 33}
    first = night(connection, counts, LastRelease())
    second = night(connection, counts, first.last)
    assert None in first.shown.values()
    assert second.shown == first.shown
    assert second.released.verdicts == first.released.verdicts


@pytest.mark.parametrize("by", [1, -1, 4, -4])
def test_who_came_or_left_between_two_builds_is_not_told_by_their_difference(
    connection: duckdb.DuckDBPyConnection, by: int
) -> None:
    before = night(connection, BEFORE, LastRelease())
    counts = changed(BEFORE, by, ("1014", "all"), ("1014", "teacher"))
    now = night(connection, counts, before.last)
    sign = 1 if by > 0 else -1
    by_all, by_teachers, _ = zip(*possible_changes("1014", before, now), strict=True)
    assert set(range(LEAST, MOST + 1)) <= {sign * change for change in by_all}
    assert set(range(LEAST, MOST + 1)) <= {sign * change for change in by_teachers}
    assert {one.verdict for one in now.released.verdicts} == {Verdict.PASS}


def test_what_is_on_record_may_change_by_a_few(connection: duckdb.DuckDBPyConnection) -> None:
    """A district that hires one teacher still says how many teachers it has."""
    recorded = Declared((replace(SCHOOLS, is_personal="school = '1020'"),), (ROLES,))
    places = [(school, role) for school in ("1014", "1020") for role in ("all", "teacher")]
    counts = changed(BEFORE, 1, *places)
    before = night(connection, BEFORE, LastRelease(), recorded)
    now = night(connection, counts, before.last, recorded)
    assert {place for place in counts if now.shown[place] == counts[place]} >= {
        place for place in counts if place[0] == "1014"
    }
    assert now.shown["1020", "teacher"] is None
    assert {one.verdict for one in now.released.verdicts if one.persons} == {Verdict.PASS}


def test_without_the_last_release_the_difference_tells_of_the_one_person(
    connection: duckdb.DuckDBPyConnection,
) -> None:
    before = night(connection, BEFORE, LastRelease())
    counts = changed(BEFORE, 1, ("1014", "all"), ("1014", "teacher"))
    now = night(connection, counts, LastRelease())
    assert possible_changes("1014", before, now) == {(1, 1, 0)}


def test_a_school_without_changes_is_shown_as_before(connection: duckdb.DuckDBPyConnection) -> None:
    before = night(connection, BEFORE, LastRelease())
    now = night(connection, changed(BEFORE, 1, ("1014", "all"), ("1014", "teacher")), before.last)
    assert all(now.shown[place] == n for place, n in before.shown.items() if place[0] == "1020")


def test_what_was_shown_last_is_remembered_while_it_is_hidden(connection: duckdb.DuckDBPyConnection) -> None:
    places = ("1014", "all"), ("1014", "teacher")
    first = night(connection, BEFORE, LastRelease())
    second = night(connection, changed(BEFORE, 1, *places), first.last)
    third = night(connection, changed(BEFORE, 2, *places), second.last)
    assert second.shown["1014", "teacher"] is None
    assert {0, 1, 2, 3, 4} <= {by for _, by, _ in possible_changes("1014", first, third)}
    back = night(connection, BEFORE, third.last)
    assert back.shown == first.shown
    enough = night(connection, changed(BEFORE, 5 + 2, *places), third.last)
    assert enough.shown["1014", "teacher"] == 37


def test_an_engine_that_ignores_the_last_release_is_refused(
    connection: duckdb.DuckDBPyConnection, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = night(connection, BEFORE, LastRelease())
    monkeypatch.setattr("transforms.release.control.hide", lambda *_: None)
    counts = changed(BEFORE, 1, ("1014", "all"), ("1014", "teacher"))
    now = night(connection, counts, before.last)
    verdicts = {one.table_name: one.verdict for one in now.released.verdicts}
    assert verdicts == dict.fromkeys(verdicts, Verdict.FAIL)


@pytest.mark.parametrize("may_change", [set(), set("abcde")])
def test_one_hidden_in_other_company_than_before_is_refused(may_change: set[str]) -> None:
    """Before: 3 and 17 hidden, now 3 and 30; each alone is well hidden."""
    names = ("b", "c", "d")
    cells = LinkedCells(
        (
            Cell("a", 50, ("t",)),
            *(Cell(name, n, ("t",)) for name, n in zip(names, (3, 17, 30), strict=True)),
            Cell("e", 9, ("t",)),
        ),
        (total_of("a", names), Relation((("e", 1), ("a", -1)), "<=")),
    )
    last = Told(cells, frozenset({"b", "c", "e"}), 10)
    other = LinkedCells((*cells.cells[:-1], Cell("e", 8, ("t",))), cells.relations)
    compared = compare(other, (), last, Rule(10), may_change)
    assert audit(compared.cells, {"b", "d", "e"}, Rule(10)).tables == {"t": Verdict.FAIL}
    hidden = suppress(compared.unsettled, Rule(10)).hidden
    assert {"b", "c", "e"} == hidden


@pytest.mark.parametrize("seed", range(12))
def test_no_sequence_of_nights_is_refused(connection: duckdb.DuckDBPyConnection, seed: int) -> None:
    """What was shown cannot be taken back: then the verdict is a review, never a failure of the engine."""
    random = Random(seed)
    parts = {
        (school, role): random.randint(0, 14) for school in "123" for role in ("teacher", "coach", "aide")
    }
    last = LastRelease()
    for _ in range(5):
        for place in parts:
            if random.random() < 0.3:
                parts[place] = max(0, parts[place] + random.choice((-6, -2, -1, 1, 2, 6)))
        wholes = {
            (school, "all"): sum(n for place, n in parts.items() if place[0] == school) for school in "123"
        }
        now = night(connection, {**parts, **wholes}, last)
        assert Verdict.FAIL not in {one.verdict for one in now.released.verdicts}
        last = now.last


def test_counts_are_kept_and_read_again(connection: duckdb.DuckDBPyConnection) -> None:
    first = night(connection, {**BEFORE, ("1014", "coach"): 3, ("1014", "all"): 33}, LastRelease())
    told = first.released.judged.told
    kept = KeptCounts(Study("Riverbend", "0600001"), "1.3", told, {Persons.STAFF: told[Persons.STAFF]})
    read = last_releases(kept.as_json(), Study("Riverbend", "0600001"), "1.3")
    second = night(connection, changed(BEFORE, 1, ("1020", "coach"), ("1020", "all")), read.report)
    again = night(connection, changed(BEFORE, 1, ("1020", "coach"), ("1020", "all")), first.last)
    assert second == again
    assert set(read.public.told) == {Persons.STAFF}


def test_what_could_not_be_compared_is_for_review(connection: duckdb.DuckDBPyConnection) -> None:
    study = Study("Riverbend", None)
    kept = KeptCounts(study, "1.2", {}, {}).as_json()
    other = last_releases(kept, study, "1.3").report
    assert other.not_compared == f"{OF_ANOTHER_VERSION} 1.2"
    assert last_releases(None, study, "1.3").public.not_compared == NOT_AT_HAND
    assert last_releases(b"{", study, "1.3").public.not_compared == NOT_AT_HAND
    assert last_releases(kept, Study("Lakeside", None), "1.3") == NOTHING_BEFORE
    verdicts = night(connection, BEFORE, other).released.verdicts
    assert {(one.verdict, one.reason) for one in verdicts} == {(Verdict.REVIEW, other.not_compared)}


def test_a_count_that_comes_back_is_held_against_what_was_shown_of_it() -> None:
    shown = LinkedCells((Cell("n", 40, ("t",)),))
    gone = LinkedCells((Cell("other", 50, ("t",)),))
    rule = Rule(10)
    first = told_by(shown, frozenset(), None, rule)
    second = told_by(gone, frozenset(), first, rule)
    third = compare(LinkedCells((Cell("n", 41, ("t",)),)), (), second, rule)
    assert suppress(third.unsettled, rule).hidden == {"n"}
