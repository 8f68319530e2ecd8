"""The page of methods: what a reviewer needs to judge the numbers and to make them again."""

from __future__ import annotations

import json
from collections.abc import Sequence

import duckdb

from transforms.designs.main_design import main_comparisons
from transforms.reporting import evidence_words, tables, terms
from transforms.reporting.evidence_charts import DESIGNS
from transforms.reporting.evidence_page import COMPARES, calibration_figures
from transforms.reporting.evidence_tables import calibration_table
from transforms.reporting.method import design_sentence, model_sentences
from transforms.reporting.methods_text import (
    DESIGN_FORMULAS,
    EFFECT_SIZES,
    ERRORS,
    ESTIMAND,
    MEASURES,
    NOT_ALLOWED_FOR,
    REDO,
    SOURCES,
)
from transforms.reporting.numerals import count, school_year
from transforms.reporting.rows import Report
from transforms.reporting.sections import Card, Section, SectionPage
from transforms.reporting.tables import DataTable, make_table


def methods_page(_connection: duckdb.DuckDBPyConnection, report: Report) -> SectionPage:
    """How the numbers of this build were made."""
    main = main_comparisons(report.effects)
    design = main[0].design if main else ""
    return SectionPage(
        title="Methods",
        study_name=report.build.study_name,
        year=school_year(report.build.report_year),
        sentences=(
            "What was estimated, from what, by which formula, and how it was checked on this study's own"
            " data.",
            design_sentence(design),
        ),
        sections=(
            Section("estimand", "What is estimated", paragraphs=ESTIMAND),
            Section("measures", "How growth, hours and links are measured", facts=MEASURES),
            _designs(report),
            _controls(report),
            Section("errors", "Standard errors, intervals, many comparisons", facts=ERRORS),
            Section("sizes", "Effect sizes and ratings", facts=EFFECT_SIZES),
            _diagnostics(report),
            _calibration(report),
            Section("limits", "What is not allowed for", points=NOT_ALLOWED_FOR),
            _again(report),
        ),
        sources=SOURCES,
    )


def _designs(report: Report) -> Section:
    """Each design with its formula, and how many numbers it gave here."""
    whole = [row for row in report.effects if row.subgroup == "all"]
    cards = []
    for design in DESIGNS:
        of_design = [row for row in whole if row.design == design]
        estimated = sum(not row.is_refused for row in of_design)
        note = f"Here: {count(estimated)} of {count(len(of_design))} comparisons have a number."
        if not of_design:
            note = "Not run here."
        cards.append(Card(terms.design_name(design), (COMPARES[design], *DESIGN_FORMULAS[design]), note=note))
    return Section(
        "designs",
        "Five designs",
        paragraphs=(
            "All stand on the same rows: growth over about a school year. The one that answers first is the"
            " strongest that gave numbers: places drawn by lot, before and after starting, matched"
            " teachers, years"
            " of the same teacher, teachers of the same school.",
        ),
        cards=tuple(cards),
    )


def _controls(report: Report) -> Section:
    return Section(
        "controls",
        "What the regressions allow for in this build",
        paragraphs=model_sentences(report.build.settings),
        open_tables=(tables.variance_table(report.variances),),
        tables=(_settings_table(report.build.settings),),
        note="ICC: the share of the variance that lies between groups. A variance at the boundary was"
        " estimated"
        " as zero.",
    )


def _settings_table(settings: str) -> DataTable:
    """Every setting that the build was made with, but its sources."""
    found = json.loads(settings)
    rows = [
        (table, name, json.dumps(value, ensure_ascii=False))
        for table, values in sorted(found.items())
        if isinstance(values, dict) and table != "file_sha256"
        for name, value in sorted(values.items())
    ]
    return make_table("Settings of the build", "Table|Key|Value", rows)


def _diagnostics(report: Report) -> Section:
    """Pre-trends, placebo, boundary fits and struck-out designs."""
    whole = [row for row in report.effects if row.subgroup == "all"]
    boundary = [row for row in report.variances if row.is_boundary]
    names = "; ".join(
        f"{terms.group_name(row.group_name).lower()} in {terms.subject_in_sentence(row.academic_subject)}"
        for row in boundary
    )
    points = [
        evidence_words.placebo_sentence(whole),
        *evidence_words.pre_trend_sentence(report.evidence.checks, whole),
        f"Variances estimated as zero: {names}." if boundary else "No variance was estimated as zero.",
    ]
    return Section("diagnostics", "Diagnostics", points=tuple(points))


def _calibration(report: Report) -> Section:
    """What planted effects came back as."""
    calibrations = report.evidence.calibrations
    return Section(
        "calibration",
        "Could an effect be found at all",
        paragraphs=(
            "In copies of this study's data hours changed hands at random among the teachers of each"
            " school, and"
            " known effects were planted. A design whose 95% intervals hold the planted effect in fewer"
            " than 90% of"
            " copies is struck out. This tries the width of intervals; it cannot tell whether those who"
            " took part"
            " differ from others.",
        )
        if calibrations
        else ("No design was tried on this study's own data.",),
        pictures=tuple(calibration_figures(report.evidence)),
        tables=(calibration_table([row for row in calibrations if row.pd_type == "all"]),),
    )


def _again(report: Report) -> Section:
    build = report.build
    packages: Sequence[tuple[str, str]] = report.packages
    return Section(
        "again",
        "To make it again",
        points=REDO,
        facts=(
            ("Build", build.build_id),
            ("Input (sha256)", build.input_fingerprint),
            ("pdeval", build.pdeval_version),
            ("Tables", build.schema_version),
            ("Packages", ", ".join(f"{name} {version}" for name, version in packages) or "not on record"),
        ),
    )
