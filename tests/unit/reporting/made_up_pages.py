"""Pages made up for what stands around them: a table with every sort of cell, a picture, words to explain."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from markupsafe import Markup

from tests.unit.reporting.made_up_build import BUILD_ID, empty_build
from transforms.reporting import site
from transforms.reporting.picture import Drawing, Picture
from transforms.reporting.school_tables import HeatCell, HeatTable
from transforms.reporting.sections import Card, Section, SectionPage
from transforms.reporting.site import render_report
from transforms.reporting.tables import make_table

SVG = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 200 40" role="img" aria-label="{0}" class="{1}">'
    '<rect x="0" y="0" width="120" height="20" fill="#0c5c66"/><text x="125" y="15">0.12</text></svg>'
)
ALTERNATIVE = "One bar of growth, 0.12, in a frame with room for another."
TABLE = make_table(
    "Growth by school",
    "School|Growth, SD #|Students #|Share #|Cost #|Difference #",
    [
        ("Éclair", "+0.07", "1,234", "12%", "$5.50", "+0.07 (0.04 to 0.11)"),
        ("Birch", "−0.05", "98", "9%", "$12", "−0.05 (−0.09 to −0.01)"),
        ("alder", "too few", "too few", "n/a", "n/a", "n/a"),
        ("Cedar", "0.00", "310", "under 1%", "$1,000", "0.00 (−0.02 to 0.02)"),
    ],
)
HEAT = HeatTable(
    "Reach by school",
    ("Coaching",),
    (
        ("Alder", (HeatCell("9%", "reach-0"),)),
        ("Birch", (HeatCell("too few", "few"),)),
        ("Cedar", (HeatCell("60%", "reach-3"),)),
    ),
)
PICTURE = Picture(
    "bars",
    "Growth was 0.12 SD",
    Drawing.of(
        Markup(SVG.format(ALTERNATIVE, "wide")), Markup(SVG.format(ALTERNATIVE, "narrow")), ALTERNATIVE
    ),
    "A bar is a school; an SD is a step of growth.",
)
PAGE = SectionPage(
    title="Made up",
    study_name="Riverbend",
    year="2024–25",
    sentences=("Growth was 0.12 SD higher (95% interval 0.04 to 0.20).", "An SD is marked once."),
    stands_out=("The median moved.",),
    sections=(
        Section(
            "numbers",
            "An association of numbers",
            paragraphs=("This is an association; R&D <b>is</b> none.",),
            cards=(Card("Card", ("The rank correlation is high.",)),),
            open_tables=(TABLE,),
            heat=HEAT,
            pictures=(PICTURE,),
            tables=(replace(TABLE, caption="Growth by school, again"),),
        ),
    ),
    sources=("A source on the median.",),
)


def made_up_site(monkeypatch: pytest.MonkeyPatch, folder: Path, pages: dict[str, SectionPage]) -> Path:
    """The site of a build without numbers, with ``pages`` for its pages; returns its first page."""
    monkeypatch.setattr(site, "site_pages", lambda connection, report: pages)
    return render_report(empty_build(), folder, BUILD_ID)
