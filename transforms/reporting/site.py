"""The pages of a build: a self-contained report, pages of evidence, of student growth and of data checks.

A page asks nothing of the network and runs no script: style and pictures are inside it, and its
content security policy forbids the rest. Text reaches it through jinja2's autoescape only.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import duckdb
from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from transforms.reporting import style
from transforms.reporting.evidence_page import evidence_page
from transforms.reporting.growth_page import growth_page
from transforms.reporting.improvement_pages import improvement_pages
from transforms.reporting.page import report_page
from transforms.reporting.rows import Validation
from transforms.reporting.validation import validation_page
from transforms.reporting.view import read_report


def render_report(connection: duckdb.DuckDBPyConnection, folder: Path, build_id: str) -> Path:
    """Write the report of ``build_id`` to ``folder``/index.html, the other pages beside; return the report.

    ``connection`` holds the finished build. LookupError when it holds another one. Writing is not
    atomic: the folder belongs to this build alone and is published after it is complete.
    """
    report = read_report(connection, build_id)
    folder.mkdir(parents=True, exist_ok=True)
    validation = validation_page(report.build.study_name, build_id, report.validation, has_report=True)
    (folder / "validation.html").write_text(_render("validation.html.j2", validation), encoding="utf-8")
    (folder / "growth.html").write_text(_render("growth.html.j2", growth_page(report)), encoding="utf-8")
    (folder / "evidence.html").write_text(
        _render("evidence.html.j2", evidence_page(report)), encoding="utf-8"
    )
    pages = improvement_pages(connection, report.build)
    for name, page in pages.items():
        (folder / name).write_text(_render("sections.html.j2", {"page": page}), encoding="utf-8")
    index = folder / "index.html"
    index.write_text(_render("index.html.j2", report_page(report, pages)), encoding="utf-8")
    return index


def render_validation_page(study_name: str, build_id: str, results: Sequence[Validation], path: Path) -> Path:
    """Write the data checks of a build to ``path``, also of one that was refused; return ``path``."""
    page = validation_page(study_name, build_id, results, has_report=False)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(_render("validation.html.j2", page), encoding="utf-8")
    return path


def _render(template: str, values: Mapping[str, object]) -> str:
    environment = Environment(
        loader=PackageLoader("transforms.reporting"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
    )
    source, _, _ = environment.loader.get_source(environment, "page.css")  # type: ignore[union-attr]
    return environment.get_template(template).render(
        **values,
        style_sheet=Markup(source),  # noqa: S704 - a file of this package, no data in it
        colours=style.PAGE_COLOURS,
        serif=Markup(style.SERIF),  # noqa: S704 - constants of this package
        sans=Markup(style.SANS),  # noqa: S704
        reach_steps=style.REACH_STEPS,
        light_text_from=style.REACH_LIGHT_TEXT_FROM_STEP,
    )
