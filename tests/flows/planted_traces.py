"""What planted persons could be told by, and every place where it could stand."""

from __future__ import annotations

import base64
import hashlib
import html
import sqlite3
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import duckdb
import numpy as np

from flows.folders import Warehouse
from tests.flows.planted_study import PERSONS

START = 8  # bytes: no value is shorter


@dataclass(frozen=True)
class Traces:
    """What to search for: bytes by what they are, all of one case."""

    values: dict[bytes, str]

    @cached_property
    def _by_start(self) -> dict[int, list[bytes]]:
        found: dict[int, list[bytes]] = {}
        for value in self.values:
            found.setdefault(int.from_bytes(value[:START], "little"), []).append(value)
        return found

    @cached_property
    def _starts(self) -> np.ndarray:
        return np.array(sorted(self._by_start), dtype="<u8")

    def found_in(self, content: bytes) -> set[str]:
        """What stands in ``content``, in any case.

        Ten thousand values in megabytes: first the places where the first bytes of any of them stand.
        """
        folded = content.lower() + bytes(START)
        found: set[str] = set()
        for offset in range(START):
            words = np.frombuffer(folded, dtype="<u8", offset=offset, count=(len(folded) - offset) // START)
            near = np.minimum(np.searchsorted(self._starts, words), len(self._starts) - 1)
            for place in np.flatnonzero(self._starts[near] == words):
                start = int(place) * START + offset
                values = self._by_start[int(words[place])]
                found |= {self.values[value] for value in values if folded.startswith(value, start)}
        return found


def planted_values() -> list[str]:
    """Every name, address, birth date and id once."""
    return [value for person in PERSONS for value in (person.last, person.email, person.dates[1], person.id)]


def traces(*keys: bytes) -> Traces:
    """All values, as they are and encoded and hashed without a key; and the keys."""
    found: dict[bytes, str] = {}
    for person in PERSONS:
        for value in (person.name, person.last, person.email, person.id, *person.dates):
            found |= {form: f"{value} ({how})" for how, form in _forms(value) if len(form) >= START}
        for how, hashed in _hashes(person.id):
            found[hashed.encode()] = f"{how} of {person.id}"
    for key in keys:
        for how, form in (("raw", key), ("hex", key.hex().encode()), ("base64", base64.b64encode(key))):
            found[form.lower()] = f"the key ({how})"
    assert min(map(len, found)) >= START
    return Traces(found)


def _forms(value: str) -> Iterator[tuple[str, bytes]]:
    raw = value.encode()
    yield "plain", raw.lower()
    yield "utf-16", value.lower().encode("utf-16-le")
    for cased in (value, value.lower(), value.upper()):
        yield "hex", cased.encode().hex().encode()
        # Within longer data the same bytes may begin at any of three places of a base64 group.
        for shift in range(3):
            coded = base64.b64encode(b"\0" * shift + cased.encode())
            yield "base64", coded[(0, 2, 3)[shift] : len(coded) - 4].lower()
    if b" " in raw:
        yield "without spaces", raw.lower().replace(b" ", b"")


def _hashes(identifier: str) -> Iterator[tuple[str, str]]:
    for text in (identifier, identifier.lower(), f"student:{identifier}", f"staff:{identifier}"):
        for algorithm in ("md5", "sha1", "sha256"):
            yield algorithm, hashlib.new(algorithm, text.encode()).hexdigest()[:32]


def leaks(warehouse: Warehouse, traces: Traces, said: str = "") -> dict[str, list[str]]:
    """Where traces stand, by place: in ``said`` and in every file but the landing and the key."""
    found = {place: sorted(traces.found_in(content)) for place, content in _contents(warehouse)}
    found["stdout and stderr"] = sorted(traces.found_in(said.encode()))
    return {place: what for place, what in found.items() if what}


def _contents(warehouse: Warehouse) -> Iterator[tuple[str, bytes]]:
    for path in sorted(warehouse.folder.rglob("*")):
        place = path.relative_to(warehouse.folder).as_posix()
        yield f"name of {place}", place.encode()
        if path.is_file() and path not in (warehouse.landing, warehouse.key_file):
            yield place, path.read_bytes()
            yield from ((f"{place} {part}", content) for part, content in _unpacked(path))


def _unpacked(path: Path) -> Iterator[tuple[str, bytes]]:
    """What the raw bytes may hide: compressed columns, archives, pages, overflowing rows."""
    if path.suffix == ".duckdb":
        yield from texts_of(path)
    elif path.suffix == ".xlsx":
        with zipfile.ZipFile(path) as archive:
            yield from (
                (name, html.unescape(archive.read(name).decode(errors="replace")).encode())
                for name in archive.namelist()
            )
    elif path.suffix in (".html", ".svg"):
        yield "as shown", html.unescape(path.read_text(encoding="utf-8")).encode()
    elif path.suffix == ".pdf":
        from tests.unit.reporting import pdf_reader

        yield "text", pdf_reader.text(path).encode()
    elif path.suffix == ".db":
        with sqlite3.connect(path) as connection:
            yield "rows", "\n".join(connection.iterdump()).encode()


def texts_of(database: Path) -> Iterator[tuple[str, bytes]]:
    """Every column of every table and view as text, and the comments."""
    connection = duckdb.connect(str(database), read_only=True)
    try:
        columns = connection.execute(
            "select database_name, schema_name, table_name, column_name from duckdb_columns()"
            " where not internal and database_name = current_database()"
        ).fetchall()
        for catalogue, schema, table, column in columns:
            values = connection.execute(
                f'select distinct "{column}"::varchar from "{catalogue}"."{schema}"."{table}"'
            ).fetchall()
            yield (
                f"{schema}.{table}.{column}",
                "\n".join(value for (value,) in values if value is not None).encode(),
            )
    finally:
        connection.close()
