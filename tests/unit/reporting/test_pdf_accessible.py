"""The PDFs against the main machine-checkable conditions of the Matterhorn protocol (PDF/UA-1)."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pikepdf
import pytest
from pikepdf import Dictionary, Name

from tests.unit.reporting.made_up_paper import BUILD, made_up_brief, made_up_page
from tests.unit.reporting.matterhorn import findings, fonts
from tests.unit.reporting.pdf_reader import structure
from transforms.reporting.branding import Branding
from transforms.reporting.pdf import write_brief_pdf, write_report_pdf, write_school_pdf


@pytest.fixture(scope="module")
def documents(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("pdf")
    pages = {"decisions.html": made_up_page("What to do"), "cost.html": made_up_page("Cost", n_rows=80)}
    return {
        "brief": write_brief_pdf(made_up_brief(), Branding(), folder / "brief.pdf"),
        "school": write_school_pdf(made_up_page(), Branding(), BUILD, folder / "school.pdf"),
        "report": write_report_pdf(pages, made_up_brief(), Branding(), BUILD, folder / "report.pdf"),
    }


@pytest.mark.parametrize("name", ["brief", "school", "report"])
def test_no_main_condition_of_the_matterhorn_protocol_is_found(documents: dict[str, Path], name: str) -> None:
    assert findings(documents[name]) == []


@pytest.mark.parametrize("name", ["brief", "school", "report"])
def test_all_fonts_are_those_of_the_package(documents: dict[str, Path], name: str) -> None:
    with pikepdf.open(documents[name]) as pdf:
        found = {str(font.BaseFont).partition("+")[2].partition("-")[0] for font in fonts(pdf)}
    assert {"SourceSans3", "SourceSerif4"} <= found <= {"SourceSans3", "SourceSerif4", "DejaVuSansMono"}


def test_headings_pictures_lists_and_tables_are_tagged_as_what_they_are(documents: dict[str, Path]) -> None:
    with pikepdf.open(documents["report"]) as pdf:
        types = {tag.type for tag in structure(pdf).all()}
    assert {"H1", "H2", "H3", "P", "Figure", "L", "LI", "Table", "TH", "TD", "TOC", "Link"} <= types


def _spoil_title(pdf: pikepdf.Pdf) -> None:
    del pdf.Root.ViewerPreferences


def _spoil_language(pdf: pikepdf.Pdf) -> None:
    del pdf.Root.Lang


def _spoil_figures(pdf: pikepdf.Pdf) -> None:
    for item in pdf.objects:
        if isinstance(item, Dictionary) and item.get("/S") == Name.Figure:
            del item.Alt


def _spoil_headings(pdf: pikepdf.Pdf) -> None:
    for item in pdf.objects:
        if isinstance(item, Dictionary) and item.get("/S") == Name.H2:
            item.S = Name.H4


def _spoil_headers(pdf: pikepdf.Pdf) -> None:
    for item in pdf.objects:
        if isinstance(item, Dictionary) and item.get("/S") == Name.TH:
            item.S = Name.TD


def _spoil_content(pdf: pikepdf.Pdf) -> None:
    page = pdf.pages[0]
    page.Contents = pdf.make_stream(page.Contents.read_bytes().replace(b"/Artifact", b"/Span"))


@pytest.mark.parametrize(
    ("spoil", "condition"),
    [
        (_spoil_title, "07-001"),
        (_spoil_language, "11-006"),
        (_spoil_figures, "13-004"),
        (_spoil_headings, "14-003"),
        (_spoil_headers, "15-003"),
    ],
)
def test_the_check_finds_what_is_broken(
    documents: dict[str, Path], tmp_path: Path, spoil: object, condition: str
) -> None:
    assert callable(spoil)
    with pikepdf.open(documents["school"]) as pdf:
        spoil(pdf)
        pdf.save(tmp_path / "spoilt.pdf")
    assert condition in {finding.partition(" ")[0] for finding in findings(tmp_path / "spoilt.pdf")}


def test_every_character_said_to_be_in_the_fonts_has_a_glyph_in_each_style(tmp_path: Path) -> None:
    """Typst refuses a character without a glyph under PDF/UA-1."""
    from importlib.resources import files

    lines = files("transforms.reporting").joinpath("fonts", "characters.txt").read_text("ascii").split()
    ends = [tuple(int(end, 16) for end in line.split("-")) for line in lines]
    every = " ".join(chr(code) for first, last in ends for code in range(first, last + 1))
    page = made_up_page("Coaching")
    table = page.sections[0].open_tables[0]
    report = {
        "cost.html": replace(
            page,
            sentences=(every, every, every),
            sections=(
                replace(
                    page.sections[0],
                    paragraphs=(every,),
                    note=every,
                    open_tables=(replace(table, caption=every, rows=((every, "1"),)),),
                ),
            ),
        )
    }
    assert write_report_pdf(report, made_up_brief(), Branding(), BUILD, tmp_path / "all.pdf").exists()
