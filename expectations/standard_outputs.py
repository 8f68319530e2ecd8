"""The seven principles of the standard for professional learning: what each scored, and from which evidence."""

from __future__ import annotations

from expectations.contract import Table
from expectations.table_text import table_of as _table

_PLACE = """
        school_id id | School; empty: the district.
        school_year* year | School year by its spring year.
        principle* text | coherence, research_base, alignment, educator_growth, student_growth, differentiation or continuous_improvement.
"""

STANDARD_ESTIMATES = (
    _table(
        "estimates.standard_measure", "school_id school_year principle indicator category",
        "One row per school (none: the district), school year, principle and measure",
        "The evidence behind each score: an indicator, the steps that turn it to points, and the points.",
        f"""
        {_PLACE}
        indicator* text | Indicator that is measured; estimates.indicator_definition says what it is.
        category* text | Category of the indicator.
        value num | Value of the indicator; empty where it is not shown.
        steps* text | What the value must reach for 1, 2, 3 and 4 points.
        points int points | Points from 0 to 4; empty where there is no value.
        points_low int points | Points at the less favourable end of the value's 95 % interval.
        points_high int points | Points at the more favourable end.
        n_persons int people | People behind the value.
        note text | Why there is no value.
        """,
    ),
    _table(
        "estimates.standard_score", "school_id school_year principle",
        "One row per school (none: the district), school year and principle",
        "Score of each principle: the mean of the points of the measures that are shown. Missing evidence is not shown, never 0.",
        f"""
        {_PLACE}
        score num points | Mean points, 0 to 4; empty: not shown.
        score_low num points | The same with each measure at the less favourable end of its interval.
        score_high num points | The same at the more favourable end.
        n_measures_shown* int measures | Measures with a value.
        n_measures* int measures | Measures that the principle has.
        n_persons int people | Fewest people behind any of its values; empty where none is of people.
        missing text | Measures without a value and why.
        """,
    ),
)

STANDARD_REPORT: tuple[Table, ...] = (
    _table(
        "report.standard_score", "school_id school_year principle",
        "One row per school (none: the district), school year and principle",
        "Scores that may be shown; those that stand on too few people are hidden.",
        f"""
        {_PLACE}
        school_name text | Name of the school; its id where there is no school source; empty: the district.
        score num points | Score, 0 to 4; empty: not shown.
        score_low num points | Score at the less favourable ends of the intervals.
        score_high num points | Score at the more favourable ends.
        n_measures_shown* int measures | Measures with a value.
        n_measures* int measures | Measures that the principle has.
        missing text | What is not shown and why.
        is_suppressed* bool | Whether the score is of too few people to be shown.
        """,
    ),
)
