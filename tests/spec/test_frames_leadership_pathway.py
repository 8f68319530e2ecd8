"""Rules of frames.leadership_pathway: first dates, implied stages, stages out of order."""

from __future__ import annotations

from datetime import date

from tests.spec.leadership_core import log

FRAME = "frames.leadership_pathway"


def test_the_first_of_several_records_of_a_stage_counts(core):
    log(core, "ann school identified 2023-09-02", "ann school identified 2022-10-01")
    assert core.frame(FRAME, "staff_id identified_on identified_by") == [
        ("ann", date(2022, 10, 1), date(2022, 10, 1))
    ]


def test_each_pathway_of_a_person_is_a_row_of_its_own(core):
    log(core, "ann school identified 2022-10-01", "ann district identified 2023-10-01")
    assert core.frame(FRAME, "staff_id pathway_level") == [("ann", "district"), ("ann", "school")]


def test_a_later_stage_implies_the_earlier_ones_by_its_day(core):
    log(core, "ann school placed 2024-02-01")
    columns = "identified_on identified_by in_training_by completed_by placed_by left_role_by"
    day = date(2024, 2, 1)
    assert core.frame(FRAME, columns) == [(None, day, day, day, day, None)]


def test_stages_without_a_record_before_the_furthest_are_counted(core):
    log(
        core,
        "ann school placed 2024-02-01",  # identified, in training, completed skipped
        "bob school identified 2022-10-01",
        "bob school completed 2023-05-01",  # in training skipped
        "cyd school identified 2022-10-01",
    )
    assert core.frame(FRAME, "staff_id furthest_stage n_stages_skipped is_out_of_order") == [
        ("ann", "placed", 3, False),
        ("bob", "completed", 1, False),
        ("cyd", "identified", 0, False),
    ]


def test_who_was_placed_before_completing_is_out_of_order_and_completed_by_then(core):
    log(
        core,
        "ann school identified 2022-10-01",
        "ann school in_training 2023-01-10",
        "ann school completed 2024-05-01",
        "ann school placed 2024-02-01",
    )
    assert core.frame(FRAME, "completed_on completed_by placed_by is_out_of_order n_stages_skipped") == [
        (date(2024, 5, 1), date(2024, 2, 1), date(2024, 2, 1), True, 0)
    ]


def test_two_stages_on_one_day_are_in_order(core):
    log(core, "ann school identified 2022-10-01", "ann school in_training 2022-10-01")
    assert core.frame(FRAME, "is_out_of_order furthest_stage") == [(False, "in_training")]


def test_without_events_the_frame_is_empty(core):
    assert core.frame(FRAME, "staff_id") == []
