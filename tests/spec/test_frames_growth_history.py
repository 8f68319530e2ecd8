"""Rules of the frames of growth: linked results, histories of priors, the sample of value-added."""

from __future__ import annotations

import pytest

from expectations.outputs import OUTPUTS
from sql import render_sql
from transforms.growth.windows import EquipercentileLink, GrowthFrames, prior_slots
from transforms.warehouse import create_table

HISTORY = "frames.growth_history"
SCORED = "frames.scored_result"
LINK = "frames.assessment_link"
RESULT = "student_id assessment_id academic_subject school_year term grade_level scale_score score_sem"
WINDOWS = ("spring_to_spring", "fall_to_spring", "winter_to_spring")
LINKED = GrowthFrames(prior_slots(WINDOWS, 3, {}), (EquipercentileLink("OLD", "NEW", 2025),)).parameters


def add(core, *lines: str) -> None:
    """Add results; the standard error of measurement is empty unless it is said."""
    rows = [line if len(line.split()) == 8 else f"{line} ." for line in lines]
    core.add("assessment_result", "\n".join([RESULT, *rows]))


def history(core, **parameters):
    return core.frame(
        HISTORY,
        "student_id school_year growth_window prior_number prior_school_year prior_term prior_grade_level"
        " prior_scale_score",
        **parameters,
    )


def test_priors_are_numbered_backwards_up_to_the_maximum(core):
    add(core, *(f"ann S ela {year} spring {year - 2020} {year - 1500}" for year in range(2021, 2026)))
    assert [row for row in history(core) if row[1] == 2025] == [
        ("ann", 2025, "spring_to_spring", 1, 2024, "spring", 4, 524.0),
        ("ann", 2025, "spring_to_spring", 2, 2023, "spring", 3, 523.0),
        ("ann", 2025, "spring_to_spring", 3, 2022, "spring", 2, 522.0),
    ]


def test_history_stops_at_the_first_year_that_is_missing(core):
    add(core, "ann S ela 2022 spring 2 510", "ann S ela 2024 spring 4 530", "ann S ela 2025 spring 5 540")
    assert history(core) == [("ann", 2025, "spring_to_spring", 1, 2024, "spring", 4, 530.0)]


def test_student_who_was_away_the_year_before_has_no_history(core):
    add(core, "ann S ela 2023 spring 3 510", "ann S ela 2025 spring 5 540")
    assert history(core) == []


@pytest.mark.parametrize(("grade", "case"), [(4, "retained"), (6, "skipped")])
def test_grades_are_told_as_they_were(core, grade, case):
    add(core, "ann S ela 2024 spring 4 530", f"ann S ela 2025 spring {grade} 540")
    assert [row[6] for row in history(core)] == [4], case


def test_score_without_a_grade_is_neither_outcome_nor_prior(core):
    add(core, "ann S ela 2024 spring . 530", "ann S ela 2025 spring 5 540", "ann S ela 2026 spring 6 550")
    assert [(row[1], row[4]) for row in history(core)] == [(2026, 2025)]


def test_outcome_has_a_history_in_each_window_that_ends_with_its_term(core):
    add(
        core,
        "ann S ela 2024 spring 4 520",
        "ann S ela 2025 fall 5 530",
        "ann S ela 2025 winter 5 535",
        "ann S ela 2025 spring 5 540",
    )
    assert [row[2:6] for row in history(core)] == [
        ("fall_to_spring", 1, 2025, "fall"),
        ("fall_to_spring", 2, 2024, "spring"),
        ("spring_to_spring", 1, 2024, "spring"),
        ("winter_to_spring", 1, 2025, "winter"),
        ("winter_to_spring", 2, 2024, "spring"),
    ]


def test_assessments_side_by_side_are_kept_apart(core):
    add(core, "ann A ela 2024 spring 4 520", "ann B ela 2024 spring 4 90", "ann A ela 2025 spring 5 540")
    assert core.frame(HISTORY, "assessment_id prior_scale_score") == [("A", 520.0)]


def test_priors_of_other_subjects_count_where_the_study_says_so(core):
    add(
        core,
        "ann S ela 2024 spring 4 520",
        "ann S mathematics 2024 spring 4 500",
        "ann S ela 2025 spring 5 540",
        "bob S ela 2024 spring 4 520",
        "bob S ela 2025 spring 5 540",
    )
    both = GrowthFrames(prior_slots(WINDOWS, 1, {"ela": ("ela", "mathematics")}), ()).parameters
    assert core.frame(HISTORY, "student_id prior_number prior_subject prior_scale_score", **both) == [
        ("ann", 1, "ela", 520.0),
        ("ann", 2, "mathematics", 500.0),
        ("bob", 1, "ela", 520.0),
    ]


def test_error_of_measurement_of_the_prior_is_carried(core):
    add(core, "ann S ela 2024 spring 4 520 12.5", "ann S ela 2025 spring 5 540 11")
    assert core.frame(HISTORY, "prior_score_sem") == [(12.5,)]


def test_growth_has_the_errors_of_measurement_of_score_and_prior(core):
    add(core, "ann S ela 2024 spring 4 520 12.5", "ann S ela 2025 spring 5 540 11")
    # a second student, so that each grade has a spread to standardise with
    add(core, "bob S ela 2024 spring 4 500", "bob S ela 2025 spring 5 500")
    assert core.frame("frames.student_growth", "school_year score_sem prior_score_sem prior_linked_from") == [
        (2024, 12.5, None, None),
        (2024, None, None, None),
        (2025, 11.0, 12.5, None),
        (2025, None, None, None),
    ]


@pytest.fixture
def change(core):
    """OLD has 10, 20, 20, 30 in grade 4 of 2024; NEW has 100, 200, 300, 400 in grade 4 of 2025."""
    add(
        core,
        *(f"o{n} OLD ela 2024 spring 4 {score} 2" for n, score in enumerate((10, 20, 20, 30))),
        *(f"n{n} NEW ela 2025 spring 4 {score}" for n, score in enumerate((100, 200, 300, 400))),
    )
    return core


def test_link_gives_the_score_of_the_same_percentile_rank(change):
    rows = change.frame(
        LINK,
        "scale_score percentile_rank linked_score n_from n_to last_school_year first_school_year",
        **LINKED,
    )
    # ranks: 10 has half of 1/4; 20 has 1/4 and half of 2/4; 30 has 3/4 and half of 1/4.
    # On NEW each score has a quarter, spread over 50 points either side: 12.5 % is the middle of 100's
    # interval, 50 % the border of 200's and 300's, 87.5 % the middle of 400's.
    assert rows == [
        (10.0, 12.5, 100.0, 4, 4, 2024, 2025),
        (20.0, 50.0, 250.0, 4, 4, 2024, 2025),
        (30.0, 87.5, 400.0, 4, 4, 2024, 2025),
    ]


def test_scale_linked_to_itself_stays_as_it_is(core):
    # unequal distances: 4, 11, 29
    scores = (400, 404, 404, 415, 444)
    add(core, *(f"o{n} OLD ela 2024 spring 4 {score}" for n, score in enumerate(scores)))
    add(core, *(f"n{n} NEW ela 2025 spring 4 {score}" for n, score in enumerate(scores)))
    rows = core.frame(LINK, "scale_score linked_score", **LINKED)
    assert rows == [(score, pytest.approx(score)) for score in (400.0, 404.0, 415.0, 444.0)]


def test_student_of_two_replaced_assessments_has_one_linked_score(change):
    add(change, "o1 SMALL ela 2024 spring 4 7", "zoe SMALL ela 2024 spring 4 9")
    links = (EquipercentileLink("OLD", "NEW", 2025), EquipercentileLink("SMALL", "NEW", 2025))
    change.build(SCORED, **GrowthFrames(prior_slots(WINDOWS, 3, {}), links).parameters)
    rows = change.rows(SCORED, "student_id school_year linked_from")
    # 4 students stand behind the link of OLD, 2 behind that of SMALL
    assert [row[2] for row in rows if row[:2] == ("o1", 2024) and row[2]] == ["OLD"]


def test_errors_of_measurement_are_multiplied_by_the_ratio_of_the_spreads(change):
    # population SD of 10, 20, 20, 30 is sqrt(50); of 100, 200, 300, 400 sqrt(12500): ratio sqrt(250)
    (ratio,) = {row[0] for row in change.frame(LINK, "sd_ratio", **LINKED)}
    assert ratio == pytest.approx(250**0.5)


def test_linked_result_is_a_prior_on_the_scale_of_the_successor(change):
    add(change, "o1 NEW ela 2025 spring 5 260", "zoe NEW ela 2025 spring 5 240")
    assert change.frame(
        HISTORY, "student_id assessment_id prior_scale_score prior_score_sem prior_linked_from", **LINKED
    ) == [("o1", "NEW", 250.0, pytest.approx(2 * 250**0.5), "OLD")]


def test_linked_result_is_standardised_with_the_norm_of_the_first_year(change):
    change.build("frames.student_growth", **LINKED)
    rows = change.rows(SCORED, "student_id assessment_id scale_score norm_mean score_sd linked_from")
    linked = [row for row in rows if row[5] is not None]
    # mean 250, population SD sqrt(12500)
    assert linked == [
        ("o0", "NEW", 100.0, 250.0, pytest.approx(-150 / 12500**0.5), "OLD"),
        ("o1", "NEW", 250.0, 250.0, 0.0, "OLD"),
        ("o2", "NEW", 250.0, 250.0, 0.0, "OLD"),
        ("o3", "NEW", 400.0, 250.0, pytest.approx(150 / 12500**0.5), "OLD"),
    ]


def test_linked_result_is_never_an_outcome(change):
    rows = change.frame("frames.student_growth", "student_id assessment_id school_year", **LINKED)
    assert [row for row in rows if row[1] == "NEW" and row[2] == 2024] == []


def test_growth_across_a_link_says_where_the_prior_comes_from(change):
    # a second student, so that grade 5 has a spread to standardise with
    add(change, "o3 NEW ela 2025 spring 5 420", "zoe NEW ela 2025 spring 5 400")
    rows = change.frame(
        "frames.student_growth",
        "student_id assessment_id school_year prior_scale_score prior_linked_from",
        **LINKED,
    )
    assert ("o3", "NEW", 2025, 400.0, "OLD") in rows


def test_without_a_link_growth_begins_anew(change):
    add(change, "o1 NEW ela 2025 spring 5 260")
    assert history(change) == []


def unavailable(core, linked: list[str]) -> list[tuple[str, str]]:
    create_table(core.connection, OUTPUTS["meta.unavailable"])
    core.connection.execute(render_sql("growth/not_linked.sql"), {"link_from": linked})
    return core.rows("meta.unavailable", "topic reason")


def test_change_of_assessments_without_a_link_is_said(change):
    add(change, "o1 NEW ela 2025 spring 5 260")
    assert unavailable(change, []) == [
        (
            "growth from OLD to NEW in ela",
            "not computed: OLD ends in 2024 and NEW begins in 2025;"
            " a [[growth.link]] of study.toml can link them",
        )
    ]


def test_assessments_that_no_student_had_one_after_the_other_are_not_said(change):
    assert unavailable(change, []) == []


def test_linked_assessments_and_those_side_by_side_are_not_said(change):
    add(change, "o1 NEW ela 2025 spring 5 260")
    add(change, "ann SIDE ela 2024 spring 4 5", "ann SIDE ela 2025 spring 5 6")
    assert unavailable(change, ["OLD"]) == []


def test_who_sat_both_assessments_is_known_by_the_successor(change):
    add(change, "o1 NEW ela 2024 spring 4 333", "o1 NEW ela 2025 spring 5 260")
    assert change.frame(HISTORY, "student_id prior_scale_score prior_linked_from", **LINKED) == [
        ("o1", 333.0, None)
    ]


@pytest.fixture
def taught(core):
    """Tom teaches Ann and Bob ela in 2025."""
    core.add(
        "section",
        """section_id school_id school_year academic_subject
           e1 north 2025 ela""",
    )
    core.add("section_staff", "section_id staff_id begin_date\ne1 tom 2024-08-15")
    core.add(
        "section_student",
        """section_id student_id begin_date end_date
           e1 ann 2025-01-01 2025-01-10
           e1 bob 2025-01-01 2025-01-10""",
    )
    core.add(
        "assessment_norm",
        """assessment_id academic_subject grade_level school_year term mean sd
           S ela 4 2024 spring 500 50
           S mathematics 4 2024 spring 500 40
           S science 4 2024 spring 500 40
           S ela 5 2025 spring 500 50""",
    )
    add(
        core,
        "ann S ela 2024 spring 4 525 10",
        "ann S mathematics 2024 spring 4 540 8",
        "ann S science 2024 spring 4 580",
        "ann S ela 2025 spring 5 550",
        "bob S ela 2024 spring 4 475",
        "bob S mathematics 2024 spring 4 460",
        "bob S ela 2025 spring 5 450",
    )
    return core


def test_sample_of_value_added_has_priors_and_their_errors_in_standard_deviations(taught):
    rows = taught.frame(
        "frames.value_added_analysis",
        "student_id staff_id growth_window score_sd prior_score_sd prior_sem_sd other_prior_sd"
        " other_prior_sem_sd",
    )
    # mathematics, not science, is the other subject: more students have it
    assert rows == [
        ("ann", "tom", "spring_to_spring", 1.0, 0.5, 0.2, 1.0, 0.2),
        ("bob", "tom", "spring_to_spring", -1.0, -0.5, None, -1.0, None),
    ]


def test_student_without_a_teacher_is_not_in_the_sample(taught):
    add(taught, "cyd S ela 2024 spring 4 500", "cyd S ela 2025 spring 5 500")
    rows = taught.frame("frames.value_added_analysis", "student_id")
    assert rows == [("ann",), ("bob",)]
