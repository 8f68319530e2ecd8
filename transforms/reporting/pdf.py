"""The report on paper: the first page, the full report, and a page for each school, as tagged PDFs."""

from __future__ import annotations

import base64
import re
from collections.abc import Mapping
from pathlib import Path

from transforms.reporting import style
from transforms.reporting.branding import Branding
from transforms.reporting.brief import Brief
from transforms.reporting.catalogue import catalogue, say, spoken
from transforms.reporting.downloads import workbook_path
from transforms.reporting.pages import menu
from transforms.reporting.pdf_press import press
from transforms.reporting.pdf_values import Values, brief_values, by_menu, page_values
from transforms.reporting.rows import Build
from transforms.reporting.sections import SectionPage

ROOM = 504.0  # width of the text in points: Letter between margins of 0.75 inch, which A4 holds too
_LOGO = re.compile(r"data:image/(png|jpeg|gif|webp|svg\+xml);base64,(.+)", re.DOTALL)


def write_brief_pdf(brief: Brief, branding: Branding, path: Path) -> Path:
    """Write the superintendent's page, one page in the language of ``brief``; return ``path``.

    What does not fit is left out by the rule that brief.typ states, and the page says so.
    """
    values = {**_frame(brief.language, branding, brief.study_name, brief.title), "brief": brief_values(brief)}
    return press("brief.typ", values, path, _logo_file(branding))


def write_report_pdf(
    pages: Mapping[str, SectionPage], brief: Brief, branding: Branding, build: Build, path: Path
) -> Path:
    """Write the full report in the order of the menu; schools are files of their own. Return ``path``."""
    groups = by_menu(pages, [(title, [place.path for place in places]) for title, places in menu()])
    known = {path for _, paths in groups for path in paths}
    values = {
        **_frame("en", branding, build.study_name, brief.title),
        "colophon": _colophon(build),
        "brief": brief_values(brief, known),
        "groups": [
            {
                "title": title,
                "pages": [
                    {"path": page, **page_values(pages[page], ROOM, known, workbook_path(page))}
                    for page in paths
                ],
            }
            for title, paths in groups
        ],
    }
    return press("report.typ", values, path, _logo_file(branding))


def write_school_pdf(page: SectionPage, branding: Branding, build: Build, path: Path) -> Path:
    """Write the page of a school, one page, to ``path`` (its stem is that of the school's web page).

    Return ``path``. What does not fit is left out by the rule that school.typ states, and the page says so.
    """
    values = {
        **_frame("en", branding, page.study_name, f"{page.title}, {page.year}"),
        "colophon": _colophon(build),
        "page": page_values(page, ROOM),
        "find_all": spoken().text("pdf.find_all", page=f"schools/{path.stem}.html"),
    }
    return press("school.typ", values, path, _logo_file(branding))


def write_pdfs(
    pages: Mapping[str, SectionPage],
    briefs: Mapping[str, Brief],
    branding: Branding,
    build: Build,
    folder: Path,
) -> None:
    """Write the first page in each language, the report, and each school in ``folder``/schools."""
    for language, brief in briefs.items():
        name = "brief.pdf" if language == "en" else f"brief.{language}.pdf"
        write_brief_pdf(brief, branding, folder / name)
    write_report_pdf(pages, briefs["en"], branding, build, folder / "report.pdf")
    for path, page in pages.items():
        if path.startswith("schools/") and not path.endswith("/index.html"):
            write_school_pdf(page, branding, build, (folder / path).with_suffix(".pdf"))


def _frame(language: str, branding: Branding, study_name: str, title: str) -> Values:
    """What every document needs: language, title, whose it is, colours, words."""
    return {
        "language": language,
        "title": title,
        "name": branding.name or study_name,
        "logo_text": branding.logo_text or branding.name or study_name,
        "logo": next(iter(_logo_file(branding)), ""),
        "colours": {**style.PAGE_COLOURS, "accent": branding.accent, "band": branding.band},
        "reach_steps": style.REACH_STEPS,
        "light_text_from": style.REACH_LIGHT_TEXT_FROM_STEP,
        "words": _words(language),
    }


def _words(language: str) -> dict[str, str]:
    """The words that documents have of their own; {fields} of a message are left to the template."""
    return {
        name.removeprefix("pdf."): text
        for name, text in catalogue(language).messages.items()
        if name.startswith("pdf.")
    }


def _logo_file(branding: Branding) -> dict[str, bytes]:
    """The logo as a file by name, none where there is none; ValueError where it is no picture."""
    if not branding.logo:
        return {}
    found = _LOGO.fullmatch(branding.logo)
    if found is None:
        raise ValueError("the logo is not a data: URI of a PNG, JPEG, GIF, WebP or SVG picture in base64")
    extension = {"jpeg": "jpg", "svg+xml": "svg"}.get(found[1], found[1])
    return {f"logo.{extension}": base64.b64decode(found[2])}


def _colophon(build: Build) -> str:
    return say(
        "{study_name}, build {build_id}, pdeval {pdeval_version}, tables {schema_version}.",
        study_name=build.study_name,
        build_id=build.build_id,
        pdeval_version=build.pdeval_version,
        schema_version=build.schema_version,
    )
