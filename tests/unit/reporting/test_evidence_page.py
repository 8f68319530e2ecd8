"""The page of evidence: what each design finds, and what speaks for and against it."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest

from tests.unit.reporting.effect_rows import effect_row
from tests.unit.reporting.made_up_build import BUILD_ID, empty_build, insert
from tests.unit.reporting.made_up_district import district_build
from tests.unit.reporting.made_up_evidence import DESIGNS, add_evidence
from tests.unit.reporting.page_reader import elements, text
from transforms.reporting.evidence_rows import DosePoint, PeriodRow
from transforms.reporting.evidence_view import read_evidence
from transforms.reporting.evidence_words import designs_title, dose_title, leads_title, placebo_sentence
from transforms.reporting.site import render_report
from transforms.reporting.terms import design_name


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Path:
    connection = district_build(["Alder Creek", "Birch Hill"])
    add_evidence(connection)
    return render_report(connection, tmp_path_factory.mktemp("evidence"), BUILD_ID).with_name("evidence.html")


def test_every_design_is_named_with_what_it_compares_or_why_it_was_not_run(page: Path) -> None:
    said = text(page)
    for design in DESIGNS:
        assert design_name(design) in said
    assert "2 of 8 comparisons have a number" in said  # the lottery: coaching in two subjects


def test_design_that_failed_its_calibration_is_struck_out_in_words(page: Path) -> None:
    said = text(page)
    # matched in reading, four PD types, in table and pictures
    assert said.count("struck out") >= 4
    assert "82% of intervals hold the planted effect" in said


def test_pictures_and_their_tables_are_there(page: Path) -> None:
    figures = [element for element in elements(page) if element.name == "figure"]
    # designs, leads, dose in two subjects; two balances and one specification curve a subject; calibration
    assert len(figures) == 2 + 2 + 2 + 4 + 2 + 1
    captions = [element for element in elements(page) if element.name == "caption"]
    # designs, ratings, leads, checks of leads, two of hours, balance, ways to fit, what would have to be
    # wrong, calibration
    assert len(captions) == 10


def test_names_of_a_study_s_own_types_are_text(page: Path) -> None:
    assert not [element for element in elements(page) if element.name == "b"]
    assert "<b>own type</b>" in text(page)


def test_without_evidence_the_page_says_so(tmp_path: Path) -> None:
    index = render_report(empty_build(), tmp_path, BUILD_ID)
    said = text(index.with_name("evidence.html"))
    assert "No design gave a number." in said
    assert "There is no estimate to rate." in said
    assert "Growth in the year before could not be looked at." in said
    assert not re.search(r"\bnan\b|None", said)


CLEAR = effect_row(estimate_sd=0.1, ci_low=0.05, ci_high=0.15, p_value_bh=0.001)


def test_a_year_seen_for_fewer_teachers_than_may_be_shown_is_left_out() -> None:
    connection = empty_build()
    row = {
        "pd_type": "coaching",
        "academic_subject": "ela",
        "estimate_sd": 0.1,
        "ci_low": 0.0,
        "ci_high": 0.2,
    }
    periods = [{**row, "effect_id": "e", "event_time": n, "n_teachers": n} for n in (4, 5, 8)]
    insert(connection, "estimates.event_study_period", periods)
    shown = [[row.n_teachers for row in read_evidence(connection, least).periods] for least in (5, 8)]
    assert shown == [[5, 8], [8]]


def test_two_designs_agree_only_where_both_are_clear_and_alike() -> None:
    other = replace(CLEAR, design="within_teacher")
    assert designs_title([CLEAR, other], "ela") == "Reading: two designs or more agree on coaching"
    against = replace(other, estimate_sd=-0.1, ci_low=-0.15, ci_high=-0.05)
    none = "Reading: on no kind of PD do two designs agree that growth differs"
    assert designs_title([CLEAR, against], "ela") == none
    assert designs_title([CLEAR], "ela") == none
    # one struck out design does not count
    assert designs_title([CLEAR, replace(other, is_struck_out=True)], "ela") == none


@pytest.mark.parametrize(
    ("low", "said"),
    [
        (-0.1, "Reading: no sign that teachers stood apart before they started"),
        (0.01, "Reading: teachers stood apart before they started in coaching"),
    ],
)
def test_title_of_leads_follows_the_years_before(low: float, said: str) -> None:
    row = PeriodRow("e", "coaching", "ela", -2, 0.05, low, 0.1, 40)
    assert leads_title([row], "ela") == said


def test_year_of_the_start_alone_says_that_nothing_before_is_seen() -> None:
    row = PeriodRow("e", "coaching", "ela", 0, 0.05, 0.01, 0.1, 40)
    assert leads_title([row], "ela") == "Reading: no year before the start can be looked at"


def test_bend_is_named_only_where_the_test_against_a_line_says_so() -> None:
    point = DosePoint("within_teacher", "coaching", "ela", 10.0, 0.1, 0.05, 0.15, 0.2)
    assert dose_title([point], "ela").endswith("no dose is seen from which hours count more or less")
    bent = replace(point, linear_p_value=0.01)
    assert dose_title([bent], "ela") == "Reading: hours do not count evenly in coaching"


def test_placebo_counts_against_chance() -> None:
    rows = [replace(CLEAR, placebo_p_value=p) for p in [0.01] + [0.5] * 39]
    # .05 × 40 = 2
    assert placebo_sentence(rows).endswith("differs in 1 of 40 estimates (about 2 would by chance).")
