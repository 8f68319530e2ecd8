"""What comes out beside each estimate: what it stands on, how it was checked, what would change it."""

from __future__ import annotations

from expectations.table_text import table_of as _table

_NUMBER = """
        estimate_sd num standard deviations of student scores | Estimate; empty where note says why.
        std_error num standard deviations of student scores | Standard error by school.
        df num | Degrees of freedom of its t distribution.
        ci_low num standard deviations of student scores | Lower end of the 95 % confidence interval.
        ci_high num standard deviations of student scores | Upper end of the 95 % confidence interval.
        p_value num | Two-sided p-value.
"""

DESIGN_ESTIMATES = (
    _table(
        "estimates.teacher_year_growth", "academic_subject staff_id school_id school_year",
        "One row per academic subject, teacher, school and school year of the design sample",
        "Mean score of a teacher's students less what prior, covariates, class and school means, grade and year account"
        " for: what event_study, matched and lottery compare.",
        """
        academic_subject* text | Academic subject.
        staff_id* id | Pseudonym of the teacher.
        school_id* id | School.
        school_year* year | School year by its spring year.
        growth_sd* num standard deviations of student scores | Adjusted growth; its mean over all rows is 0.
        weight* num students | Sum of roster weights that it is the mean of.
        n_students* int students | Different students.
        prior_mean_sd* num standard deviations of student scores | Mean prior score of the students.
        years_experience num years | Years of experience of the teacher.
        """,
    ),
    _table(
        "estimates.type_coefficient", "academic_subject pd_type", "One row per academic subject and PD type",
        "What taking part in each PD type goes with, all types and covariates jointly (within teachers where there are several years):"
        " event_study, matched and lottery of a type take growth_sd of teacher_year_growth less the other types' coefficients where a"
        " teacher took part in them.",
        """
        academic_subject* text | Academic subject.
        pd_type* text | Type of professional development.
        coefficient_sd* num standard deviations of student scores | Coefficient of taking part; 0 where it cannot be told.
        """,
    ),
    _table(
        "estimates.event_study_period", "effect_id event_time", "One row per estimate of event_study and year before or after the first participation",
        "Leads and lags: differences before the start (event_time below 0) should be near 0.",
        f"""
        effect_id* text | Row of estimates.effect.
        pd_type* text | Type of professional development.
        academic_subject* text | Academic subject of the outcome.
        event_time* int years | School years since the first participation; below 0 before it.
        {_NUMBER}
        n_teachers* int teachers | Teachers whose start is seen at this distance.
        """,
    ),
    _table(
        "estimates.event_study_check", "effect_id check_name bound", "One row per estimate of event_study, check and bound",
        "What an evaluator would ask of an event study: joint test of the leads, Sun and Abraham's estimate, two-way fixed effects for"
        " comparison, and how far trends may differ before the interval contains 0 (Rambachan and Roth).",
        f"""
        effect_id* text | Row of estimates.effect.
        pd_type* text | Type of professional development.
        academic_subject* text | Academic subject of the outcome.
        check_name* text | pre_trend, sun_abraham, two_way_fixed_effects, relative_magnitude or breakdown.
        bound* num | Mbar of relative_magnitude and breakdown: how many times the largest difference between leads; else 0.
        {_NUMBER}
        statistic num | Wald chi-square of pre_trend.
        note text | What the check says, or why it could not be done.
        """,
    ),
    _table(
        "estimates.baseline", "effect_id characteristic", "One row per estimate and characteristic compared before the PD",
        "Baseline equivalence: differences between those who took part (or were offered) and the comparison, before and after weighting.",
        """
        effect_id* text | Row of estimates.effect.
        design* text | Study design.
        pd_type* text | Type of professional development.
        academic_subject* text | Academic subject of the outcome.
        characteristic* text | What is compared.
        unit* text | Unit of the differences.
        difference_before num | Those who took part or were offered less the comparison as it is.
        difference_after num | The same after weighting, or within blocks.
        g_before num standard deviations of teachers | Standardised difference before.
        g_after num standard deviations of teachers | Standardised difference after.
        is_wwc_baseline* bool | Whether it is the student-level baseline of the outcome, which the WWC judges by.
        """,
    ),
    _table(
        "estimates.dose_term", "design pd_type academic_subject term", "One row per regression design, PD type, academic subject and term",
        "Dose: below and above 14 hours, first and sustained years, aligned against other subjects, hours of the window before.",
        f"""
        design* text | Study design.
        pd_type* text | Type of professional development.
        academic_subject* text | Academic subject of the outcome.
        term* text | per_10_hours_below_14, per_10_hours_above_14, change_at_14, first_year, sustained_year, sustained_less_first, aligned_hours, other_subject_hours, aligned_less_other, lagged_hours; curve, whose numbers are in estimates.dose_curve.
        {_NUMBER}
        note text | Why there is no number, or what limits it.
        """,
    ),
    _table(
        "estimates.dose_curve", "design pd_type academic_subject hours", "One row per regression design, PD type, academic subject and number of hours",
        "Growth against no hours along a restricted cubic spline of the hours, with a 95 % band (at each point).",
        """
        design* text | Study design.
        pd_type* text | Type of professional development.
        academic_subject* text | Academic subject of the outcome.
        hours* num hours | Aligned hours in the growth window.
        estimate_sd* num standard deviations of student scores | Growth against 0 hours.
        std_error* num standard deviations of student scores | Its standard error by school.
        ci_low* num standard deviations of student scores | Lower end of the 95 % interval.
        ci_high* num standard deviations of student scores | Upper end of the 95 % interval.
        linear_p_value num | p-value of the test that the curve is a straight line (the same at all points).
        """,
    ),
    _table(
        "estimates.specification", "pd_type academic_subject specification_number", "One row per PD type, academic subject and specification",
        "The specification curve: every defensible way to fit the same question, from the same sums.",
        f"""
        pd_type* text | Type of professional development.
        academic_subject* text | Academic subject of the outcome.
        specification_number* int | Position of the specification.
        comparison* text | What is compared: between and within schools, within schools, within schools and years, within teachers.
        covariates* text | Which controls.
        dose* text | How the hours stand: any hours, at least 14 hours, hours, logarithm of hours.
        companions* text | all types jointly, or this type alone.
        contrast* text | participated, or per_10_hours for hours and, at the mean of participants, their logarithm.
        {_NUMBER}
        note text | Why there is no number.
        """,
    ),
    _table(
        "estimates.sensitivity", "effect_id", "One row per estimate with a number",
        "How much would have to be wrong: omitted variables, single schools, other specifications.",
        """
        effect_id* text | Row of estimates.effect.
        design* text | Study design.
        pd_type* text | Type of professional development.
        academic_subject* text | Academic subject of the outcome.
        contrast* text | Contrast.
        robustness_value num share | Share of residual variance that an omitted variable must explain of hours and growth to bring the estimate to 0 (Cinelli and Hazlett).
        robustness_value_alpha num share | The same to bring its 95 % interval to 0.
        benchmark_covariate text | The control that explains most: a yardstick for an omitted variable.
        benchmark_partial_r2_treatment num share | What it explains of the hours that is left.
        benchmark_partial_r2_outcome num share | What it explains of growth that is left.
        benchmark_estimate_sd num standard deviations of student scores | Estimate if an omitted variable were as strong as the benchmark.
        e_value num | E-value of the estimate (VanderWeele and Ding), on the scale of risk ratios.
        e_value_ci num | E-value of the end of the interval nearer to 0; 1 where it contains 0.
        leave_one_out_low_sd num standard deviations of student scores | Smallest estimate with one school left out.
        leave_one_out_high_sd num standard deviations of student scores | Largest estimate with one school left out.
        leave_one_out_school_id id | School without which the estimate changes most.
        n_specifications int | Specifications with a number for this PD type, subject and contrast.
        share_same_sign num share | Share of them with the sign of the estimate.
        share_significant num share | Share of them with that sign and p < .05.
        """,
    ),
    _table(
        "estimates.subgroup_difference", "design pd_type academic_subject contrast dimension", "One row per design, PD type, academic subject, contrast and dimension of subgroups",
        "Whether an estimate differs between subgroups: a test of the difference, never of each alone.",
        """
        design* text | Study design.
        pd_type* text | Type of professional development.
        academic_subject* text | Academic subject of the outcome.
        contrast* text | Contrast.
        dimension* text | school_level, is_novice, is_english_learner, is_swd, is_economically_disadvantaged, or academic_subject, which stands with the academic subject all.
        n_subgroups* int | Subgroups with a number.
        largest_subgroup text | Subgroup with the largest estimate.
        smallest_subgroup text | Subgroup with the smallest estimate.
        difference_sd num standard deviations of student scores | Largest less smallest (one less the other where there are two).
        std_error num standard deviations of student scores | Standard error of the difference, which counts that the subgroups share schools.
        statistic num | F statistic of no difference between the subgroups.
        df_numerator num | Its numerator degrees of freedom.
        df_denominator num | Its denominator degrees of freedom.
        p_value num | p-value of the test.
        p_value_bh num | After Benjamini and Hochberg over all PD types and dimensions of the design, subject and contrast.
        tau2 num | Estimated variance of true subgroup effects.
        note text | Why there is no test, or what limits it.
        """,
    ),
    _table(
        "estimates.subgroup_pooled", "design pd_type academic_subject contrast subgroup", "One row per design, PD type, academic subject, contrast and subgroup",
        "Subgroup estimates pulled towards their mean by as much as they are imprecise (empirical Bayes).",
        """
        design* text | Study design.
        pd_type* text | Type of professional development.
        academic_subject* text | Academic subject of the outcome.
        contrast* text | Contrast.
        subgroup* text | Subgroup, as in estimates.effect.
        estimate_sd* num standard deviations of student scores | Partially pooled estimate.
        std_error* num standard deviations of student scores | Its standard error.
        unpooled_sd* num standard deviations of student scores | The estimate of estimates.effect.
        weight* num share | Weight of the subgroup's own estimate; the rest is the mean's.
        """,
    ),
    _table(
        "estimates.calibration", "design pd_type academic_subject contrast planted_sd", "One row per design, PD type, academic subject, contrast and planted effect",
        "What a known effect planted into this study's own data came back as. It tells whether intervals are of the right width, not"
        " whether those who took part differ in what nobody measured.",
        """
        design* text | Study design.
        pd_type* text | Type of professional development; all for the design as a whole.
        academic_subject* text | Academic subject of the outcome.
        contrast* text | Contrast.
        planted_sd* num standard deviations of student scores | Effect that was planted.
        n_draws* int | Permutations of who took part that gave a number.
        bias_sd num standard deviations of student scores | Mean estimate less planted effect.
        rmse_sd num standard deviations of student scores | Root mean squared error.
        mean_std_error num standard deviations of student scores | Mean standard error.
        coverage num share | Share of 95 % intervals that contain the planted effect.
        coverage_ci_low num share | Lower end of the 95 % interval of the coverage (Wilson).
        coverage_ci_high num share | Upper end.
        rejection_rate num share | Share with p < .05: power, or the false-positive rate where nothing was planted.
        minimum_detectable_sd num standard deviations of student scores | Effect that is found with a power of 80 %.
        is_struck_out* bool | Whether coverage is below 90 %, so that the design's numbers are shown struck out.
        note text | What was permuted, or why nothing could be.
        """,
    ),
    _table(
        "estimates.model", "design academic_subject contrast", "One row per design, academic subject and contrast that was fitted on the whole sample",
        "What was fitted: the formula as it ran, the estimator and how its standard errors came about.",
        """
        design* text | Study design.
        academic_subject* text | Academic subject of the outcome.
        contrast* text | Contrast.
        formula* text | The model; PD types stand in it jointly, or one after the other where it says PD_TYPE.
        estimator* text | How it was fitted.
        standard_errors* text | How its standard errors and degrees of freedom come about.
        frame* text | Table whose rows it stands on.
        n_rows* int | Rows of that table in the fit.
        n_columns* int | Coefficients, the absorbed ones left out.
        """,
    ),
    _table(
        "estimates.effect_sample", "design academic_subject pd_type step_number", "One row per design, academic subject, PD type and step of the sample",
        "How the sample of an estimate came about: what is left after each exclusion.",
        """
        design* text | Study design.
        academic_subject* text | Academic subject of the outcome.
        pd_type* text | Type of professional development.
        step_number* int | Position of the step, from 1.
        step* text | What is asked to be counted here.
        n_rows int results | Results of students, one for each teacher of the student.
        n_students int students | Different students.
        n_staff int teachers | Different teachers.
        n_schools int schools | Different schools.
        """,
    ),
)
