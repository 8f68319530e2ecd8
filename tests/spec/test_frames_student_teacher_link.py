"""Rules of frames.student_teacher_link: roster weights by days in common."""

from __future__ import annotations

import pytest

LINK = "frames.student_teacher_link"


def add_section(
    core, section: str, subject: str = "mathematics", year: int = 2025, school: str = "north"
) -> None:
    """Add a section."""
    core.add(
        "section",
        f"section_id school_id school_year academic_subject\n{section} {school} {year} {subject}",
    )


def teach(core, *lines: str) -> None:
    """Add who teaches: section, teacher, first day, last day, contribution."""
    core.add(
        "section_staff",
        "\n".join(["section_id staff_id begin_date end_date percentage_contribution", *lines]),
    )


def learn(core, *lines: str) -> None:
    """Add who learns: section, student, first day, last day."""
    core.add("section_student", "\n".join(["section_id student_id begin_date end_date", *lines]))


def weights(core) -> dict[tuple[str, str], float]:
    """Roster weights by student and teacher."""
    return {
        (student, staff): weight
        for student, staff, weight in core.frame(LINK, "student_id staff_id roster_weight")
    }


def test_one_teacher_all_year_has_the_whole_weight(core):
    add_section(core, "m1")
    teach(core, "m1 tom 2024-08-15 . .")
    learn(core, "m1 ann 2024-08-15 .")
    rows = core.frame(
        LINK, "student_id staff_id academic_subject school_year school_id days_in_common n_teachers"
    )
    # 15 August to 30 June, both included: 17 + 30 + 31 + 30 + 31 + 31 + 28 + 31 + 30 + 31 + 30 = 320
    assert rows == [("ann", "tom", "mathematics", 2025, "north", 320.0, 1)]
    assert core.rows(LINK, "roster_weight") == [(1.0,)]


def test_co_teachers_without_stated_contributions_share_equally(core):
    add_section(core, "m1")
    teach(core, "m1 tom 2024-08-15 . .", "m1 uma 2024-08-15 . .")
    learn(core, "m1 ann 2024-08-15 .")
    assert weights(core) == {("ann", "tom"): 0.5, ("ann", "uma"): 0.5}


def test_stated_contributions_are_used_as_they_are(core):
    add_section(core, "m1")
    teach(core, "m1 tom 2024-08-15 . 0.8", "m1 uma 2024-08-15 . 0.2")
    learn(core, "m1 ann 2024-08-15 .")
    assert weights(core) == pytest.approx({("ann", "tom"): 0.8, ("ann", "uma"): 0.2})


def test_teacher_who_contributes_nothing_has_no_link(core):
    add_section(core, "m1")
    teach(core, "m1 tom 2024-08-15 . 1", "m1 uma 2024-08-15 . 0")
    learn(core, "m1 ann 2024-08-15 .")
    assert weights(core) == {("ann", "tom"): 1.0}


def test_teacher_change_splits_the_year_by_days_and_each_teaches_alone(core):
    add_section(core, "m1")
    teach(core, "m1 tom 2025-01-01 2025-01-30 .", "m1 uma 2025-01-31 2025-02-09 .")
    learn(core, "m1 ann 2025-01-01 2025-02-09")
    # tom 30 days, uma 10 days, never together: 30 / 40 and 10 / 40
    assert weights(core) == pytest.approx({("ann", "tom"): 0.75, ("ann", "uma"): 0.25})


def test_teacher_who_returns_shares_only_the_days_of_both(core):
    add_section(core, "m1")
    teach(
        core,
        "m1 tom 2025-01-01 2025-01-10 .",
        "m1 tom 2025-01-21 2025-01-30 .",
        "m1 uma 2025-01-01 2025-01-30 .",
    )
    learn(core, "m1 ann 2025-01-01 2025-01-30")
    # tom (10 + 10) × 1/2 = 10; uma as many beside him and 10 days alone: 10 + 10 = 20; sum 30
    assert weights(core) == pytest.approx({("ann", "tom"): 1 / 3, ("ann", "uma"): 2 / 3})


def test_equal_shares_are_of_those_who_teach_on_the_day(core):
    add_section(core, "m1")
    teach(
        core,
        "m1 tom 2025-01-01 2025-01-20 .",
        "m1 uma 2025-01-01 2025-01-10 .",
        "m1 vic 2025-01-11 2025-01-20 .",
    )
    learn(core, "m1 ann 2025-01-01 2025-01-20")
    # always two at a time: tom 20 × 1/2 = 10, uma and vic 10 × 1/2 = 5 each; sum 20
    assert weights(core) == pytest.approx({("ann", "tom"): 0.5, ("ann", "uma"): 0.25, ("ann", "vic"): 0.25})


def test_day_that_two_periods_of_a_teacher_cover_counts_once(core):
    add_section(core, "m1")
    teach(
        core,
        "m1 tom 2025-01-01 2025-01-10 .",
        "m1 tom 2025-01-06 2025-01-20 .",
        "m1 uma 2025-01-01 2025-01-20 .",
    )
    learn(core, "m1 ann 2025-01-01 2025-01-20")
    assert weights(core) == pytest.approx({("ann", "tom"): 0.5, ("ann", "uma"): 0.5})
    assert core.rows(LINK, "staff_id days_in_common") == [("tom", 20.0), ("uma", 20.0)]


def test_mid_year_move_weighs_both_teachers_by_days(core):
    add_section(core, "m1", school="north")
    add_section(core, "m2", school="south")
    teach(core, "m1 tom 2024-08-15 . .", "m2 uma 2024-08-15 . .")
    learn(core, "m1 ann 2025-01-01 2025-01-10", "m2 ann 2025-01-11 2025-02-09")
    # 10 days with tom, 30 with uma
    assert weights(core) == pytest.approx({("ann", "tom"): 0.25, ("ann", "uma"): 0.75})
    assert core.rows(LINK, "staff_id school_id n_teachers") == [("tom", "north", 2), ("uma", "south", 2)]


def test_several_sections_of_one_subject_are_added_up(core):
    add_section(core, "m1")
    add_section(core, "m2")
    teach(core, "m1 tom 2024-08-15 . .", "m2 tom 2024-08-15 . .", "m2 uma 2024-08-15 . .")
    learn(core, "m1 ann 2025-01-01 2025-01-10", "m2 ann 2025-01-01 2025-01-10")
    # tom 10 + 10 × 1/2 = 15, uma 10 × 1/2 = 5
    assert weights(core) == pytest.approx({("ann", "tom"): 0.75, ("ann", "uma"): 0.25})
    assert core.rows(LINK, "staff_id days_in_common") == [("tom", 20.0), ("uma", 10.0)]


def test_subjects_and_school_years_are_weighted_apart(core):
    add_section(core, "m1")
    add_section(core, "e1", subject="ela")
    add_section(core, "m0", year=2024)
    teach(core, "m1 tom 2024-08-15 . .", "e1 uma 2024-08-15 . .", "m0 vic 2023-08-15 . .")
    learn(core, "m1 ann 2024-08-15 .", "e1 ann 2024-08-15 .", "m0 ann 2023-08-15 .")
    assert weights(core) == {("ann", "tom"): 1.0, ("ann", "uma"): 1.0, ("ann", "vic"): 1.0}


def test_period_begun_before_the_school_year_counts_from_its_first_day(core):
    add_section(core, "m1")
    teach(core, "m1 tom 2020-08-15 . .")
    learn(core, "m1 ann 2024-06-01 2024-07-10")
    assert core.frame(LINK, "days_in_common") == [(10.0,)]  # 1 to 10 July


def test_exit_before_first_day_is_no_link(core):
    add_section(core, "m1")
    teach(core, "m1 tom 2024-08-15 . .")
    learn(core, "m1 ann 2024-09-01 2024-08-31")
    assert weights(core) == {}


def test_student_and_teacher_whose_periods_do_not_meet_have_no_link(core):
    add_section(core, "m1")
    teach(core, "m1 tom 2024-08-15 2024-12-31 .", "m1 uma 2025-01-01 . .")
    learn(core, "m1 ann 2025-01-01 .")
    assert weights(core) == {("ann", "uma"): 1.0}


def test_one_day_in_common_is_a_link(core):
    add_section(core, "m1")
    teach(core, "m1 tom 2024-08-15 2024-12-31 .")
    learn(core, "m1 ann 2024-12-31 .")
    assert core.frame(LINK, "days_in_common roster_weight") == [(1.0, 1.0)]


def test_school_of_a_link_is_the_one_with_most_days_in_all(core):
    for section, school in (("m1", "south"), ("m2", "north"), ("m3", "north")):
        add_section(core, section, school=school)
    teach(core, *(f"{section} tom 2024-08-15 . ." for section in ("m1", "m2", "m3")))
    learn(core, "m1 ann 2025-01-01 2025-01-12", *(f"m{n} ann 2025-01-01 2025-01-10" for n in (2, 3)))
    # south 12 days; north 10 + 10 = 20 days
    assert core.frame(LINK, "school_id days_in_common") == [("north", 32.0)]


def test_weights_of_a_student_sum_to_one_whoever_teaches(core):
    add_section(core, "m1")
    add_section(core, "m2")
    teach(
        core,
        "m1 tom 2024-08-15 2024-11-03 .",
        "m1 uma 2024-10-01 . 0.3",
        "m2 vic 2024-09-09 . .",
        "m2 wes 2024-08-20 2025-03-01 0.9",
    )
    learn(core, "m1 ann 2024-08-15 2025-02-02", "m2 ann 2025-01-15 .", "m2 bob 2024-08-15 .")
    totals = dict.fromkeys(("ann", "bob"), 0.0)
    for (student, _), weight in weights(core).items():
        totals[student] += weight
    assert totals == pytest.approx({"ann": 1.0, "bob": 1.0})
