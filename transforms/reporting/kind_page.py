"""The page of each PD type, and the list of them."""

from __future__ import annotations

from collections.abc import Sequence

import duckdb

from transforms.designs.main_design import main_comparisons
from transforms.reporting import terms
from transforms.reporting.decision_words import ACTION_TITLES
from transforms.reporting.kind_growth import (
    against_section,
    dose_section,
    for_whom_section,
    growth_section,
    starting_section,
)
from transforms.reporting.kind_practice import (
    chain_section,
    cost_section,
    next_section,
    reach_section,
    what_section,
)
from transforms.reporting.kind_rows import Kind, Kinds, kind_of, read_kinds
from transforms.reporting.numerals import NO_NUMBER, counted, decimal, percent, school_year
from transforms.reporting.paths import pd_type_path
from transforms.reporting.rows import EffectRow, Report
from transforms.reporting.sections import Card, Section, SectionPage
from transforms.reporting.tables import DataTable, make_table
from transforms.reporting.words import Verdict, estimate_with_interval, read_effect, verdict

INDEX = "pd/index.html"


def kind_pages(connection: duckdb.DuckDBPyConnection, report: Report) -> dict[str, SectionPage]:
    """The list of PD types and the page of each, by path."""
    kinds = read_kinds(connection, report)
    main = main_comparisons(report.effects)
    by_type = {pd_type: [row for row in main if row.pd_type == pd_type] for pd_type in kinds.pd_types}
    pages = {
        pd_type_path(name): kind_page(kind_of(kinds, name), rows, report) for name, rows in by_type.items()
    }
    return {INDEX: _index(kinds, by_type), **pages}


def kind_page(kind: Kind, main: Sequence[EffectRow], report: Report) -> SectionPage:
    """The page of one PD type; ``main`` are its comparisons of the design that answers first."""
    sections = (
        growth_section(kind, main),
        dose_section(kind),
        starting_section(kind),
        for_whom_section(kind),
        against_section(kind),
        what_section(kind),
        reach_section(kind),
        chain_section(kind),
        cost_section(kind),
        next_section(kind),
    )
    return SectionPage(
        title=terms.pd_type_name(kind.pd_type),
        study_name=report.build.study_name,
        year=school_year(report.build.report_year),
        sentences=_answer(kind, main),
        sections=tuple(section for section in sections if section is not None),
        stands_out=_stands_out(kind),
        missing=_missing(kind, report),
    )


def _answer(kind: Kind, main: Sequence[EffectRow]) -> tuple[str, ...]:
    """The verdict in each subject, what it rests on, and what is advised."""
    said = [read_effect(row).headline for row in main if not row.is_refused]
    refused = [read_effect(row).headline for row in main if row.is_refused]
    headline = " ".join(said or refused[:1])
    first = headline or f"{terms.pd_type_name(kind.pd_type)} could not be compared with student growth."
    return (first, *_advice(kind))


def _advice(kind: Kind) -> tuple[str, ...]:
    rows = kind.decisions.recommendations
    if not rows:
        return ()
    return (f"By the rules of this report: {ACTION_TITLES[rows[0].action].lower()}.",)


def _stands_out(kind: Kind) -> tuple[str, ...]:
    """Designs that fail on this study's data or contradict each other, and breaks of the chain."""
    rows = [row for row in kind.effects if row.subgroup == "all" and not row.is_refused]
    struck = sorted({terms.design_name(row.design).lower() for row in rows if row.is_struck_out})
    verdicts = {verdict(row) for row in rows if not row.is_struck_out}
    found = []
    if Verdict.HIGHER in verdicts and Verdict.LOWER in verdicts:
        found.append(
            "Some ways to compare give clearly higher growth and others clearly lower: do not rely on one."
        )
    if struck:
        found.append(f"Struck out, because they failed on this study's own data: {', '.join(struck)}.")
    return tuple(found)


def _missing(kind: Kind, report: Report) -> tuple[str, ...]:
    reasons = [row.reason for row in report.unavailable]
    found = [] if kind.district_reach else ["Whom it reached: no attended hours are on record."]
    if not kind.chain.breaks:
        found.append("From reaction to growth: nothing is on record about this kind of PD.")
    if not kind.costs.types:
        wanting = next((reason for reason in reasons if "pd_cost" in reason), "no costs are on record for it")
        found.append(f"What it cost: {wanting}.")
    return tuple(text if text.endswith(".") else f"{text}." for text in found)


def _index(kinds: Kinds, by_type: dict[str, list[EffectRow]]) -> SectionPage:
    report = kinds.report
    clear = [name for name, rows in by_type.items() if any(verdict(row).is_clear for row in rows)]
    names = ", ".join(terms.pd_type_in_sentence(name) for name in clear)
    found = (
        f"growth can be told apart for {names}"
        if clear
        else "for none of them can a difference in growth be told from zero"
    )
    return SectionPage(
        title="Kinds of professional development",
        study_name=report.build.study_name,
        year=school_year(report.build.report_year),
        sentences=(
            f"{counted(len(by_type), 'kind')} of professional development (PD) are on record; {found}.",
            "Each has a page: what goes with it, how sure that is, whom it reached, what it cost, what to"
            " do next.",
        ),
        sections=(
            Section("all", "All kinds at a glance", open_tables=(_glance(kinds, by_type),)),
            Section(
                "pages",
                "Each kind on its page",
                cards=tuple(_card(name, rows) for name, rows in by_type.items()),
            ),
        ),
    )


def _card(pd_type: str, rows: Sequence[EffectRow]) -> Card:
    said = tuple(read_effect(row).headline for row in rows)
    return Card(
        terms.pd_type_name(pd_type),
        said or ("It could not be compared with growth.",),
        href=pd_type_path(pd_type),
    )


def _glance(kinds: Kinds, by_type: dict[str, list[EffectRow]]) -> DataTable:
    subjects = list(dict.fromkeys(row.academic_subject for rows in by_type.values() for row in rows))
    headers = "|".join(
        f"Growth in {terms.subject_in_sentence(subject)}, SD #|Reads as" for subject in subjects
    )
    return make_table(
        "Reach, growth, cost and action by kind of PD",
        f"Kind of PD|Teachers reached #|{headers + '|' if headers else ''}Cost per student #|The rules say",
        [_glance_cells(kinds, name, rows, subjects) for name, rows in by_type.items()],
    )


def _glance_cells(
    kinds: Kinds, pd_type: str, rows: Sequence[EffectRow], subjects: Sequence[str]
) -> tuple[str, ...]:
    year = kinds.report.build.report_year
    reach = [r for r in kinds.report.district_reach if (r.pd_type, r.school_year) == (pd_type, year)]
    cost = [row for row in kinds.costs.types if row.pd_type == pd_type]
    actions = [row.action for row in kinds.decisions.recommendations if row.pd_type == pd_type]
    cells = []
    for subject in subjects:
        row = next((row for row in rows if row.academic_subject == subject and not row.is_refused), None)
        cells += [estimate_with_interval(row), verdict(row).value] if row else [NO_NUMBER, "not available"]
    return (
        terms.pd_type_name(pd_type),
        percent(reach[0].share) if reach else "0%",
        *cells,
        decimal(cost[0].cost_per_student) if cost else NO_NUMBER,
        actions[0] if actions else NO_NUMBER,
    )
