"""``pdeval crosswalk``: original ids beside pseudonyms, in a file of their own for those who may have it."""

from __future__ import annotations

import csv
import hashlib
import io
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from flows.console import shown_path
from flows.custody import in_custody, refuse_shared_place, write_private
from flows.pseudonym_key import existing_key, key_id
from transforms.errors import UsageError

if TYPE_CHECKING:
    from flows.folders import Warehouse
    from flows.settings import StudySettings
    from transforms.loading.crosswalk import CrosswalkRow

HEADER = ("kind", "original_id", "pseudonym")


@dataclass(frozen=True)
class WrittenCrosswalk:
    """What was written: for which build, where, how many ids of which kind.

    ``n_unknown`` counts ids that were asked for and are not in the build; ``n_untraced`` pseudonyms of the
    build whose original ids the landing no longer has.
    """

    build_id: str
    key_id: str
    file: Path
    sha256: str
    n_by_kind: Mapping[str, int]
    n_unknown: int
    n_untraced: int


def write_crosswalk(settings: StudySettings, output: Path, ids_file: Path | None = None) -> WrittenCrosswalk:
    """Write the crosswalk of the published build to the new file ``output`` (mode 0600).

    ``ids_file`` has an original id or a pseudonym a line; then only these are written. UsageError where
    nothing is published, the build is under another key, or the place is one that others read; LockedError
    while a run writes the warehouse.
    """
    asked = None if ids_file is None else _asked_ids(ids_file)
    with in_custody(settings) as warehouse:
        output = output.absolute()
        refuse_shared_place(warehouse, output, "--output")
        build_id, key = _published_build(settings, warehouse)
        rows, n_untraced = _rows(warehouse, key)
        if asked is not None:
            rows = [row for row in rows if row.original_id in asked or row.pseudonym in asked]
        n_unknown = len(
            (asked or set()) - {name for row in rows for name in (row.original_id, row.pseudonym)}
        )
        if not rows:
            raise UsageError(f"{build_id}: has none of the ids that are asked for; nothing was written")
        content = _as_csv(rows)
        sha256 = hashlib.sha256(content).hexdigest()
        n_by_kind = Counter(row.kind for row in rows)
        write_private(output, content, "--output")
    return WrittenCrosswalk(build_id, key_id(key), output, sha256, n_by_kind, n_unknown, n_untraced)


def _asked_ids(file: Path) -> set[str]:
    try:
        text = file.read_text("utf-8-sig")
    except UnicodeDecodeError:
        raise UsageError(f"--ids {file}: not UTF-8 text; save it as UTF-8, an id a line") from None
    except OSError as error:
        raise UsageError(f"--ids {file}: cannot be read: {error.strerror}") from None
    asked = {line.strip() for line in text.splitlines()} - {""}
    if not asked:
        raise UsageError(f"--ids {file}: has no ids; give an id a line")
    return asked


def _published_build(settings: StudySettings, warehouse: Warehouse) -> tuple[str, bytes]:
    """Id of the published build, and the key that its pseudonyms were made with."""
    from transforms.warehouse import open_database

    again = f"pdeval run {shown_path(settings.folder)} comes first"
    if not warehouse.published.exists():
        raise UsageError(
            f"{settings.study.name}: nothing is published in {shown_path(warehouse.folder)}; {again}"
        )
    connection = open_database(warehouse.published, is_read_only=True)
    try:
        ((build_id, published_key_id),) = connection.execute(
            "select build_id, pseudonym_key_id from meta.build"
        ).fetchall()
    finally:
        connection.close()
    key = existing_key(warehouse, settings)
    if key_id(key) != published_key_id:
        raise UsageError(
            f"{build_id}: its pseudonyms are of key {published_key_id}, the key of now is {key_id(key)};"
            f" {again}"
        )
    return str(build_id), key


def _rows(warehouse: Warehouse, key: bytes) -> tuple[list[CrosswalkRow], int]:
    """All rows, and how many published pseudonyms have none."""
    from transforms.loading.crosswalk import crosswalk_rows, declared_ids, published_pseudonyms
    from transforms.warehouse import open_database

    try:
        ids = declared_ids(warehouse.landing)
    except LookupError as error:
        raise UsageError(f"{warehouse.landing}: {error}; run the study again with --force") from None
    connection = open_database(warehouse.published, is_read_only=True)
    try:
        published = published_pseudonyms(connection)
    finally:
        connection.close()
    rows = crosswalk_rows(ids, key, published)
    return rows, len(published) - len(rows)


def _as_csv(rows: Sequence[CrosswalkRow]) -> bytes:
    from transforms.spreadsheet_text import text_for_csv

    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(HEADER)
    writer.writerows((row.kind, text_for_csv(row.original_id), row.pseudonym) for row in rows)
    return text.getvalue().encode()


def crosswalk_text(written: WrittenCrosswalk) -> str:
    """What was written, without any id."""
    ids = ", ".join(f"{kind} {count:,}" for kind, count in sorted(written.n_by_kind.items()))
    lines = [
        f"{'build':<9} {written.build_id}, pseudonym key {written.key_id}",
        f"{'ids':<9} {ids}",
        f"{'file':<9} {shown_path(written.file)}, readable by you alone",
    ]
    if written.n_unknown:
        lines.append(f"{'unknown':<9} {written.n_unknown:,} of the ids asked for are not in the build")
    if written.n_untraced:
        lines.append(
            f"{'untraced':<9} {written.n_untraced:,} pseudonyms of the build: the sources have changed since"
        )
    return "\n".join(lines)


def crosswalk_facts(written: WrittenCrosswalk) -> dict[str, Any]:
    """The same for ``--json``."""
    return {
        "build_id": written.build_id,
        "pseudonym_key_id": written.key_id,
        "file": str(written.file),
        "sha256": written.sha256,
        "ids": dict(written.n_by_kind),
        "n_unknown": written.n_unknown,
        "n_untraced": written.n_untraced,
    }
