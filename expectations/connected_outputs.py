"""Output tables of connected professional learning: self-assessments beside peers and records, next steps."""

from __future__ import annotations

from expectations.contract import Table
from expectations.table_text import table_of as _table

_PRACTICE = """
        school_id* id | School.
        school_year* year | School year by its spring year.
        practice* text | Title of the practice in the instrument; for a practice that is not in it, as it was rated.
"""
_NAMED = """
        school_id* id | School.
        school_name* text | Name of the school; its id where there is no school source.
        school_year* year | School year by its spring year.
        practice* text | Practice that is rated.
"""
_RESULT = """
        rating* num level | Rating, 1 (not yet) to 4 (how we work).
        n_peers* int schools | Other schools of the same level with a rating of the practice in the year.
        peer_median num level | Median of those ratings; empty for fewer than 3.
        peer_ci_low num level | Lower end of its 95 % confidence interval by order statistics; empty for fewer than 6.
        peer_ci_high num level | Upper end of that interval.
        difference num levels | Rating less the median of peers.
        rating_before num level | Rating of the school in the year before.
        change num levels | Rating less the rating of the year before.
"""
_CHECK = """
        indicator* text | What is on record for the practice; estimates.indicator_definition says what it is.
        rating* num level | Rating, 1 to 4.
        value num | What is on record, in the unit of the indicator.
        floor_value num | Below it a rating of 3 or 4 has too little on record, whatever others do.
        lower_quartile num | A quarter of the schools compared have less.
        upper_quartile num | A quarter of the schools compared have more.
        n_schools* int schools | Schools compared: of the same level where there are 8, else all where there are 8, else none.
        verdict* text | rated_above_records, rated_below_records, in_line or not_comparable.
        is_little* bool | Whether what is on record is below the floor or in the bottom quarter, whatever the rating.
        note text | Why: the rule with its numbers.
"""
_STEP = """
        priority* int | 1 is the first to take.
        rule* text | Rule that chose the step.
        practice text | Practice that the step is about; empty where it is about the school's learning as a whole.
        step* text | What to do next.
        reason* text | The condition of the rule with the school's own numbers.
"""

CONNECTED_ESTIMATES: tuple[Table, ...] = (
    _table(
        "estimates.self_assessment_result", "school_id school_year practice",
        "One row per school, school year and practice that the school rated",
        "What a school says of a practice, beside its peers and the year before.",
        f"{_PRACTICE}        respondent_role text | Who filled in the form.\n{_RESULT}",
    ),
    _table(
        "estimates.self_assessment_check", "school_id school_year practice indicator",
        "One row per school, school year, rated practice and record that it is held against",
        "What a school says of a practice, beside what is on record. They differ: one of the two is wrong, or hours are not what the practice is about.",
        f"{_PRACTICE}{_CHECK}        n_persons int people | People behind the value.\n",
    ),
    _table(
        "estimates.next_step", "school_id school_year priority",
        "One row per school and step of the report year, three a school at most",
        "Next steps, chosen by the rules of docs/methods.md from ratings and records.",
        f"""
        school_id* id | School.
        school_year* year | School year by its spring year.
        {_STEP}""",
    ),
)
CONNECTED_REPORT: tuple[Table, ...] = (
    _table(
        "report.self_assessment", "school_id school_year practice",
        "One row per school, school year and practice that the school rated",
        "What schools say of their practices, beside peers and the year before.",
        f"{_NAMED}{_RESULT}",
    ),
    _table(
        "report.self_assessment_practice", "school_year practice",
        "One row per school year and practice that any school rated",
        "How many schools rate themselves at which level.",
        """
        school_year* year | School year by its spring year.
        practice* text | Practice that is rated.
        n_schools* int schools | Schools that rated it.
        n_level_1* int schools | Schools below 1.5: not yet.
        n_level_2* int schools | Schools from 1.5 to below 2.5: beginning.
        n_level_3* int schools | Schools from 2.5 to below 3.5: regular.
        n_level_4* int schools | Schools from 3.5: how we work.
        median_rating* num level | Median rating.
        """,
    ),
    _table(
        "report.self_assessment_check", "school_id school_year practice indicator",
        "One row per school, school year, rated practice and record that it is held against",
        "Ratings beside records; records of too few people are hidden.",
        f"""{_NAMED}        label* text | Name of the indicator for readers.
        unit* text | Unit of the indicator.
{_CHECK}        is_suppressed* bool | Whether the record is of too few people to be shown.
""",
    ),
    _table(
        "report.next_step", "school_id school_year priority",
        "One row per school and step of the report year",
        "Next steps of schools, by the rules of docs/methods.md.",
        f"""
        school_id* id | School.
        school_name* text | Name of the school; its id where there is no school source.
        school_year* year | School year by its spring year.
        {_STEP}""",
    ),
)
