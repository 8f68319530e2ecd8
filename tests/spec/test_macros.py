"""Each macro against a few rows whose answer can be worked out by hand."""

from __future__ import annotations

from collections.abc import Iterator

import duckdb
import pytest

from expectations.macros import read_macro
from tests.spec.evaluators_build import create_build, fill, rows_of

MATHS = {"academic_subject": "mathematics"}


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> Iterator[duckdb.DuckDBPyConnection]:
    """Two schools, four teachers, two years; opened read-only, nothing outside the file to be had."""
    path = tmp_path_factory.mktemp("macros") / "pdeval.duckdb"
    connection = create_build(path)
    _core_and_frames(connection)
    _growth(connection)
    _effects(connection)
    _meta(connection)
    connection.close()
    opened = duckdb.connect(str(path), read_only=True, config={"enable_external_access": False})
    yield opened
    opened.close()


def _core_and_frames(connection: duckdb.DuckDBPyConnection) -> None:
    fill(connection, "core.pd_type", *rows_of("pd_type is_connected\ncoaching true\nconference false"))
    fill(connection, "core.school", {"school_id": "s1", "school_name": "Alder", "school_level": "middle"})
    fill(connection, "frames.teacher_year", *rows_of("""
        staff_id school_year school_id is_novice pd_hours
        t1       2024        s1        true      0
        t1       2025        s1        false     20
        t2       2025        s1        false     10
        t3       2025        s2        false     0
        t4       2025        s2        false     4
    """))  # fmt: skip
    fill(connection, "frames.teacher_year_pd", *rows_of("""
        staff_id school_year pd_type    is_connected hours
        t1       2025        coaching   true         16
        t1       2025        conference false        4
        t2       2025        coaching   true         10
        t4       2025        conference false        4
        aide     2025        coaching   true         99
    """))  # fmt: skip
    windows = {"window_start": "2024-05-01", "window_end": "2025-05-01"}
    before = {"window_start": "2023-05-01", "window_end": "2024-05-01"}
    analysis = rows_of("staff_id school_year\nt1 2025\nt2 2025", is_design_window=True, **MATHS, **windows)
    analysis += rows_of("staff_id school_year\nt1 2024\nt2 2024", is_design_window=True, **MATHS, **before)
    fill(connection, "frames.growth_analysis", *analysis, *analysis)
    fill(connection, "frames.teacher_year_exposure", *rows_of("""
        staff_id school_year pd_type  aligned_hours other_hours lagged_hours
        t1       2025        coaching 12            1           0
        t2       2025        coaching 6             0           8
    """, **MATHS, **windows), *rows_of("""
        staff_id school_year pd_type  aligned_hours other_hours lagged_hours
        t2       2024        coaching 8             0           0
    """, **MATHS, **before))  # fmt: skip


def _growth(connection: duckdb.DuckDBPyConnection) -> None:
    fill(connection, "estimates.teacher_year_growth", *rows_of("""
        staff_id school_id school_year growth_sd weight
        t1       s1        2024        0.10      10
        t1       s1        2025        0.20      10
        t1       s2        2025        0.50      20
        t2       s1        2024        0.30      10
        t2       s1        2025        0.25      10
    """, **MATHS))  # fmt: skip
    same = {"assessment_id": "STATE", "growth_window": "spring_to_spring", **MATHS}
    fill(connection, "estimates.pd_type_growth", *rows_of("""
        pd_type  is_participant school_year n_staff n_students median_sgp gain_sd
        coaching true           2025        2       40         55         0.10
        coaching false          2025        2       60         45         -0.05
        coaching true           2024        2       30         50         0.02
    """, **same))  # fmt: skip
    fill(connection, "estimates.school_growth", *rows_of("""
        school_id school_year n_students median_sgp value_added_sd std_error reliability
        s1        2025        30         52         0.04           0.02      0.8
    """, **same))  # fmt: skip


def _effects(connection: duckdb.DuckDBPyConnection) -> None:
    fill(connection, "estimates.effect", *rows_of("""
        effect_id design         subgroup estimate_sd ci_low ci_high placebo_sd is_struck_out note
        e1        adjusted       all      0.10        0.02   0.18    0.01       false         -
        e2        within_teacher all      -0.04       -0.12  0.04    -          true          -
        e3        lottery        all      -           -      -       -          false         refused
        e4        adjusted       is_swd   0.30        0.10   0.50    -          false         -
    """, pd_type="coaching", contrast="participated", **MATHS))  # fmt: skip
    fill(
        connection,
        "estimates.sensitivity",
        *rows_of("""
        effect_id robustness_value leave_one_out_low_sd leave_one_out_high_sd share_same_sign
        e1        0.12             0.08                 0.13                  0.9
    """),
    )
    fill(connection, "estimates.calibration", *rows_of("""
        design   pd_type  contrast     planted_sd coverage coverage_ci_low coverage_ci_high
        adjusted coaching participated 0          0.94     0.90            0.97
        adjusted coaching participated 0.1        0.50     0.40            0.60
    """, **MATHS))  # fmt: skip
    fill(connection, "estimates.event_study_period", *rows_of("""
        effect_id pd_type  event_time estimate_sd
        e9        coaching -2         0.01
        e9        coaching 0          0.12
    """, **MATHS))  # fmt: skip
    fill(
        connection,
        "estimates.event_study_check",
        *rows_of("""
        effect_id check_name p_value
        e9        pre_trend  0.40
        e9        breakdown  -
    """),
    )
    fill(connection, "estimates.effect_sample", *rows_of("""
        design   pd_type  step_number step    n_rows n_students
        adjusted coaching 1           results 100    90
        adjusted coaching 2           prior   80     75
    """, **MATHS))  # fmt: skip


def _meta(connection: duckdb.DuckDBPyConnection) -> None:
    fill(
        connection,
        "meta.reconciliation",
        *rows_of("""
        entity source_file rows_read
        school a.csv       40
        school a.csv       10
    """),
    )
    fill(
        connection,
        "quarantine.rejected_row",
        *rows_of("""
        entity source_file source_line rule         column_name reason
        school a.csv       7           missing      school_name empty
        school a.csv       3           missing      school_name first
        school a.csv       3           disagreement locale      differs
    """),
    )
    fill(
        connection,
        "meta.table_lineage",
        *rows_of("""
        table_name      depends_on
        report.a        estimates.b
        estimates.b     frames.c
        report.a        frames.c
        frames.c        core.d
    """),
    )


def asked(study: duckdb.DuckDBPyConnection, query: str) -> list[tuple[object, ...]]:
    return study.execute(query).fetchall()


def test_reach_counts_teachers_only_and_those_with_14_hours(study: duckdb.DuckDBPyConnection) -> None:
    columns = "n_teachers, n_teachers_reached, share_of_teachers, hours, hours_median, n_teachers_14_hours"
    # 2025: t1 to t4 teach; t1 (16 h) and t2 (10 h) were coached, the aide is no teacher
    assert asked(study, f"select {columns} from reach('coaching')") == [(4, 2, 0.5, 26.0, 13.0, 1)]
    assert asked(study, "select pd_type, is_connected from reach(school_year := 2025) order by 1") == [
        ("coaching", True),
        ("conference", False),
    ]


def test_school_profile_has_a_year_without_growth_and_shares_of_its_hours(
    study: duckdb.DuckDBPyConnection,
) -> None:
    columns = "school_name, school_year, n_teachers, share_novice, pd_hours_per_teacher, median_sgp"
    assert asked(study, f"select {columns} from school_profile('s1') order by school_year") == [
        ("Alder", 2024, 1, 1.0, 0.0, None),
        ("Alder", 2025, 2, 0.0, 15.0, 52.0),  # (20 + 10) / 2
    ]
    # 16 + 10 connected of 30 hours in 2025; none attended in 2024
    shares = asked(study, "select share_of_hours_connected from school_profile('s1') order by school_year")
    assert shares == [(None,), (pytest.approx(26 / 30),)]
    assert asked(study, "select count(distinct school_id) from school_profile()") == [(2,)]


def test_exposure_is_that_of_one_teacher_and_year_with_the_kind_of_its_types(
    study: duckdb.DuckDBPyConnection,
) -> None:
    columns = "school_id, pd_type, is_connected, aligned_hours, other_hours, lagged_hours"
    assert asked(study, f"select {columns} from exposure('t1', 2025)") == [("s1", "coaching", True, 12, 1, 0)]
    assert asked(study, "select count(*) from exposure()") == [(3,)]
    assert asked(study, "from exposure('t1', 2024)") == []


def test_changes_of_exposure_compare_each_year_with_the_last_and_schools_by_weight(
    study: duckdb.DuckDBPyConnection,
) -> None:
    columns = "staff_id, change, aligned_hours_before, aligned_hours, round(growth_change_sd, 12)"
    # t1: (0.20 × 10 + 0.50 × 20) / 30 − 0.10 = 0.30; t2: 0.25 − 0.30
    assert asked(study, f"select {columns} from exposure_changes('coaching') order by 1") == [
        ("t1", "started", 0, 12, 0.3),
        ("t2", "less", 8, 6, -0.05),
    ]


def test_growth_by_sets_participants_beside_the_others(study: duckdb.DuckDBPyConnection) -> None:
    columns = "median_sgp, median_sgp_others, round(unadjusted_difference_sd, 12)"
    assert asked(study, f"select {columns} from growth_by('coaching', 2025)") == [(55.0, 45.0, 0.15)]
    assert asked(study, f"select {columns} from growth_by(school_year := 2024)") == [(50.0, None, None)]


def test_effect_table_is_of_all_students_and_keeps_refusals(study: duckdb.DuckDBPyConnection) -> None:
    columns = "effect_id, estimate_sd, leave_one_out_low_sd, note"
    assert asked(study, f"select {columns} from effect_table('coaching') order by 1") == [
        ("e1", 0.10, 0.08, None),
        ("e2", -0.04, None, None),
        ("e3", None, None, "refused"),
    ]
    assert asked(study, "select effect_id from effect_table(design := 'lottery')") == [("e3",)]


def test_designs_agree_counts_signs_and_asks_whether_intervals_meet(study: duckdb.DuckDBPyConnection) -> None:
    columns = "n_designs, n_with_number, n_positive, n_interval_above_0, n_struck_out, lowest_design"
    assert asked(study, f"select {columns}, highest_design from designs_agree('coaching')") == [
        (3, 2, 1, 1, 1, "within_teacher", "adjusted")
    ]
    # 0.02 to 0.18 and -0.12 to 0.04 have 0.02 to 0.04 in common
    assert asked(study, "select have_intervals_a_value_in_common from designs_agree()") == [(True,)]


def test_checks_of_an_estimate_are_those_that_were_made(study: duckdb.DuckDBPyConnection) -> None:
    columns = "check_name, value, low, high"
    assert asked(study, f"select {columns} from checks_of('e1') order by 1") == [
        ("calibration_coverage", 0.94, 0.90, 0.97),  # of nothing planted
        ("leave_one_school_out", 0.10, 0.08, 0.13),
        ("placebo", 0.01, None, None),
        ("robustness_value", 0.12, None, None),
        ("specifications_same_sign", 0.9, None, None),
    ]
    assert asked(study, "from checks_of('e3')") == []  # it has no number


def test_event_study_marks_leads_and_carries_their_joint_test(study: duckdb.DuckDBPyConnection) -> None:
    columns = "event_time, is_before_start, p_value_of_all_leads"
    assert asked(study, f"select {columns} from event_study('coaching') order by 1") == [
        (-2, True, 0.40),
        (0, False, 0.40),
    ]


def test_sample_flow_says_what_each_step_took_away(study: duckdb.DuckDBPyConnection) -> None:
    columns = "step_number, n_rows, n_rows_fewer, n_students_fewer"
    assert asked(study, f"select {columns} from sample_flow_of('adjusted', 'coaching') order by 1") == [
        (1, 100, None, None),
        (2, 80, 20, 15),
    ]


def test_quarantine_by_rule_gives_shares_of_all_records_and_the_first_reason(
    study: duckdb.DuckDBPyConnection,
) -> None:
    columns = "rule, are_rows_loaded, n_rows, share_of_rows, first_line, reason_of_first"
    assert asked(study, f"select {columns} from quarantine_by_rule('school') order by 1") == [
        ("disagreement", True, 1, 0.02, 3, "differs"),  # 1 of 40 + 10
        ("missing", False, 2, 0.04, 3, "first"),
    ]


def test_lineage_goes_all_the_way_and_gives_the_nearest_step(study: duckdb.DuckDBPyConnection) -> None:
    assert asked(study, "select source_table, n_steps, through from lineage_of('report.a') order by 1") == [
        ("core.d", 2, "frames.c"),
        ("estimates.b", 1, "report.a"),
        ("frames.c", 1, "report.a"),
    ]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("-- grain: a\n-- question: b\nselect 1 as x where $a is null", "parameters"),
        ("-- grain: a\n-- question: b\n-- parameters: a, b\nselect 1 as x where $a is null", "used"),
        ("-- grain: a\n-- question: b\n-- parameters: a\nselect a from t.u where u.a = $a", "is a parameter"),
        ("-- grain: a\n-- question: b\n-- parameters: a\ndelete from t.u where u.a = $a", "one SELECT"),
    ],
)
def test_a_macro_that_would_read_its_argument_for_a_column_is_refused(text: str, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        read_macro("m", text)
