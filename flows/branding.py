"""The ``[report]`` table of study.toml: whose name, logo and colours a report wears."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from flows.problems import Problem, shown
from transforms.reporting.branding import Branding, contrast_problem

if TYPE_CHECKING:
    from flows.settings import ReportTable, StudySettings

LARGEST_LOGO_BYTES = 500_000  # it stands in every page
_BEGINNINGS = {
    ".png": ("image/png", b"\x89PNG\r\n\x1a\n"),
    ".jpg": ("image/jpeg", b"\xff\xd8\xff"),
    ".jpeg": ("image/jpeg", b"\xff\xd8\xff"),
    ".svg": ("image/svg+xml", b"<"),
}


def branding_of(settings: StudySettings) -> Branding:
    """What the report of a study wears; its settings have passed ``problems_of_report``."""
    table = settings.report
    return Branding(
        name=table.name or "",
        logo=_data_uri(settings.folder / table.logo) if table.logo else "",
        logo_text=table.logo_text or "",
        accent=table.accent_colour,
        band=table.band_colour or table.accent_colour,
    )


def problems_of_report(table: ReportTable, folder: Path) -> Iterator[Problem]:
    """A logo that cannot be shown, and colours that cannot be read."""
    if table.logo is not None:
        text = _problem_of_logo(folder / table.logo)
        if text:
            yield Problem(("report", "logo"), f"{shown(table.logo)}: {text}")
        elif table.logo_text is None:
            missing = "is missing: what the logo shows, for those who do not see it"
            yield Problem(("report", "logo_text"), missing)
    problem = contrast_problem(table.accent_colour, table.band_colour or table.accent_colour)
    if problem:
        yield Problem(("report", problem[0]), problem[1])


def _problem_of_logo(file: Path) -> str:
    if file.suffix.lower() not in _BEGINNINGS:
        return "should be a PNG, JPEG or SVG file"
    if not file.is_file():
        return "there is no such file"
    if file.stat().st_size > LARGEST_LOGO_BYTES:
        return f"has {file.stat().st_size:,} bytes; at most {LARGEST_LOGO_BYTES:,} fit into every page"
    content = file.read_bytes().removeprefix(b"\xef\xbb\xbf").lstrip()
    if not content.startswith(_BEGINNINGS[file.suffix.lower()][1]):
        return f"is no {file.suffix.lower().removeprefix('.').upper()} file by its content"
    return ""


def _data_uri(file: Path) -> str:
    media_type = _BEGINNINGS[file.suffix.lower()][0]
    return f"data:{media_type};base64,{b64encode(file.read_bytes()).decode()}"
