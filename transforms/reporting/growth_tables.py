"""The tables behind the pictures of growth percentiles, cell by cell."""

from __future__ import annotations

from collections.abc import Sequence

from transforms.reporting import terms
from transforms.reporting.catalogue import say
from transforms.reporting.growth_rows import CurveRow, DistributionRow, QuadrantRow, subjects_of
from transforms.reporting.growth_words import (
    TOO_FEW,
    direction,
    group_label,
    median_with_interval,
    percentile,
    value_added,
)
from transforms.reporting.numerals import NO_NUMBER, capitalised, count, decimal, school_year, signed
from transforms.reporting.tables import DataTable, make_table

_CURVE_POINTS = 5  # of the forty-one drawn: the two ends, and three between


def distribution_table(rows: Sequence[DistributionRow], noun: str, report_year: int) -> DataTable:
    """Spread of growth percentiles, one row a group and subject; withheld numbers as words."""
    return make_table(
        say(
            "Growth percentiles of students by {noun}, {report_year}",
            noun=noun,
            report_year=school_year(report_year),
        ),
        f"{capitalised(noun)}|Subject|Median (95% interval) #|10th #|25th #|75th #|90th #|Students #"
        "|Reads as",
        [_distribution_cells(row) for row in rows],
    )


def _distribution_cells(row: DistributionRow) -> tuple[str, ...]:
    names = (group_label(row), terms.subject_name(row.academic_subject))
    if row.is_suppressed:
        return (*names, *[say(TOO_FEW)] * 6, "")
    ends = (row.sgp_p10, row.sgp_p25, row.sgp_p75, row.sgp_p90)
    return (
        *names,
        median_with_interval(row),
        *(percentile(end) for end in ends),
        count(row.n_students),
        say(direction(row).value),
    )


def quadrant_table(rows: Sequence[QuadrantRow], report_year: int) -> DataTable:
    """Status and growth, one row a school and subject; withheld numbers as words."""
    return make_table(
        say("Status and growth by school, {report_year}", report_year=school_year(report_year)),
        "School|Subject|Mean score, SD #|Mean score before, SD #|Median growth (95% interval) #|Students #"
        "|Reads as",
        [_quadrant_cells(row) for row in rows],
    )


def _quadrant_cells(row: QuadrantRow) -> tuple[str, ...]:
    names = (row.school, terms.subject_name(row.academic_subject))
    if row.is_suppressed:
        return (*names, *[say(TOO_FEW)] * 4, "")
    return (
        *names,
        signed(row.mean_score_sd),
        signed(row.mean_prior_sd),
        median_with_interval(row),
        count(row.n_students),
        row.quadrant or "",
    )


def value_added_table(rows: Sequence[QuadrantRow], report_year: int) -> DataTable:
    """Value-added, one row a school and one column a subject; empty where no school has any."""
    known = [row for row in rows if row.value_added_sd is not None]
    subjects = subjects_of(known)
    cells = {(row.school, row.academic_subject): value_added(row) for row in rows}
    headers = "|".join(f"{terms.subject_name(subject)} #" for subject in subjects)
    schools = sorted({row.school for row in rows if row.academic_subject in subjects})
    return make_table(
        say(
            "Value-added by school in SD (95% interval), {report_year}", report_year=school_year(report_year)
        ),
        f"School|{headers}",
        [
            (school, *(cells.get((school, subject), say(NO_NUMBER)) for subject in subjects))
            for school in schools
        ],
    )


def curves_table(rows: Sequence[CurveRow], report_year: int) -> DataTable:
    """Percentile curves at five prior scores of each subject and grade."""
    percentiles = sorted({row.percentile for row in rows})
    scores = {
        (row.academic_subject, row.grade_level, row.prior_score, row.percentile): row.score for row in rows
    }
    panels = dict.fromkeys((row.academic_subject, row.grade_level) for row in rows)
    cells = []
    for subject, grade in panels:
        priors = sorted({key[2] for key in scores if key[:2] == (subject, grade)})
        for prior in _some(priors):
            found = (scores.get((subject, grade, prior, value)) for value in percentiles)
            score_cells = (say(NO_NUMBER) if score is None else decimal(score, 0) for score in found)
            cells.append((terms.subject_name(subject), str(grade), decimal(prior, 0), *score_cells))
    headers = "|".join(say("{value}th #", value=value) for value in percentiles)
    return make_table(
        say(
            "Score at growth percentiles, given the score before, {report_year}",
            report_year=school_year(report_year),
        ),
        f"Subject|Grade #|Score before #|{headers}",
        cells,
    )


def _some(values: Sequence[float]) -> list[float]:
    last = len(values) - 1
    return [
        values[index]
        for index in sorted({round(last * part / (_CURVE_POINTS - 1)) for part in range(_CURVE_POINTS)})
    ]
