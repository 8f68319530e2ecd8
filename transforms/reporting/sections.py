"""A page made of sections: each a heading with paragraphs, pictures and tables."""

from __future__ import annotations

from dataclasses import dataclass, field

from transforms.reporting.picture import Picture
from transforms.reporting.tables import DataTable


@dataclass(frozen=True)
class Section:
    """One section of a page.

    ``points`` is a list; ``open_tables`` stand open above the pictures, ``tables`` folded below them;
    ``note`` is set small at the end.
    """

    id: str
    title: str
    paragraphs: tuple[str, ...] = ()
    points: tuple[str, ...] = ()
    pictures: tuple[Picture, ...] = ()
    open_tables: tuple[DataTable, ...] = ()
    tables: tuple[DataTable, ...] = ()
    note: str = ""


@dataclass(frozen=True)
class SectionPage:
    """A page whose ``sentences`` answer its question, the first of them alone.

    ``stands_out`` names what a reader must not miss, each a sentence with its place; ``missing`` are reasons
    why something cannot be shown.
    """

    kicker: str
    study_name: str
    year: str
    sentences: tuple[str, ...]
    sections: tuple[Section, ...]
    stands_out: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    sources: tuple[str, ...] = field(default=())
    colophon: str = ""
