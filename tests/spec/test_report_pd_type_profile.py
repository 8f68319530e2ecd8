"""Rules of what a kind of PD was like: shares of hours, and no share that tells of a few people."""

from __future__ import annotations

import pytest


@pytest.fixture
def activities(core):
    """Five coached by the district for 4 hours each; in workshops one of six comes to a school's own."""
    core.add("school", "school_id school_name\nnorth North")
    staff = "\n".join(f"t{n} north 2025 teacher" for n in range(6))
    core.add("staff_assignment", f"staff_id school_id school_year role\n{staff}")
    core.add(
        "pd_activity",
        """pd_activity_id title pd_type initiated_by planned_hours is_mandatory
           C1 Coaching coaching district 10 true
           C2 Coaching coaching district 20 true
           W1 Workshop workshop_single district 2 .
           W2 Workshop workshop_single school . .""",
    )
    attended = [("C1", f"t{n}", 4) for n in range(5)] + [("C2", "t0", 4)]
    attended += [("W1", f"t{n}", 2) for n in range(6)] + [("W2", "t0", 6)]
    rows = "\n".join(f"{who} {what} s{what} 2024-10-01 {hours} attended" for what, who, hours in attended)
    core.add(
        "pd_participation",
        f"staff_id pd_activity_id pd_session_id participation_date hours attendance_status\n{rows}",
    )
    return core


def test_planned_hours_are_a_mean_over_activities_and_shares_are_of_hours(activities):
    columns = "pd_type n_activities n_people hours planned_hours district_share mandatory_share"
    coaching, _ = activities.frame("report.pd_type_profile", columns, minimum_staff=5)
    # (10 + 20) / 2; 5 × 4 + 4 hours, all of the district
    assert coaching == ("coaching", 2, 5, 24.0, 15.0, 1.0, 1.0)


def test_shares_are_hidden_where_one_part_is_of_few_people(activities):
    columns = "pd_type district_share school_share mandatory_share has_small_part is_suppressed"
    _, workshop = activities.frame("report.pd_type_profile", columns, minimum_staff=5)
    # one person's 6 of 18 hours are the school's: 12 / 18 would tell of them
    assert workshop == ("workshop_single", None, None, None, True, False)


def test_a_type_of_few_people_is_hidden_as_a_whole(activities):
    columns = "pd_type n_people hours planned_hours district_share is_suppressed"
    rows = activities.frame("report.pd_type_profile", columns, minimum_staff=7)
    assert rows == [(name, None, None, None, None, True) for name in ("coaching", "workshop_single")]
