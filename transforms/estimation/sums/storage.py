"""Cross-products as one Parquet file that says what is in it and cannot change unseen.

The layout is described in docs/reference/cross-products-file.md.
"""

from __future__ import annotations

import os
import re
import tempfile
from hashlib import sha256
from io import BytesIO
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from transforms.estimation.errors import CorruptSumsError, EstimationError
from transforms.estimation.sums.crossproducts import CrossProducts
from transforms.estimation.sums.storage_table import from_table, to_table

_VERSION = 1
_SEAL_PATTERN = re.compile(rb"pdeval cross-products, version (\d{1,9}), sha256 ([0-9a-f]{64})")
_NO_DIGEST = b"0" * 64
_UNSEALED = b"pdeval cross-products, version %d, sha256 %s" % (_VERSION, _NO_DIGEST)


def save_cross_products(sums: CrossProducts, path: Path) -> None:
    """Write ``sums`` to ``path``: a reader sees the old file or the whole new one.

    A cell of one student is that student's record, whatever it is called: the file belongs in the
    restricted folder, and only its owner may read it (mode 0600).
    Raises CorruptSumsError where the sums contradict themselves; then nothing is written.
    """
    sums.verify()
    table = to_table(sums)
    buffer = BytesIO()
    # Stored as Arrow's schema the metadata would stand twice, and there can be one seal only.
    with pq.ParquetWriter(buffer, table.schema, compression="zstd", store_schema=False) as writer:
        writer.write_table(table)
        writer.add_key_value_metadata({**table.schema.metadata, b"seal": _UNSEALED})
    _replace(path, _sealed(buffer.getvalue()))


def load_cross_products(path: Path) -> CrossProducts:
    """Read what ``save_cross_products`` wrote, after checking that it is that.

    Checked are, in this order, the version of the format, the SHA-256 of the file, its columns and their
    shapes, that the sums do not contradict each other (``CrossProducts.verify``), and that they add up to
    the totals in the file. Raises CorruptSumsError with the file and what is wrong with it.
    """
    content = path.read_bytes()
    try:
        _check_seal(content)
        return from_table(pq.read_table(pa.BufferReader(content)))
    except (EstimationError, pa.ArrowException) as error:
        raise CorruptSumsError(f"{path}: {error}") from error


def _sealed(content: bytes) -> bytes:
    """The content with its SHA-256 in place of the 64 zeros that it was taken over."""
    start = content.rindex(_UNSEALED) + len(_UNSEALED) - len(_NO_DIGEST)
    return content[:start] + sha256(content).hexdigest().encode() + content[start + len(_NO_DIGEST) :]


def _check_seal(content: bytes) -> None:
    """The seal is looked for in the bytes: a damaged file never reaches the Parquet reader."""
    seals = list(_SEAL_PATTERN.finditer(content))
    if not seals:
        raise CorruptSumsError("no seal: the file is not one of cross-products, or its end is cut off")
    version, start = int(seals[-1][1]), seals[-1].start(2)
    if version != _VERSION:
        raise CorruptSumsError(f"version {version} of the format is unknown; versions read: {_VERSION}")
    unsealed = content[:start] + _NO_DIGEST + content[start + len(_NO_DIGEST) :]
    if sha256(unsealed).hexdigest().encode() != seals[-1][2]:
        raise CorruptSumsError("the checksum differs: the file was changed after it was written")


def _replace(path: Path, content: bytes) -> None:
    descriptor, name = tempfile.mkstemp(prefix=f".{path.name}.", suffix=".tmp", dir=path.parent)  # mode 0600
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.replace(name, path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)  # else a power cut could undo the renaming
    finally:
        os.close(folder)
