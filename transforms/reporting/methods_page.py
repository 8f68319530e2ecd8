"""The page of methods: what a reviewer needs to judge the numbers and to make them again."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

import duckdb

from transforms.designs.main_design import main_comparisons
from transforms.reporting import tables, terms
from transforms.reporting.catalogue import say, say_each
from transforms.reporting.evidence_charts import DESIGNS
from transforms.reporting.evidence_figures import calibration_figures
from transforms.reporting.evidence_page import COMPARES
from transforms.reporting.evidence_tables import calibration_table, event_checks_table
from transforms.reporting.method import design_sentence, model_sentences
from transforms.reporting.methods_checks import (
    check_sentences,
    false_alarms_sentence,
    refusals_table,
)
from transforms.reporting.methods_hidden import hidden_section
from transforms.reporting.methods_rows import (
    ModelRow,
    fitted_sentence,
    formulas_table,
    models_table,
    read_models,
)
from transforms.reporting.methods_text import (
    CALIBRATION,
    DESIGN_FACTS,
    EFFECT_SIZES,
    ERRORS,
    ESTIMAND,
    MEASURES,
    MORE_QUESTIONS,
    NOT_ALLOWED_FOR,
    NOTATION,
    REDO,
    SOURCES,
    formula,
)
from transforms.reporting.numerals import count, school_year
from transforms.reporting.rows import Report
from transforms.reporting.sections import Card, Section, SectionPage
from transforms.reporting.tables import DataTable, make_table


def methods_page(connection: duckdb.DuckDBPyConnection, report: Report) -> SectionPage:
    """How the numbers of this build were made."""
    main = main_comparisons(report.effects)
    models = read_models(connection)
    return SectionPage(
        title=say("Methods"),
        study_name=report.build.study_name,
        year=school_year(report.build.report_year),
        sentences=(
            say(
                "What was estimated, from what, by which formula, and how it was checked on this"
                " study's own data."
            ),
            design_sentence(main[0].design if main else ""),
        ),
        sections=(
            Section("estimand", say("What is estimated"), paragraphs=say_each(ESTIMAND)),
            Section("measures", say("How growth, hours and links are measured"), facts=say_each(MEASURES)),
            _which(),
            *(_design(report, models, design) for design in DESIGNS),
            _controls(report, models),
            _sample(report),
            Section("errors", say("Standard errors, intervals, many comparisons"), facts=say_each(ERRORS)),
            Section("sizes", say("Effect sizes and ratings"), facts=say_each(EFFECT_SIZES)),
            Section("more", say("Hours, placebo, subgroups, sensitivity"), facts=say_each(MORE_QUESTIONS)),
            _diagnostics(report),
            _calibration(report),
            hidden_section(connection, report.build),
            Section("limits", say("What is not allowed for"), points=say_each(NOT_ALLOWED_FOR)),
            _again(report),
        ),
        sources=SOURCES,
    )


def _which() -> Section:
    names = [terms.design_name(design) for design in DESIGNS]
    return Section(
        "designs",
        say("Five designs, and which answers first"),
        paragraphs=(
            say(
                "From the strongest: {listed}. The report answers with the first of them that has"
                " a number, not struck out, for at least 80% of the questions that any of them"
                " answers, so that all kinds of PD are compared alike.",
                listed="; ".join(names),
            ),
            say(NOTATION),
        ),
    )


def _design(report: Report, models: Sequence[ModelRow], design: str) -> Section:
    """One design: what it compares, of whom, by which formula, under which assumption, and what ran."""
    estimand, _, assumption = say_each(DESIGN_FACTS)[design]
    of_design = [row for row in report.effects if row.design == design and row.subgroup == "all"]
    estimated = sum(not row.is_refused for row in of_design)
    here = say(
        "{estimated} of {n_of_design} comparisons have a number.",
        estimated=count(estimated),
        n_of_design=count(len(of_design)),
    )
    fitted = fitted_sentence([row for row in models if row.design == design])
    return Section(
        f"design-{design.replace('_', '-')}",
        terms.design_name(design),
        facts=(
            (say("Compares"), say(COMPARES[design])),
            (say("Difference of whom"), estimand),
            (say("Formula"), formula(design, bool(_model_settings(report).get("has_school_split", True)))),
            (say("Holds if"), assumption),
            (say("In this build"), here if of_design else say("Not run.")),
            *(((say("Fitted"), f"{fitted}."),) if fitted else ()),
        ),
    )


def _model_settings(report: Report) -> Mapping[str, object]:
    found = json.loads(report.build.settings).get("model")
    return found if isinstance(found, dict) else {}


def _controls(report: Report, models: Sequence[ModelRow]) -> Section:
    return Section(
        "controls",
        say("What the models allow for in this build"),
        paragraphs=model_sentences(report.build.settings),
        open_tables=(tables.variance_table(report.variances),),
        tables=(models_table(models), formulas_table(models), _settings_table(report.build.settings)),
        note=say(
            "Share: intraclass correlation, the share of the variance that lies between groups. A"
            " variance at the boundary was estimated as zero."
        ),
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
    return make_table(say("Settings of the build"), "Table|Key|Value", rows)


def _sample(report: Report) -> Section:
    return Section(
        "sample",
        say("Who is in the sample"),
        cards=(
            Card(
                say("What came in and what was left out"),
                (say("Rows by file and rule, and the way from all scores to those analysed as a picture."),),
                href="quality.html",
            ),
        ),
        open_tables=(tables.sample_table(report.sample_flow),),
        note=say("Of each estimate: estimates.effect_sample, or pdeval explain STUDY EFFECT_ID."),
    )


def _diagnostics(report: Report) -> Section:
    """How the estimates of this build stand, with the numbers behind it."""
    return Section(
        "diagnostics",
        say("Diagnostics"),
        points=check_sentences(report),
        cards=(
            Card(
                say("Estimate by estimate"),
                (say("Leads and lags, balance, placebo, ways to fit and ratings of every comparison."),),
                href="evidence.html",
            ),
        ),
        tables=(
            event_checks_table(report.evidence.checks, report.effects),
            refusals_table(report.effects),
        ),
        note=say(
            "Breakdown: trends may differ by this many times the largest step between years"
            " before the start until the interval of the mean lag holds 0 (Rambachan and Roth"
            " 2023)."
        ),
    )


def _calibration(report: Report) -> Section:
    """What planted effects came back as."""
    rows = [row for row in report.evidence.calibrations if row.pd_type == "all"]
    return Section(
        "calibration",
        say("Could an effect be found at all"),
        paragraphs=(*say_each(CALIBRATION), false_alarms_sentence(rows))
        if rows
        else (say("No design was tried on this study's own data."),),
        pictures=tuple(calibration_figures(report.evidence)),
        tables=(calibration_table(rows),),
    )


def _again(report: Report) -> Section:
    build = report.build
    seeds = dict.fromkeys(
        part.strip()
        for row in report.evidence.calibrations
        for part in (row.note or "").split(";")
        if "seed" in part
    )
    return Section(
        "again",
        say("To make it again"),
        points=say_each(REDO),
        facts=(
            (say("Build"), build.build_id),
            (say("Input (sha256)"), build.input_fingerprint),
            ("pdeval", build.pdeval_version),
            (say("Tables"), build.schema_version),
            (say("Calibration"), ", ".join(seeds) or say("not run")),
            (
                say("Packages"),
                ", ".join(f"{name} {version}" for name, version in report.packages) or say("not on record"),
            ),
        ),
    )
