"""The tables and pictures of each page as files beside it.

``data/<page>.xlsx`` has all tables of a page, ``data/<page>/<table>.csv`` each of them, ``figures/<page>/``
the pictures as SVG and PNG. A family of many pages, such as that of all schools, has no PNG: drawing them
takes longer than the report itself.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Self

from transforms.reporting.catalogue import noted, say
from transforms.reporting.picture import Picture
from transforms.reporting.picture_files import as_png, standalone_svg
from transforms.reporting.school_tables import HeatTable
from transforms.reporting.sections import SectionPage
from transforms.reporting.table_files import ENCODING, as_csv, as_workbook
from transforms.reporting.tables import Column, DataTable

PAGES_WITH_PNG = 20  # of one folder; the pages of the root always have them
_WORKERS = 2
_UNSAFE = re.compile(r"[^a-z0-9]+")
_LONGEST_STEM = 60
_ONLY_SVG = noted(
    "Pictures of this page can be had as SVG, which word processors and browsers open and which"
    " stays sharp at any size."
)


@dataclass(frozen=True)
class File:
    """A link to a file: where it is from the root of the site, what it is called, what it holds in words."""

    href: str
    label: str
    content: str


@dataclass(frozen=True)
class PageFiles:
    """The files of one page by what they hold; none where a page is made without files."""

    tables: Mapping[DataTable | HeatTable, tuple[File, ...]] = field(default_factory=dict)
    pictures: Mapping[str, tuple[File, ...]] = field(default_factory=dict)
    note: str = ""

    def of_table(self, table: DataTable | HeatTable) -> tuple[File, ...]:
        """The files of a table of the page."""
        return self.tables.get(table, ())

    def of_picture(self, picture: Picture) -> tuple[File, ...]:
        """The files of a picture of the page."""
        return self.pictures.get(picture.id, ())


class Downloads:
    """Writes the files of pages to the folder of their site; PNGs are ready at the end of ``with``.

    ``source`` says of what build the files are, ``paths`` are all pages that will be written.
    """

    def __init__(self, folder: Path, source: str, paths: Iterable[str]) -> None:
        self._folder, self._source = folder, source
        self._pages_of_folder = Counter(path.rpartition("/")[0] for path in paths)
        self._pool = ThreadPoolExecutor(_WORKERS)
        self._drawn: list[Future[int]] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._pool.shutdown(wait=True, cancel_futures=kind is not None)
        if kind is None:
            for drawn in self._drawn:
                drawn.result()

    def of_page(self, path: str, page: SectionPage) -> PageFiles:
        """Write the files of the page at ``path``."""
        stem = path.removesuffix(".html")
        has_png = self._has_png(path)
        shown = list(page_pictures(page))
        names = file_stems(picture.id for picture in shown)
        pictures = {
            picture.id: self._picture(f"figures/{stem}/{name}", picture, has_png)
            for picture, name in zip(shown, names, strict=True)
        }
        note = "" if has_png or not pictures else say(_ONLY_SVG)
        return PageFiles(self._tables(stem, page), pictures, note)

    def _has_png(self, path: str) -> bool:
        folder = path.rpartition("/")[0]
        return not folder or self._pages_of_folder[folder] <= PAGES_WITH_PNG

    def _tables(self, stem: str, page: SectionPage) -> dict[DataTable | HeatTable, tuple[File, ...]]:
        shown = list(page_tables(page))
        if not shown:
            return {}
        as_data = [_as_data(table) for table in shown]
        workbook = self._write(
            workbook_path(f"{stem}.html"),
            as_workbook(f"{page.title}, {page.year}", (page.study_name, self._source), as_data),
        )
        files: dict[DataTable | HeatTable, tuple[File, ...]] = {}
        stems = file_stems(table.caption for table in as_data)
        for table, data, name in zip(shown, as_data, stems, strict=True):
            text = self._write(f"data/{stem}/{name}.csv", as_csv(data).encode(ENCODING))
            files[table] = (
                File(text, "CSV", say("the table “{caption}”", caption=data.caption)),
                File(workbook, say("Excel"), say("all tables of this page")),
            )
        return files

    def _picture(self, place: str, picture: Picture, has_png: bool) -> tuple[File, ...]:
        svg = standalone_svg(picture, self._source)
        content = say("the picture “{title}”", title=picture.title)
        files = [File(self._write(f"{place}.svg", svg.encode()), "SVG", content)]
        if has_png:
            href = f"{place}.png"
            self._drawn.append(self._pool.submit(lambda: (self._folder / href).write_bytes(as_png(svg))))
            files.append(File(href, "PNG", content))
        return tuple(files)

    def _write(self, href: str, content: bytes) -> str:
        path = self._folder / href
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        return href


def workbook_path(page_path: str) -> str:
    """Where the workbook of the page at ``page_path`` lies below the folder of the site."""
    return f"data/{page_path.removesuffix('.html')}.xlsx"


def page_tables(page: SectionPage) -> Iterator[DataTable | HeatTable]:
    """The tables that a page shows, in its order."""
    for section in page.sections:
        heats = (section.heat,) if section.heat else ()
        yield from (table for table in (*section.open_tables, *heats, *section.tables) if table.rows)


def page_pictures(page: SectionPage) -> Iterator[Picture]:
    """The pictures that a page shows, in its order."""
    for section in page.sections:
        yield from (picture for picture in section.pictures if picture.svg)


def _as_data(table: DataTable | HeatTable) -> DataTable:
    if isinstance(table, DataTable):
        return table
    columns = (Column(say("School")), *(Column(title, is_number=True) for title in table.columns))
    rows = tuple((school, *(cell.text for cell in cells)) for school, cells in table.rows)
    return DataTable(table.caption, columns, rows)


def file_stems(texts: Iterable[str]) -> list[str]:
    """A file name a text, without its ending: letters a to z, digits and hyphens, each once."""
    stems: list[str] = []
    for text in texts:
        reduced = _UNSAFE.sub("-", text.lower()).strip("-")[:_LONGEST_STEM].strip("-") or "table"
        stem, again = reduced, 1
        while stem in stems:
            again += 1
            stem = f"{reduced}-{again}"
        stems.append(stem)
    return stems
