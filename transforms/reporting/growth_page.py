"""The values of the page of growth, and of what the first page says of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import duckdb

from transforms.reporting import growth_words, terms, titles
from transforms.reporting.catalogue import noted, say
from transforms.reporting.charts import LARGEST_SCHOOLS, growth_picture, largest_schools
from transforms.reporting.growth_cautions import cautions_table, growth_cautions
from transforms.reporting.growth_charts import (
    LARGEST_GROUPS,
    distribution_picture,
    quadrant_picture,
)
from transforms.reporting.growth_curves import curves_picture, curves_title
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
from transforms.reporting.school_tables import growth_table
from transforms.reporting.sections import Section, SectionPage
from transforms.reporting.tables import DataTable

_SOURCES = (
    "Betebenner, D. W. (2009). Norm- and criterion-referenced student growth. Educational Measurement:"
    " Issues and Practice 28(4).",
    "Woodruff, R. S. (1952). Confidence intervals for medians and other position measures. Journal of the"
    " American Statistical Association 47(260).",
)
_INTERVAL_KEY = noted(
    "▲ higher growth and ▼ lower growth, where the interval leaves out 50; ○ where it holds 50."
)


def growth_page(_connection: duckdb.DuckDBPyConnection, report: Report) -> SectionPage:
    """Growth of schools, kinds of PD and groups of students; plain gains where there are no percentiles."""
    growth = main_growth(report.growth_percentiles)
    year = school_year(report.build.report_year)
    sections = _percentile_sections(report, growth) if not growth.missing else plain_gains(report)
    sentence = growth_words.growth_sentence(growth.quadrants)
    return SectionPage(
        title=say("Student growth"),
        study_name=report.build.study_name,
        year=year,
        sentences=(
            say("No growth percentile can be shown for {year}.", year=year) if growth.missing else sentence,
            say(
                "These numbers describe. Whether professional development (PD) goes with growth,"
                " once earlier scores and students are allowed for, stands on the page of"
                " comparisons."
            ),
        ),
        sections=tuple(section for section in sections if section is not None),
        missing=tuple(growth.missing),
        sources=_SOURCES,
    )


def _percentile_sections(report: Report, growth: GrowthReport) -> Iterator[Section | None]:
    year = report.build.report_year
    schools, pd_types, subgroups = (
        [row for row in growth.distributions if row.group_kind == kind]
        for kind in ("school", "pd_type", "subgroup")
    )
    yield _meaning(growth)
    yield Section(
        "cautions",
        say("What limits these numbers"),
        cards=growth_cautions(growth.cautions),
        tables=(cautions_table(growth.cautions),),
    )
    yield Section(
        "status",
        say("Where students stand and how they grow"),
        paragraphs=(
            say(
                "A mean score tells mostly with what students came; growth tells how they moved"
                " since. Both together say more than either."
            ),
        ),
        pictures=(status_and_growth(growth.quadrants, "quadrant"),),
        tables=(quadrant_table(growth.quadrants, year),),
    )
    yield _group_section(
        "schools",
        say("Growth within schools"),
        say(
            "Students of one school differ far more than schools do: the lines overlap nearly"
            " everywhere. They describe schools, they do not rank them."
        ),
        _distributions(schools, "schools", "school"),
        distribution_table(schools, "school", year),
        say("No school is large enough to be shown."),
    )
    yield _group_section(
        "pd",
        say("Growth of students whose teachers took part in PD"),
        say(
            "Students of teachers with hours of a kind of PD in the subject between the two"
            " tests. Teachers who take part differ from others in many ways, and this is not"
            " adjusted for any of them: a high or low median here is no effect of the PD. The"
            " adjusted comparisons are the numbers to use."
        ),
        _distributions(pd_types, "pd-types", say("kind of PD")),
        distribution_table(pd_types, say("kind of PD"), year),
        say("No kind of PD has enough students and teachers to be shown."),
    )
    groups = distribution_table(subgroups, say("group of students"), year)
    if groups.rows:
        yield Section(
            "groups",
            say("Growth of groups of students"),
            paragraphs=(
                say(
                    "A group's median below 50 says that its students moved less than others with"
                    " the same earlier scores, so that the distance grew."
                ),
            ),
            tables=(groups,),
        )
    yield _value_added(value_added_table(growth.quadrants, year))
    yield _curves_section(growth, year)


def _meaning(growth: GrowthReport) -> Section:
    return Section(
        "meaning",
        say("What a growth percentile is"),
        paragraphs=(
            say(
                "Take all students who had the same scores before. A student at the 60th growth"
                " percentile did better this year than 60 of 100 of them. So a student with low"
                " scores can have high growth, and one with high scores low growth. The median of"
                " a school is its student in the middle: above 50, more than half of its students"
                " did better than most with the same earlier scores."
            ),
            say(
                "A median moves by chance, most in small groups; its 95% interval is the range"
                " that fits the data. Where it holds 50, growth cannot be told apart from that of"
                " all students. {measured}",
                measured=measured(growth),
            ).strip(),
        ),
    )


def _group_section(
    section_id: str, title: str, text: str, pictures: Sequence[Picture], table: DataTable, nothing: str
) -> Section:
    paragraphs = (text,) if pictures else (text, nothing)
    return Section(section_id, title, paragraphs=paragraphs, pictures=tuple(pictures), tables=(table,))


def _value_added(table: DataTable) -> Section | None:
    if not table.rows:
        return None
    return Section(
        "value-added",
        say("Value-added of schools"),
        paragraphs=(
            say(
                "How much higher students of a school scored than their earlier scores and what"
                " is known of them let expect, against the average school. The numbers are drawn"
                " towards zero, the more the less is known of a school. They are given for"
                " schools and never for teachers."
            ),
        ),
        tables=(table,),
    )


def _curves_section(growth: GrowthReport, year: int) -> Section | None:
    pictures = tuple(_curves(growth.curves, subject) for subject in subjects_of(growth.curves))
    if not pictures:
        return None
    return Section(
        "curves",
        say("Percentile curves"),
        paragraphs=(say("What a growth percentile means in points of the test."),),
        pictures=pictures,
        tables=(curves_table(growth.curves, year),),
    )


def measured(growth: GrowthReport) -> str:
    """Which test and which window each subject's numbers are of."""
    rows = growth.quadrants or growth.distributions
    found = dict.fromkeys((row.academic_subject, row.assessment_id, row.growth_window) for row in rows)
    parts = [
        say(
            "{subject_in_sentence} by {assessment}, {window_name}",
            subject_in_sentence=terms.subject_in_sentence(subject),
            assessment=assessment,
            window_name=growth_words.window_name(window),
        )
        for subject, assessment, window in found
    ]
    return (
        say("Shown: {parts}. Other tests and windows are in the database.", parts=listed(parts))
        if parts
        else ""
    )


def status_and_growth(rows: Sequence[QuadrantRow], picture_id: str) -> Picture:
    """The picture of status against growth in all subjects."""
    n_withheld = len({row.school for row in rows if not row.is_drawn})
    intervals = say("The line through a point is the 95% interval of the median.")
    caption = say(
        "A point is a school; further right: higher scores; further up: higher growth. {intervals}",
        intervals=intervals,
    )
    return Picture(
        picture_id,
        growth_words.quadrant_title(rows),
        quadrant_picture(rows, picture_id),
        f"{caption} {say(_INTERVAL_KEY)}{_withheld(n_withheld)}",
    )


def _withheld(n: int) -> str:
    return say(" {n_schools} with too few students not shown.", n_schools=counted(n, "school")) if n else ""


def _withheld_types(n: int) -> str:
    kinds = counted(n, "kind of PD", "kinds of PD")
    return say(" {kinds} with too few students or teachers not shown.", kinds=kinds) if n else ""


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
        more = say(
            " The {largest_groups} with most students of {all_groups}; the table has all.",
            largest_groups=LARGEST_GROUPS,
            all_groups=all_groups,
        )
    caption = say(
        "Thin line: from the 10th to the 90th percentile of the group's students; bar: the"
        " middle half; mark: the median, and the thick line its 95% interval."
        " {interval_key}{more}{withheld}",
        interval_key=say(_INTERVAL_KEY),
        more=more,
        withheld=withheld(len(rows) - len(shown)),
    )
    return Picture(
        picture_id, growth_words.distribution_title(shown), distribution_picture(rows, picture_id), caption
    )


def _curves(rows: Sequence[CurveRow], subject: str) -> Picture:
    of_subject = [row for row in rows if row.academic_subject == subject]
    picture_id = f"curves-{subjects_of(rows).index(subject)}"
    caption = say(
        "Read up from a student's score before: the thick line is the score that half of such"
        " students reach; 10, 25, 75 and 90 say which growth percentile a score stands at (10"
        " and 90 dashed). Only students who came up from the grade below are in these curves,"
        " and only their last score counts."
    )
    return Picture(
        picture_id,
        curves_title(of_subject),
        curves_picture(of_subject, picture_id),
        caption,
    )


def plain_gains(report: Report) -> Iterator[Section | None]:
    """Mean gains of schools, where growth percentiles would say more but are not there."""
    subjects = dict.fromkeys(row.academic_subject for row in report.growth if row.mean_gain_sd is not None)
    pictures = tuple(_growth_figure(report, subject) for subject in subjects)
    nothing = say(
        "No growth can be shown for {report_year}.", report_year=school_year(report.build.report_year)
    )
    yield Section(
        "gains",
        say("Mean gain by school"),
        paragraphs=(
            say(
                "The mean of each student's score minus the score before, on the common scale."
                " These are plain gains, not adjusted for anything, and in small schools they"
                " move by chance: they describe schools, they do not rank them."
            ),
            *(() if pictures else (nothing,)),
        ),
        pictures=pictures,
        tables=(growth_table(report.growth, report.build.report_year),),
    )


def _growth_figure(report: Report, subject: str) -> Picture:
    of_subject = [row for row in report.growth if row.academic_subject == subject]
    shown = [row for row in of_subject if row.mean_gain_sd is not None]
    withheld = len(of_subject) - len(shown)
    caption = say("A larger dot stands for more students.")
    if len(shown) > LARGEST_SCHOOLS:
        caption += say(" {n_schools} in all; the table has them.", n_schools=counted(len(shown), "school"))
    if withheld:
        caption += say(" {n_schools} with too few students not shown.", n_schools=counted(withheld, "school"))
    picture_id = f"growth-{list(dict.fromkeys(row.academic_subject for row in report.growth)).index(subject)}"
    return Picture(
        picture_id,
        titles.growth_title(largest_schools(report.growth, subject), subject, len(shown)),
        growth_picture(report.growth, subject, picture_id),
        caption,
    )
