"""What teachers wrote, and how far up Guskey's chain the evidence of each PD type goes."""

from __future__ import annotations

from expectations.table_text import table_of as _table

VOICE_ESTIMATES = (
    _table(
        "estimates.survey_theme", "wording school_year pd_type theme_number",
        "One row per question with open answers, school year (none: all), PD type (or all) and theme",
        "Open answers counted by theme; names, addresses and ids were removed before. Themes of a question are of all its surveys together.",
        """
        wording* text | Question that was answered.
        school_year year | School year by its spring year; empty: all years.
        pd_type* text | Type of professional development that the survey was about; all: whatever it was about.
        theme_number* int | 1 for the largest theme of the question; 0 for answers that belong to none.
        top_words text | Words that tell the theme, the weightiest first; each was written by 5 people or more.
        n_answers* int answers | Answers whose main theme it is.
        n_respondents* int people | People who gave them; in anonymous surveys each response counts as one.
        n_answers_in_all* int answers | Answers to the question in the year about the type.
        share* num share | n_answers of n_answers_in_all.
        quote text | An answer of the theme, given in these words by most or closest to its centre.
        note text | Why there is no quote, or no theme.
        """,
    ),
    _table(
        "estimates.survey_theme_choice", "wording n_themes",
        "One row per question with open answers and number of themes tried",
        "How the number of themes was chosen: how alike the themes stay when the model is fitted again to random parts of the answers.",
        """
        wording* text | Question that was answered.
        n_themes* int themes | Number of themes.
        agreement* num | Mean agreement of their ranked words over refits, 0 to 1 (Greene, O'Callaghan and Cunningham 2014).
        is_chosen* bool | Whether this number was taken: the largest within .02 of the best agreement.
        """,
    ),
    _table(
        "estimates.guskey_chain", "pd_type school_year level academic_subject",
        "One row per PD type, school year (none: all), level of evaluation and academic subject",
        "Guskey's chain from reaction to student growth: what is known at each level and whether the level holds by its criterion.",
        """
        pd_type* text | Type of professional development.
        school_year year | School year by its spring year; empty: all years together.
        level* text | reaction, learning, organization_support, use_reported, use_observed or student_outcomes, in this order.
        academic_subject* text | Subject of student_outcomes; all elsewhere.
        basis text | What the value rests on: surveys about the type, climate surveys, observations, or design and contrast of the estimate.
        value num | Value, in unit.
        unit* text | Unit of the value.
        std_error num | Standard error; of surveys by activity, of climate by school, of observations by teacher.
        ci_low num | Lower end of the 95 % confidence interval.
        ci_high num | Upper end of the 95 % confidence interval.
        p_value_bh num | p-value after Benjamini and Hochberg among the PD types; of use_observed and student_outcomes.
        n_persons int people | People behind the value: respondents, or teachers who took part.
        n_surveys int surveys | Surveys behind the value.
        criterion* text | When the level holds and when it fails.
        holds* text | yes, no, unclear (the interval leaves both open) or not shown (no number that can be judged).
        note text | Why nothing is shown, or what limits it.
        """,
    ),
    _table(
        "estimates.guskey_break", "pd_type",
        "One row per PD type",
        "Where Guskey's chain breaks, over all years: the first level that does not hold.",
        """
        pd_type* text | Type of professional development.
        level text | First level that does not hold; empty where all do.
        outcome* text | no, unclear or not shown at that level; whole where all levels hold.
        n_levels_held* int levels | Levels that hold before it.
        later_levels text | Levels beyond it that hold nevertheless, separated by commas.
        """,
    ),
    _table(
        "estimates.guskey_observation", "pd_type",
        "One row per PD type",
        "Observed ratings in the year after the first participation against the year before, less the same change of teachers who had not taken part (difference in differences). Not a comparison by random assignment.",
        """
        pd_type* text | Type of professional development.
        unit text | share of the rating scale (1: the highest rating, 0: the lowest), or standard deviations of ratings where no scale is known.
        participants_before num | Mean rating of participants before; less what rubric and domain account for.
        participants_after num | Mean rating of participants after.
        comparison_before num | Mean rating of the comparison teachers in the same months before.
        comparison_after num | Mean rating of the comparison teachers in the same months after.
        difference num | Change of participants less change of the comparison teachers.
        std_error num | Standard error, clustered by teacher.
        df num | Degrees of freedom of the t distribution.
        ci_low num | Lower end of the 95 % confidence interval.
        ci_high num | Upper end of the 95 % confidence interval.
        p_value num | Two-sided p-value.
        p_value_bh num | p-value after Benjamini and Hochberg among the PD types.
        n_participants int teachers | Teachers rated before and after their first participation.
        n_comparison int teachers | Teachers rated in the same months who had not taken part.
        n_started int teachers | Teachers who took part for the first time after the first school year seen.
        note text | Why there is no number, or what limits it.
        """,
    ),
)

VOICE_REPORT = (
    _table(
        "report.survey_theme", "wording school_year pd_type theme_number",
        "One row per question with open answers, school year (none: all), PD type (or all) and theme",
        "Themes of open answers that may be shown; counts of too few people are hidden, and the next smallest where one alone would be.",
        """
        wording* text | Question that was answered.
        school_year year | School year by its spring year; empty: all years.
        pd_type* text | Type of professional development that the survey was about; all: whatever it was about.
        theme_number* int | 1 for the largest theme of the question; 0 for answers that belong to none.
        top_words text | Words that tell the theme.
        n_answers int answers | Answers whose main theme it is; empty where hidden.
        n_respondents int people | People who gave them; empty where hidden.
        share num share | Share of the answers; empty where hidden.
        quote text | An answer of the theme; empty where hidden.
        note text | Why there is no quote, or no theme.
        is_suppressed* bool | Whether the counts are hidden.
        """,
    ),
    _table(
        "report.guskey_chain", "pd_type school_year level academic_subject",
        "One row per PD type, school year (none: all), level of evaluation and academic subject",
        "Guskey's chain as it may be shown; values of too few people are hidden.",
        """
        pd_type* text | Type of professional development.
        school_year year | School year by its spring year; empty: all years together.
        level* text | reaction, learning, organization_support, use_reported, use_observed or student_outcomes.
        academic_subject* text | Subject of student_outcomes; all elsewhere.
        basis text | What the value rests on.
        value num | Value, in unit; empty where hidden.
        unit* text | Unit of the value.
        ci_low num | Lower end of the 95 % confidence interval.
        ci_high num | Upper end of the 95 % confidence interval.
        n_persons int people | People behind the value; empty where hidden.
        n_surveys int surveys | Surveys behind the value; empty where hidden.
        criterion* text | When the level holds and when it fails.
        holds* text | yes, no, unclear or not shown.
        note text | Why nothing is shown, or what limits it.
        is_suppressed* bool | Whether the value is of too few people to be shown.
        """,
    ),
    _table(
        "report.guskey_observation", "pd_type",
        "One row per PD type",
        "Observed ratings before and after as they may be shown; values of too few teachers in either group are hidden.",
        """
        pd_type* text | Type of professional development.
        unit text | Unit of the ratings.
        participants_before num | Mean rating of participants before; empty where hidden.
        participants_after num | Mean rating of participants after; empty where hidden.
        comparison_before num | Mean rating of the comparison teachers before; empty where hidden.
        comparison_after num | Mean rating of the comparison teachers after; empty where hidden.
        difference num | Change of participants less change of the comparison teachers.
        ci_low num | Lower end of the 95 % confidence interval.
        ci_high num | Upper end of the 95 % confidence interval.
        p_value_bh num | p-value after Benjamini and Hochberg among the PD types.
        n_participants int teachers | Teachers rated before and after; empty where hidden.
        n_comparison int teachers | Comparison teachers; empty where hidden.
        note text | Why there is no number, or what limits it.
        is_suppressed* bool | Whether the values are of too few teachers to be shown.
        """,
    ),
)
