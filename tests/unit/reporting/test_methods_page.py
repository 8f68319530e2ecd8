"""The page of methods: what was fitted in this build, how it stands, and how to do it again."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import duckdb
import pytest

from tests.unit.reporting.effect_rows import effect_row
from tests.unit.reporting.made_up_build import BUILD_ID, MODEL, empty_build, insert
from tests.unit.reporting.page_reader import text
from transforms.reporting.evidence_rows import CalibrationRow, CheckRow
from transforms.reporting.evidence_tables import event_checks_table
from transforms.reporting.evidence_words import pre_trends_sentence
from transforms.reporting.methods_checks import check_sentences, false_alarms_sentence, refusals_table
from transforms.reporting.methods_page import methods_page
from transforms.reporting.methods_text import DESIGN_FACTS
from transforms.reporting.sections import Section, SectionPage
from transforms.reporting.terms import DESIGN_NAMES
from transforms.reporting.view import read_report

ADJUSTED = {
    "design": "adjusted",
    "academic_subject": "ela",
    "contrast": "participated",
    "formula": "score_sd ~ prior + prior_2 + (1 | school/teacher/teacher_year)",
    "estimator": "linear mixed model by REML",
    "standard_errors": "CR2 by school",
    "frame": "frames.growth_analysis where is_design_window",
    "n_rows": 85_209,
    "n_columns": 62,
}


def page_of(connection: duckdb.DuckDBPyConnection) -> SectionPage:
    return methods_page(connection, read_report(connection, BUILD_ID))


def section(page: SectionPage, name: str) -> Section:
    return next(found for found in page.sections if found.id == name)


def test_every_design_has_whom_it_speaks_of_its_formula_and_what_must_hold() -> None:
    assert set(DESIGN_FACTS) == set(DESIGN_NAMES)
    page = page_of(empty_build())
    for design in DESIGN_FACTS:
        facts = dict(section(page, f"design-{design.replace('_', '-')}").facts)
        assert facts["Difference of whom"]
        assert "reported" in facts["Formula"]
        assert facts["Holds if"]
        assert facts["In this build"] == "Not run."


@pytest.mark.parametrize(("is_split", "term"), [(True, "γₖ · mean of hₖ in the school"), (False, "Σₖ βₖ hₖ")])
def test_the_formula_of_the_mixed_model_is_the_one_of_this_build(is_split: bool, term: str) -> None:
    connection = empty_build()
    settings = json.dumps({"model": {**MODEL, "has_school_split": is_split}})
    connection.execute("update meta.build set settings = ?", [settings])
    formula = dict(section(page_of(connection), "design-adjusted").facts)["Formula"]
    assert term in formula
    assert ("γₖ" in formula) == is_split


def test_models_are_shown_as_fitted_with_rows_and_terms() -> None:
    connection = empty_build()
    maths = {**ADJUSTED, "academic_subject": "mathematics", "n_rows": 85_796}
    insert(connection, "estimates.model", [ADJUSTED, maths])
    page = page_of(connection)
    assert dict(section(page, "design-adjusted").facts)["Fitted"] == (
        "2 models on rows of frames.growth_analysis where is_design_window: 85,209 in reading, 85,796 in"
        " mathematics."
    )
    models, formulas, _ = section(page, "controls").tables
    assert models.rows[0][3:] == (
        "linear mixed model by REML", "CR2 by school", ADJUSTED["frame"], "85,209", "62",
    )  # fmt: skip
    assert formulas.rows[1][3] == ADJUSTED["formula"]


def test_errors_of_lotteries_are_by_teacher_and_of_regressions_by_school() -> None:
    facts = dict(section(page_of(empty_build()), "errors").facts)
    assert facts["Lottery"] == "By teacher, who is the unit that was drawn."
    assert "By school: CR2" in facts["Regressions"]


def pre_trend(effect_id: str, p_value: float | None) -> CheckRow:
    return CheckRow(effect_id, "pre_trend", 0.0, None, None, None, p_value, None)


@pytest.mark.parametrize(
    ("checks", "said"),
    [
        ([pre_trend("a", 0.01), pre_trend("b", 0.3)], "in 1 of 2 event studies; about 1 would by chance."),
        ([pre_trend("a", None)], "No years before a start could be tested."),
    ],
)
def test_leads_that_differ_are_counted_against_chance(checks: Sequence[CheckRow], said: str) -> None:
    assert pre_trends_sentence(checks).endswith(said)


def test_each_event_study_has_its_test_its_breakdown_and_what_other_estimators_find() -> None:
    row = replace(effect_row(), design="event_study", effect_id="a")
    other = CheckRow("a", "sun_abraham", 0.0, 0.07, 0.05, 0.09, 0.001, None)
    broken = CheckRow("a", "breakdown", 0.11, None, None, None, None, None)
    table = event_checks_table([pre_trend("a", 0.03), broken, other, pre_trend("unknown", 0.5)], [row])
    (cells,) = table.rows
    assert cells == ("Coaching", "Mathematics", "0.030", "0.11", "+0.07 (0.05 to 0.09)", "n/a")


def test_reasons_for_no_number_are_counted_by_design() -> None:
    refused = effect_row(estimate_sd=None, note="refused: 3 schools")
    table = refusals_table([refused, refused, effect_row()])
    assert table.rows == ((DESIGN_NAMES["adjusted"], "3 schools", "2"),)


def trial(design: str, rejection_rate: float, planted_sd: float = 0.0) -> CalibrationRow:
    return CalibrationRow(
        design, "all", "ela", "participated", planted_sd, 200, 0.0, 0.95, 0.91, 0.98, rejection_rate, 0.05,
        False, "seed 1",
    )  # fmt: skip


def test_false_alarms_are_those_where_nothing_was_planted() -> None:
    rows = [trial("adjusted", 0.04), trial("matched", 0.07), trial("matched", 0.99, planted_sd=0.1)]
    assert "told from zero in 4% to 7% of copies" in false_alarms_sentence(rows)
    assert false_alarms_sentence([]) == "False alarms could not be counted."


def test_without_estimates_every_check_says_that_there_was_nothing_to_look_at() -> None:
    connection = empty_build()
    assert check_sentences(read_report(connection, BUILD_ID)) == (
        "Growth in the year before could not be looked at.",
        "No years before a start could be tested.",
        "No matched comparison was weighted.",
        "No mixed model was fitted.",
        "No estimate has degrees of freedom.",
    )


def test_whoever_does_it_again_is_told_the_command_the_tables_and_the_versions(district_page: Path) -> None:
    said = text(district_page.with_name("methods.html"))
    for words in (
        "pdeval explain STUDY EFFECT_ID",
        "estimates.effect_sample",
        "frames.growth_analysis where is_design_window",
        "meta.source_file",
        BUILD_ID,
        "0f" * 32,
    ):
        assert words in said


VERDICTS = [
    ("report.pd_reach", "staff", 5, "pass", 120, 31, 0, None),
    ("report.growth_by_school", "students", 10, "pass", 40, 0, 0, None),
    ("report.survey_theme", "staff", 5, "review", 9, 2, 0, "what the others leave"),
    ("report.intake", None, None, "pass", None, None, None, "counts rows of files"),
]


def test_what_is_hidden_is_said_with_the_minimums_of_the_study_and_the_verdict_on_each_table() -> None:
    connection = empty_build()
    settings = json.dumps({"disclosure": {"minimum_students": 20, "minimum_staff": 8}})
    connection.execute("update meta.build set settings = ?", [settings])
    connection.executemany("insert into meta.disclosure values (?, ?, ?, ?, ?, ?, ?, ?)", VERDICTS)
    found = section(page_of(connection), "hidden")
    assert "fewer than 20 students or 8 staff" in found.paragraphs[0]
    assert (
        found.paragraphs[-1]
        == "Nothing was found in 3 tables. To be looked at, for the reason given: 1 table."
    )
    (table,) = found.tables
    assert table.rows[-1][-2:] == ("to be looked at", "what the others leave")
    assert table.rows[2][:4] == ("report.pd_reach", "staff", "120", "31")


def test_a_study_that_sets_no_minimum_has_10_and_5() -> None:
    assert "fewer than 10 students or 5 staff" in section(page_of(empty_build()), "hidden").paragraphs[0]
