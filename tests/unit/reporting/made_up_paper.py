"""Pages and a brief with every part that a page can have, in words that a test names."""

from __future__ import annotations

from datetime import datetime

from markupsafe import Markup, escape

from transforms.reporting.brief import Brief
from transforms.reporting.brief_item import BriefItem
from transforms.reporting.picture import Drawing, Picture
from transforms.reporting.rows import Build
from transforms.reporting.school_tables import HeatCell, HeatTable
from transforms.reporting.sections import Card, Section, SectionPage
from transforms.reporting.tables import make_table

STUDY = "Riverbend Public Schools"
BUILD = Build("20261121T225025Z-ab12cd", STUDY, 2025, datetime(2026, 11, 21), "0.1.0", "1.0", "0f", "{}")


def made_up_picture(
    words: str = "Coaching ▲ +0.10", alternative_text: str = "One bar at +0.10.", width: int = 300
) -> Picture:
    """A picture of one word and one line."""
    svg = Markup(
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} 60">'
        '<path d="M0 40h290" stroke="#0c5c66"/>'
        f'<text x="4" y="20" font-size="12">{escape(words)}</text></svg>'
    )
    return Picture("p", words, Drawing.of(svg, Markup(""), alternative_text), f"How to read: {words}")


def made_up_page(words: str = "Coaching", n_rows: int = 3, picture: Picture | None = None) -> SectionPage:
    """A page whose every text is ``words``, with tables of ``n_rows`` rows."""
    table = make_table(
        f"Caption {words}", f"{words}|Growth (95% interval) #", [(words, "−0.10 (−0.20 to 0.00)")] * n_rows
    )
    heat = HeatTable(
        words, (words, "Other"), ((words, (HeatCell("60%", "reach-3"), HeatCell("few", "few"))),)
    )
    return SectionPage(
        title=words,
        study_name=STUDY,
        year="2024–25",
        sentences=(words, f"What {words} rests on."),
        stands_out=(f"Stands out: {words}",),
        sections=(
            Section(
                "a", f"First {words}", (words,), (words,), ((words, words),), open_tables=(table,), note=words
            ),
            Section("b", f"Second {words}", pictures=(picture or made_up_picture(words),), tables=(table,)),
            Section(
                "c",
                f"Third {words}",
                cards=(Card(words, (words,), words, "higher", "decisions.html"), Card("Plain")),
                heat=heat,
            ),
        ),
        missing=(f"Missing: {words}",),
        sources=(f"Source: {words}",),
    )


def made_up_brief(words: str = "Coaching", language: str = "en", n_sentences: int = 2) -> Brief:
    """A brief of three findings with pictures, three decisions and three cautions."""
    picture = made_up_picture(words, width=200)  # a third of a page wide
    item = BriefItem(words, (words,) * n_sentences, picture, words, "decisions.html", "higher")
    return Brief(
        language=language,
        title=f"Title {words}",
        study_name=STUDY,
        year="2024–25",
        since=(),
        answer=(words, words),
        findings=(item,) * 3,
        decisions=(item,) * 3,
        cautions=(item,) * 3,
        headings=("Findings", "Decisions", "Cautions"),
        notes=(words,),
    )
