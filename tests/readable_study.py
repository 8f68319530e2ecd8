"""A study whose published database is made by hand, in a moment: for commands that only read it."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from expectations.outputs import OUTPUTS
from flows import query
from flows.folders import BUILD_MODE, Warehouse, prepare_folders
from flows.recorded import Entry
from tests.flows.light_stages import REQUIRED, STUDY
from transforms.querying.child import answer
from transforms.querying.request import LastWord, Request
from transforms.warehouse import create_table, insert_rows, open_database

BUILD_ID = "20261121T225025Z-ab12cd"
PUPILS = [(1, "ann", 0.5), (2, "=1+1", None), (3, "é\x1b[31m\u202ered", -1.25)]


@dataclass(frozen=True)
class ReadableStudy:
    """A study folder and its warehouse."""

    folder: Path

    @property
    def warehouse(self) -> Warehouse:
        return Warehouse(self.folder / "warehouse")


def write_readable_study(folder: Path) -> ReadableStudy:
    """A study with a table ``core.pupil`` (id, name, score) in its published build and in the kept one."""
    folder.mkdir(parents=True)
    sources = "".join(f'\n[[source]]\nentity = "{name}"\npath = "input.txt"\n' for name in REQUIRED)
    (folder / "study.toml").write_text(STUDY + sources)
    (folder / "input.txt").write_text("1")
    study = ReadableStudy(folder)
    prepare_folders(study.warehouse)
    write_database(study.warehouse.published)
    study.warehouse.build(BUILD_ID).write_bytes(study.warehouse.published.read_bytes())
    return study


def write_database(path: Path) -> None:
    """The published database."""
    with open_database(path) as connection:
        create_table(connection, OUTPUTS["meta.build"])
        row = (
            BUILD_ID,
            "Riverbend",
            None,
            2025,
            "published",
            "2026-01-01",
            None,
            "0",
            "0",
            "0" * 64,
            "{}",
            "",
        )
        insert_rows(connection, "meta.build", [row])
        connection.execute("create schema core")
        connection.execute("create table core.pupil (id integer, name varchar, score double)")
        insert_rows(connection, "core.pupil", PUPILS)
        connection.execute("checkpoint")
    path.chmod(BUILD_MODE)


def answer_in_this_process(monkeypatch: pytest.MonkeyPatch) -> None:
    """The child's work without a process and without its limits: the locks of DuckDB are all that holds."""

    def last_word(asked: query.Query, entry: Entry, take: Callable[[bytes], None]) -> LastWord:
        out = io.BytesIO()
        name = query.shown_path(asked.database)
        request = Request(
            str(asked.database), name, asked.sql, asked.file_format, asked.memory_limit, threads=2
        )
        word = answer(
            request, out, lambda build_id: setattr(entry, "build_id", build_id), lambda _request: None
        )
        take(out.getvalue())
        return word

    monkeypatch.setattr(query, "_last_word", last_word)
