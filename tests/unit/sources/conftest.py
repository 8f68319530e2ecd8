"""A landing in a temporary folder, and short words for putting files into it and looking at them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from transforms.sources.landing import LandedFile, land_file, open_landing
from transforms.sources.source import Source

Row = tuple[object, ...]


class Desk:
    """Writes files, lands them, and returns what was landed."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.scratch = folder / "restricted" / "scratch"
        self.connection = open_landing(folder / "restricted" / "landing.duckdb", "500MB")

    def write(self, name: str, content: bytes | str) -> Path:
        path = self.folder / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    def land_all(
        self, name: str, content: bytes | str | None = None, **options: str
    ) -> tuple[LandedFile, ...]:
        path = self.folder / name if content is None else self.write(name, content)
        source = Source.model_validate({"path": name, **options})
        return land_file(self.connection, path, f"exports/{name}", source, self.scratch)

    def land(self, name: str, content: bytes | str | None = None, **options: str) -> LandedFile:
        (landed,) = self.land_all(name, content, **options)
        return landed

    def rows(self, landed: LandedFile) -> list[Row]:
        """Return (line, cell, cell, …) of every landed row in file order."""
        columns = ", ".join(f"c{position}" for position in range(len(landed.headers)))
        relation = self.connection.execute(
            f"select {landed.line_sql}, {columns} from {landed.table} order by 1"
        )
        return relation.fetchall()

    def rejected(self, landed: LandedFile) -> list[tuple[int, str, str]]:
        """Return (line, rule, record) of every rejected line."""
        return self.connection.execute(
            "select source_line, rule, record from landing.rejected_line where table_name = $1 order by 1",
            [landed.table],
        ).fetchall()


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    opened = Desk(tmp_path)
    yield opened
    opened.connection.close()
