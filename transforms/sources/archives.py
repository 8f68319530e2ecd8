"""Compressed files and archives, none of them trusted: bounded size, plain member names, no surprises."""

from __future__ import annotations

import gzip
import io
import stat
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath

from transforms.errors import InputError
from transforms.sources.text_encoding import Readable, open_private, read_chunks

MAX_UNPACKED_BYTES = 20 * 1024**3
MAX_RATIO = 250
MAX_MEMBERS = 10_000
# Below this size even a high ratio does no harm.
RATIO_FREE_BYTES = 64 * 1024**2

_DOCUMENTS = (".pdf", ".doc", ".docx", ".md", ".htm", ".html", ".png", ".jpg", ".jpeg")
_ENCRYPTED_FLAG = 0x1
_BROKEN_ZIP = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError, ValueError)


def gunzip(path: Path, name: str, target: Path) -> None:
    """Unpack a gzip file to ``target``; InputError where it is broken or grows beyond the limits."""
    try:
        with gzip.open(path) as packed, open_private(target) as unpacked:
            _copy_bounded(packed, unpacked, path.stat().st_size, name)
    except (gzip.BadGzipFile, EOFError, zlib.error) as error:
        raise InputError(name, "is no complete gzip file; fetch it again") from error


def _copy_bounded(packed: Readable, unpacked: io.FileIO, packed_bytes: int, name: str) -> None:
    size = 0
    for chunk in read_chunks(packed):
        size += len(chunk)
        refuse_growth(size, packed_bytes, name)
        unpacked.write(chunk)


def refuse_growth(unpacked_bytes: int, packed_bytes: int, name: str) -> None:
    """Raise InputError where unpacking gives more than a data file would."""
    if unpacked_bytes > MAX_UNPACKED_BYTES:
        limit = MAX_UNPACKED_BYTES // 1024**3
        raise InputError(name, f"unpacks to more than {limit} GiB; give it in several files")
    if unpacked_bytes > max(RATIO_FREE_BYTES, MAX_RATIO * packed_bytes):
        problem = f"unpacks to more than {MAX_RATIO} times its size, as no data file does; give it unpacked"
        raise InputError(name, problem)


@contextmanager
def opened_zip(path: Path, name: str) -> Iterator[zipfile.ZipFile]:
    """Open a zip archive; whatever is broken in it becomes one InputError."""
    try:
        with zipfile.ZipFile(path) as archive:
            yield archive
    except _BROKEN_ZIP as error:
        raise InputError(name, "is no complete zip archive; fetch it again") from error


def data_members(archive: zipfile.ZipFile, path: Path, name: str) -> tuple[zipfile.ZipInfo, ...]:
    """Return the members that hold data, in archive order, after refusing what no export contains.

    Folders, hidden files and documents are left out. InputError for a member with an unsafe or
    repeated name, a link, an encrypted member, too many members, or too large a content.
    """
    entries = archive.infolist()
    if len(entries) > MAX_MEMBERS:
        raise InputError(name, f"has more than {MAX_MEMBERS:,} members; give it in several archives")
    refuse_growth(sum(entry.file_size for entry in entries), path.stat().st_size, name)
    seen: set[str] = set()
    for entry in entries:
        _refuse_member(entry, seen, name)
        seen.add(entry.filename)
    members = tuple(entry for entry in entries if not _is_left_out(entry))
    if not members:
        raise InputError(name, "has no data files in it; put the exports into the archive")
    return members


def _refuse_member(entry: zipfile.ZipInfo, seen: set[str], name: str) -> None:
    if _is_unsafe(entry.filename):
        raise InputError(name, "has a member whose name leads out of the archive; make the archive again")
    if entry.filename in seen:
        raise InputError(name, f"has two members called {entry.filename}; keep one of them")
    if stat.S_ISLNK(entry.external_attr >> 16):
        raise InputError(name, f"member {entry.filename} is a link; put the file itself into the archive")
    if entry.flag_bits & _ENCRYPTED_FLAG:
        raise InputError(name, f"member {entry.filename} is encrypted; give the archive without a password")


def _is_unsafe(member: str) -> bool:
    path = PurePosixPath(member)
    has_drive_or_control = ":" in member or "\\" in member or not member.isprintable()
    return path.is_absolute() or ".." in path.parts or has_drive_or_control or not member


def _is_left_out(entry: zipfile.ZipInfo) -> bool:
    parts = PurePosixPath(entry.filename).parts
    is_hidden = any(part.startswith((".", "__MACOSX")) for part in parts)
    return entry.is_dir() or is_hidden or parts[-1].lower().endswith(_DOCUMENTS)


def unpack_member(
    archive: zipfile.ZipFile, member: zipfile.ZipInfo, path: Path, name: str, target: Path
) -> None:
    """Unpack one member to ``target``, never to a place of the member's own choosing."""
    with archive.open(member) as packed, open_private(target) as unpacked:
        _copy_bounded(packed, unpacked, path.stat().st_size, name)
