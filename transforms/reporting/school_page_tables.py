"""The tables of a school's page, cell by cell; hidden numbers as words."""

from __future__ import annotations

from collections.abc import Sequence

from transforms.reporting import terms
from transforms.reporting.connected_rows import CheckRow, RatingRow
from transforms.reporting.indicator_rows import IndicatorRow
from transforms.reporting.learning_rows import ScoreRow, driver_name
from transforms.reporting.numerals import NO_NUMBER, count, decimal, interval, percent, school_year, signed
from transforms.reporting.school_page_rows import NeedRow, SchoolGrowthRow, SchoolReachRow
from transforms.reporting.school_page_words import growth_verdict
from transforms.reporting.school_tables import TOO_FEW
from transforms.reporting.tables import DataTable, make_table


def reach_table(rows: Sequence[SchoolReachRow]) -> DataTable:
    """Share of teachers reached by type, beside comparable schools and the year before."""
    return make_table(
        "Share of teachers reached by kind of PD",
        "PD|Share here #|Middle of schools of the level #|Share here the year before #|Hours each #",
        [
            (
                terms.pd_type_name(row.pd_type),
                TOO_FEW if row.is_suppressed else percent(row.share_of_teachers),
                percent(row.peer_share),
                percent(row.share_before),
                TOO_FEW if row.is_suppressed else decimal(row.hours_per_participant, 1),
            )
            for row in rows
        ],
    )


def growth_years_table(rows: Sequence[SchoolGrowthRow]) -> DataTable:
    """Growth by subject and year with its interval, and value-added."""
    return make_table(
        "Student growth by subject and year",
        "Subject|Year|Median growth percentile (95% interval) #|Reads as|Value-added, SD (SE) #|Students #",
        [
            (
                terms.subject_name(row.academic_subject),
                school_year(row.school_year),
                TOO_FEW
                if row.median_sgp is None
                else f"{decimal(row.median_sgp, 0)}"
                f" ({interval(row.median_sgp_ci_low, row.median_sgp_ci_high, 0)})",
                growth_verdict(row),
                NO_NUMBER
                if row.value_added_sd is None
                else f"{signed(row.value_added_sd)} ({decimal(row.std_error)})",
                TOO_FEW if row.n_students is None else count(row.n_students),
            )
            for row in rows
        ],
    )


def needs_table(rows: Sequence[NeedRow]) -> DataTable:
    """Rated need and fit of each priority beside the hours that served it."""
    return make_table(
        "Need and fit of each priority, rated from 1 to 5",
        "Priority|Rated in|Need #|Fit #|Hours per teacher here #|Comparable schools #|Reads as",
        [
            (
                row.priority_title or NO_NUMBER,
                row.source or NO_NUMBER,
                decimal(row.need, 1),
                decimal(row.fit, 1),
                decimal(row.hours_per_teacher, 1),
                decimal(row.peer_hours_per_teacher, 1),
                row.need_and_hours or NO_NUMBER,
            )
            for row in rows
            if not row.is_suppressed
        ],
    )


def drivers_table(rows: Sequence[ScoreRow], district: Sequence[ScoreRow]) -> DataTable:
    """Mean answers of teachers with intervals, beside the district's."""
    means = {row.driver: row.mean_score for row in district}
    return make_table(
        "Mean answers of teachers, 1 to 5",
        "Driver|Here (95% interval) #|District #|People at least #",
        [
            (
                driver_name(row.driver),
                TOO_FEW
                if row.mean_score is None
                else f"{decimal(row.mean_score)} ({interval(row.ci_low, row.ci_high)})",
                decimal(means.get(row.driver)),
                TOO_FEW if row.n_persons is None else count(row.n_persons),
            )
            for row in rows
        ],
    )


def ratings_table(rows: Sequence[RatingRow]) -> DataTable:
    """The school's own ratings of its practice."""
    return make_table(
        "The school's rating of its own practice, 1 to 4",
        "Practice|Rating #|Middle of schools of the level #|The time before #",
        [
            (row.practice, decimal(row.rating, 0), decimal(row.peer_median, 1), decimal(row.rating_before, 0))
            for row in rows
        ],
    )


def checks_table(rows: Sequence[CheckRow]) -> DataTable:
    """Ratings beside what the records say."""
    return make_table(
        "Ratings beside the records",
        "Practice|Rating #|On record|Value #|Verdict",
        [
            (
                row.practice,
                decimal(row.rating, 0),
                f"{row.label} ({row.unit})",
                NO_NUMBER if row.value is None else decimal(row.value),
                terms.plain(row.verdict).lower(),
            )
            for row in rows
        ],
    )


def indicators_of_school_table(rows: Sequence[IndicatorRow]) -> DataTable:
    """All indicators of the school that may be shown, beside comparable schools."""
    return make_table(
        "Indicators of the school",
        "Indicator|Of|Unit|Value (95% interval) #|Comparable schools #|Reads as",
        [
            (
                row.label,
                "" if row.category == "all" else terms.plain(row.category).lower(),
                row.unit,
                decimal(row.value)
                if row.ci_low is None
                else f"{decimal(row.value)} ({interval(row.ci_low, row.ci_high)})",
                decimal(row.comparison_value),
                row.status.replace("_", " "),
            )
            for row in rows
            if row.value is not None
        ],
    )
