"""The page of balance and coherence: the district's priorities, and what schools need and choose."""

from __future__ import annotations

import duckdb

from transforms.reporting import balance_words as words
from transforms.reporting.balance_rows import BalanceReport, read_balance
from transforms.reporting.balance_sections import (
    coherence_section,
    hours_and_need_section,
    initiators_section,
    need_and_fit_section,
    quadrants_section,
)
from transforms.reporting.balance_visits import rules_section, visits_section
from transforms.reporting.catalogue import say
from transforms.reporting.cost_rows import currency_of
from transforms.reporting.indicator_rows import missing_reasons
from transforms.reporting.numerals import school_year
from transforms.reporting.pd_flow_section import hours_section, read_flows
from transforms.reporting.rows import Build
from transforms.reporting.sections import SectionPage

_SOURCES = (
    "Bonett, D. G., and Wright, T. A. (2000). Sample size requirements for estimating Pearson, Kendall and"
    " Spearman correlations. Psychometrika 65(1).",
    "Newmann, F. M., Smith, B., Allensworth, E., and Bryk, A. S. (2001). Instructional program coherence."
    " Educational Evaluation and Policy Analysis 23(4).",
)


def balance_page(connection: duckdb.DuckDBPyConnection, build: Build) -> SectionPage:
    """Values of the page."""
    report = read_balance(connection, build.report_year)
    sections = (
        quadrants_section(report),
        visits_section(report),
        need_and_fit_section(report),
        initiators_section(report),
        hours_section(read_flows(connection, build.report_year), currency_of(connection)),
        hours_and_need_section(report),
        coherence_section(report),
        rules_section(report),
    )
    return SectionPage(
        title=say("Balance and coherence"),
        study_name=build.study_name,
        year=school_year(build.report_year),
        sentences=words.balance_sentences(report),
        stands_out=words.standing_out(report),
        sections=tuple(filter(None, sections)),
        missing=_missing(report),
        sources=_SOURCES,
    )


def _missing(report: BalanceReport) -> tuple[str, ...]:
    reasons = [f"{reason}." for reason in missing_reasons(report.indicators)]
    not_judged = {row.not_judged for row in report.shown if row.not_judged}
    return tuple(
        dict.fromkeys(
            [*reasons, *(say("Schools worth a visit: {text}.", text=text) for text in sorted(not_judged))]
        )
    )
