"""Which files a study names, what they hash to, and where their landed text is."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

import duckdb

from transforms.errors import InputError, InputErrors, UsageError
from transforms.sources.landing import LandedFile, forget_unused, land_file, open_landing
from transforms.sources.source import Source


@dataclass(frozen=True)
class FoundFile:
    """A file that a ``[[source]]`` names; ``source_number`` counts from 1 in study.toml."""

    source_number: int
    source: Source
    path: Path
    source_file: str


@dataclass(frozen=True)
class LandedSource:
    """A landed file (or archive member) of a source."""

    source_number: int
    source: Source
    landed: LandedFile


@dataclass(frozen=True)
class Intake:
    """All landed files of a study in the order of study.toml, and the fingerprint of the run."""

    sources: tuple[LandedSource, ...]
    fingerprint: str


def find_files(sources: Sequence[Source], data_folder: Path) -> tuple[FoundFile, ...]:
    """Expand the globs of all sources; InputErrors name each pattern that finds none or finds no file.

    UsageError where a path is no pattern at all.
    """
    found: list[FoundFile] = []
    problems: list[InputError] = []
    for number, source in enumerate(sources, start=1):
        try:
            paths = _files(source.path, data_folder, number)
        except InputError as problem:
            problems.append(problem)
            continue
        found += [FoundFile(number, source.as_loaded(), path, _shown(path, data_folder)) for path in paths]
    raise_together(problems)
    return tuple(found)


def _files(pattern: str, data_folder: Path, source_number: int) -> list[Path]:
    paths = _matches(pattern, data_folder, source_number)
    for path in paths:
        _refuse_no_file(path, pattern, _shown(path, data_folder))
    files = [path for path in paths if path.is_file()]
    if not files:
        advice = f"put it there or correct the path of source {source_number} in study.toml"
        raise InputError(pattern, f"no file matches below {data_folder.name}/; {advice}")
    return files


def _refuse_no_file(path: Path, pattern: str, name: str) -> None:
    """Left out without a word, a file that the study counts on would be missing from the result."""
    if not path.exists():
        raise InputError(name, "is a link that leads to no file; mend or remove it")
    # A pattern without a suffix, such as exports/*, means whatever files there are.
    if path.is_dir() and Path(pattern).suffix:
        raise InputError(name, "is a folder, not a file; name the files in it or remove it")


def _matches(pattern: str, data_folder: Path, source_number: int) -> list[Path]:
    path = data_folder / pattern
    try:
        found = path.parent.glob(path.name) if Path(pattern).is_absolute() else data_folder.glob(pattern)
        # A plain name is found by glob only where something is at the end of the link.
        return sorted({*found, *([path] if path.is_symlink() else [])})
    except (ValueError, IndexError):
        problem = "is no pattern of files; ** stands for folders, as in exports/**/*.csv"
        raise UsageError(f"study.toml: source[{source_number}].path: {pattern!r} {problem}") from None


def _shown(path: Path, data_folder: Path) -> str:
    return path.relative_to(data_folder).as_posix() if path.is_relative_to(data_folder) else path.name


def raise_together(problems: Sequence[InputError]) -> None:
    """Raise all problems at once, a line each, so that one run shows everything to mend."""
    if problems:
        raise InputErrors(problems)


def fingerprint(settings_json: str, hashes: Sequence[tuple[str, str]]) -> str:
    """SHA-256 (hex) over settings, code and the (file, SHA-256) pairs of the input."""
    digest = hashlib.sha256()
    for part in (settings_json, code_sha256(), *(f"{name}={sha}" for name, sha in sorted(set(hashes)))):
        digest.update(part.encode())
        digest.update(b"\0")
    return digest.hexdigest()


def fingerprint_of_files(settings_json: str, found: Sequence[FoundFile]) -> str:
    """The fingerprint that a run over ``found`` would have, without reading more than their bytes."""
    shas = {file.path: _sha256_of(file.path) for file in found}
    return fingerprint(settings_json, [(file.source_file, shas[file.path]) for file in found])


def _sha256_of(path: Path) -> str:
    try:
        with path.open("rb") as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest()
    except OSError as error:
        raise InputError(path.name, f"cannot be read: {error.strerror}") from None


@cache
def code_sha256() -> str:
    """SHA-256 over the project's own code and SQL: new code means a new build."""
    digest = hashlib.sha256()
    for package in ("expectations", "flows", "sql", "transforms"):
        for name, entry in sorted(_code_files(files(package), package)):
            digest.update(name.encode())
            digest.update(entry.read_bytes())
    return digest.hexdigest()


def _code_files(folder: Traversable, prefix: str) -> Iterator[tuple[str, Traversable]]:
    for entry in folder.iterdir():
        name = f"{prefix}/{entry.name}"
        if entry.is_dir() and entry.name != "__pycache__":
            yield from _code_files(entry, name)
        elif entry.name.endswith((".py", ".sql", ".j2", ".html", ".css", ".toml")):
            yield name, entry


def land_sources(
    found: Sequence[FoundFile],
    *,
    landing: Path,
    scratch: Path,
    memory_limit: str,
    settings_json: str,
    report_progress: Callable[[str], None],
) -> Intake:
    """Land every file that is not landed yet; one InputError carries the problems of all files."""
    connection = open_landing(landing, memory_limit)
    try:
        results = _land_side_by_side(connection, found, scratch, report_progress)
        raise_together([result for result in results if isinstance(result, InputError)])
        landed = [
            (file, member)
            for file, result in zip(found, results, strict=True)
            if not isinstance(result, InputError)
            for member in result
        ]
        forget_unused(connection, {member.table for _, member in landed})
    finally:
        connection.close()
    hashes = [(file.source_file, member.sha256) for file, member in landed]
    sources = [LandedSource(file.source_number, file.source, member) for file, member in landed]
    return Intake(tuple(sources), fingerprint(settings_json, hashes))


def _land_side_by_side(
    connection: duckdb.DuckDBPyConnection,
    found: Sequence[FoundFile],
    scratch: Path,
    report_progress: Callable[[str], None],
) -> list[tuple[LandedFile, ...] | InputError]:
    """What became of each file, in the order of ``found``.

    DuckDB reads a file of some megabytes with one thread. Sources of the same file take turns, since
    the first of them lands it for all.
    """

    def land(numbers: Sequence[int]) -> list[tuple[int, tuple[LandedFile, ...] | InputError]]:
        with connection.cursor() as cursor:
            cursor.execute("use restricted")
            return [(number, _land(cursor, found[number], scratch, report_progress)) for number in numbers]

    by_path: dict[Path, list[int]] = {}
    for number, file in enumerate(found):
        by_path.setdefault(file.path, []).append(number)
    with ThreadPoolExecutor(max_workers=os.cpu_count()) as pool:
        results = dict(pair for pairs in pool.map(land, by_path.values()) for pair in pairs)
    return [results[number] for number in range(len(found))]


def _land(
    connection: duckdb.DuckDBPyConnection,
    file: FoundFile,
    scratch: Path,
    report_progress: Callable[[str], None],
) -> tuple[LandedFile, ...] | InputError:
    report_progress(file.source.path)
    try:
        return land_file(connection, file.path, file.source_file, file.source, scratch)
    except InputError as problem:
        return problem
