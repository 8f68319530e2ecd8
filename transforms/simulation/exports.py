"""Writing the district's export files: one place for formats, encodings and row counts."""

from __future__ import annotations

import gzip
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv
import pyarrow.parquet


def ids(prefix: str, numbers: np.ndarray, width: int) -> pa.Array:
    """Ids such as ``S0000042``: the prefix and the zero-padded number; negative numbers become null."""
    padded = pc.utf8_lpad(pc.cast(pa.array(numbers), pa.string()), width, "0")
    joined = pc.binary_join_element_wise(prefix, padded, "")
    return pc.if_else(pa.array(numbers >= 0), joined, None)


def pick(values: Sequence[str | None] | pa.Array, positions: np.ndarray) -> pa.Array:
    """Text by position: ``values[positions]``; a negative position becomes null."""
    options = values if isinstance(values, pa.Array) else pa.array(values, pa.string())
    return options.take(pa.array(positions, mask=positions < 0))


def yes_no(flags: np.ndarray) -> pa.Array:
    """``Y`` and ``N``."""
    return pick(("N", "Y"), flags.astype(np.int8))


def month_day_year(dates: np.ndarray) -> pa.Array:
    """Dates as ``08/15/2024``."""
    return pc.strftime(pa.array(dates.astype("datetime64[s]")), format="%m/%d/%Y")


@dataclass(frozen=True)
class ExportedFile:
    """One file of the district, its path relative to the study folder and its records."""

    entity: str
    path: str
    rows: int


@dataclass
class ExportFolder:
    """The folder ``exports`` of a study; each method writes one file and keeps its row count."""

    folder: Path
    files: list[ExportedFile] = field(default_factory=list)

    def _open(self, entity: str, path: str, rows: int) -> Path:
        target = self.folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        self.files.append(ExportedFile(entity, path, rows))
        return target

    def write_csv(
        self,
        entity: str,
        path: str,
        columns: Mapping[str, Any] | pa.Table,
        *,
        delimiter: str = ",",
        encoding: str = "utf-8",
        extra_lines: Sequence[str] = (),
    ) -> None:
        """Write delimited text; ``.gz`` paths are compressed, ``extra_lines`` follow as they are."""
        table = columns if isinstance(columns, pa.Table) else pa.table(dict(columns))
        target = self._open(entity, path, table.num_rows + len(extra_lines))
        options = pyarrow.csv.WriteOptions(
            delimiter=delimiter, quoting_style="needed", quoting_header="needed"
        )
        if encoding == "utf-8" and not path.endswith(".gz"):
            with target.open("wb") as stream:
                pyarrow.csv.write_csv(table, stream, options)
                stream.write("".join(f"{line}\n" for line in extra_lines).encode())
            return
        buffer = pa.BufferOutputStream()
        pyarrow.csv.write_csv(table, buffer, options)
        content = buffer.getvalue().to_pybytes() + "".join(f"{line}\n" for line in extra_lines).encode()
        if encoding != "utf-8":
            content = content.decode().encode(encoding)
        # mtime 0: the same seed gives the same bytes
        target.write_bytes(gzip.compress(content, 6, mtime=0) if path.endswith(".gz") else content)

    def write_jsonl(self, entity: str, path: str, records: Sequence[Mapping[str, Any]]) -> None:
        """Write one JSON object a line; keys without a value are left out."""
        target = self._open(entity, path, len(records))
        with target.open("w", encoding="utf-8") as stream:
            for record in records:
                present = {key: value for key, value in record.items() if value is not None}
                stream.write(json.dumps(present, ensure_ascii=False) + "\n")

    def write_parquet(self, entity: str, path: str, columns: Mapping[str, Any]) -> None:
        """Write a Parquet file."""
        table = pa.table(dict(columns))
        pyarrow.parquet.write_table(table, self._open(entity, path, table.num_rows), compression="zstd")
