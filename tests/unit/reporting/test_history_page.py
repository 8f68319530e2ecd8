"""The page of changes: what is said of two reports beside each other, and what is not."""

from __future__ import annotations

import duckdb
import pytest

from tests.unit.reporting.made_up_build import BUILD_ID, empty_build, insert
from tests.unit.reporting.made_up_history import (
    NOW_YEAR,
    THEN_ID,
    THEN_YEAR,
    add_changes,
    add_reports,
    comparison,
    hours,
    indicator,
    recommendation,
    report,
)
from transforms.reporting.catalogue import catalogue
from transforms.reporting.history_brief import changes_since
from transforms.reporting.history_changes import comparison_pairs, indicator_changes
from transforms.reporting.history_page import history_page
from transforms.reporting.history_rows import read_history
from transforms.reporting.history_words import pair_sentence
from transforms.reporting.rows import Build
from transforms.reporting.sections import Section, SectionPage
from transforms.reporting.view import read_report

TOLD = {"sd": 0.06, "se": 0.02}  # clear
NOT_TOLD = {"sd": 0.02, "se": 0.03}


@pytest.fixture
def connection() -> duckdb.DuckDBPyConnection:
    return empty_build()


def build_of(connection: duckdb.DuckDBPyConnection) -> Build:
    return read_report(connection, BUILD_ID).build


def page_of(connection: duckdb.DuckDBPyConnection) -> SectionPage:
    return history_page(connection, build_of(connection))


def section(page: SectionPage, name: str) -> Section:
    return next(one for one in page.sections if one.id == name)


def pair_of(connection, then, now):
    """The one pair of two reports with one comparison each."""
    add_reports(connection, {"comparison": [comparison(**then)]}, {"comparison": [comparison(**now)]})
    (pair,) = comparison_pairs(read_history(connection, build_of(connection)))
    return pair


def changes_of(connection, then, now, again=()):
    """Changes of the values of two reports; ``again`` are the earlier ones as this build has them."""
    add_reports(connection, {"indicator": then}, {"indicator": now})
    rows = [{"school_year": THEN_YEAR, "is_suppressed": False, **row} for row in again]
    insert(connection, "report.indicator", rows)
    return indicator_changes(read_history(connection, build_of(connection)))


def test_the_first_report_says_that_it_is_the_first_and_why(connection):
    insert(connection, "history.report", [report(history_note="nothing was published here before")])
    page = page_of(connection)
    assert page.sentences[0].endswith("remembers: nothing was published here before.")
    assert page.sections == ()


def test_a_build_that_remembers_not_even_itself_has_a_page(connection):
    assert "no earlier report is remembered" in page_of(connection).sentences[0]


@pytest.mark.parametrize(
    ("then", "now", "clauses"),
    [
        (
            NOT_TOLD,
            TOLD,
            "Coaching in mathematics was not told apart from no difference and now goes with higher growth",
        ),
        (TOLD, NOT_TOLD, "went with higher growth and now cannot be told apart from no difference"),
        (TOLD, {"sd": -0.06, "se": 0.02}, "went with higher growth and now goes with lower growth"),
        (TOLD, {**TOLD, "p_value_bh": 0.2}, "now is clear alone but not once all comparisons are counted"),
        ({**TOLD, "df": 3.0}, TOLD, "could not be judged (too few schools) and now goes with higher"),
        ({"sd": None, "se": 0.0}, TOLD, "had no number and now goes with higher growth."),
        (TOLD, {**TOLD, "is_struck_out": True}, "now cannot be told apart from no difference"),
    ],
)
def test_a_comparison_is_said_as_it_read_then_and_reads_now(connection, then, now, clauses):
    pair = pair_of(connection, then, now)
    assert not pair.is_same_reading
    assert clauses in pair_sentence(pair)


def test_plural_kinds_take_plural_verbs(connection):
    kind = {"pd_type": "feedback_cycle"}
    said = pair_sentence(pair_of(connection, {**NOT_TOLD, **kind}, {**TOLD, **kind}))
    assert said.startswith("Feedback cycles in mathematics were not told apart")
    assert "now go with higher growth" in said


@pytest.mark.parametrize(
    ("then", "now", "overlap"),
    [
        (NOT_TOLD, TOLD, "within"),
        ({"sd": 0.0, "se": 0.02}, {"sd": 0.07, "se": 0.02}, "overlap"),
        ({"sd": 0.0, "se": 0.02}, {"sd": 0.10, "se": 0.02}, "apart"),
        ({"sd": None, "se": 0.0}, TOLD, ""),
    ],
)
def test_intervals_are_said_to_overlap_and_never_to_differ(connection, then, now, overlap):
    pair = pair_of(connection, then, now)
    assert pair.overlap == overlap
    assert "significant" not in pair_sentence(pair)


def test_what_changed_is_a_reading_and_not_an_effect(connection):
    pair_of(connection, NOT_TOLD, TOLD)
    page = page_of(connection)
    assert page.sentences[0].startswith("Of 1 comparison, 1 reads otherwise than in the report of 2023–24")
    assert "not of what the PD does" in page.sentences[-1]
    assert "whether they differ is not tested" in section(page, "comparisons").paragraphs[0]


def test_the_comparison_of_then_is_held_against_the_same_one_now(connection):
    then, now = comparison(0.02, 0.03), comparison(0.30, 0.01, design="lottery")
    add_reports(connection, {"comparison": [then]}, {"comparison": [now]}, None, {"design": "lottery"})
    insert(
        connection,
        "estimates.effect",
        [
            {
                **comparison(0.03, 0.03),
                "effect_id": "e",
                "build_id": BUILD_ID,
                "subgroup": "all",
                "is_primary": False,
            }
        ],
    )
    (pair,) = comparison_pairs(read_history(connection, build_of(connection)))
    assert (pair.now.design, pair.now.estimate_sd) == ("adjusted", 0.03)
    assert any(
        "led with another comparison" in point for point in section(page_of(connection), "method").points
    )


def test_the_picture_stands_beside_a_table_with_both_intervals(connection):
    pair_of(connection, NOT_TOLD, TOLD)
    found = section(page_of(connection), "comparisons")
    assert found.pictures[0].title == "1 of 1 comparison reads otherwise than in the report of 2023–24"
    assert "+0.02 (−0.04 to 0.08) then, +0.06 (0.02 to 0.10) now" in found.pictures[0].svg.alternative_text
    assert found.tables[0].rows[0][2:4] == ("+0.02 (−0.04 to 0.08)", "+0.06 (0.02 to 0.10)")


def test_a_value_changes_where_the_interval_of_the_difference_leaves_out_zero(connection):
    told, open_ = changes_of(
        connection,
        [indicator("mentored", 0.5, 0.45, 0.55), indicator("trust", 3.5, 3.4, 3.6, unit="points")],
        [indicator("mentored", 0.7, 0.65, 0.75), indicator("trust", 3.55, 3.45, 3.65, unit="points")],
    )
    assert (told.is_told, open_.is_told) == (True, False)
    assert page_of(connection).sentences[1] == (
        "Of 2 values of the district in both reports, 1 changed clearly: mentored, 50% then and 70% now."
    )


@pytest.mark.parametrize(
    ("unit", "then", "now", "is_told"),
    [
        ("share", 0.30, 0.35, True),
        ("share", 0.30, 0.34, False),
        ("hours per teacher", 10.0, 11.0, True),
        ("hours per teacher", 10.0, 9.1, False),
        ("hours per teacher", 0.0, 0.0, False),
    ],
)
def test_where_everybody_was_counted_a_change_is_said_from_a_size_on(connection, unit, then, now, is_told):
    (change,) = changes_of(connection, [indicator("a", then, unit=unit)], [indicator("a", now, unit=unit)])
    assert change.is_told is is_told


def test_with_an_interval_in_one_year_only_no_change_is_said(connection):
    (change,) = changes_of(connection, [indicator("a", 0.2)], [indicator("a", 0.9, 0.8, 0.95)])
    assert not change.is_told


def test_a_change_counts_from_the_earlier_year_as_it_is_computed_today(connection):
    (change,) = changes_of(
        connection, [indicator("a", 0.2)], [indicator("a", 0.5)], again=[indicator("a", 0.49)]
    )
    assert (change.is_revised, change.is_told) == (True, False)
    points = " ".join(section(page_of(connection), "method").points)
    assert "a (20% as reported, 49% today)" in points


def test_values_of_other_units_or_hidden_ones_are_not_compared(connection):
    then = [indicator("a", 1.0, unit="hours"), indicator("b", None)]
    now = [indicator("a", 0.2, unit="share"), indicator("b", 0.5)]
    assert changes_of(connection, then, now) == ()


def test_of_a_value_of_everything_its_parts_are_not_looked_at_again(connection):
    rows = [
        indicator("a", 0.1),
        indicator("a", 0.2, category="teacher"),
        indicator("b", 0.3, category="coach"),
    ]
    changes = changes_of(connection, rows, rows)
    assert [change.now.name for change in changes] == [("a", "all"), ("b", "coach")]


def recommended(connection, action, then, now, decision=None):
    """The row of one type that was recommended ``action``, with hours of both years."""
    add_reports(
        connection,
        {"recommendation": [recommendation("coaching", action)]},
        {"recommendation": [recommendation("coaching", "scale")]},
    )
    insert(
        connection,
        "report.pd_reach_district",
        [hours("coaching", THEN_YEAR, then), hours("coaching", NOW_YEAR, now)],
    )
    insert(connection, "report.decision_review", [decision] if decision else [])
    return section(page_of(connection), "recommendations").open_tables[0].rows[0]


@pytest.mark.parametrize(
    ("action", "then", "now", "followed"),
    [
        ("scale", 100.0, 120.0, "yes"),
        ("scale", 100.0, 105.0, "no"),
        ("pause", 100.0, 40.0, "yes"),
        ("sustain", 100.0, 70.0, "no"),
        ("adapt", 100.0, 70.0, "cannot be told: it does not show in hours"),
        ("scale", 100.0, None, "cannot be told: of too few people to be shown"),
    ],
)
def test_hours_are_held_against_what_was_recommended(connection, action, then, now, followed):
    assert recommended(connection, action, then, now)[-1] == followed


def test_decisions_since_the_last_report_stand_beside_what_was_recommended(connection):
    decision = {
        "decision_id": "D1", "school_year": THEN_YEAR, "pd_type": "coaching", "action": "sustain",
        "due": "due", "verdict": "met", "verdict_reason": "so", "acted_on": "yes", "acted_on_reason": "so",
        "is_latest": True,
    }  # fmt: skip
    assert recommended(connection, "scale", 100.0, 120.0, decision)[2] == "sustain in 2023–24; acted on: yes"


def test_another_recommendation_is_said_with_the_reasons_of_both(connection):
    recommended(connection, "pause", 100.0, 120.0)
    assert section(page_of(connection), "recommendations").points == (
        "Coaching: pause then, scale now. Then: Reason for pause. Now: Reason for scale.",
    )


def test_without_decisions_the_page_says_so(connection):
    recommended(connection, "pause", 100.0, 120.0)
    assert "What was decided since: not available: no decision source." in page_of(connection).missing


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"pdeval_version": "0.2.0"}, "Another version: pdeval 0.1.0 then, 0.2.0 now."),
        ({"schema_version": "1.3"}, "tables of version 1.2 then, 1.3 now"),
        ({"settings": '{"cost": {"teacher_hourly_cost": 44.0}}'}, "study.toml: cost.teacher_hourly_cost."),
        ({}, "None found"),
    ],
)
def test_what_changed_in_method_stands_first(connection, change, said):
    add_reports(connection, {}, {}, None, change)
    first = page_of(connection).sections[0]
    assert first.id == "method"
    assert said in " ".join(first.points)


def test_two_builds_of_one_year_are_said_to_differ_in_data_or_method_only(connection):
    add_reports(
        connection,
        {"recommendation": [recommendation("coaching", "scale")]},
        {"recommendation": [recommendation("coaching", "scale")]},
        {"report_year": NOW_YEAR},
        {"history_note": "nothing was published before"},
    )
    page = page_of(connection)
    assert "not from what schools did" in page.sections[0].paragraphs[0]
    assert [table.caption for table in section(page, "recommendations").open_tables] == [
        "Growth and recommendation then and now"
    ]
    assert page.missing[0] == "A report of an earlier year: nothing was published before."


def test_the_brief_gets_at_most_three_sentences_in_both_languages(connection):
    add_changes(connection)
    insert(
        connection,
        "estimates.effect",
        [
            {
                **comparison(0.06, 0.02),
                "effect_id": "e",
                "build_id": BUILD_ID,
                "subgroup": "all",
                "is_primary": False,
            }
        ],
    )
    insert(
        connection,
        "report.pd_reach_district",
        [hours("workshop_single", THEN_YEAR, 100.0), hours("workshop_single", NOW_YEAR, 30.0)],
    )
    build = build_of(connection)
    readings, followed, method = changes_since(connection, build, catalogue("en"))
    assert readings.startswith(
        "Comparisons that read otherwise than in the report of 2023–24: 1 of 1 (coaching in"
    )
    assert followed == "Recommendations of 2023–24 that would show in hours: 1 of 1 were followed."
    assert method.startswith("Data or method changed as well")
    assert len(changes_since(connection, build, catalogue("es"))) == 3


def test_the_brief_of_a_first_report_says_nothing_of_a_report_before_it(connection):
    insert(connection, "history.report", [report()])
    assert changes_since(connection, build_of(connection), catalogue("en")) == ()


def test_names_from_the_data_stay_text(connection):
    attack = "<script>alert(1)</script>"
    kind = {"pd_type": attack}
    pair_of(connection, {**NOT_TOLD, **kind}, {**TOLD, **kind})
    picture = section(page_of(connection), "comparisons").pictures[0].svg
    assert attack not in picture
    assert THEN_ID not in picture
