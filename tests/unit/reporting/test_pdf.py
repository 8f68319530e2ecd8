"""What the PDFs hold, and that no text of a study does anything in them."""

from __future__ import annotations

import base64
from dataclasses import replace
from pathlib import Path

import pikepdf
import pytest

from tests.unit.reporting.made_up_paper import BUILD, made_up_brief, made_up_page, made_up_picture
from tests.unit.reporting.pdf_reader import shown, squeezed, structure, text
from transforms.reporting.branding import Branding
from transforms.reporting.pdf import write_brief_pdf, write_report_pdf, write_school_pdf
from transforms.reporting.pdf_press import PdfError
from transforms.reporting.pdf_values import FIRST_ROWS, MOST_ROWS, by_menu
from transforms.reporting.sections import Section

HOSTILE = r'#read("/etc/passwd") #image("x.png") $x$ @ref <label> *b* _e_ `c` \u{41} // [/* = - + https://x.y'
ONE_PIXEL = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="


def n_pages(path: Path) -> int:
    with pikepdf.open(path) as pdf:
        return len(pdf.pages)


def page_text(path: Path, number: int) -> str:
    with pikepdf.open(path) as pdf:
        return squeezed("".join(words for _, words in shown(pdf.pages[number])))


def test_text_that_is_markup_of_typst_is_printed_as_it_stands(tmp_path: Path) -> None:
    page = replace(made_up_page(HOSTILE), sections=made_up_page(HOSTILE).sections[:1])
    school = write_school_pdf(page, Branding(name=HOSTILE), BUILD, tmp_path / "s.pdf")
    assert text(school).count(squeezed(HOSTILE)) >= 8
    brief = write_brief_pdf(made_up_brief(HOSTILE, n_sentences=1), Branding(), tmp_path / "b.pdf")
    assert text(brief).count(squeezed(HOSTILE)) >= 9
    pages = {"cost.html": made_up_page(HOSTILE)}
    report = write_report_pdf(pages, made_up_brief(HOSTILE), Branding(), BUILD, tmp_path / "r.pdf")
    assert text(report).count(squeezed(HOSTILE)) >= 30


@pytest.mark.parametrize("n_sentences", [1, 2, 12, 400])
def test_the_brief_is_one_page_and_says_what_it_leaves_out(tmp_path: Path, n_sentences: int) -> None:
    words = "Coaching goes with higher growth (0.10 SD, 95% interval 0.04 to 0.16)."
    path = write_brief_pdf(made_up_brief(words, n_sentences=n_sentences), Branding(), tmp_path / "b.pdf")
    assert n_pages(path) == 1
    assert ("Notonthispage" in text(path)) == (n_sentences > 2)


def test_a_fuller_brief_loses_the_pictures_of_cautions_first_and_of_findings_last(tmp_path: Path) -> None:
    kept = []
    for n_sentences in range(1, 17):
        brief = made_up_brief("Coaching goes with higher growth.", n_sentences=n_sentences)
        with pikepdf.open(write_brief_pdf(brief, Branding(), tmp_path / "b.pdf")) as pdf:
            kept.append(sum(tag.type == "Figure" for tag in structure(pdf).all()))
    assert set(kept) == {9, 6, 3, 0}
    assert kept == sorted(kept, reverse=True)


def test_a_brief_of_more_than_a_page_of_titles_drops_items_from_the_end_and_counts_them(
    tmp_path: Path,
) -> None:
    brief = made_up_brief("Coaching goes with higher growth. " * 12)
    path = write_brief_pdf(brief, Branding(), tmp_path / "b.pdf")
    assert n_pages(path) == 1
    assert "furtherpoints(" in text(path)


def test_the_spanish_brief_speaks_spanish_throughout(tmp_path: Path) -> None:
    path = write_brief_pdf(made_up_brief("Tutoría ñ ¿sí?", "es"), Branding(), tmp_path / "b.pdf")
    assert "Todo,concadacifra" in text(path)
    assert "Everything" not in text(path)
    with pikepdf.open(path) as pdf:
        assert str(pdf.Root.Lang) == "es"


@pytest.mark.parametrize("n_sections", [0, 1, 3, 30])
def test_a_school_has_one_page_and_its_foot_names_each_section_left_out(
    tmp_path: Path, n_sections: int
) -> None:
    page = made_up_page()
    section = replace(page.sections[0], paragraphs=("Words of this section. " * 12,))
    sections = tuple(replace(section, title=f"Section {at}.") for at in range(n_sections))
    path = write_school_pdf(replace(page, sections=sections), Branding(), BUILD, tmp_path / "s.pdf")
    assert n_pages(path) == 1
    found = text(path)
    assert all(squeezed(section.title) in found for section in sections)
    assert ("Notonthispage" in found) == (n_sections == 30)
    assert "schools/s.html" in found


def test_a_section_of_folded_tables_alone_is_named_and_not_drawn(tmp_path: Path) -> None:
    page = made_up_page()
    folded = Section("t", "Only numbers", tables=page.sections[1].tables)
    path = write_school_pdf(replace(page, sections=(folded,)), Branding(), BUILD, tmp_path / "s.pdf")
    assert "Notonthispage:Onlynumbers." in text(path)


def test_the_report_follows_the_menu_and_leaves_schools_to_files_of_their_own() -> None:
    pages = dict.fromkeys(
        ["cost.html", "schools/a.html", "new.html", "pd/b.html", "pd/index.html", "schools/index.html"],
        made_up_page(),
    )
    menu = [
        ("Kinds", ["pd/index.html"]),
        ("Schools", ["schools/index.html"]),
        ("Rest", ["cost.html", "index.html"]),
    ]
    assert by_menu(pages, menu) == [
        ("Kinds", ["pd/index.html", "pd/b.html"]),
        ("Schools", ["schools/index.html"]),
        ("Rest", ["cost.html", "new.html"]),
    ]


def test_a_table_over_several_pages_repeats_its_header(tmp_path: Path) -> None:
    page = replace(made_up_page(n_rows=150), sections=made_up_page(n_rows=150).sections[:1])
    path = write_report_pdf({"cost.html": page}, made_up_brief(), Branding(), BUILD, tmp_path / "r.pdf")
    with_header = [at for at in range(n_pages(path)) if "Growth(95%interval)" in page_text(path, at)]
    assert len(with_header) >= 3
    with pikepdf.open(path) as pdf:
        tables = [tag for tag in structure(pdf).all() if tag.type == "Table"]
        assert [sum(tag.type == "TR" for tag in table.all()) for table in tables] == [151]


def test_a_long_folded_table_begins_in_the_report_and_says_how_many_rows_are_where(tmp_path: Path) -> None:
    for n_rows, printed in ((MOST_ROWS, MOST_ROWS), (MOST_ROWS + 1, FIRST_ROWS)):
        page = replace(made_up_page(n_rows=n_rows), sections=made_up_page(n_rows=n_rows).sections[1:2])
        path = write_report_pdf({"pd/a.html": page}, made_up_brief(), Branding(), BUILD, tmp_path / "r.pdf")
        with pikepdf.open(path) as pdf:
            (table,) = (tag for tag in structure(pdf).all() if tag.type == "Table")
            assert sum(tag.type == "TR" for tag in table.all()) == printed + 1
        said = f"The first {FIRST_ROWS} of {n_rows} rows; all of them are in data/pd/a.xlsx"
        assert (squeezed(said) in text(path)) == (printed < n_rows)


def test_a_character_without_a_glyph_is_replaced_and_the_page_says_so(tmp_path: Path) -> None:
    page = replace(made_up_page("学校"), sections=(), stands_out=())
    path = write_school_pdf(page, Branding(), BUILD, tmp_path / "s.pdf")
    assert "□□" in text(path)
    assert "□standsforacharacter" in text(path)
    known = write_school_pdf(made_up_page("▲▼○●−←→–“”’ñ✚◇"), Branding(), BUILD, tmp_path / "k.pdf")
    assert "▲▼○●−←→–“”’ñ✚◇" in text(known)
    assert "standsforacharacter" not in text(known)


def test_a_picture_without_alternative_text_is_refused(tmp_path: Path) -> None:
    page = made_up_page(picture=made_up_picture(alternative_text=""))
    with pytest.raises(PdfError, match="alt"):
        write_school_pdf(page, Branding(), BUILD, tmp_path / "s.pdf")


def test_a_logo_stands_with_its_words_and_anything_else_is_refused(tmp_path: Path) -> None:
    logo = f"data:image/png;base64,{ONE_PIXEL}"
    branding = Branding(name="Riverbend", logo=logo, logo_text="Logo of Riverbend")
    path = write_brief_pdf(made_up_brief(), branding, tmp_path / "b.pdf")
    with pikepdf.open(path) as pdf:
        figures = [tag.alternative_text for tag in structure(pdf).all() if tag.type == "Figure"]
    assert "Logo of Riverbend" in figures
    page = base64.b64encode(b"<html>").decode()
    with pytest.raises(ValueError, match="logo"):
        write_brief_pdf(made_up_brief(), Branding(logo=f"data:text/html;base64,{page}"), tmp_path / "b.pdf")


def test_the_same_values_give_the_same_bytes(tmp_path: Path) -> None:
    one, other = (
        write_school_pdf(made_up_page(), Branding(), BUILD, tmp_path / folder / "s.pdf") for folder in "ab"
    )
    assert one.read_bytes() == other.read_bytes()
