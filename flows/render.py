"""``pdeval report``: the pages of the published build drawn again, without computing anything."""

from __future__ import annotations

import os
import shutil
import webbrowser
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from flows.branding import branding_of
from flows.console import shown_path
from flows.folders import PUBLIC_FOLDER, Warehouse
from flows.lock import run_lock
from flows.pins import read_pins
from transforms.errors import UsageError

if TYPE_CHECKING:
    import duckdb

    from flows.settings import StudySettings


@dataclass(frozen=True)
class DrawnReport:
    """What was drawn: the page to open first, and the PDF files."""

    build_id: str
    page: Path
    pdfs: tuple[Path, ...]


def draw_report(
    settings: StudySettings, *, school_id: str | None = None, has_pdf: bool = False
) -> DrawnReport:
    """Draw the report of the published build again; with ``school_id`` only the page of that school.

    The new pages take the place of the old ones when they are complete. UsageError where nothing is
    published, the build is of a version whose tables differ, or it has no such school; LockedError while a
    run writes the warehouse.
    """
    warehouse = Warehouse(settings.warehouse_folder)
    again = f"pdeval run {shown_path(settings.folder)} comes first"
    if not warehouse.published.exists():
        raise UsageError(
            f"{settings.study.name}: nothing is published in {shown_path(warehouse.folder)}; {again}"
        )
    with run_lock(warehouse), _published(settings, warehouse, again) as (connection, build_id):
        if build_id in read_pins(warehouse):
            raise UsageError(
                f"{build_id}: is pinned, so its report stays as it is; unpin it first, or run again"
            )
        folder = warehouse.report(build_id)
        drafted = folder.with_name(f".{build_id}.draft.tmp")
        shutil.rmtree(drafted, ignore_errors=True)
        try:
            page, pdfs = _draw(connection, drafted, build_id, settings, school_id, has_pdf)
            if school_id is None:
                _copy_public(folder, drafted)
                _replace_folder(drafted, folder)
            else:
                _move_files(drafted, folder)
        finally:
            shutil.rmtree(drafted, ignore_errors=True)
    return DrawnReport(
        build_id,
        folder / page.relative_to(drafted),
        tuple(folder / pdf.relative_to(drafted) for pdf in pdfs),
    )


@contextmanager
def _published(
    settings: StudySettings, warehouse: Warehouse, again: str
) -> Iterator[tuple[duckdb.DuckDBPyConnection, str]]:
    """The published build, opened to read, and its id."""
    import duckdb

    from transforms.warehouse import open_database

    connection = open_database(warehouse.published, is_read_only=True)
    try:
        ((build_id,),) = connection.execute("select build_id from meta.build").fetchall()
        yield connection, build_id
    except (duckdb.CatalogException, duckdb.BinderException) as error:
        raise UsageError(
            f"{settings.study.name}: the published build is of an earlier version; {again}"
        ) from error
    finally:
        connection.close()


def _draw(
    connection: duckdb.DuckDBPyConnection,
    folder: Path,
    build_id: str,
    settings: StudySettings,
    school_id: str | None,
    has_pdf: bool,
) -> tuple[Path, tuple[Path, ...]]:
    from transforms.reporting.site import PDF_FOLDER, render_report, render_school

    branding = branding_of(settings)
    if school_id is None:
        page = render_report(connection, folder, build_id, branding, has_pdf=has_pdf)
    else:
        try:
            page = render_school(connection, folder, build_id, school_id, branding, has_pdf=has_pdf)
        except KeyError:
            raise UsageError(f"--school {school_id}: the published build has no such school") from None
    return page, tuple(sorted((folder / PDF_FOLDER).glob("*.pdf" if school_id is None else "*/*.pdf")))


def _copy_public(old: Path, new: Path) -> None:
    """The release for the public is part of the report's folder, and pages have no part in it."""
    if (old / PUBLIC_FOLDER).exists():
        shutil.copytree(old / PUBLIC_FOLDER, new / PUBLIC_FOLDER)


def _replace_folder(new: Path, old: Path) -> None:
    """Put ``new`` in the place of ``old``; between the two renames there is no report, and a run that finds
    none builds it again."""
    aside = old.with_name(f".{old.name}.old.tmp")
    shutil.rmtree(aside, ignore_errors=True)
    if old.exists():
        os.rename(old, aside)
    os.rename(new, old)
    shutil.rmtree(aside, ignore_errors=True)


def _move_files(new: Path, old: Path) -> None:
    """Replace the files of ``old`` that ``new`` has, one by one."""
    for file in sorted(path for path in new.rglob("*") if path.is_file()):
        target = old / file.relative_to(new)
        target.parent.mkdir(parents=True, exist_ok=True)
        os.replace(file, target)


def open_in_browser(page: Path) -> None:
    """Show ``page``; UsageError where this machine has no browser."""
    if not webbrowser.open(page.as_uri()):
        raise UsageError(f"--open: no browser is to be had here; open {shown_path(page)} on another machine")


def drawn_text(drawn: DrawnReport) -> str:
    """Where the pages are."""
    lines = [f"{'build':<9} {drawn.build_id}", f"{'report':<9} {shown_path(drawn.page)}"]
    return "\n".join([*lines, *(f"{'pdf':<9} {shown_path(pdf)}" for pdf in drawn.pdfs)])


def drawn_facts(drawn: DrawnReport) -> dict[str, Any]:
    """The same for ``--json``."""
    return {
        "build_id": drawn.build_id,
        "report": str(drawn.page),
        "pdf": [str(pdf) for pdf in drawn.pdfs],
    }
