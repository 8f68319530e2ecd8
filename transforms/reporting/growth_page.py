"""The values of the page of growth, and of what the first page says of it."""

from __future__ import annotations

from collections.abc import Sequence

from transforms.reporting import growth_words, terms
from transforms.reporting.growth_cautions import cautions_table, growth_cautions
from transforms.reporting.growth_charts import (
    LARGEST_GROUPS,
    distribution_picture,
    quadrant_picture,
)
from transforms.reporting.growth_curves import curves_picture
from transforms.reporting.growth_rows import (
    CurveRow,
    DistributionRow,
    GrowthReport,
    QuadrantRow,
    main_growth,
    subjects_of,
)
from transforms.reporting.growth_tables import (
    curves_table,
    distribution_table,
    quadrant_table,
    value_added_table,
)
from transforms.reporting.numerals import counted, listed, school_year
from transforms.reporting.picture import Picture
from transforms.reporting.rows import Report
from transforms.reporting.sections import Card

_INTERVAL_KEY = "▲ higher growth and ▼ lower growth, where the interval leaves out 50; ○ where it holds 50."


def growth_page(report: Report) -> dict[str, object]:
    """Values for growth.html.j2."""
    year = report.build.report_year
    growth = main_growth(report.growth_percentiles)
    schools, pd_types, subgroups = (
        [row for row in growth.distributions if row.group_kind == kind]
        for kind in ("school", "pd_type", "subgroup")
    )
    return {
        "build": report.build,
        "year": school_year(year),
        "missing": growth.missing,
        "sentence": growth_words.growth_sentence(growth.quadrants),
        "cautions": _cautions(growth),
        "cautions_table": cautions_table(growth.cautions),
        "measured": measured(growth),
        "quadrant": status_and_growth(growth.quadrants, "quadrant"),
        "quadrant_table": quadrant_table(growth.quadrants, year),
        "school_pictures": _distributions(schools, "schools", "school"),
        "school_table": distribution_table(schools, "school", year),
        "pd_pictures": _distributions(pd_types, "pd-types", "kind of PD"),
        "pd_table": distribution_table(pd_types, "kind of PD", year),
        "subgroup_table": distribution_table(subgroups, "group of students", year),
        "value_added_table": value_added_table(growth.quadrants, year),
        "curves": [_curves(growth.curves, subject) for subject in subjects_of(growth.curves)],
        "curves_table": curves_table(growth.curves, year),
    }


def growth_on_first_page(report: Report) -> dict[str, object]:
    """What the first page says of growth percentiles; without any, why there are none."""
    growth = main_growth(report.growth_percentiles)
    has_percentiles = report.growth_percentiles.has_percentiles
    return {
        "has_percentiles": has_percentiles,
        "no_percentiles": "; ".join(growth.missing).rstrip("."),
        "growth_sentence": growth_words.growth_sentence(growth.quadrants),
        "status_and_growth": status_and_growth(growth.quadrants, "status-and-growth"),
    }


def _cautions(growth: GrowthReport) -> tuple[Card, ...]:
    return growth_cautions(growth.cautions)


def measured(growth: GrowthReport) -> str:
    """Which test and which window each subject's numbers are of."""
    rows = growth.quadrants or growth.distributions
    found = dict.fromkeys((row.academic_subject, row.assessment_id, row.growth_window) for row in rows)
    parts = [
        f"{terms.subject_in_sentence(subject)} by {assessment}, {growth_words.window_name(window)}"
        for subject, assessment, window in found
    ]
    return f"Shown: {listed(parts)}. Other tests and windows are in the database." if parts else ""


def status_and_growth(rows: Sequence[QuadrantRow], picture_id: str) -> Picture:
    """The picture of status against growth in all subjects."""
    n_withheld = len({row.school for row in rows if not row.is_drawn})
    intervals = "The line through a point is the 95% interval of the median."
    caption = f"A point is a school; further right: higher scores; further up: higher growth. {intervals}"
    return Picture(
        picture_id,
        growth_words.quadrant_title(rows),
        quadrant_picture(rows, picture_id),
        f"{caption} {_INTERVAL_KEY}{_withheld(n_withheld)}",
    )


def _withheld(n: int) -> str:
    return f" {counted(n, 'school')} with too few students not shown." if n else ""


def _withheld_types(n: int) -> str:
    kinds = counted(n, "kind of PD", "kinds of PD")
    return f" {kinds} with too few students or teachers not shown." if n else ""


def _distributions(rows: Sequence[DistributionRow], picture_id: str, noun: str) -> list[Picture]:
    subjects = subjects_of([row for row in rows if row.sgp_p50 is not None])
    return [
        _distribution([row for row in rows if row.academic_subject == subject], f"{picture_id}-{index}", noun)
        for index, subject in enumerate(subjects)
    ]


def _distribution(rows: Sequence[DistributionRow], picture_id: str, noun: str) -> Picture:
    plural, withheld = ("kinds of PD", _withheld_types) if noun == "kind of PD" else ("", _withheld)
    shown = [row for row in rows if row.sgp_p50 is not None]
    more = ""
    if len(shown) > LARGEST_GROUPS:
        all_groups = counted(len(shown), noun, plural)
        more = f" The {LARGEST_GROUPS} with most students of {all_groups}; the table has all."
    caption = (
        "Thin line: from the 10th to the 90th percentile of the group's students; bar: the middle half; mark:"
        f" the median, and the thick line its 95% interval. {_INTERVAL_KEY}"
        f"{more}{withheld(len(rows) - len(shown))}"
    )
    return Picture(
        picture_id, growth_words.distribution_title(shown), distribution_picture(rows, picture_id), caption
    )


def _curves(rows: Sequence[CurveRow], subject: str) -> Picture:
    of_subject = [row for row in rows if row.academic_subject == subject]
    picture_id = f"curves-{subjects_of(rows).index(subject)}"
    caption = (
        "Read up from a student's score before: the thick line is the score that half of such students reach;"
        " 10, 25, 75 and 90 say which growth percentile a score stands at (10 and 90 dashed). Only students"
        " who came up from the grade below are in these curves, and only their last score counts."
    )
    name = terms.subject_name(subject)
    return Picture(
        picture_id,
        f"{name}: what score stands at which growth percentile",
        curves_picture(of_subject, picture_id),
        caption,
    )
