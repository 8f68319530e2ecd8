"""The site of a build: a first page for leadership, the pages behind it, and nothing from elsewhere.

A page asks nothing of the network: style and pictures are inside it, and its content security policy forbids
the rest. Text reaches it through jinja2's autoescape only.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path

import duckdb
from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from transforms.reporting import style
from transforms.reporting.alphabet import by_letter
from transforms.reporting.branding import Branding
from transforms.reporting.brief import Brief, brief
from transforms.reporting.catalogue import LANGUAGES, catalogue, say, speaking, spoken
from transforms.reporting.content_hash import content_hash
from transforms.reporting.data_package import write_data_package
from transforms.reporting.dictionary_page import dictionary_page
from transforms.reporting.downloads import Downloads, PageFiles
from transforms.reporting.find import find_letters
from transforms.reporting.glossary import WordsUsed, certainty_scale, explained
from transforms.reporting.glossary_terms import spoken_terms
from transforms.reporting.pages import menu, site_pages
from transforms.reporting.paths import DICTIONARY, FIND, GLOSSARY, root_of
from transforms.reporting.pdf import write_pdfs, write_school_pdf
from transforms.reporting.rows import Report, Validation
from transforms.reporting.school_page import school_pages
from transforms.reporting.sections import Card, SectionPage
from transforms.reporting.validation import validation_page
from transforms.reporting.view import read_report

PDF_FOLDER = "pdf"
BRIEFS = {"en": "index.html", "es": "index.es.html"}


def render_report(
    connection: duckdb.DuckDBPyConnection,
    folder: Path,
    build_id: str,
    branding: Branding | None = None,
    *,
    has_pdf: bool = False,
) -> Path:
    """Write the site of ``build_id`` to ``folder``; return its first page, ``folder``/index.html.

    With ``has_pdf`` the PDF files are written to ``folder``/pdf. ``connection`` holds the finished build and
    is only read. LookupError when it holds another one. Writing is not atomic: the folder belongs to this
    build alone and is published after it is complete.
    """
    report = read_report(connection, build_id)
    worn = branding or Branding()
    chrome = _chrome(report, worn)
    pages = site_pages(connection, report)
    briefs = {}
    for language, path in BRIEFS.items():
        with speaking(catalogue(language)):
            briefs[language] = brief(connection, report, language)
            values = {**chrome, **_of_path(path), **_brief_values(briefs[language], pages)}
            _write(folder / path, _render("brief.html.j2", values))
    for path, values in _lists(report, pages).items():
        _write(folder / path, _render(f"{path}.j2", {**chrome, **_of_path(path), **values}))
    with Downloads(folder, str(chrome["colophon"]), pages) as downloads:
        for path, page in pages.items():
            _write(folder / path, _section_page(page, path, chrome, downloads.of_page(path, page)))
    if has_pdf:
        write_pdfs(pages, briefs, worn, report.build, folder / PDF_FOLDER)
    write_data_package(connection, report.build, folder)
    return folder / BRIEFS["en"]


def render_school(
    connection: duckdb.DuckDBPyConnection,
    folder: Path,
    build_id: str,
    school_id: str,
    branding: Branding | None = None,
    *,
    has_pdf: bool = False,
) -> Path:
    """Write the page of one school of ``build_id`` with its files to ``folder``; return the page.

    KeyError where the build has no such school.
    """
    report = read_report(connection, build_id)
    worn = branding or Branding()
    chrome = _chrome(report, worn)
    pages = school_pages(connection, report, [school_id])
    ((path, page),) = pages.items()
    with Downloads(folder, str(chrome["colophon"]), pages) as downloads:
        _write(folder / path, _section_page(page, path, chrome, downloads.of_page(path, page)))
    if has_pdf:
        write_school_pdf(page, worn, report.build, (folder / PDF_FOLDER / path).with_suffix(".pdf"))
    return folder / path


def render_validation_page(study_name: str, build_id: str, results: Sequence[Validation], path: Path) -> Path:
    """Write the data checks of a build to ``path``, also of one that was refused; return ``path``."""
    page = validation_page(study_name, say("Build {build_id}", build_id=build_id), results)
    chrome: dict[str, object] = {"menu": [], "branding": Branding(name=study_name), "colophon": ""}
    _write(path, _section_page(page, path.name, chrome))
    return path


def _section_page(
    page: SectionPage, path: str, chrome: Mapping[str, object], files: PageFiles | None = None
) -> str:
    values = {"page": page, "files": files or PageFiles(), "words": WordsUsed()}
    return _render("sections.html.j2", {**chrome, **_of_path(path), **values})


def _lists(report: Report, pages: Mapping[str, SectionPage]) -> dict[str, dict[str, object]]:
    """Values of the pages of everything there is, by the path that their template has, too."""
    return {
        FIND: {"letters": find_letters(menu(), pages)},
        GLOSSARY: {
            "letters": by_letter(spoken_terms(), lambda term: term.name),
            "explained": explained,
            "certainty": certainty_scale(),
        },
        DICTIONARY: {"dictionary": dictionary_page(report.build.schema_version)},
    }


def _of_path(path: str) -> dict[str, object]:
    return {"root": root_of(path), "path": path}


def _brief_values(found: Brief, pages: Mapping[str, SectionPage]) -> dict[str, object]:
    """Values for brief.html.j2: the brief, what stands behind it, and the same in the other language."""
    texts = catalogue(found.language)
    (other,) = (name for name in LANGUAGES if name != found.language)
    return {
        "brief": found,
        "other": (BRIEFS[other], other, texts.text("page.other_language")),
        "behind": texts.text("page.behind"),
        "since": texts.text("page.since"),
        "pages": [
            Card(page.title, page.sentences[:1], href=path)
            for path, page in pages.items()
            if _is_listed(path)
        ],
    }


def _is_listed(path: str) -> bool:
    """Whether the brief leads to a page: those of single things are reached through their list."""
    return "/" not in path or path.endswith("/index.html")


def _chrome(report: Report, branding: Branding) -> dict[str, object]:
    """What stands around every page, in the language of the pages."""
    build = report.build
    return {
        "site_language": spoken().language,
        "menu": menu(),
        "branding": branding if branding.name else Branding(**{**vars(branding), "name": build.study_name}),
        "colophon": say(
            "{study_name}, build {build_id}, pdeval {pdeval_version}, tables {schema_version}.",
            study_name=build.study_name,
            build_id=build.build_id,
            pdeval_version=build.pdeval_version,
            schema_version=build.schema_version,
        ),
    }


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def _render(template: str, values: Mapping[str, object]) -> str:
    return _environment().get_template(template).render(values, language=spoken().language)


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("transforms.reporting"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
    )
    style_sheet, script = _asset(environment, "page.css"), _asset(environment, "site.js")
    environment.globals |= {
        "style_sheet": style_sheet,
        "script": script,
        "script_hash": content_hash(script),
        "say": say,
        "colours": style.PAGE_COLOURS,
        "serif": Markup(style.SERIF),  # noqa: S704 - constants of this package
        "sans": Markup(style.SANS),  # noqa: S704
        "reach_steps": style.REACH_STEPS,
        "light_text_from": style.REACH_LIGHT_TEXT_FROM_STEP,
    }
    return environment


def _asset(environment: Environment, name: str) -> Markup:
    source, _, _ = environment.loader.get_source(environment, name)  # type: ignore[union-attr]
    return Markup(source)  # noqa: S704 - a file of this package, no data in it
