"""An own check of the main failure conditions of the Matterhorn protocol 1.1 that a machine can find.

It is no conformance checker: it holds those conditions of PDF/UA-1 (ISO 14289-1) that documents like ours can
break. Each finding begins with the number of its condition.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pikepdf
from pikepdf import Dictionary, Name, Object

from tests.unit.reporting.pdf_reader import Tag, shown, structure

_STANDARD_TYPES = {
    "Document", "Part", "Sect", "Div", "TOC", "TOCI", "P", "H1", "H2", "H3", "H4", "H5", "H6", "L",
    "LI", "Lbl", "LBody", "Table", "TR", "TH", "TD", "THead", "TBody", "TFoot", "Caption", "Span",
    "Reference", "Link", "Figure", "NonStruct", "Note", "Code", "Quote", "BlockQuote",
}  # fmt: skip
_MAY_HOLD = {
    "Table": {"TR", "THead", "TBody", "TFoot", "Caption"},
    "THead": {"TR"},
    "TBody": {"TR"},
    "TR": {"TH", "TD"},
    "L": {"L", "LI", "Caption"},
    "LI": {"Lbl", "LBody"},
    "TOC": {"TOC", "TOCI", "Caption"},
}


def findings(path: Path) -> list[str]:
    """What is wrong with the PDF at ``path``; empty where nothing was found."""
    with pikepdf.open(path) as pdf:
        tree = structure(pdf)
        return [
            *_document(pdf),
            *_content(pdf, tree),
            *_types(tree),
            *_headings(tree),
            *_tables(tree),
            *_links(pdf),
            *_fonts(pdf),
        ]


def _document(pdf: pikepdf.Pdf) -> Iterator[str]:
    root = pdf.Root
    with pdf.open_metadata() as metadata:
        if metadata.get("pdfuaid:part") != "1":
            yield "06-002 the metadata do not name PDF/UA part 1"
        if not metadata.get("dc:title"):
            yield "06-003 no title in the metadata"
    if not root.get("/ViewerPreferences", Dictionary()).get("/DisplayDocTitle"):
        yield "07-001 the window would show the file name"
    if root.get("/MarkInfo", Dictionary()).get("/Marked") is not True:
        yield "01-000 the document is not marked as tagged"
    if root.get("/MarkInfo", Dictionary()).get("/Suspects"):
        yield "04-001 tags are called suspect"
    if not root.get("/Lang"):
        yield "11-006 no language"
    if pdf.is_encrypted:
        yield "26-001 encrypted"


def _content(pdf: pikepdf.Pdf, tree: Tag) -> Iterator[str]:
    tagged = {mark for tag in tree.all() for mark in tag.marked}
    for page in pdf.pages:
        for mark, words in shown(page):
            if not mark:
                yield f"01-005 neither tagged nor an artifact: {words}"
            elif mark != "Artifact" and (page.obj.objgen[0], int(mark)) not in tagged:
                yield f"01-006 marked, but in no element: {words}"


def _types(tree: Tag) -> Iterator[str]:
    for tag in tree.all():
        if tag.type not in _STANDARD_TYPES:
            yield f"02-001 {tag.type} is mapped to no standard type"
        allowed = _MAY_HOLD.get(tag.type)
        if allowed and not {child.type for child in tag.children} <= allowed:
            yield f"09-004 {tag.type} holds {[child.type for child in tag.children]}"
        if tag.type == "Figure" and not tag.alternative_text.strip():
            yield "13-004 a figure without alternative text"


def _headings(tree: Tag) -> Iterator[str]:
    before = 0
    for tag in tree.all():
        if tag.type[0] == "H" and tag.type[1:].isdigit():
            level = int(tag.type[1:])
            if level > before + 1:
                yield f"14-003 a heading of level {level} after one of level {before}"
            before = level


def _tables(tree: Tag) -> Iterator[str]:
    for table in (tag for tag in tree.all() if tag.type == "Table"):
        rows = [tag for tag in table.all() if tag.type == "TR"]
        if len({len(row.children) for row in rows}) > 1:
            yield "15-004 rows of a table differ in their number of cells"
        cells = [cell for row in rows for cell in row.children]
        headers = [cell for cell in cells if cell.type == "TH"]
        if not headers or not all(any("/Scope" in found for found in cell.attributes) for cell in headers):
            yield "15-003 a table with header cells of no scope, or without header cells"


def _links(pdf: pikepdf.Pdf) -> Iterator[str]:
    for page in pdf.pages:
        annotations = [found for found in page.obj.get("/Annots", []) if found.Subtype == Name.Link]
        if annotations and page.obj.get("/Tabs") != Name.S:
            yield "28-008 the tab order does not follow the structure"
        for annotation in annotations:
            if "/StructParent" not in annotation:
                yield "28-011 a link outside the structure"
            if not annotation.get("/Contents"):
                yield "28-012 a link without a description"


def _fonts(pdf: pikepdf.Pdf) -> Iterator[str]:
    for font in fonts(pdf):
        (descendant,) = font.DescendantFonts
        descriptor = descendant.FontDescriptor
        if not any(name in descriptor for name in ("/FontFile", "/FontFile2", "/FontFile3")):
            yield f"31-009 {font.BaseFont} is not embedded"
        if "/ToUnicode" not in font:
            yield f"31-027 {font.BaseFont} has no map to Unicode"


def fonts(pdf: pikepdf.Pdf) -> list[Object]:
    """Each composite font of the document; a simple one would be an error of this check."""
    found = [item for item in pdf.objects if isinstance(item, Dictionary) and item.get("/Type") == Name.Font]
    return [font for font in found if font.Subtype == Name.Type0]
