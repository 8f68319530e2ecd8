"""Files beside a page: they hold what it shows, numbers as numbers and text as text."""

from __future__ import annotations

import csv
import io
import zlib
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import openpyxl
import pytest

from tests.unit.reporting.made_up_pages import ALTERNATIVE, HEAT, PAGE, PICTURE, TABLE, made_up_site
from tests.unit.reporting.page_reader import elements, text
from transforms.reporting import downloads, style
from transforms.reporting.cell_numbers import cell_number
from transforms.reporting.downloads import PAGES_WITH_PNG, Downloads, file_stems
from transforms.reporting.picture_files import as_png, standalone_svg
from transforms.reporting.table_files import as_csv, as_workbook, sheet_names
from transforms.reporting.tables import Column, DataTable, make_table

ATTACKS = (
    "=1+1", "+1+1", "-1+1", "@SUM(1)", "\t=1+1", "\r=1+1", "\n=1+1", "＝1+1", "＋1+1", "－1+1", "＠SUM(1)",
    " =1+1", "\u200b=1+1", "=cmd|' /C calc'!A0",
)  # fmt: skip


def of_attack(attack: str) -> DataTable:
    return DataTable(attack, (Column(attack), Column(attack, is_number=True)), ((attack, attack),))


def csv_rows(table: DataTable) -> list[list[str]]:
    return list(csv.reader(io.StringIO(as_csv(table), newline="")))


def workbook_of(*tables: DataTable, title: str = "Title") -> openpyxl.Workbook:
    return openpyxl.load_workbook(io.BytesIO(as_workbook(title, ("Riverbend", "build 1"), tables)))


@pytest.mark.parametrize(
    ("shown", "value", "number_format"),
    [
        ("1,234", 1234, "#,##0"),
        ("−0.05", -0.05, "#,##0.00"),
        ("+0.07", 0.07, "+#,##0.00;-#,##0.00;#,##0.00"),
        ("12%", 0.12, "0%"),
        ("12.3%", 0.123, "0.0%"),
        ("$1,234.50", 1234.5, '"$"#,##0.00'),
        ("CHF 5", 5, '"CHF "#,##0'),
        ("0", 0, "#,##0"),
    ],
)
def test_a_cell_that_is_a_number_is_read_as_one(shown: str, value: float, number_format: str) -> None:
    number = cell_number(shown)
    assert number is not None
    assert (number.value, number.number_format) == (value, number_format)


@pytest.mark.parametrize(
    "shown",
    ["+0.07 (0.04 to 0.11)", "n/a", "", "too few", "<0.01", "under 1%", "07", "1,23", "12 of 4", "=5", "5%%"],
)  # fmt: skip
def test_a_cell_that_is_more_or_else_than_a_number_stays_text(shown: str) -> None:
    assert cell_number(shown) is None


def test_comma_separated_numbers_are_plain_and_their_unit_stands_in_the_title() -> None:
    title, first, second, third, _ = csv_rows(TABLE)
    assert title == ["School", "Growth, SD", "Students", "Share (share of 1)", "Cost ($)", "Difference"]
    assert first == ["Éclair", "0.07", "1234", "0.12", "5.5", "'+0.07 (0.04 to 0.11)"]
    assert second == ["Birch", "-0.05", "98", "0.09", "12", "−0.05 (−0.09 to −0.01)"]
    assert third == ["alder", "too few", "too few", "n/a", "n/a", "n/a"]


def test_a_column_of_several_units_keeps_them_in_its_cells() -> None:
    table = make_table("Mixed", "What|Value #", [("a", "12%"), ("b", "1,234"), ("c", "−3")])
    assert csv_rows(table) == [["What", "Value"], ["a", "12%"], ["b", "1234"], ["c", "-3"]]


def test_a_number_in_a_column_of_text_stays_as_it_is_written() -> None:
    table = make_table("Ids", "School|Code", [("a", "007"), ("b", "1,234")])
    assert [row[1] for row in csv_rows(table)] == ["Code", "007", "1,234"]
    assert workbook_of(table)["Ids"]["B3"].value == "1,234"


def test_a_workbook_has_numbers_with_the_form_of_the_page() -> None:
    sheet = workbook_of(TABLE)["Growth by school"]
    assert [cell.value for cell in sheet[2]] == ["Éclair", 0.07, 1234, 0.12, 5.5, "+0.07 (0.04 to 0.11)"]
    assert [cell.number_format for cell in sheet[3]][2:5] == ["#,##0", "0%", '"$"#,##0']
    assert [cell.value for cell in sheet[4]] == ["alder", "too few", "too few", "n/a", "n/a", "n/a"]


@pytest.mark.parametrize("attack", ATTACKS)
def test_no_text_of_a_comma_separated_file_begins_as_a_formula(attack: str) -> None:
    for cell in (cell for row in csv_rows(of_attack(attack)) for cell in row):
        assert cell.startswith("'")
        assert not cell.startswith("''")


def test_a_formula_behind_a_semicolon_is_none_where_semicolons_separate_cells() -> None:
    attack = "x;=1+1;\n@SUM(1)"
    cells = as_csv(make_table("t", "A", [(attack,)])).split("\r\n")[1].split(";")
    assert [cell[:1] for cell in cells] == ['"', "'", "'"]


@pytest.mark.parametrize("attack", ATTACKS)
def test_no_cell_of_a_workbook_is_a_formula(attack: str) -> None:
    workbook = workbook_of(of_attack(attack), title=attack)
    written = [
        cell for sheet in workbook for row in sheet.iter_rows() for cell in row if cell.value is not None
    ]
    assert {cell.data_type for cell in written} == {"s"}
    assert all(cell.quotePrefix for cell in written if str(cell.value).strip()[:1] in "=+-@＝＋－＠")
    assert not any(name[0] in "=+-@＝＋－＠" for name in workbook.sheetnames)


def test_names_of_sheets_are_short_and_differ_whatever_the_case() -> None:
    long = "Schools, aligned and differentiated, of the whole district"
    captions = [long, long.upper(), long, "About", "[a]/b:*?", "===", "", "'quoted'"]
    names = sheet_names(captions)
    assert len({name.lower() for name in names}) == len(captions)
    assert all(0 < len(name) <= 31 and not set(name) & set("[]:*?/\\'") for name in names)
    assert openpyxl.load_workbook(  # and Excel's rules, as openpyxl holds them
        io.BytesIO(as_workbook("t", (), [replace(TABLE, caption=caption) for caption in captions]))
    ).sheetnames == ["About", *names]


def test_the_first_sheet_says_what_the_workbook_is_of() -> None:
    lines = [row[0].value for row in workbook_of(TABLE)["About"].iter_rows()]
    assert lines[:3] == ["Title", "Riverbend", "build 1"]
    assert lines[-1] == "Growth by school"


def test_file_names_are_plain_and_differ() -> None:
    assert file_stems(["What it cost (2024–25)", "what it cost 2024 25", "../..", "Ωμέγα"]) == [
        "what-it-cost-2024-25", "what-it-cost-2024-25-2", "table", "table-2",
    ]  # fmt: skip


def test_a_picture_file_stands_alone() -> None:
    root = ElementTree.fromstring(standalone_svg(PICTURE, "build 1"))
    name = "{http://www.w3.org/2000/svg}"
    assert root.tag == f"{name}svg"
    assert root.attrib["font-family"] == style.CHART_FONT
    assert root.findtext(f"{name}title") == PICTURE.title
    assert root.findtext(f"{name}desc") == ALTERNATIVE
    paper = root.find(f"{name}rect")
    assert paper is not None
    assert (paper.get("fill"), paper.get("width")) == (style.PAPER, root.get("width"))
    said = " ".join(element.text or "" for element in root.iter(f"{name}text"))
    assert all(words in said for words in (PICTURE.title, "0.12", PICTURE.caption, "build 1"))


def test_words_of_a_picture_file_are_never_markup() -> None:
    attack = '</title><script>alert(1)</script>\x00"'
    root = ElementTree.fromstring(standalone_svg(replace(PICTURE, title=attack, caption=attack), attack))
    assert not [element.tag for element in root.iter() if element.tag.endswith("script")]


def test_a_png_is_twice_the_size_of_its_drawing_and_white_behind() -> None:
    svg = standalone_svg(PICTURE, "build 1")
    png = as_png(svg)
    root = ElementTree.fromstring(svg)
    assert int.from_bytes(png[16:20]) == 2 * float(root.attrib["width"])
    place = png.index(b"IDAT")
    pixels = zlib.decompress(png[place + 4 : place + 4 + int.from_bytes(png[place - 4 : place])])
    assert pixels[1:5] == b"\xff" * 4  # the first pixel, which no filter of a PNG changes


def test_every_table_and_picture_of_a_page_has_its_files(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    made_up_site(monkeypatch, tmp_path, {"made.html": PAGE, "pd/made.html": PAGE})
    for path, root in (("made.html", ""), ("pd/made.html", "../")):
        links = [
            element.attributes["href"]
            for element in elements(tmp_path / path)
            if "download" in element.attributes
        ]
        assert len(links) == 3 * 2 + 2  # three tables as CSV and workbook, one picture as SVG and PNG
        assert all(link.startswith(f"{root}data/") or link.startswith(f"{root}figures/") for link in links)
        assert all(((tmp_path / path).parent / link).stat().st_size > 20 for link in links)
    assert (tmp_path / "data/made/growth-by-school.csv").read_bytes().startswith(b"\xef\xbb\xbf")


def test_files_hold_no_cell_that_the_page_does_not_show(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    made_up_site(monkeypatch, tmp_path, {"made.html": PAGE})
    rows = list(csv.reader((tmp_path / "data/made/reach-by-school.csv").open(encoding="utf-8-sig")))
    shares = {"9%": "0.09", "60%": "0.6"}
    assert rows[1:] == [
        [school, *(shares.get(cell.text, cell.text) for cell in cells)] for school, cells in HEAT.rows
    ]


@pytest.mark.parametrize(("n_pages", "has_png"), [(PAGES_WITH_PNG, True), (PAGES_WITH_PNG + 1, False)])
def test_a_large_family_of_pages_has_no_png_and_says_so(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, n_pages: int, has_png: bool
) -> None:
    family = {f"schools/{number}.html": PAGE for number in range(n_pages)}
    monkeypatch.setattr(downloads, "as_png", lambda svg: b"drawn")
    made_up_site(monkeypatch, tmp_path, {"made.html": PAGE, **family})
    assert (tmp_path / "figures/made/bars.png").exists()
    assert (tmp_path / "figures/schools/0/bars.svg").exists()
    assert (tmp_path / "figures/schools/0/bars.png").exists() == has_png
    page = text(tmp_path / "schools/0.html")
    assert ("PNG" in page) == has_png
    assert ("can be had as SVG" in page) == (not has_png)


def test_a_png_that_cannot_be_drawn_stops_the_report(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def broken(svg: str) -> bytes:
        raise ValueError("no room")

    monkeypatch.setattr(downloads, "as_png", broken)
    with pytest.raises(ValueError, match="no room"), Downloads(tmp_path, "build 1", ["made.html"]) as files:
        files.of_page("made.html", PAGE)
