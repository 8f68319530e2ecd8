"""The first page: what a superintendent reads, with the way to everything behind it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from transforms.designs.main_design import main_comparisons
from transforms.reporting.cautions import cautions
from transforms.reporting.findings import three_sentences
from transforms.reporting.numerals import school_year
from transforms.reporting.page import comparison_picture
from transforms.reporting.picture import Picture
from transforms.reporting.rows import Report
from transforms.reporting.sections import Card, SectionPage

FIRST_CAUTIONS = 3
STANDING_OUT_SHOWN = 2  # of each page; the page has all


@dataclass(frozen=True)
class BriefItem:
    """A finding, a decision or a caution of the first page.

    ``href`` is a page of the site, from its root; ``tone`` is "", "higher", "lower" or "caution".
    """

    title: str
    sentences: tuple[str, ...]
    picture: Picture | None
    note: str = ""
    href: str = ""
    tone: str = ""


@dataclass(frozen=True)
class Brief:
    """The first page in one language; ``headings`` stand over its findings, decisions and cautions."""

    language: str
    title: str
    study_name: str
    year: str
    answer: tuple[str, ...]
    findings: tuple[BriefItem, ...]
    decisions: tuple[BriefItem, ...]
    cautions: tuple[BriefItem, ...]
    headings: tuple[str, str, str]
    missing: tuple[str, ...]


def brief_page(report: Report, pages: Mapping[str, SectionPage]) -> dict[str, object]:
    """Values for brief.html.j2; ``pages`` are the pages behind the first by path."""
    main = main_comparisons(report.effects)
    return {
        "year": school_year(report.build.report_year),
        "sentences": three_sentences(main),
        "comparisons": comparison_picture(main, "comparisons-main"),
        "cautions": [
            Card(caution.title, (caution.text,), tone="caution")
            for caution in cautions(report, main)[:FIRST_CAUTIONS]
        ],
        "pages": [
            Card(page.title, (page.sentences[0], *page.stands_out[:STANDING_OUT_SHOWN]), href=path)
            for path, page in pages.items()
            if "/" not in path
        ],
    }
