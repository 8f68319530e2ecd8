"""Pages as plain values for the templates of the PDF: what the site shows, in the order it shows it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace

from transforms.reporting.brief import Brief
from transforms.reporting.brief_item import BriefItem
from transforms.reporting.catalogue import spoken
from transforms.reporting.pdf_pictures import picture_parts, picture_values
from transforms.reporting.pdf_tables import fitted
from transforms.reporting.school_tables import HeatTable
from transforms.reporting.sections import Card, Section, SectionPage
from transforms.reporting.tables import DataTable

Values = dict[str, object]

# On paper nobody looks a number up in hundreds of rows, and they would hide the pages between them.
MOST_ROWS, FIRST_ROWS = 30, 10


def page_values(page: SectionPage, room: float, known: Collection[str] = (), workbook: str = "") -> Values:
    """A page whose tables are ``room`` points wide; cards link to the pages ``known`` in the document.

    Where ``workbook`` names the file with all its tables, long folded ones begin here and end there.
    """
    return {
        "title": page.title,
        "year": page.year,
        "sentences": page.sentences,
        "stands_out": page.stands_out,
        "sections": [_section_values(section, room, known, workbook) for section in page.sections],
        "missing": page.missing,
        "sources": page.sources,
    }


def _section_values(section: Section, room: float, known: Collection[str], workbook: str) -> Values:
    return {
        "title": section.title,
        "paragraphs": section.paragraphs,
        "points": section.points,
        "facts": section.facts,
        "cards": [_card_values(card, known) for card in section.cards],
        "open_tables": [table_values(table, room) for table in section.open_tables if table.rows],
        "heat": heat_values(section.heat) if section.heat and section.heat.rows else None,
        "pictures": [
            part for picture in section.pictures if picture.svg for part in picture_parts(picture, room)
        ],
        "tables": [_folded_values(table, room, workbook) for table in section.tables if table.rows],
        "note": section.note,
    }


def _card_values(card: Card, known: Collection[str]) -> Values:
    return {
        "title": card.title,
        "sentences": card.sentences,
        "note": card.note,
        "tone": card.tone,
        "target": card.href if card.href in known else "",
    }


def _folded_values(table: DataTable, room: float, workbook: str) -> Values:
    if not workbook or len(table.rows) <= MOST_ROWS:
        return table_values(table, room)
    beginning = replace(table, rows=table.rows[:FIRST_ROWS])
    more = spoken().text("pdf.more_rows", shown=FIRST_ROWS, n=f"{len(table.rows):,}", file=workbook)
    return {**table_values(beginning, room), "more": more}


def table_values(table: DataTable, room: float) -> Values:
    """A table with its text size and the widths of its columns, points."""
    fit = fitted(table, room)
    return {
        "caption": table.caption,
        "more": "",
        "titles": [column.title for column in table.columns],
        "numbers": [column.is_number for column in table.columns],
        "rows": fit.rows,
        "is_prose": table.is_prose,
        "size": fit.size,
        "widths": fit.widths,
        "is_hyphenated": fit.is_hyphenated,
    }


def heat_values(heat: HeatTable) -> Values:
    """A heat table; the tint of a cell is the number of its step, -1 where it has none."""
    return {
        "caption": heat.caption,
        "columns": heat.columns,
        "rows": [
            (school, [(cell.text, _step(cell.css_class)) for cell in cells]) for school, cells in heat.rows
        ],
    }


def _step(css_class: str) -> int:
    name, _, step = css_class.partition("-")
    return int(step) if name == "reach" and step.isdigit() else -1


def brief_values(brief: Brief, known: Collection[str] = ()) -> Values:
    """The first page."""
    return {
        "title": brief.title,
        "study_name": brief.study_name,
        "year": brief.year,
        "answer": brief.answer,
        "since": brief.since,
        "groups": [
            {"heading": heading, "items": [_item_values(item, known) for item in items]}
            for heading, items in brief.groups
        ],
        "notes": brief.notes,
    }


def _item_values(item: BriefItem, known: Collection[str]) -> Values:
    return {
        "title": item.title,
        "sentences": item.sentences,
        "note": item.note,
        "tone": item.tone,
        "picture": picture_values(item.picture) if item.picture and item.picture.svg else None,
        "target": item.href if item.href in known else "",
    }


def by_menu(
    pages: Mapping[str, SectionPage], menu: list[tuple[str, list[str]]]
) -> list[tuple[str, list[str]]]:
    """Paths of ``pages`` under the titles of the menu: the pages of a folder behind its list.

    A school's page is left out, it has a file of its own; any other page that the menu does not lead to
    stands under the last title.
    """
    placed: dict[str, list[str]] = {}
    left = [path for path in pages if path.partition("/")[0] != "schools" or path == "schools/index.html"]
    for title, places in menu:
        for place in places:
            folder = place.removesuffix("index.html") if place.endswith("/index.html") else None
            found = [path for path in left if path == place]
            found += [path for path in left if folder and path.startswith(folder) and path != place]
            placed.setdefault(title, []).extend(found)
            left = [path for path in left if path not in found]
    placed.setdefault(menu[-1][0], []).extend(left)
    return [(title, paths) for title, paths in placed.items() if paths]
