"""Rules of the report tables of growth: what is hidden, where a school stands, what limits percentiles."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping

import duckdb
import pytest

from expectations.entities import ENTITIES
from expectations.outputs import OUTPUTS
from flows.report import REPORT_PARAMETERS
from transforms.warehouse import build_tables, create_table, open_database, sql_files

WINDOW = {
    "assessment_id": "STATE",
    "academic_subject": "mathematics",
    "school_year": 2025,
    "growth_window": "spring_to_spring",
}
_BUILT = ("growth_distribution", "growth_quadrant", "growth_caution")
_READ = (
    "meta.build",
    "estimates.growth_percentile",
    "estimates.norm_group",
    "estimates.school_growth",
    "estimates.pd_type_growth",
    "estimates.subgroup_growth",
    "frames.growth_history",
    "frames.scored_result",
    "frames.student_growth",
    "frames.student_teacher_link",
    "frames.teacher_year_exposure",
)


class Report:
    """The tables that the report of growth reads, empty until a test adds rows; no column is required."""

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        self.connection = connection
        for table in (*(OUTPUTS[name] for name in _READ), ENTITIES["school"]):
            create_table(connection, table)
            for column in table.published_columns:
                connection.execute(f"alter table {table.qualified_name} alter {column.name} drop not null")
        self.add("meta.build", {"report_year": 2025})

    def add(self, table: str, *rows: Mapping[str, object]) -> None:
        for row in rows:
            names, marks = ", ".join(row), ", ".join("?" for _ in row)
            self.connection.execute(f"insert into {table} ({names}) values ({marks})", list(row.values()))

    def student(
        self, student_id: str, sgp: int, weights: Mapping[str, float], school_id: str = "north"
    ) -> None:
        """A student with a percentile from May to May, taught by teachers with roster shares."""
        key = {"student_id": student_id, "academic_subject": "mathematics", "school_year": 2025}
        prior = {"prior_school_year": 2024, "prior_term": "spring"}
        self.add("estimates.growth_percentile", {"student_id": student_id, "sgp": sgp, **WINDOW})
        self.add("frames.growth_history", {"student_id": student_id, "prior_number": 1, **prior, **WINDOW})
        days = {"term": "spring", "window_start": "2024-05-01", "window_end": "2025-05-01"}
        self.add(
            "frames.student_growth",
            {"assessment_id": "STATE", "has_growth_window": True, **key, **prior, **days},
        )
        for staff_id, weight in weights.items():
            link = {"staff_id": staff_id, "school_id": school_id, "roster_weight": weight}
            self.add("frames.student_teacher_link", {**key, **link})

    def hours(self, staff_id: str, aligned_hours: float, window_end: str = "2025-05-01") -> None:
        """Hours of coaching in a growth window."""
        key = {"staff_id": staff_id, "academic_subject": "mathematics", "school_year": 2025}
        hours = {"pd_type": "coaching", "aligned_hours": aligned_hours, "window_start": "2024-05-01"}
        self.add("frames.teacher_year_exposure", {**key, **hours, "window_end": window_end})

    def norm_group(self, **columns: object) -> None:
        """A cohort's norm group of 1,000 grade 5 students with one prior, fitted, unless said otherwise."""
        usual = {
            **WINDOW, "reference": "cohort", "norm_group": "2024/mathematics_4; 2025/mathematics_5",
            "grade_level": 5, "n_priors": 1, "n_students": 1000, "is_estimated": True,
            "floor_share": 0.0, "ceiling_share": 0.0, "fit_deviation": 0.01,
        }  # fmt: skip
        self.add("estimates.norm_group", {**usual, **columns})

    def rows(self, table: str, columns: str, where: str = "true", **parameters: object) -> list[tuple]:
        """Build ``table`` and return its named columns, sorted."""
        files = [file for file in sql_files("report") if file.table in _BUILT and file.table == table]
        build_tables(self.connection, files, {**REPORT_PARAMETERS, **parameters})
        relation = self.connection.table(f"report.{table}").filter(where).select(*columns.split())
        return sorted(relation.fetchall(), key=lambda row: tuple((value is None, value) for value in row))


@pytest.fixture
def report() -> Iterator[Report]:
    connection = open_database(None, threads=1)
    yield Report(connection)
    connection.close()


SPREAD = "sgp_p10 sgp_p25 sgp_p50 sgp_p75 sgp_p90"
SCHOOLS = "group_kind = 'school'"
PD_TYPES = "group_kind = 'pd_type'"


def test_quantile_lies_midway_where_its_share_is_reached_exactly(report):
    for number in range(1, 21):
        report.student(f"s{number}", number * 4, {"t": 1.0})
    # of 4, 8, … 80: a tenth of 20 is 2 students → (8 + 12) / 2; a half is 10 → (40 + 44) / 2
    assert report.rows("growth_distribution", SPREAD, SCHOOLS) == [(10.0, 22.0, 42.0, 62.0, 74.0)]


def test_students_of_several_teachers_count_by_roster_share(report):
    for number in range(9):
        report.student(f"n{number}", 50, {"t": 1.0})
    report.student("shared", 90, {"t": 0.25, "u": 0.75})
    # weight at 90 is 0.25 + 0.75 = 1 of 10 in north: 90 % are reached exactly at 50 → (50 + 90) / 2
    assert report.rows("growth_distribution", "n_students sgp_p50 sgp_p90", SCHOOLS) == [(10, 50.0, 70.0)]


def test_group_of_fewer_students_than_the_minimum_shows_no_number(report):
    for number in range(9):
        report.student(f"s{number}", 50, {"t": 1.0})
    columns = f"group_id n_students {SPREAD} median_sgp_ci_low is_suppressed"
    assert report.rows("growth_distribution", columns, SCHOOLS) == [("north", *[None] * 7, True)]


def test_pd_type_shows_students_of_teachers_with_aligned_hours_in_the_window(report):
    for number in range(10):
        report.student(f"a{number}", 70, {"coached": 1.0})
        report.student(f"b{number}", 20, {"none": 1.0})
        report.student(f"c{number}", 10, {"earlier": 1.0})
        report.student(f"d{number}", 30, {"unaligned": 1.0})
    report.hours("coached", 12)
    report.hours("earlier", 12, window_end="2024-12-01")
    report.hours("unaligned", 0)
    columns = "group_id group_name n_students sgp_p50"
    found = report.rows("growth_distribution", columns, PD_TYPES, minimum_staff=1)
    assert found == [("coaching", "Coaching", 10, 70.0)]


def test_pd_type_of_fewer_teachers_than_the_minimum_is_hidden(report):
    for number in range(20):
        report.student(f"s{number}", 70, {f"t{number % 4}": 1.0})
    for number in range(4):
        report.hours(f"t{number}", 12)
    # 20 students of 4 teachers, and at least 5 teachers
    columns = "n_students sgp_p50 is_suppressed"
    assert report.rows("growth_distribution", columns, PD_TYPES) == [(None, None, True)]


def test_subgroups_have_names_and_the_interval_of_their_estimate(report):
    for number in range(10):
        report.student(f"s{number}", 40, {"t": 1.0})
        report.add(
            "frames.scored_result",
            {
                "student_id": f"s{number}",
                "assessment_id": "STATE",
                "academic_subject": "mathematics",
                "school_year": 2025,
                "term": "spring",
                "grade_level": 5,
                "is_swd": True,
            },
        )
    report.add(
        "estimates.subgroup_growth",
        {"subgroup": "is_swd=true", "median_sgp_ci_low": 31, "median_sgp_ci_high": 47, **WINDOW},
    )
    columns = "group_name median_sgp_ci_low median_sgp_ci_high"
    assert report.rows("growth_distribution", columns, "group_kind = 'subgroup'") == [
        ("All students", None, None),
        ("Grade 5", None, None),
        ("Students with disabilities", 31.0, 47.0),
    ]


@pytest.mark.parametrize(
    ("score", "low", "high", "quadrant"),
    [
        (0.2, 51, 60, "higher status, higher growth"),
        (0.2, 40, 49, "higher status, lower growth"),
        (-0.2, 51, 60, "lower status, higher growth"),
        (-0.2, 40, 49, "lower status, lower growth"),
        (0.0, 51, 60, "higher status, higher growth"),  # the average is not below itself
        (0.2, 50, 60, "unclear"),  # an interval that ends at 50 holds it
        (-0.2, 40, 50, "unclear"),
        (0.2, None, None, "unclear"),
        (None, 51, 60, None),
    ],
)
def test_quadrant_is_told_where_the_interval_leaves_a_direction(report, score, low, high, quadrant):
    median = {"median_sgp": 55, "median_sgp_ci_low": low, "median_sgp_ci_high": high}
    school = {"school_id": "north", "n_students": 10, "mean_score_sd": score, **median, **WINDOW}
    report.add("estimates.school_growth", school)
    assert report.rows("growth_quadrant", "quadrant is_suppressed") == [(quadrant, False)]


def test_school_below_the_minimum_has_a_name_and_no_number(report):
    report.add("core.school", {"school_id": "north", "school_name": "North"})
    numbers = {"mean_score_sd": 0.1, "median_sgp": 60, "value_added_sd": 0.1, "std_error": 0.1}
    for school_id, n_students in (("north", 9), ("south", 10)):
        row = {"school_id": school_id, "n_students": n_students, **numbers, **WINDOW}
        report.add("estimates.school_growth", row)
    columns = (
        "school_name n_students mean_score_sd median_sgp value_added_sd std_error quadrant is_suppressed"
    )
    assert report.rows("growth_quadrant", columns) == [
        ("North", *[None] * 6, True),
        ("south", 10, 0.1, 60.0, 0.1, 0.1, "unclear", False),
    ]


CAUTION = "topic group_name n_students share text"


def test_floor_and_ceiling_are_cautions_above_a_tenth(report):
    report.norm_group(floor_share=0.10, ceiling_share=0.124)
    assert report.rows("growth_caution", CAUTION) == [
        (
            "ceiling",
            "2024/mathematics_4; 2025/mathematics_5",
            124,  # of 1,000
            0.124,
            "Grade 5: 124 students (12%) have the highest score that the test gives;"
            " growth above it is not seen.",
        )
    ]


@pytest.mark.parametrize(
    ("n_students", "deviation", "is_flagged"),
    [
        # 0.03 + 3.5 × sqrt(0.09 × 10 / 1000) = 0.135
        (1000, 0.134, False),
        (1000, 0.136, True),
        # 0.03 + 3.5 × sqrt(0.09 × 10 / 100000) = 0.0405
        (100_000, 0.0400, False),
        (100_000, 0.0410, True),
    ],
)
def test_fit_is_a_caution_beyond_what_chance_does_in_small_groups(report, n_students, deviation, is_flagged):
    assert math.isclose(0.03 + 3.5 * math.sqrt(0.09 * 10 / 1000), 0.135, abs_tol=1e-3)
    report.norm_group(n_students=n_students, fit_deviation=deviation)
    assert [row[0] for row in report.rows("growth_caution", "topic")] == ["fit"] * is_flagged


def test_students_without_prior_are_a_share_of_those_tested_in_the_grade(report):
    report.norm_group(n_students=300)
    report.norm_group(n_students=200, n_priors=2, norm_group="of these, those with two priors")
    report.norm_group(n_students=100, n_priors=0, norm_group="2025/mathematics_5", is_estimated=False)
    # 100 / (300 + 100); students with two priors are among the 300
    text = "Grade 5: 100 students (25%) have no earlier score that growth could start from."
    assert report.rows("growth_caution", CAUTION) == [("no_prior", "grade 5", 100, 0.25, text)]


def test_small_norm_groups_of_one_prior_are_added_up_by_grade(report):
    report.norm_group(n_students=75)
    for name, n_students in (("repeated", 14), ("skipped", 11)):
        report.norm_group(n_students=n_students, norm_group=name, is_estimated=False)
    report.norm_group(n_students=9, norm_group="two priors", n_priors=2, is_estimated=False)
    found = report.rows("growth_caution", "topic group_name n_students share")
    assert found == [("small_norm_group", "grade 5", 25, 0.25)]  # 14 + 11 of 75 + 14 + 11


def test_caution_about_few_students_gives_neither_number_nor_share(report):
    report.norm_group(n_students=9, n_priors=0, norm_group="2025/mathematics_5", is_estimated=False)
    text = "Grade 5: fewer than 10 students have no earlier score that growth could start from."
    assert report.rows("growth_caution", CAUTION) == [("no_prior", "grade 5", None, None, text)]


def test_cautions_are_of_cohort_norms_of_the_report_year(report):
    report.norm_group(floor_share=0.5, reference="baseline")
    report.norm_group(floor_share=0.5, school_year=2024)
    assert report.rows("growth_caution", "topic") == []


def test_linked_priors_are_a_caution_with_the_assessment_that_was_sat(report):
    for number in range(20):
        linked_from = "OLD" if number < 10 else None
        row = {"student_id": f"s{number}", "prior_number": 1, "prior_linked_from": linked_from, **WINDOW}
        report.add("frames.growth_history", row)
    text = (
        "For 10 students (50%) an earlier score is from OLD, put on the scale of STATE by equal ranks;"
        " their growth carries the error of that link."
    )
    assert report.rows("growth_caution", CAUTION) == [("linked", "OLD", 10, 0.5, text)]


def test_score_of_the_year_before_on_an_ended_assessment_is_not_linked(report):
    report.norm_group()
    for number in range(10):
        key = {"student_id": f"s{number}", "academic_subject": "mathematics", "term": "spring"}
        report.add(
            "frames.scored_result",
            {**key, "assessment_id": "STATE", "school_year": 2025},
            {**key, "assessment_id": "OLD", "school_year": 2024},
        )
    found = report.rows("growth_caution", "topic group_name n_students")
    assert found == [("not_linked", "OLD", 10)]


def test_assessment_that_goes_on_beside_another_is_not_said_to_be_unlinked(report):
    report.norm_group()
    key = {"academic_subject": "mathematics", "term": "spring"}
    for number in range(10):
        report.add(
            "frames.scored_result",
            {"student_id": f"s{number}", "assessment_id": "STATE", "school_year": 2025, **key},
            {"student_id": f"s{number}", "assessment_id": "MAP", "school_year": 2024, **key},
        )
    report.add(
        "frames.scored_result",
        {"student_id": "other", "assessment_id": "MAP", "school_year": 2025, **key},
    )
    assert report.rows("growth_caution", "topic") == []
