"""Persons out of short texts that are shown: titles, providers, roles, names of files, lines of errors.

Unlike an open answer (``transforms.surveys.scrubbing``) a label is needed as it is: "Young readers" stays
though a teacher is called Young. What goes is what can only be a person: first and last name of a member of
staff side by side, in either order; an e-mail address; the id of a person; a full date so long ago that it
is a birth date.

It cannot see last names alone, nicknames, and students, of whom no source has the names.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import duckdb
import pyarrow as pa

from expectations.contract import PSEUDONYMISED, Kind, Table
from sql import quoted_identifier, render_sql
from transforms.database import open_database
from transforms.surveys.known_persons import fold, folded_forms, words_of

NAME = "[name]"
CONTACT = "[contact]"
DATE = "[date]"

# A student of the first grade was born this many years before the report; what is trained for is later.
_YEARS_SINCE_BIRTH = 5
_MOST_WORDS = 6
_SHORTEST_NAME = 4
_SHORTEST_MIXED_ID = 5
_SHORTEST_NUMBER = 6
_MOST_RUNS = 4

_EMAIL = re.compile(r"[\w.+'-]*[^\W_]\s?@\s?[\w-]+(?:\.[\w-]+)+")
# An apostrophe and one letter is no part of the name: O'Hara is a word, and Doe's is Doe.
_WORD = re.compile(r"[^\W\d_]+(?:['’`´ʼ][^\W\d_]{2,})*")
_BETWEEN_WORDS = re.compile(r"[\s,._\-–]{1,3}")
_RUN = re.compile(r"[^\W_]+")
_BETWEEN_RUNS = re.compile(r"[-_.]")
_MONTHS = "jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec"
_DATE = re.compile(
    r"(?<!\d)((?:19|20)\d\d)[-/._]\d{1,2}[-/._]\d{1,2}(?!\d)"
    r"|(?<!\d)((?:19|20)\d\d)(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])(?!\d)"
    r"|(?<!\d)\d{1,2}[-/._]\d{1,2}[-/._]((?:19|20)\d\d)(?!\d)"
    rf"|(?<!\d)\d{{1,2}}\.?\s(?:{_MONTHS})[a-z]*\.?,?\s((?:19|20)\d\d)(?!\d)"
    rf"|\b(?:{_MONTHS})[a-z]*\.?\s\d{{1,2}},?\s((?:19|20)\d\d)(?!\d)",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class PersonsOfStudy:
    """Whom a label may name: folded full names of staff, ids in lower case, the last year of a birth date."""

    full_names: frozenset[str] = frozenset()
    ids: frozenset[str] = frozenset()
    last_birth_year: int = 0


def persons_of_study(
    names: Iterable[tuple[str, str]], ids: Iterable[str], report_year: int
) -> PersonsOfStudy:
    """Gather full names (first, last) in both orders, and the ids that could be nothing else."""
    full = {form for first, last in names for form in _full_names(first, last)}
    return PersonsOfStudy(
        frozenset(form for form in full if len(form) >= _SHORTEST_NAME),
        frozenset(each.casefold() for each in ids if _is_telling(each)),
        report_year - _YEARS_SINCE_BIRTH,
    )


def _full_names(first: str, last: str) -> Iterator[str]:
    firsts = {first, *words_of(first)[:1]}
    lasts = {last, *words_of(last)[-1:]}
    for one in firsts:
        for other in lasts:
            for a in folded_forms(one):
                for b in folded_forms(other):
                    if len(a) > 1 and len(b) > 1:
                        yield from (a + b, b + a)


def _is_telling(identifier: str) -> bool:
    """Whether an id stands out of a text: letters and digits, or a long number. 2024 and ALG1 do not."""
    has_digit = any(sign.isdigit() for sign in identifier)
    return has_digit and len(identifier) >= (_SHORTEST_NUMBER if identifier.isdigit() else _SHORTEST_MIXED_ID)


def without_persons(text: str, persons: PersonsOfStudy, *, is_id: bool = False) -> str:
    """``text`` with persons as ``[name]``, ``[contact]`` and ``[date]``.

    With ``is_id`` the text is the id of a thing: it may be the same number as some person's, yet not
    hold one.
    """
    text = _EMAIL.sub(CONTACT, text)
    if not (is_id and text.casefold() in persons.ids):
        text = _replaced(text, list(_id_spans(text, persons)), CONTACT)
    text = _DATE.sub(lambda found: DATE if _is_birth_date(found, persons) else found[0], text)
    return _replaced(text, list(_name_spans(text, persons)), NAME)


def _is_birth_date(found: re.Match[str], persons: PersonsOfStudy) -> bool:
    return int(next(filter(None, found.groups()))) <= persons.last_birth_year


def _id_spans(text: str, persons: PersonsOfStudy) -> Iterator[tuple[int, int]]:
    if text.casefold() in persons.ids:
        yield 0, len(text)
        return
    runs = [found.span() for found in _RUN.finditer(text)]
    for first, last in _windows(text, runs, _BETWEEN_RUNS, _MOST_RUNS):
        start, end = runs[first][0], runs[last][1]
        if text[start:end].casefold() in persons.ids:
            yield start, end


def _name_spans(text: str, persons: PersonsOfStudy) -> Iterator[tuple[int, int]]:
    words = [found.span() for found in _WORD.finditer(text)]
    for first, last in _windows(text, words, _BETWEEN_WORDS, _MOST_WORDS):
        parts = [text[start:end] for start, end in words[first : last + 1]]
        without_initials = [part for part in parts if len(part) > 1]
        if {fold("".join(parts)), fold("".join(without_initials))} & persons.full_names:
            yield words[first][0], words[last][1]


def _windows(
    text: str, spans: Sequence[tuple[int, int]], between: re.Pattern[str], most: int
) -> Iterator[tuple[int, int]]:
    """(first, last) of neighbouring spans, the longest first."""
    for first in range(len(spans)):
        last = first
        while last + 1 < min(len(spans), first + most) and between.fullmatch(
            text[spans[last][1] : spans[last + 1][0]]
        ):
            last += 1
        yield from ((first, end) for end in range(last, first - 1, -1))


def _replaced(text: str, spans: Sequence[tuple[int, int]], mark: str) -> str:
    pieces, position = [], 0
    for start, end in sorted(spans, key=lambda span: (span[0], -span[1])):
        if start >= position:
            pieces += [text[position:start], mark]
            position = end
    return "".join([*pieces, text[position:]])


@dataclass
class ShownLabels:
    """What stands for each label, no two alike: keys stay keys, and references lead where they led."""

    persons: PersonsOfStudy
    _shown: dict[tuple[str, bool], str] = field(default_factory=dict)
    _taken: set[str] = field(default_factory=set)

    def of(self, label: str, *, is_id: bool = False) -> str:
        """``label`` without persons; the same for the same label."""
        key = (label, is_id)
        if key not in self._shown:
            shown = without_persons(label, self.persons, is_id=is_id)
            if shown != label:
                shown = self._distinct(shown)
            self._shown[key] = shown
        return self._shown[key]

    def _distinct(self, shown: str) -> str:
        number, made = 1, shown
        while made in self._taken:
            number += 1
            made = f"{shown} {number}"
        self._taken.add(made)
        return made


def keep_staff_names(connection: duckdb.DuckDBPyConnection) -> None:
    """Keep the staged names of staff in the restricted file, for messages of this run and the next."""
    connection.execute("create schema if not exists landed.restricted")
    connection.execute(render_sql("staging/staff_name_table.sql"))


def shown_labels(connection: duckdb.DuckDBPyConnection, report_year: int) -> ShownLabels:
    """The labels of a build whose core is loaded."""
    names = connection.execute("select first_name, last_name from landed.restricted.staff_name").fetchall()
    ids = connection.execute(render_sql("staging/person_id.sql")).fetchall()
    return ShownLabels(persons_of_study(names, (identifier for (identifier,) in ids), report_year))


def relabel_core(connection: duckdb.DuckDBPyConnection, tables: Iterable[Table], labels: ShownLabels) -> None:
    """Take persons out of every published text and id of a thing in ``core``."""
    for table in tables:
        for column in table.published_columns:
            is_id = column.kind is Kind.ID
            if column.kind is not Kind.TEXT and not is_id:
                continue
            if column.allowed or column.references in PSEUDONYMISED:
                continue
            _relabel(connection, table.name, column.name, labels, is_id=is_id)


def _relabel(
    connection: duckdb.DuckDBPyConnection, entity: str, column: str, labels: ShownLabels, *, is_id: bool
) -> None:
    names = {"entity": quoted_identifier(entity), "column": quoted_identifier(column)}
    found = [label for (label,) in connection.execute(render_sql("core/label.sql.j2", **names)).fetchall()]
    changed = {label: labels.of(label, is_id=is_id) for label in found}
    changed = {label: shown for label, shown in changed.items() if label != shown}
    if not changed:
        return
    texts = pa.table(
        {
            "label": pa.array(changed.keys(), pa.string()),
            "shown": pa.array(changed.values(), pa.string()),
        }
    )
    connection.register("relabelled", texts)
    try:
        connection.execute(render_sql("core/relabel.sql.j2", **names))
    finally:
        connection.unregister("relabelled")


def persons_in_landing(landing: Path, report_year: int) -> PersonsOfStudy:
    """Whom the restricted file knows from what was built last; nobody where nothing was."""
    names: list[tuple[str, str]] = []
    ids: list[tuple[str]] = []
    if landing.exists():
        with open_database(None) as connection:
            try:
                connection.execute("attach $path as landed (read_only)", {"path": str(landing)})
                names = connection.execute(
                    "select first_name, last_name from landed.restricted.staff_name"
                ).fetchall()
                ids = connection.execute(
                    "select id from landed.restricted.declared_id where kind in ('staff', 'student')"
                ).fetchall()
            except duckdb.Error:  # a first run that has loaded nobody yet
                pass
    return persons_of_study(names, (identifier for (identifier,) in ids), report_year)
