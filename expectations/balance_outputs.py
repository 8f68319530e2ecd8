"""Balance of district priorities and school needs: need and fit by school, and where each school stands."""

from __future__ import annotations

from expectations.contract import Table
from expectations.table_text import table_of as _table

_NEED_FIT_KEY = """
        school_id* id | School.
        priority_id* id | Priority that was rated.
        school_year* year | School year by its spring year.
"""
_NEED_FIT_VALUES = """
        priority_title* text | Title of the priority; its id where there is no priority source.
        priority_level text | Level that set the priority: district or school; empty where unknown.
        source* text | Where the rating comes from: visit, survey or plan; unknown where it was not recorded.
"""
_NEED_FIT_NUMBERS = """
        need num points | Rated need, 1 to 5.
        fit num points | Rated fit of the offer, 1 to 5.
        gap num points | Need less fit.
        hours_per_teacher num hours | Hours of the school's teachers on the priority, per teacher; empty in a year in which no activity names a priority.
        hours_share num share | Share of the hours of all staff of the school on the priority.
        peer_hours_per_teacher num hours | Median of hours_per_teacher over schools of the same level with a rating of the priority; empty with fewer than 5.
        need_and_hours text | high need (4 or more) or lower need; many hours (the median of its level or more) or few hours.
"""
_BALANCE_KEY = """
        school_id* id | School.
        school_year* year | School year by its spring year.
"""
_BALANCE_NUMBERS = """
        n_teachers int teachers | Teachers of the school in the year.
        n_activities int activities | Different activities that staff of the school attended.
        hours num hours | Attended PD hours of all staff of the school.
        alignment num share | Share of hours on priorities of the district; empty where priorities were not recorded.
        alignment_cut num share | Cut of alignment: 40 %, or the median of schools of the level where it is higher and there are 5 or more.
        differentiation num share | Share of hours initiated by the school or a teacher or on the school's own priorities, of those for which either is known.
        differentiation_cut num share | Cut of differentiation: 20 %, or the median of schools of the level where it is higher and there are 5 or more.
        margin num share | Share of an average activity of the school; nearer to a cut than this is on the line.
        coherence num share | Share of hours on the two priorities with most hours; hours without a priority count in the denominator.
        coherence_median num share | Median of coherence over schools of the level.
        own_priority_share num share | Share of hours on priorities that the school set.
        other_school_share num share | Share of hours on priorities that another school set.
        hours_per_teacher num hours | Hours of teachers per teacher, those without hours included.
        hours_top_quarter num hours | Hours per teacher from which a school is in the top quarter of its level.
        mean_need num points | Mean need over rated priorities, weighted by need.
        mean_fit num points | Mean fit, weighted by need.
        mean_gap num points | mean_need less mean_fit.
        n_ratings int ratings | Rated priorities.
        climate num share | Mean of trust, leadership, capacity building and collaboration, 0 to 1.
        n_responses int responses | Survey responses behind climate.
"""
_BALANCE_TEXTS = """
        sources text | Sources of the ratings.
        growth_below text | Academic subjects in which the value-added interval lies wholly below zero.
        quadrant* text | aligned and differentiated, aligned, differentiated, neither, on the line, or not available.
        is_worth_a_visit* bool | Whether the school balances well by all rules that can be judged.
        reasons text | Rules that are met, each with its numbers.
        reasons_against text | Rules that are not met, each with its numbers.
        not_judged text | Rules that have no source.
        is_to_look_at_first* bool | Whether many hours meet no fit, or high need meets few hours.
        look_at_first_reasons text | Why, with the numbers.
        source_disagreement text | What two sources of ratings say, where their gaps lie 2 points apart or more.
"""

BALANCE_ESTIMATES: tuple[Table, ...] = (
    _table(
        "estimates.school_need_fit", "school_id priority_id school_year",
        "One row per school, priority and school year with a rating",
        "How much a school needs a priority, how well the offer fits, and whether hours go there.",
        f"""{_NEED_FIT_KEY}{_NEED_FIT_VALUES}
        school_level* text | Level of the school; unknown where it was not recorded.
        n_staff* int people | Staff of the school in the year.
        n_teachers* int teachers | Teachers of the school in the year.{_NEED_FIT_NUMBERS}""",
    ),
    _table(
        "estimates.school_balance", "school_id school_year",
        "One row per school with teachers and school year with attendance on file",
        "Where each school stands between the district's priorities and its own choice, and by which rules it is worth a visit or a first look.",
        f"""{_BALANCE_KEY}
        school_level* text | Level of the school; unknown where it was not recorded.
        n_staff* int people | Staff of the school in the year.
        n_peers* int schools | Schools of the level in the year, the school itself among them.{_BALANCE_NUMBERS}{_BALANCE_TEXTS}""",
    ),
)
BALANCE_REPORT: tuple[Table, ...] = (
    _table(
        "report.school_need_fit", "school_id priority_id school_year",
        "One row per school, priority and school year with a rating",
        "Need and fit that may be shown; those of schools with too few staff are hidden.",
        f"""{_NEED_FIT_KEY}
        school_name* text | Name of the school; its id where there is no school source.
        school_level* text | Level of the school; unknown where it was not recorded.{_NEED_FIT_VALUES}{_NEED_FIT_NUMBERS}
        is_suppressed* bool | Whether the school has too few staff to be shown.
        """,
    ),
    _table(
        "report.school_balance", "school_id school_year",
        "One row per school with teachers and school year with attendance on file",
        "Where schools stand, as far as it may be shown; schools with too few staff are hidden.",
        f"""{_BALANCE_KEY}
        school_name* text | Name of the school; its id where there is no school source.
        school_level* text | Level of the school; unknown where it was not recorded.{_BALANCE_NUMBERS}{_BALANCE_TEXTS}
        is_suppressed* bool | Whether the school has too few staff to be shown.
        """,
    ),
)
