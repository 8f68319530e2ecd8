"""The leadership pipeline: steps, times, models, successors, access, and growth around a change of principal."""

from __future__ import annotations

from expectations.table_text import table_of as _table

LEADERSHIP_FRAMES = (
    _table(
        "frames.leadership_pathway", "staff_id pathway_level", "One row per staff member and pathway level",
        "First date of each stage, and the day by which each had been reached: a stage that follows implies the earlier ones."
        " Stages without a record and stages out of order are counted, not dropped.",
        """
        staff_id* id | Pseudonym of the staff member.
        pathway_level* text | classroom, school or district.
        identified_on date | First record of the stage identified.
        in_training_on date | First record of the stage in_training.
        completed_on date | First record of the stage completed.
        placed_on date | First record of the stage placed.
        left_role_on date | First record of the stage left_role.
        identified_by* date | First day on which the person is known to have been identified: first record of this stage or a later one.
        in_training_by date | First day on which the person is known to have been in training or beyond.
        completed_by date | First day on which the person is known to have completed or gone beyond.
        placed_by date | First day on which the person is known to have been placed or beyond.
        left_role_by date | First day on which the person is known to have left a role.
        furthest_stage* text | Furthest stage on record.
        n_stages_skipped* int stages | Stages before the furthest without a record.
        is_out_of_order* bool | Whether a stage is dated after one that follows it.
        """,
    ),
)

_STEP = """
        pathway_level* text | classroom, school or district.
        step* text | identified_to_in_training, in_training_to_completed or completed_to_placed.
        school_year* year | School year; what is known by the end of it.
"""
_STEP_NUMBERS = """
        n_reached{star} int people | People who had reached the first stage of the step by then.
        n_converted int people | Those of them who had reached the second.
        n_left int people | Those who had not and are no longer on the staff; empty where staff assignments do not say.
        n_waiting int people | Those who had not and are still on the staff, or all who had not where assignments do not say.
        conversion num share | n_converted divided by n_reached.
        ci_low num share | Lower end of its 95 % interval (Wilson).
        ci_high num share | Upper end.
        conversion_2y num share | Share that goes on within two years (1 less Kaplan-Meier): recent entrants do not count as failures.
        conversion_2y_ci_low num share | Lower end of its 95 % interval.
        conversion_2y_ci_high num share | Upper end.
        others_conversion_2y num share | The same on the other pathways together.
        p_value num | Log-rank test against the same step of the other pathways.
        p_value_bh num | The same after Benjamini and Hochberg over the steps of the year.
"""
_PROCESS = """
        process* text | identified_to_in_training, in_training_to_completed, completed_to_placed, identified_to_placed, placed_to_left_role or in_role_at_school.
        category* text | Pathway level; for in_role_at_school the role, role and school level, or role and 'new in role' (whose first year was seen to be the first).
"""

LEADERSHIP_ESTIMATES = (
    _table(
        "estimates.leadership_step", "pathway_level step school_year",
        "One row per pathway level, step and school year",
        "Where people stop on the way to a role, and the step at which a pathway breaks by the printed rule.",
        f"""
        {_STEP}
        as_of* date | Day up to which events count: 30 June of the year, or the last event on record where that is earlier.
        {_STEP_NUMBERS.format(star="*")}
        is_broken* bool | Whether the pathway breaks here by the rule in docs/methods.md.
        reason text | Which part of the rule says so.
        note text | Why a number is missing or what limits it.
        """,
    ),
    _table(
        "estimates.survival_curve", "process category time_days",
        "One row per process, category and day on which somebody had the event, and the last day with 5 people still waiting",
        "Kaplan-Meier estimate in the report year: the share that has not had the event by that many days. For retention that is the share still in role.",
        f"""
        {_PROCESS}
        time_days* int days | Days since the start; school years count 365.25.
        survival* num share | Share without the event by then.
        ci_low num share | Lower end of the 95 % interval (log-log).
        ci_high num share | Upper end.
        n_at_risk* int people | People without the event, and still followed, just before.
        n_events* int people | People with the event on that day.
        """,
    ),
    _table(
        "estimates.survival_horizon", "process category school_year horizon_years",
        "One row per process, category, school year and number of years",
        "The Kaplan-Meier estimate after 1, 2, 3 and 5 years, by what was known at the end of the school year.",
        f"""
        {_PROCESS}
        school_year* year | School year by its spring year.
        horizon_years* int years | Years since the start.
        survival num share | Share without the event by then; empty where note says why.
        ci_low num share | Lower end of the 95 % interval (log-log; Wilson where nobody had the event).
        ci_high num share | Upper end.
        n_people* int people | People with a start on record.
        n_followed* int people | Those whose start lies at least so many years back.
        note text | Why there is no value.
        """,
    ),
    _table(
        "estimates.survival_median", "process category school_year",
        "One row per process, category and school year",
        "Days by which half had the event, by Kaplan-Meier.",
        f"""
        {_PROCESS}
        school_year* year | School year by its spring year.
        median_days num days | Median; empty where fewer than half had the event within the time seen.
        ci_low_days num days | Lower end of its 95 % interval.
        ci_high_days num days | Upper end; empty where it lies beyond the time seen.
        n_people* int people | People with a start on record.
        n_events* int people | Those with the event.
        n_left_out* int people | People known to have started without a record of when; not in the curve.
        note text | not reached, or why there is nothing.
        """,
    ),
    _table(
        "estimates.survival_model", "process model term",
        "One row per process, model and term",
        "Proportional hazards (Cox) with Efron's ties and errors by person. A refused model has one row that says why.",
        """
        process* text | completed_to_placed.
        model* text | level: pathway level alone; full: with what else is known of the person and school.
        term* text | Covariate; all in a row of refusal.
        compared_with text | What the hazard ratio compares with.
        hazard_ratio num | Rate of placement against compared_with, other terms equal; above 1: sooner.
        ci_low num | Lower end of the 95 % interval.
        ci_high num | Upper end.
        coefficient num | Logarithm of the hazard ratio.
        std_error num | Its standard error, robust to several pathways of a person.
        p_value num | Two-sided p-value.
        proportional_p_value num | Test that the ratio is the same at all times (Grambsch and Therneau); in row all of all terms jointly.
        n_people int people | People on a pathway in the fit.
        n_events int people | Placements in the fit.
        note text | Refusal, people or terms left out, doubts.
        """,
    ),
    _table(
        "estimates.school_successor", "school_id school_year",
        "One row per school with teachers and school year",
        "Whether somebody on the school's own staff is ready to follow its principal.",
        """
        school_id* id | School.
        school_year* year | School year by its spring year.
        has_principal* bool | Whether a principal is assigned to the school in the year.
        n_ready* int people | Staff of the school who completed the school pathway by 30 June, were not placed on it, and are not principal.
        n_ready_district* int people | The same in the whole district.
        has_successor* bool | Whether n_ready is at least 1.
        """,
    ),
    _table(
        "estimates.leadership_access", "stage group_kind group_name school_year",
        "One row per stage, kind of group, group and school year",
        "Who gets on the pathway: staff who had not reached the stage before the year, and those who did in it.",
        """
        stage* text | identified or in_training, on any pathway.
        group_kind* text | experience, highest_degree, school_level or school_poverty.
        group_name* text | Group.
        school_year* year | Last of up to three school years that are taken together.
        n_staff_years* int staff-years | Staff in the year who had not reached the stage before it, summed over years.
        n_staff* int people | People among them.
        n_reached* int people | Those who reached it in the year.
        rate* num share | n_reached divided by n_staff_years.
        ci_low num share | Lower end of the 95 % interval (Wilson).
        ci_high num share | Upper end.
        reference_group* text | Group that this one is compared with.
        ratio num | Rate divided by that of the reference group.
        ratio_ci_low num | Lower end of its 95 % interval (Katz).
        ratio_ci_high num | Upper end.
        p_value num | Fisher's exact test of equal rates.
        p_value_bh num | The same after Benjamini and Hochberg over all comparisons of the stage and year.
        """,
    ),
    _table(
        "estimates.leader_change", "academic_subject period event_time",
        "One row per academic subject and year around the first change of principal",
        "Growth of schools that change their principal, less that of schools that have not (Callaway and Sant'Anna). A refused subject has one row.",
        """
        academic_subject* text | Academic subject of the outcome.
        period* text | average (of the years since the change), lead, lag, leads (joint test), or refused.
        event_time int years | Years since the first year with the new principal; empty in average, leads and refused.
        estimate_sd num standard deviations of student scores | Difference in change of mean growth; in row leads their mean.
        std_error num standard deviations of student scores | Standard error, schools as clusters.
        ci_low num standard deviations of student scores | Lower end of the 95 % interval.
        ci_high num standard deviations of student scores | Upper end.
        p_value num | Two-sided p-value; in row leads of the joint test.
        n_schools int schools | Schools that change and are seen then.
        n_compared int schools | Schools that had not changed, to compare with.
        note text | Refusal, schools left out, doubts.
        """,
    ),
)

LEADERSHIP_REPORT = (
    _table(
        "report.leadership_step", "pathway_level step school_year",
        "One row per pathway level, step and school year",
        "Steps that may be shown; numbers of too few people are hidden.",
        f"""
        {_STEP}
        {_STEP_NUMBERS.format(star="")}
        is_broken* bool | Whether the pathway breaks here by the rule; false where hidden.
        reason text | Which part of the rule says so.
        note text | Why a number is missing or what limits it.
        is_suppressed* bool | Whether too few people reached the first stage.
        """,
    ),
    _table(
        "report.survival_curve", "process category time_days",
        "One row per process, category and day",
        "Curves that may be shown: up to the last day on which enough people are followed to be shown.",
        f"""
        {_PROCESS}
        time_days* int days | Days since the start.
        survival* num share | Share without the event by then.
        ci_low num share | Lower end of the 95 % interval.
        ci_high num share | Upper end.
        n_at_risk* int people | People without the event, and still followed, just before.
        """,
    ),
    _table(
        "report.survival_horizon", "process category school_year horizon_years",
        "One row per process, category, school year and number of years",
        "Shares after 1, 2, 3 and 5 years that may be shown; those of too few people are hidden.",
        f"""
        {_PROCESS}
        school_year* year | School year by its spring year.
        horizon_years* int years | Years since the start.
        survival num share | Share without the event by then.
        ci_low num share | Lower end of the 95 % interval.
        ci_high num share | Upper end.
        n_people int people | People with a start on record; empty where hidden.
        n_followed int people | Those whose start lies at least so many years back; empty where hidden.
        note text | Why there is no value.
        is_suppressed* bool | Whether it is of too few people.
        """,
    ),
    _table(
        "report.survival_median", "process category school_year",
        "One row per process, category and school year",
        "Medians that may be shown; those of too few people are hidden.",
        f"""
        {_PROCESS}
        school_year* year | School year by its spring year.
        median_days num days | Median.
        ci_low_days num days | Lower end of its 95 % interval.
        ci_high_days num days | Upper end; empty where it lies beyond the time seen.
        n_people int people | People with a start on record; empty where hidden.
        n_events int people | Those with the event; empty where hidden.
        n_left_out int people | People without a record of their start; empty where hidden.
        note text | not reached, or why there is nothing.
        is_suppressed* bool | Whether it is of too few people.
        """,
    ),
    _table(
        "report.school_successor", "school_id school_year",
        "One row per school with teachers and school year",
        "Which schools have somebody ready to follow their principal; how many is not shown.",
        """
        school_id* id | School.
        school_name* text | Name of the school; its id where there is no school source.
        school_level text | Level of the school.
        school_year* year | School year by its spring year.
        has_principal* bool | Whether a principal is assigned to the school in the year.
        has_successor* bool | Whether somebody on the staff of the school is ready.
        """,
    ),
    _table(
        "report.leadership_access", "stage group_kind group_name school_year",
        "One row per stage, kind of group, group and school year",
        "Access that may be shown; groups of too few people are hidden, and where that leaves one group to be told by"
        " subtraction, the next smallest too.",
        """
        stage* text | identified or in_training, on any pathway.
        group_kind* text | experience, highest_degree, school_level or school_poverty.
        group_name* text | Group.
        school_year* year | Last of up to three school years that are taken together.
        n_staff_years int staff-years | Staff who had not reached the stage before the year; empty where hidden.
        n_reached int people | Those who reached it in the year; empty where hidden.
        rate num share | n_reached divided by n_staff_years.
        ci_low num share | Lower end of the 95 % interval.
        ci_high num share | Upper end.
        reference_group* text | Group that this one is compared with.
        ratio num | Rate divided by that of the reference group.
        ratio_ci_low num | Lower end of its 95 % interval.
        ratio_ci_high num | Upper end.
        p_value_bh num | Adjusted p-value.
        is_suppressed* bool | Whether the group is hidden.
        """,
    ),
)
