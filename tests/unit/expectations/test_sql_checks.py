"""Each SELECT of sql/checks, run in DuckDB alone: sound rows return nothing, a broken row is returned."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import duckdb
import pytest

from expectations.rules import Rule, rules_for
from expectations.sql_checks import read_check, sql_checks
from tests.unit.expectations.candidate import (
    RESPONSE,
    STUDENT,
    TABLES,
    TEACHER,
    Rows,
    open_candidate,
    reconciliation_row,
    sound_rows,
)

RULES = {rule.rule_id: rule for rule in rules_for(TABLES) if "sql" in rule.parameters}


def offending(connection: duckdb.DuckDBPyConnection, rule: Rule) -> list[tuple]:
    return connection.execute(rule.parameters["sql"], dict(rule.parameters.get("values", {}))).fetchall()


def changed(table: str, **values: object) -> Callable[[Rows], None]:
    """The last row of the table gets other values."""

    def change(rows: Rows) -> None:
        rows[table][-1] |= values

    return change


def repeated(table: str, **values: object) -> Callable[[Rows], None]:
    """The last row of the table stands there once more, with other values."""

    def change(rows: Rows) -> None:
        rows[table].append(rows[table][-1] | values)

    return change


def removed(*tables: str) -> Callable[[Rows], None]:
    def change(rows: Rows) -> None:
        for table in tables:
            del rows[table]

    return change


OTHER_PERSON = "c" * 32
BEFORE_HIRE = date(2019, 10, 1)

# rule → what makes sound rows break it, number of offending rows
BROKEN: dict[str, tuple[Callable[[Rows], None], int]] = {
    "core.assessment_result.student_tested_in_one_grade": (
        repeated("core.assessment_result", term="fall", grade_level=5),
        1,
    ),
    "core.assessment_result.tests_inside_school_year": (
        changed("core.assessment_result", administration_date=date(2026, 5, 1)),
        1,
    ),
    "core.pd_participation.participation_after_hire": (
        changed("core.pd_participation", participation_date=BEFORE_HIRE),
        1,
    ),
    "core.pd_participation.participation_has_date": (
        changed("core.pd_participation", pd_session_id=None),
        1,
    ),
    # The session lasted 2 hours.
    "core.pd_participation.participation_within_session_length": (
        changed("core.pd_participation", hours=2.5),
        1,
    ),
    "core.student_enrollment.student_enrolled_in_one_grade": (
        repeated("core.student_enrollment", school_id="s2", grade_level=5),
        1,
    ),
    # The scale goes from 1 to 5.
    "core.survey_answer.survey_answers_on_scale": (changed("core.survey_answer", value="6"), 1),
    "frames.growth_analysis.growth_analysis_has_rows": (removed("frames.growth_analysis"), 1),
    "frames.growth_analysis.growth_window_in_order": (
        changed("frames.growth_analysis", window_end=date(2024, 5, 1)),
        1,
    ),
    "frames.student_growth.growth_reaches_teachers": (removed("frames.student_teacher_link"), 1),
    # 1 of 1 score after the first term has no prior; half would do.
    "frames.student_growth.scores_have_priors": (
        changed("frames.student_growth", has_growth_window=False),
        1,
    ),
    "frames.student_growth.scores_within_six_sd": (changed("frames.student_growth", score_sd=-6.1), 1),
    # 1.0 + 0.5 = 1.5
    "frames.student_teacher_link.roster_weights_sum_to_one": (
        repeated("frames.student_teacher_link", staff_id=OTHER_PERSON, roster_weight=0.5),
        1,
    ),
    "frames.teacher_year.pd_hours_fit_a_year": (changed("frames.teacher_year", pd_hours=400.5), 1),
    # The only session, of 2 hours, was on 2024-10-01, before the window below begins.
    "frames.teacher_year_exposure.exposure_inside_window": (
        changed("frames.teacher_year_exposure", window_start=date(2024, 10, 1)),
        1,
    ),
    # 10 <> 8 + 0 + 0 + 1
    "meta.reconciliation.reconciliation_balances": (
        changed("meta.reconciliation", rows_read=10, rows_loaded=8, rows_quarantined=1),
        1,
    ),
    # core.survey_answer holds 1 row, 0 were loaded
    "meta.reconciliation.rows_accounted_for": (changed("meta.reconciliation", rows_loaded=0), 1),
}


def test_every_check_has_a_row_that_fails_it() -> None:
    checks = {rule_id for rule_id, rule in RULES.items() if rule.kind == "sql_check"}
    assert set(BROKEN) == checks


def test_sound_rows_break_no_rule() -> None:
    with open_candidate(sound_rows()) as connection:
        broken = {rule_id: offending(connection, rule) for rule_id, rule in RULES.items()}
    assert {rule_id: rows for rule_id, rows in broken.items() if rows} == {}


@pytest.mark.parametrize("rule_id", sorted(BROKEN))
def test_a_broken_row_is_returned(rule_id: str) -> None:
    change, n_offending = BROKEN[rule_id]
    rows = sound_rows()
    change(rows)
    with open_candidate(rows) as connection:
        assert len(offending(connection, RULES[rule_id])) == n_offending


def test_an_answer_that_is_no_number_is_off_the_scale() -> None:
    rows = sound_rows()
    rows["core.survey_answer"] = [
        {"response_id": RESPONSE, "item_id": "i1", "value": "agree"},
        {"response_id": RESPONSE, "item_id": "i2", "value": "free text"},
    ]
    with open_candidate(rows) as connection:
        found = offending(connection, RULES["core.survey_answer.survey_answers_on_scale"])
    assert found == [(RESPONSE, "i1")]


def test_roster_weights_of_one_third_each_sum_to_one() -> None:
    rows = sound_rows()
    (link,) = rows["frames.student_teacher_link"]
    rows["frames.student_teacher_link"] = [
        link | {"staff_id": staff_id, "roster_weight": 1 / 3} for staff_id in (TEACHER, "c" * 32, "d" * 32)
    ]
    with open_candidate(rows) as connection:
        rule = RULES["frames.student_teacher_link.roster_weights_sum_to_one"]
        assert offending(connection, rule) == []


def test_a_negative_roster_weight_is_found_though_the_sum_is_one() -> None:
    rows = sound_rows()
    (link,) = rows["frames.student_teacher_link"]
    rows["frames.student_teacher_link"] = [
        link | {"roster_weight": 1.5},
        link | {"staff_id": OTHER_PERSON, "roster_weight": -0.5},  # 1.5 - 0.5 = 1
    ]
    with open_candidate(rows) as connection:
        rule = RULES["frames.student_teacher_link.roster_weights_sum_to_one"]
        assert len(offending(connection, rule)) == 1


def test_hours_on_the_day_of_the_test_count_and_those_on_the_day_of_the_prior_do_not() -> None:
    rule = RULES["frames.teacher_year_exposure.exposure_inside_window"]
    for attended_on, n_offending in ((date(2025, 5, 1), 0), (date(2024, 5, 1), 1), (date(2025, 5, 2), 1)):
        rows = sound_rows()
        rows["core.pd_participation"][0] |= {"participation_date": attended_on}
        with open_candidate(rows) as connection:
            assert len(offending(connection, rule)) == n_offending, attended_on


def test_scores_of_the_first_term_of_a_test_need_no_prior() -> None:
    rows = sound_rows()
    rows["frames.student_growth"] = rows["frames.student_growth"][:1] * 3
    with open_candidate(rows) as connection:
        assert offending(connection, RULES["frames.student_growth.scores_have_priors"]) == []


def test_a_build_without_any_count_does_not_reconcile() -> None:
    rows = sound_rows()
    del rows["meta.reconciliation"]
    with open_candidate(rows) as connection:
        found = offending(connection, RULES["meta.reconciliation.reconciliation_balances"])
    assert found == [("no file was counted",)]


def test_a_loaded_entity_with_an_empty_core_table_is_not_accounted_for() -> None:
    rows = sound_rows()
    del rows["core.survey_answer"]
    with open_candidate(rows) as connection:
        found = offending(connection, RULES["meta.reconciliation.rows_accounted_for"])
    assert found == [("survey_answer: 0 rows in core, 1 loaded",)]


def test_a_key_that_stands_twice_returns_both_rows_and_no_other() -> None:
    rows = sound_rows()
    repeated("core.student_enrollment")(rows)
    repeated("core.student_enrollment", school_id="s2")(rows)
    with open_candidate(rows) as connection:
        found = offending(connection, RULES["core.student_enrollment.unique_key"])
    assert found == [(STUDENT, "s1", 2025), (STUDENT, "s1", 2025)]


def test_keys_with_the_same_empty_column_are_equal() -> None:
    rows = sound_rows()
    changed("core.pd_participation", pd_session_id=None)(rows)
    repeated("core.pd_participation", hours=1)(rows)
    with open_candidate(rows) as connection:
        found = offending(connection, RULES["core.pd_participation.unique_key"])
    assert len(found) == 2


def test_an_id_that_no_source_declares_is_an_orphan() -> None:
    rows = sound_rows()
    repeated("core.pd_participation", staff_id=OTHER_PERSON)(rows)
    with open_candidate(rows) as connection:
        found = offending(connection, RULES["core.pd_participation.staff_id.reference"])
    assert found == [(OTHER_PERSON,)]


def test_an_empty_reference_is_no_orphan() -> None:
    rows = sound_rows()
    changed("core.survey_response", staff_id=None)(rows)
    with open_candidate(rows) as connection:
        assert offending(connection, RULES["core.survey_response.staff_id.reference"]) == []


def test_the_second_tier_declares_where_the_first_is_empty() -> None:
    rows = sound_rows()
    del rows["core.school"]
    rule = RULES["core.pd_session.school_id.reference"]
    changed("core.pd_session", school_id="s1")(rows)  # of the enrollment
    with open_candidate(rows) as connection:
        assert offending(connection, rule) == []
    changed("core.pd_session", school_id="s9")(rows)
    with open_candidate(rows) as connection:
        assert offending(connection, rule) == [("s9",)]


def test_the_second_tier_does_not_declare_where_the_first_has_rows() -> None:
    rows = sound_rows()
    repeated("core.student_enrollment", school_id="s2")(rows)
    with open_candidate(rows) as connection:
        found = offending(connection, RULES["core.student_enrollment.school_id.reference"])
    assert found == [("s2",)]


@pytest.mark.parametrize("source_id", ["1001", "5" * 31, "G" * 32, "A" * 32, f"{'5' * 31}-"])
def test_an_id_of_the_district_is_no_pseudonym(source_id: str) -> None:
    rows = sound_rows()
    changed("core.student", student_id=source_id)(rows)
    with open_candidate(rows) as connection:
        found = offending(connection, RULES["core.student.student_id.pseudonym"])
    assert found == [(source_id,)]


def test_one_of_two_alternative_entities_is_enough() -> None:
    rule = RULES["core.staff_assignment.rows_exist"]
    rows = sound_rows()
    removed("core.staff_assignment")(rows)
    with open_candidate(rows) as connection:
        assert offending(connection, rule) == []
    removed("core.section_staff")(rows)
    with open_candidate(rows) as connection:
        assert offending(connection, rule) == [
            ("no rows in core.staff_assignment and none in core.section_staff",)
        ]


def test_the_quarantined_share_is_taken_over_all_files_and_may_equal_the_threshold() -> None:
    rule = RULES["core.staff.quarantined_share"]
    rows = {
        "meta.reconciliation": [
            reconciliation_row("staff", rows_read=60, rows_loaded=57, rows_quarantined=3, number=1),
            reconciliation_row("staff", rows_read=40, rows_loaded=38, rows_quarantined=2, number=2),
        ]
    }
    with open_candidate(rows) as connection:
        assert offending(connection, rule) == []  # (3 + 2) / (60 + 40) = 5 %
    changed("meta.reconciliation", rows_loaded=37, rows_quarantined=3)(rows)
    with open_candidate(rows) as connection:
        ((detail,),) = offending(connection, rule)
    assert detail == (
        "6 of 100 rows of staff were turned away (6.0 %), 5.0 % are allowed;"
        " quarantine.rejected_row in restricted/landing.duckdb has rows and reasons"
    )


def test_an_entity_without_a_source_has_no_quarantined_share() -> None:
    with open_candidate({}) as connection:
        assert offending(connection, RULES["core.decision.quarantined_share"]) == []


CHECK = """-- grain: one row per late score
-- question: which?
-- table: core.assessment_result
-- columns: administration_date, term
-- severity: warning
-- meaning: No score is more than {days:g} days late.
-- parameter: days = 30
select 1 as one
-- meaning: not an opening comment
"""


def test_the_opening_comments_say_what_the_check_is() -> None:
    check = read_check("late", CHECK)
    assert (check.table_schema, check.table_name) == ("core", "assessment_result")
    assert check.columns == ("administration_date", "term")
    assert check.meaning == "No score is more than 30 days late."
    assert check.parameters == {"days": 30.0}
    assert not check.has_detail


@pytest.mark.parametrize("comment", ["grain", "question", "table", "columns", "severity", "meaning"])
def test_a_check_without_an_opening_comment_is_refused_by_name(comment: str) -> None:
    text = "\n".join(line for line in CHECK.splitlines() if not line.startswith(f"-- {comment}:"))
    with pytest.raises(
        ValueError, match=f"sql/checks/late: the opening comment '-- {comment}: …' is missing"
    ):
        read_check("late", text)


def test_a_severity_that_the_gate_does_not_know_is_refused() -> None:
    with pytest.raises(ValueError, match="severity is critical or warning, not grave"):
        read_check("late", CHECK.replace("warning", "grave"))


def test_a_check_that_shows_details_returns_a_column_of_that_name() -> None:
    shown = {rule_id: rule for rule_id, rule in RULES.items() if rule.parameters.get("has_detail")}
    with open_candidate(sound_rows()) as connection:
        for rule_id, rule in shown.items():
            connection.execute(rule.parameters["sql"], dict(rule.parameters.get("values", {})))
            assert [column[0] for column in connection.description or []] == ["detail"], rule_id
    assert {check.name for check in sql_checks() if check.has_detail} <= {
        rule_id.split(".")[-1] for rule_id in shown
    }
