"""A page of the report: an answer, then sections of paragraphs, cards, pictures and tables.

Pages are values. The site sets them as HTML, the PDF on paper, the downloads take their tables and pictures.
"""

from __future__ import annotations

from dataclasses import dataclass

from transforms.reporting.picture import Picture
from transforms.reporting.school_tables import HeatTable
from transforms.reporting.tables import DataTable


@dataclass(frozen=True)
class Card:
    """A few sentences under a title of their own; several stand side by side.

    ``href`` is a page of the site, from its root. ``tone`` is "", "higher", "lower" or "caution": a line in
    that colour, which never says anything that the words do not.
    """

    title: str
    sentences: tuple[str, ...] = ()
    note: str = ""
    tone: str = ""
    href: str = ""


@dataclass(frozen=True)
class Section:
    """One section of a page, set in the order of its fields.

    ``points`` is a list, ``facts`` are words with what they mean or come to; ``open_tables`` stand open above
    the pictures, ``tables`` folded below them; ``note`` is set small at the end.
    """

    id: str
    title: str
    paragraphs: tuple[str, ...] = ()
    points: tuple[str, ...] = ()
    facts: tuple[tuple[str, str], ...] = ()
    cards: tuple[Card, ...] = ()
    open_tables: tuple[DataTable, ...] = ()
    heat: HeatTable | None = None
    pictures: tuple[Picture, ...] = ()
    tables: tuple[DataTable, ...] = ()
    note: str = ""


@dataclass(frozen=True)
class SectionPage:
    """A page whose ``sentences`` answer its question, the first of them alone.

    ``year`` says what the page is of ("2024–25"); ``stands_out`` names what a reader must not miss, each a
    sentence with its place; ``missing`` are reasons why something cannot be shown.
    """

    title: str
    study_name: str
    year: str
    sentences: tuple[str, ...]
    sections: tuple[Section, ...]
    stands_out: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
