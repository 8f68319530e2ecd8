"""The page of each PD type, and the list of them."""

from __future__ import annotations

from dataclasses import replace

import duckdb

from transforms.reporting import terms
from transforms.reporting.kind_doubt import against_section, for_whom_section
from transforms.reporting.kind_growth import dose_section, growth_section, starting_section
from transforms.reporting.kind_index import kinds_index
from transforms.reporting.kind_practice import chain_section, cost_section, next_section
from transforms.reporting.kind_reach import reach_section, what_section
from transforms.reporting.kind_rows import Kind, kind_of, read_kinds
from transforms.reporting.kind_tables import of_one_kind
from transforms.reporting.kind_words import answer, stands_out
from transforms.reporting.numerals import school_year
from transforms.reporting.paths import pd_type_path
from transforms.reporting.rows import Report
from transforms.reporting.sections import Section, SectionPage

INDEX = "pd/index.html"
# In the order of the questions that a reader asks; a section without numbers says why.
_SECTIONS = (
    what_section,
    reach_section,
    growth_section,
    dose_section,
    starting_section,
    for_whom_section,
    against_section,
    chain_section,
    cost_section,
    next_section,
)


def kind_pages(connection: duckdb.DuckDBPyConnection, report: Report) -> dict[str, SectionPage]:
    """The list of PD types and the page of each, by path."""
    kinds = read_kinds(connection, report)
    pages = {pd_type_path(name): kind_page(kind_of(kinds, name), report) for name in kinds.pd_types}
    return {INDEX: kinds_index(kinds), **pages}


def kind_page(kind: Kind, report: Report) -> SectionPage:
    """The page of one PD type."""
    return SectionPage(
        title=terms.pd_type_name(kind.pd_type),
        study_name=report.build.study_name,
        year=school_year(report.build.report_year),
        sentences=answer(kind),
        sections=tuple(_of_one_kind(section(kind)) for section in _SECTIONS),
        stands_out=stands_out(kind),
    )


def _of_one_kind(section: Section) -> Section:
    return replace(
        section,
        open_tables=tuple(map(of_one_kind, section.open_tables)),
        tables=tuple(map(of_one_kind, section.tables)),
    )
