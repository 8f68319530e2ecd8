"""Output tables of recommendations and the loop: what to do, what came of decisions, what to find out next."""

from __future__ import annotations

from expectations.contract import Table
from expectations.table_text import table_of as _table

_RECOMMENDATION = """
        pd_type* text | Type of professional development.
        action* text | scale, sustain, adapt, pause, stop or study.
        rule* text | Rule of estimates.recommendation_rule that applies.
        rule_number* int | Its number; the first rule that applies gives the action.
        expected_effect_sd num standard deviations of student scores | Estimate of taking part by the main design, mean over academic subjects.
        std_error num standard deviations of student scores | Its standard error.
        df num | Degrees of freedom of its t distribution.
        ci_low num standard deviations of student scores | Lower end of its 95 % confidence interval.
        ci_high num standard deviations of student scores | Upper end of its 95 % confidence interval.
        is_joint_error bool | Whether the error counts how the subjects' errors go together; else it is an upper bound.
        effect_threshold_sd* num standard deviations of student scores | Smallest difference worth having, as the study sets it.
        probability_positive num share | Probability under a flat prior that the difference is above 0.
        probability_above_threshold num share | Probability under a flat prior that it is above the threshold.
        worst_subject_probability num share | Probability that it is above 0 in the subject where that is least likely.
        design text | Main design: the strongest that answers most of its subjects and passed its calibration.
        n_subjects int subjects | Academic subjects that the main design answers.
        is_struck_out bool | Whether every design that answers failed its calibration.
        evidence_tier int | Best evidence tier of the main design in any subject; empty where none is reached.
        any_design_tier int | Best evidence tier of any design that passed its calibration.
        placebo_p num | Smallest p-value of the same comparison in the year before, times the number of subjects.
        subgroup_p num | Smallest adjusted p-value of a subgroup difference to the disadvantage of those with less; 1 where none is.
        n_participants int teachers | Teachers with hours of the type in the estimate, fewest over subjects.
        hours num hours | Hours of all staff in the report year.
        reach_share num share | Share of teachers with hours in the report year.
        n_teachers_reached int teachers | Teachers with hours in the report year.
        n_teachers int teachers | Teachers of the report year.
        reaction_share num share | Mean reaction in the report year, 0 to 1.
        reaction_low num share | Lower end of its 95 % interval.
        reaction_high num share | Upper end of its 95 % interval.
        equity_ratio num | Share reached in the less reached group over the share among others.
        equity_ratio_low num | Lower end of its 95 % interval.
        equity_ratio_high num | Upper end of its 95 % interval.
        less_reached_group text | high_poverty_school or novice: which of the two ratios it is.
        total_cost num currency units | Cost of the type in the report year.
        cost_per_student num currency units | Cost of the report year per student whose teacher took part.
        cost_per_student_sd num currency units per standard deviation | Cost per student over the estimate; empty unless that is above 0.
        value_ratio num | Worth of the estimate over the cost per student.
        reasons* text | Why the rule applies: each measure with its value and the threshold.
        why_not_bolder text | What keeps it from the next bolder action.
        not_known text | What is not known about it, and why.
        evidence* text | The estimates that it rests on.
"""

_REVIEW = """
        decision_id* text | Decision.
        school_year* year | School year of the decision.
        pd_type* text | Type of professional development.
        action* text | What was decided.
        owner_role text | Role that owns it.
        review_year year | School year of the review.
        status text | planned, doing, studied or acted.
        stage text | Plan, Do, Study or Act; empty where no status is given.
        due* text | reviewed, due, overdue, not_yet_due, no_review_year or no_status.
        expected_effect_sd num standard deviations of student scores | Difference that was expected.
        found_effect_sd num standard deviations of student scores | Estimate of the type over all years, as in estimates.recommendation.
        found_ci_low num standard deviations of student scores | Lower end of its 95 % interval.
        found_ci_high num standard deviations of student scores | Upper end.
        design text | Design of the estimate.
        verdict* text | met, better, fell_short or cannot_tell.
        verdict_reason* text | Why.
        compared_year year | School year whose hours and reach are held against those of the year of the decision.
        hours_before num hours | Hours of the type in the year of the decision.
        hours_after num hours | Hours in the compared year.
        hours_change num share | Change of hours as a share of those before.
        reach_before num share | Share of teachers reached in the year of the decision.
        reach_after num share | Share reached in the compared year.
        acted_on* text | yes, no, in_progress, too_early or cannot_tell.
        acted_on_reason* text | Why.
        recommended_action text | What the rules recommend now; empty where the type has no recommendation.
        agrees bool | Whether that is what was decided; empty where there is a later decision about the type.
        is_latest* bool | Whether it is the latest decision about the type.
"""

_QUESTION = """
        rank int | Position by value of information; empty where it could not be computed.
        pd_type* text | Type of professional development.
        question* text | What to find out, in plain words.
        value_of_information num | Expected value of perfect information for the students not reached now, in the unit of the row.
        value_per_student num | The same for one student.
        value_of_next_year num | Expected value of one more year of the present comparison with as many participants (normal approximation).
        unit* text | Currency units, or standard deviations times students where cost is not known.
        n_students int students | Students none of whose teachers took part in the report year.
        expected_effect_sd num standard deviations of student scores | Estimate, as in estimates.recommendation.
        std_error num standard deviations of student scores | Its standard error.
        break_even_sd num standard deviations of student scores | Difference from which scaling is worth it: what it costs, or the smallest difference worth having.
        probability_worth_it num share | Probability under a flat prior that the difference is larger.
        best_design* text | What would answer it.
        effect_to_find_sd num standard deviations of student scores | Difference that next year's comparison should be able to find.
        teachers_needed int teachers | Teachers who have to take part for it to be found with a power of 80 %, most over subjects.
        n_teachers int teachers | Teachers in the comparison.
        note text | Why there is no number, or what limits it.
"""

_RULE = """
        rule_number* int | Position; the first rule that applies gives the action.
        rule* text | Name of the rule.
        action* text | Action that it gives.
        conditions* text | Conditions as study.toml writes them, joined by "and"; always where there are none.
        condition_words* text | The same in words.
        sentence* text | What is said where it applies.
        is_default* bool | Whether it is of the default table.
        warning text | Why it can never apply, where that is so.
"""

DECISION_ESTIMATES: tuple[Table, ...] = (
    _table(
        "estimates.recommendation", "pd_type", "One row per PD type",
        "What the rules of estimates.recommendation_rule recommend for each type, with everything that they asked. Except for a"
        " lottery the estimates are associations.",
        _RECOMMENDATION,
    ),
    _table(
        "estimates.recommendation_rule", "rule_number", "One row per rule",
        "The ordered table of rules in use. A condition on what is not known does not hold, unless it says where known.",
        _RULE,
    ),
    _table(
        "estimates.recommendation_condition", "pd_type rule_number condition_number", "One row per PD type, rule and condition",
        "Every condition of every rule held against every type: the whole way to each recommendation.",
        """
        pd_type* text | Type of professional development.
        rule_number* int | Rule.
        condition_number* int | Position of the condition in the rule.
        measure* text | What is asked.
        comparison* text | >=, >, <= or <.
        threshold* num | What it is compared with.
        is_where_known* bool | Whether the condition is passed over where the measure is not known.
        value num | Value of the type; empty where it is not known.
        outcome* text | met, not met or not known.
        note text | Why it is not known.
        """,
    ),
    _table(
        "estimates.decision_review", "decision_id", "One row per decision",
        "Plan, Do, Study, Act: each decision with what was expected, what is found now, whether it was acted on and whether its review"
        " is due. The estimate is over all years, not only those since the decision.",
        _REVIEW,
    ),
    _table(
        "estimates.next_question", "pd_type", "One row per PD type",
        "What to find out next: for each type, what it would be worth to know whether scaling it is worth its cost.",
        _QUESTION,
    ),
)

DECISION_REPORT: tuple[Table, ...] = (
    _table(
        "report.recommendation", "pd_type", "One row per PD type",
        "Recommendations with what may be shown; reach of too few teachers is hidden.",
        _RECOMMENDATION,
    ),
    _table("report.recommendation_rule", "rule_number", "One row per rule", "The table of rules in use.", _RULE),
    _table(
        "report.decision_review", "decision_id", "One row per decision",
        "Decisions and what came of them; reach of too few teachers is hidden.",
        _REVIEW,
    ),
    _table("report.next_question", "pd_type", "One row per PD type", "What to find out next, by value of information.", _QUESTION),
)
