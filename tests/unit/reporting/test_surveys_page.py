"""The page of surveys: its sentences, what stands out, what is hidden, what is missing."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import duckdb
import pytest

from tests.unit.reporting.made_up_build import BUILD_ID, empty_build, insert
from tests.unit.reporting.page_reader import elements, text
from transforms.reporting import survey_change_words as change_words
from transforms.reporting import survey_item_words as item_words
from transforms.reporting import survey_words as words
from transforms.reporting.site import render_report
from transforms.reporting.survey_charts import scales_picture
from transforms.reporting.survey_rows import ChangeRow, ItemRow, ScaleRow, read_surveys

HOSTILE = "<script>alert(1)</script>"
FEEDBACK = {"questionnaire_id": "Q1", "questionnaire_title": "Feedback", "school_year": 2025}
CLIMATE = {"questionnaire_id": "Q2", "questionnaire_title": f"Climate {HOSTILE}", "school_year": 2025}
SHARES = {
    "floor_share": 0.02,
    "negative_share": 0.1,
    "neutral_share": 0.3,
    "positive_share": 0.6,
    "ceiling_share": 0.15,
}
RANGE = {"scale_min": 1, "scale_max": 5}


def scale(construct: str, mean: float | None, **more: object) -> dict[str, object]:
    """A reported scale of 30 answers whose interval reaches 0.1 to each side."""
    ends = {} if mean is None else {"ci_low": mean - 0.1, "ci_high": mean + 0.1}
    return {
        "title": "Feedback",
        "construct": construct,
        "n_surveys": 3,
        "n_items": 3,
        "n_responses": 30,
        "n_complete": 28,
        "mean": mean,
        **ends,
        **RANGE,
        **SHARES,
        "alpha": 0.82,
        "alpha_ci_low": 0.7,
        "alpha_ci_high": 0.9,
        "omega": 0.83,
        "rating": "good",
        "is_reported": True,
        "n_flagged_items": 0,
        "is_suppressed": False,
        **FEEDBACK,
        **more,
    }


def item(item_id: str, **more: object) -> dict[str, object]:
    return {
        "item_id": item_id,
        "wording": f"Wording {item_id}",
        "construct": "facilitation",
        "is_reverse_scored": False,
        "n_surveys": 3,
        "n_responses": 30,
        "n_answers": 30,
        "missing_share": 0.0,
        "mean": 3.5,
        "sd": 1.0,
        **RANGE,
        **SHARES,
        "item_rest_r": 0.5,
        "scale_alpha": 0.8,
        "alpha_without": 0.7,
        "flag": "none",
        "rule": "…",
        "is_suppressed": False,
        **FEEDBACK,
        **more,
    }


def response(title: str, rate: float | None, **more: object) -> dict[str, object]:
    return {
        "title": title,
        "basis": "invited",
        "group_kind": "all",
        "group_value": "all",
        "n_surveys": 3,
        "n_invited": 50,
        "n_responses": 30,
        "response_rate": rate,
        "ci_low": 0.46,
        "ci_high": 0.72,
        "is_suppressed": False,
        "questionnaire_id": "Q1",
        "school_year": 2025,
        **more,
    }


def change(construct: str, value: float, reach: float, direction: str, **more: object) -> dict[str, object]:
    return {
        "change_kind": "year_over_year",
        "comparison": "unmatched",
        "construct": construct,
        "title": "Feedback",
        "first_date": "2024-02-10",
        "later_date": "2025-02-10",
        "first_year": 2024,
        "later_year": 2025,
        "n_items": 3,
        "n_first": 30,
        "n_later": 30,
        "mean_first": 3.0,
        "mean_later": 3.0 + value,
        "change": value,
        "ci_low": value - reach,
        "ci_high": value + reach,
        "direction": direction,
        "is_reported": True,
        "is_suppressed": False,
        **more,
    }


FLAGGED = item(
    "F3",
    wording="The session felt rushed.",
    item_rest_r=-0.63,
    scale_alpha=-0.93,
    alpha_without=0.71,
    alpha_turned=0.79,
    flag="against_scale",
)


def district() -> duckdb.DuckDBPyConnection:
    """Feedback with a flagged item and a change, a climate survey with a hostile title and a hidden scale."""
    connection = empty_build()
    insert(connection, "core.school", [{"school_id": "S77", "school_name": "Alder Creek"}])
    sources = ("survey", "survey_item", "survey_response", "survey_answer")
    fates = {"rows_duplicate": 0, "rows_skipped": 0, "rows_quarantined": 0}
    read = [
        {"entity": entity, "source_file": "s.csv", "rows_read": 9, "rows_loaded": 9, **fates}
        for entity in sources
    ]
    insert(connection, "meta.reconciliation", read)
    climate = {**CLIMATE, "title": CLIMATE["questionnaire_title"], "n_surveys": 1, "survey_id": "c"}
    insert(
        connection,
        "report.survey_scale",
        [
            scale("relevance", 4.1),
            scale("usefulness", 3.2),
            scale("relevance", 3.0, school_year=2024),
            scale(
                "facilitation", None, rating="not_reported", is_reported=False, alpha=-0.93, alpha_turned=0.79
            ),
            scale("trust", 3.5, **climate),
            scale("leadership", None, **{**climate, "n_responses": 3}, is_suppressed=True, alpha=None),
        ],
    )
    insert(connection, "report.survey_item", [item("F1"), FLAGGED])
    insert(
        connection,
        "report.survey_response",
        [
            response("Feedback", 0.6),
            response(
                f"Climate {HOSTILE}", 0.4, questionnaire_id="Q2", survey_id="c", n_surveys=1, n_responses=20
            ),
            response(
                "Feedback",
                0.3,
                basis="said_by_respondent",
                group_kind="school",
                group_value="S77",
                ci_high=0.55,
            ),
            response(
                "Feedback",
                0.55,
                basis="said_by_respondent",
                group_kind="school",
                group_value="Birch Hill",
                ci_high=0.7,
            ),
        ],
    )
    insert(
        connection,
        "report.survey_change",
        [change("relevance", 1.1, 0.2, "rose"), change("usefulness", 0.1, 0.2, "no_clear_change")],
    )
    insert(
        connection,
        "report.survey_aggregation",
        [
            {
                "construct": "trust",
                "n_schools": 8,
                "n_responses": 60,
                "icc1": 0.1,
                "icc2": 0.6,
                "n_agreement_schools": 8,
                "median_r_wg": 0.9,
                "verdict": "caution",
                "may_be_shown": True,
                "rule": "School means may be shown where …",
                **CLIMATE,
            }
        ],
    )
    school = {
        "construct": "trust",
        "n_responses": 8,
        "may_be_shown": True,
        "is_suppressed": False,
        "respondent_role": "all",
        "school_id": "s1",
        "school_name": "Alder Creek",
        "mean": 3.7,
        "ci_low": 3.4,
        "ci_high": 4.0,
        **CLIMATE,
    }
    hidden = {
        **school,
        "school_id": "s2",
        "school_name": "Birch Hill",
        "mean": None,
        "n_responses": None,
        "is_suppressed": True,
    }
    insert(connection, "report.survey_school_scale", [school, hidden])
    return connection


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return render_report(district(), tmp_path_factory.mktemp("surveys"), BUILD_ID).with_name("surveys.html")


def test_the_page_opens_with_how_many_answered(page: Path) -> None:
    # 30 + 20 of 50 + 50 invitations; 3 + 1 surveys
    assert "50 of 100 invitations to 4 surveys in 2024–25 were answered (50%)." in text(page)
    assert "Teachers’ voice" in text(page)


def test_highest_and_lowest_construct_are_named_where_their_intervals_are_apart(page: Path) -> None:
    assert (
        "Feedback: rated highest is relevance, 4.10 of 5 (95% interval 4.00 to 4.20); lowest usefulness,"
        " 3.20 of 5"
        " (95% interval 3.10 to 3.30)." in text(page)
    )


def test_the_item_against_its_scale_stands_out_with_what_to_do(page: Path) -> None:
    said = text(page)
    assert (
        "“The session felt rushed.” (item F3 of Feedback, 3 surveys) goes against its scale, facilitation"
        in said
    )
    assert "worded against the scale but not marked as reverse scored: set is_reverse_scored" in said
    assert (
        "alpha) is −0.93, and no mean is reported; turned round it would be 0.79, without the item 0.71."
        in said
    )


def test_a_survey_that_fewer_than_half_answered_stands_out(page: Path) -> None:
    assert "fewer than half answered, 40% (95% interval 46% to 72%)" in text(page)


def test_only_schools_whose_interval_lies_below_the_rate_of_all_are_named(page: Path) -> None:
    assert (
        "Feedback: clearly fewer answered than in the district as a whole (60%) at Alder Creek 30%."
        in text(page)
    )


def test_a_clear_change_stands_out_and_an_unclear_one_is_called_so(page: Path) -> None:
    said = text(page)
    assert (
        "Feedback: relevance rose from 3.00 to 4.10 from 2023–24 to 2024–25 (+1.10, 95% interval 0.90 to"
        " 1.30;"
        " different or unknown people)." in said
    )
    assert "Feedback: no clear change from 2023–24 to 2024–25 in usefulness." in said


def test_scales_that_are_hidden_or_not_reported_are_said_to_be(page: Path) -> None:
    said = text(page)
    assert "Facilitation: not shown, as the items do not hang together." in said
    assert "Leadership: hidden, as too few answered." in said


def test_hidden_schools_have_no_number(page: Path) -> None:
    rows = page.read_text(encoding="utf-8").split("<tr>")
    hidden = [row for row in rows if "Birch Hill" in row and "Trust" in row]
    assert len(hidden) == 1
    assert "hidden" in hidden[0]
    assert "n/a" in hidden[0]


def test_a_hostile_title_never_becomes_markup(page: Path) -> None:
    assert {element.name for element in elements(page)}.isdisjoint({"script", "img", "iframe"})
    assert HOSTILE in text(page)


def test_every_picture_has_alternative_text_and_ids_are_unique(page: Path) -> None:
    pictures = [element for element in elements(page) if element.name == "svg"]
    # constructs of two questionnaires, items of one, years of one; each wide and narrow
    assert len(pictures) == 8
    assert all(len(picture.attributes["aria-label"]) > 40 for picture in pictures)
    ids = [element.attributes["id"] for element in elements(page) if "id" in element.attributes]
    assert len(ids) == len(set(ids))


def test_without_a_survey_source_the_page_says_so(tmp_path: Path) -> None:
    page = render_report(empty_build(), tmp_path, BUILD_ID).with_name("surveys.html")
    assert "Not available: no survey and no survey_item" in text(page)
    assert "<svg" not in page.read_text(encoding="utf-8")


def test_without_a_survey_in_the_year_the_last_one_is_shown_and_named() -> None:
    connection = empty_build()
    insert(connection, "report.survey_response", [response("Feedback", 0.6, school_year=2023)])
    insert(connection, "report.survey_response", [response("Feedback", 0.6, school_year=2026)])
    assert read_surveys(connection, 2025).year == 2023


# sentences by rule


def scale_row(**more: object) -> ScaleRow:
    connection = empty_build()
    insert(connection, "report.survey_scale", [scale("trust", 3.5)])
    return replace(read_surveys(connection, 2025).scales[0], **more)


def item_row(**more: object) -> ItemRow:
    connection = empty_build()
    insert(connection, "report.survey_response", [response("Feedback", 0.6)])
    insert(connection, "report.survey_item", [{**FLAGGED, **more}])
    return read_surveys(connection, 2025).items[0]


def change_row(**more: object) -> ChangeRow:
    connection = empty_build()
    insert(connection, "report.survey_change", [{**change("trust", 0.5, 0.2, "rose"), **more}])
    return read_surveys(connection, 2025).changes[0]


def test_constructs_whose_intervals_overlap_are_rated_alike() -> None:
    row = scale_row()
    other = replace(row, construct="leadership", mean=3.6, ci_low=3.5, ci_high=3.7)
    assert words.extremes_sentence([row, other]) == (
        "Feedback: trust and leadership are rated alike, 3.50 to 3.60 of 5; their 95% intervals overlap."
    )


def test_constructs_on_different_scales_are_not_ranked() -> None:
    row = scale_row()
    assert (
        words.extremes_sentence([row, replace(row, mean=8.0, ci_low=7.9, ci_high=8.1, scale_max=10.0)]) == ""
    )


def test_an_item_marked_as_reversed_by_mistake_is_told_so() -> None:
    said = item_words.item_sentence(item_row(is_reverse_scored=True))
    assert "It is marked as reverse scored, perhaps by mistake: check is_reverse_scored" in said


def test_items_that_cannot_be_told_apart_are_told_so() -> None:
    said = item_words.item_sentence(item_row(flag="cannot_tell_which"))
    assert "go against each other: one is worded against the scale, but the answers cannot tell which" in said


def test_a_weak_item_is_not_said_to_be_against_its_scale() -> None:
    said = item_words.item_sentence(item_row(flag="weak", item_rest_r=0.1))
    assert "hangs together with the rest of facilitation hardly at all (correlation 0.10)" in said
    assert "against" not in said


def test_matched_people_are_called_the_same() -> None:
    row = change_row(comparison="matched", change_kind="activity")
    assert change_words.change_sentence(row).endswith(
        "from the first to the last survey about the same activity (+0.50, 95% interval 0.30 to 0.70;"
        " the same people)."
    )


def test_weights_that_move_nothing_are_said_to() -> None:
    row = scale_row(weighted_mean=3.502, known_mean=3.5)
    assert words.weights_sentence([row]).endswith("this moves every mean by less than 0.01.")
    assert words.weights_sentence([replace(row, weighted_mean=3.7)]).endswith("no mean by more than 0.20.")
    assert words.weights_sentence([scale_row()]) == ""


def test_a_picture_of_scales_leaves_out_those_without_a_mean() -> None:
    row = scale_row()
    assert scales_picture([replace(row, mean=None)], "p") == ""
    drawn = scales_picture([row, replace(row, construct="leadership", mean=None)], "p")
    assert "Trust" in drawn
    assert "Leadership" not in drawn


def test_alternative_text_of_a_picture_has_the_shares() -> None:
    assert (
        "Trust: 10% below the middle, 30% at it, 60% above, mean 3.50 of 5 (3.40 to 3.60)"
        in scales_picture([scale_row()], "p")
    )


def test_many_comparisons_come_with_a_word_on_chance() -> None:
    rows = [*[change_row(direction="no_clear_change")] * 11, change_row()]
    assert change_words.chance_note(rows).startswith(
        "Of 12 comparisons 1 is clear. Where nothing changed, one in twenty looks clear by chance"
    )
    assert change_words.chance_note(rows[:9]) == ""
