"""What single records may break, and what references and pseudonyms do."""

from __future__ import annotations

import pytest

from tests.unit.loading.loader import KEY, Bench
from transforms.errors import InputError
from transforms.loading.pseudonyms import pseudonym


def _bench_with_activity() -> Bench:
    bench = Bench()
    bench.file("staff", "staff_id", "t1")
    bench.file("pd_activity", "pd_activity_id,title,pd_type", "a1,Coaching,coaching")
    return bench


@pytest.mark.parametrize(
    ("row", "rule", "column"),
    [
        (",a1,2024-10-01,2,attended", "missing", "staff_id"),
        ("t1,a1,2024-10-01,,attended", "missing", "hours"),
        ("t1,a1,2024-10-01,two,attended", "not_a_number", "hours"),
        ("t1,a1,2024-10-01,inf,attended", "not_a_number", "hours"),
        ("t1,a1,2024-10-01,-1,attended", "out_of_range", "hours"),
        ("t1,a1,2024-02-30,2,attended", "not_a_date", "participation_date"),
        ("t1,a1,2024-10-01,2,??", "not_allowed", "attendance_status"),
        ("t1,a1,,2,attended", "no_date", "participation_date"),
        ("t9,a1,2024-10-01,2,attended", "unknown_staff", "staff_id"),
        ("t1,a9,2024-10-01,2,attended", "unknown_pd_activity", "pd_activity_id"),
    ],
)
def test_a_record_that_breaks_a_rule_is_turned_away_by_name(row: str, rule: str, column: str) -> None:
    bench = _bench_with_activity()
    headers = "staff_id,pd_activity_id,participation_date,hours,attendance_status"
    bench.file("pd_participation", headers, "t1,a1,2024-12-01,4,Attended", row)
    bench.load()
    assert bench.rejected("pd_participation") == [(3, rule, column)]
    assert bench.counts("pd_participation") == [(1, 0, 0, 1)]
    assert bench.core("pd_participation", "hours", "attendance_status") == [(4.0, "attended")]


def test_every_broken_rule_of_a_record_is_named_and_the_record_counted_once() -> None:
    bench = _bench_with_activity()
    bench.file("pd_participation", "staff_id,pd_activity_id,participation_date,hours", "t1,,soon,many")
    bench.load()
    assert bench.rejected("pd_participation") == [
        (2, "missing", "pd_activity_id"),
        (2, "not_a_date", "participation_date"),
        (2, "not_a_number", "hours"),
    ]
    assert bench.counts("pd_participation") == [(0, 0, 0, 1)]


def test_absent_and_withdrawn_participation_carries_no_hours() -> None:
    bench = _bench_with_activity()
    bench.file(
        "pd_participation",
        "staff_id,pd_activity_id,pd_session_id,participation_date,hours,attendance_status",
        "t1,a1,1,2024-10-01,2,absent", "t1,a1,2,2024-10-02,2,withdrawn", "t1,a1,3,2024-10-03,2,partial",
    )  # fmt: skip
    bench.load()
    assert bench.core("pd_participation", "pd_session_id", "hours") == [("1", 0.0), ("2", 0.0), ("3", 2.0)]


def test_staff_ids_are_replaced_by_one_pseudonym_in_every_table() -> None:
    bench = _bench_with_activity()
    bench.file("pd_participation", "staff_id,pd_activity_id,participation_date,hours", "t1,a1,2024-10-01,2")
    bench.load()
    expected = pseudonym(KEY, "staff", "t1")
    assert bench.core("staff", "staff_id") == bench.core("pd_participation", "staff_id") == [(expected,)]


def test_pseudonyms_are_hmac_sha256_truncated_to_128_bits() -> None:
    # RFC 4231, test case 2, has key "Jefe"; here an independent computation with hashlib
    import hashlib

    inner = hashlib.sha256(bytes(b ^ 0x36 for b in KEY.ljust(64, b"\0")) + b"staff:t1").digest()
    outer = hashlib.sha256(bytes(b ^ 0x5C for b in KEY.ljust(64, b"\0")) + inner).hexdigest()
    assert pseudonym(KEY, "staff", "t1") == outer[:32]
    assert pseudonym(KEY, "student", "t1") != pseudonym(KEY, "staff", "t1")


def test_a_record_that_refers_to_a_quarantined_record_is_turned_away_too() -> None:
    bench = Bench()
    bench.file("school", "school_id,school_name", "s1,North")
    bench.file("student", "student_id", "p1")
    bench.file("section", "section_id,school_id,school_year,academic_subject", "c1,s9,2025,ela")
    bench.file("section_student", "section_id,student_id,begin_date", "c1,p1,2024-09-01")
    bench.load()
    assert bench.rejected("section") == [(2, "unknown_school", "school_id")]
    assert bench.rejected("section_student") == [(2, "unknown_section", "section_id")]


def test_every_unknown_id_of_a_record_is_named_and_the_record_counted_once() -> None:
    bench = _bench_with_activity()
    bench.file("pd_participation", "staff_id,pd_activity_id,participation_date,hours", "t9,a9,2024-10-01,2")
    bench.load()
    assert bench.rejected("pd_participation") == [
        (2, "unknown_pd_activity", "pd_activity_id"),
        (2, "unknown_staff", "staff_id"),
    ]
    assert bench.counts("pd_participation") == [(0, 0, 0, 1)]


def test_rows_without_a_score_are_skipped_by_the_studys_own_rule() -> None:
    bench = Bench()
    bench.file("student", "student_id", "p1")
    bench.file(
        "assessment_result", "student_id,assessment_id,academic_subject,school_year,scale_score",
        "p1,STATE,ela,2025,500", "p1,STATE,mathematics,2025,",
        skip_if_missing=("scale_score",),
    )  # fmt: skip
    bench.load()
    assert bench.counts("assessment_result") == [(1, 0, 1, 0)]
    assert bench.core("assessment_result", "term", "scale_score") == [("spring", 500.0)]


@pytest.mark.parametrize(
    ("text", "year"), [("2025", 2025), ("2024-25", 2025), ("2024-2025", 2025), ("1999-00", 2000)]
)
def test_school_years_are_read_by_their_spring(text: str, year: int) -> None:
    bench = Bench()
    bench.file("school", "school_id,school_name", "s1,North")
    bench.file("staff", "staff_id", "t1")
    bench.file("staff_assignment", "staff_id,school_id,school_year,role", f"t1,s1,{text},teacher")
    bench.load()
    assert bench.core("staff_assignment", "school_year") == [(year,)]


@pytest.mark.parametrize("text", ["2024-26", "24-25", "2024/2026", "next"])
def test_other_school_years_are_turned_away(text: str) -> None:
    bench = Bench()
    bench.file("school", "school_id,school_name", "s1,North")
    bench.file("staff", "staff_id", "t1")
    bench.file("staff_assignment", "staff_id,school_id,school_year,role", f"t1,s1,{text},teacher")
    bench.load()
    assert bench.rejected("staff_assignment") == [(2, "not_a_school_year", "school_year")]


def test_values_constants_and_templates_fill_columns() -> None:
    bench = _bench_with_activity()
    bench.file(
        "pd_participation", "Employee,Course,Section,Credit Hrs,Status", "t1,a1,4,1.5,Y", "t1,a1,5,2,N/S",
        columns={
            "staff_id": "Employee",
            "pd_activity_id": "Course",
            "hours": "credit hrs ",
            "attendance_status": "Status",
        },
        values={"attendance_status": {"Y": "attended", "N/S": "absent"}},
        constants={"participation_date": "2024-10-01"},
        templates={"pd_session_id": "{Course}-{Section}"},
    )  # fmt: skip
    bench.load()
    assert bench.core("pd_participation", "pd_session_id", "hours", "attendance_status") == [
        ("a1-4", 1.5, "attended"),
        ("a1-5", 0.0, "absent"),
    ]


def test_a_missing_required_column_names_the_nearest_header() -> None:
    bench = Bench()
    bench.file("school", "school_id,school_nam", "s1,North")
    with pytest.raises(InputError, match=r"school.csv:1: column school_name: .*nearest is 'school_nam'"):
        bench.load()


def test_a_file_without_a_header_line_does_not_give_its_first_record_away() -> None:
    bench = Bench()
    bench.file("student", "p1,2015-03-04,F", "p2,2015-04-05,M")
    with pytest.raises(InputError) as caught:
        bench.load()
    assert str(caught.value) == (
        "student.csv:1: column student_id: nothing fills this required column of student; name its header in"
        " [source.columns]; none of the 3 headers is known: has the file a header line?"
    )


def test_a_file_with_one_header_that_holds_delimiters_is_asked_for_its_delimiter() -> None:
    bench = Bench()
    bench.file("school", "school_id;school_name", "s1;North")
    with pytest.raises(InputError, match=r"it has one header only: is delimiter right\?$"):
        bench.load()


def test_headers_are_counted_and_not_quoted_as_they_may_be_a_record() -> None:
    bench = Bench()
    bench.file("staff", "staff_id", "t1")
    bench.file("staff_assignment", "staff_id,Campus,Year,role", "t1,s1,2025,teacher")
    with pytest.raises(InputError, match=r"column school_id: .*none of its 4 headers is near"):
        bench.load()


def test_month_first_dates_are_told_from_the_whole_column() -> None:
    bench = Bench()
    bench.file("staff", "staff_id,hire_date", "t1,03/04/2020", "t2,03/25/2020")
    bench.load()
    assert [str(row[0]) for row in bench.core("staff", "hire_date")] == ["2020-03-04", "2020-03-25"]


def test_an_open_date_order_is_an_error_that_asks_for_the_format() -> None:
    bench = Bench()
    bench.file("staff", "staff_id,hire_date", "t1,03/04/2020", "t2,05/06/2020")
    with pytest.raises(InputError, match=r"column hire_date: .*set date_format"):
        bench.load()


def test_a_decimal_comma_is_told_from_the_whole_column() -> None:
    bench = Bench()
    bench.file("staff", "staff_id;years_experience".replace(";", ","), "t1,2.5", "t2,10")
    bench.load()
    assert bench.core("staff", "years_experience") == [(2.5,), (10.0,)]


@pytest.mark.parametrize(("text", "grade"), [("K", 0), ("PK", -1), ("03", 3), ("12", 12)])
def test_grade_levels_are_read_as_schools_write_them(text: str, grade: int) -> None:
    bench = Bench()
    bench.file("school", "school_id,school_name", "s1,North")
    bench.file("student", "student_id", "p1")
    bench.file("student_enrollment", "student_id,school_id,school_year,grade_level", f"p1,s1,2025,{text}")
    bench.load()
    assert bench.core("student_enrollment", "grade_level") == [(grade,)]


def test_birth_dates_and_names_have_no_column_in_core() -> None:
    bench = Bench()
    columns = bench.connection.execute(
        "select distinct column_name from information_schema.columns where table_schema = 'core'"
    ).fetchall()
    assert not {"birth_date", "first_name", "last_name", "email", "text"} & {name for (name,) in columns}
