"""What comes out about growth: its frames, percentiles, value-added and what the report shows of them."""

from __future__ import annotations

from expectations.table_text import table_of as _table

GROWTH_FRAMES = (
    _table(
        "frames.scored_result", "student_id assessment_id academic_subject school_year term",
        "One row per student, assessment, academic subject, school year and term",
        "Every result, standardised; also the results of an assessment that the study links to its successor,"
        " expressed on the successor's scale (linked_from), which are priors and never outcomes.",
        """
        student_id* id | Pseudonym of the student.
        assessment_id* text | Id of the assessment; of a linked result the successor's.
        academic_subject* text | Academic subject.
        school_year* year | School year by its spring year.
        term* text | Term of the administration.
        grade_level grade | Grade level; from the enrollment where the result has none.
        school_id id | School of the enrollment in the school year (the longest, then the first by id).
        administration_date* date | Day of the administration.
        is_date_assumed* bool | Whether the source had no date, so that the usual day of the term stands in.
        scale_score* num scale points | Scale score; of a linked result its equivalent on the successor's scale.
        score_sem num scale points | Standard error of measurement; of a linked result that of the equivalent.
        norm_mean num scale points | Mean that the score was standardised with.
        norm_sd num scale points | Standard deviation that the score was standardised with.
        norm_source text | assessment_norm, or study where no norm was given (then within assessment, subject, grade, school year and term).
        score_sd num standard deviations | Standardised score.
        linked_from text | Assessment that the student sat, where the result was linked to its successor; else empty.
        is_english_learner bool | English learner in the school year.
        is_swd bool | Student with a disability in the school year.
        is_economically_disadvantaged bool | Economically disadvantaged in the school year.
        is_gifted bool | Identified as gifted in the school year.
        sex text | Sex, as the source has it.
        """,
    ),
    _table(
        "frames.assessment_link", "from_assessment_id to_assessment_id academic_subject grade_level scale_score",
        "One row per linked assessment, its successor, academic subject, grade level and score of the predecessor",
        "Equipercentile link between the last year of an assessment and the first of its successor.",
        """
        from_assessment_id* text | Assessment that ended.
        to_assessment_id* text | Its successor.
        academic_subject* text | Academic subject.
        grade_level* grade | Grade level.
        term* text | Term of both administrations.
        last_school_year* year | School year of the assessment that ended.
        first_school_year* year | School year of its successor.
        scale_score* num scale points | Score on the assessment that ended.
        linked_score* num scale points | Score of the same percentile rank on the successor.
        sd_ratio* num | Standard deviation of the successor's scores over that of the assessment that ended: what an error of measurement is multiplied by.
        percentile_rank* num percent | Percentile rank of the score among those of the last year.
        n_from* int students | Students behind the distribution of the last year.
        n_to* int students | Students behind the distribution of the first year.
        """,
    ),
    _table(
        "frames.growth_history",
        "student_id assessment_id academic_subject school_year growth_window prior_number",
        "One row per student, assessment, academic subject, school year, growth window and prior score",
        "The prior scores that growth in a window is conditional on, the most recent first, without gaps:"
        " a student with prior 2 has prior 1. The outcome is the result of the window's later term.",
        """
        student_id* id | Pseudonym of the student.
        assessment_id* text | Assessment of the outcome.
        academic_subject* text | Academic subject of the outcome.
        school_year* year | School year of the outcome.
        growth_window* text | From the term of the first prior to the term of the outcome, as spring_to_spring.
        prior_number* int | 1 for the first prior, then backwards.
        prior_subject* text | Academic subject of the prior.
        prior_school_year* year | School year of the prior.
        prior_term* text | Term of the prior.
        prior_grade_level* grade | Grade level of the prior.
        prior_scale_score* num scale points | Score of the prior.
        prior_score_sem num scale points | Its standard error of measurement.
        prior_score_sd num standard deviations | The prior standardised.
        prior_norm_sd num scale points | Standard deviation that it was standardised with.
        prior_linked_from text | Assessment that was sat, where the prior is linked.
        """,
    ),
    _table(
        "frames.value_added_analysis",
        "student_id staff_id assessment_id academic_subject school_year growth_window",
        "One row per student, teacher, assessment, academic subject, school year and growth window with a prior",
        "The sample of value-added: outcome, priors with their errors of measurement, covariates, roster weight.",
        """
        student_id* id | Pseudonym of the student.
        staff_id* id | Pseudonym of the teacher.
        school_id* id | School in which the teacher taught the student.
        assessment_id* text | Id of the assessment.
        academic_subject* text | Academic subject.
        school_year* year | School year by its spring year.
        growth_window* text | From the term of the first prior to the term of the outcome.
        grade_level* grade | Grade level.
        roster_weight* num share | Share of the student's instruction in the subject.
        score_sd* num standard deviations | Standardised score.
        prior_score_sd* num standard deviations | First prior in the subject, standardised.
        prior_sem_sd num standard deviations | Standard error of measurement of the prior, on the standardised scale.
        other_prior_sd num standard deviations | Prior of the same administration in the other subject that most students have; empty where there is none.
        other_prior_sem_sd num standard deviations | Its standard error of measurement.
        is_english_learner bool | English learner in the school year.
        is_swd bool | Student with a disability in the school year.
        is_economically_disadvantaged bool | Economically disadvantaged in the school year.
        is_gifted bool | Identified as gifted in the school year.
        is_female bool | Sex is female.
        """,
    ),
)

_GROUP_GROWTH = """
        n_students* int students | Distinct students with a percentile or a value-added row.
        n_students_weighted* num students | Sum of their roster weights.
        mean_sgp num percentiles | Mean student growth percentile, weighted by roster share; empty below 10 students.
        mean_sgp_se num percentiles | Its standard error.
        mean_sgp_ci_low num percentiles | Lower end of the 95 % interval of the mean.
        mean_sgp_ci_high num percentiles | Upper end of it.
        median_sgp num percentiles | Weighted median; empty below 10 students.
        median_sgp_ci_low num percentiles | Lower end of the 95 % interval of the median (Woodruff 1952).
        median_sgp_ci_high num percentiles | Upper end of it.
"""

_VALUE_ADDED = """
        value_added_sd num standard deviations of student scores | Value-added, shrunk by empirical Bayes; empty below 10 students.
        std_error num standard deviations of student scores | Root of its prediction error variance.
        ci_low num standard deviations of student scores | Lower end of the 95 % interval.
        ci_high num standard deviations of student scores | Upper end of the 95 % interval.
        reliability num share | Share of the true differences' variance that value-added has.
        gain_sd num standard deviations of student scores | Mean residual gain, not shrunk; empty below 10 students.
        gain_std_error num standard deviations of student scores | Its standard error given the model.
        note text | Why a number is missing, and cautions.
"""

_MEAN_GAIN = """
        gain_sd num standard deviations of student scores | Mean residual gain of the students, weighted by roster share; empty below 10 students.
        gain_std_error num standard deviations of student scores | Its standard error, clustered by school.
        gain_ci_low num standard deviations of student scores | Lower end of the 95 % interval.
        gain_ci_high num standard deviations of student scores | Upper end of it.
        note text | Why a number is missing, and cautions.
"""

_WINDOW = """
        assessment_id* text | Id of the assessment.
        academic_subject* text | Academic subject.
        school_year* year | School year by its spring year.
        growth_window* text | From the term of the first prior to the term of the outcome, as spring_to_spring.
"""

GROWTH_ESTIMATES = (
    _table(
        "estimates.growth_percentile", "student_id assessment_id academic_subject school_year growth_window",
        "One row per student, assessment, academic subject, school year and growth window with a percentile",
        "Student growth percentiles by quantile regression on B-splines of the prior scores (Betebenner 2009).",
        f"""
        student_id* id | Pseudonym of the student.{_WINDOW}
        grade_level* grade | Grade level of the outcome.
        sgp int percentiles | Cohort-referenced student growth percentile, 1 to 99; empty where the norm group is too small and there is a baseline.
        sgp_se num percentiles | Its standard error from errors of measurement; empty where a score has no score_sem.
        n_priors int | Prior scores that it is conditional on.
        norm_group text | School year, subject and grade of each score of the norm group, oldest first.
        sgp_baseline int percentiles | Baseline-referenced percentile, 1 to 99; empty where there is no baseline for it.
        baseline_n_priors int | Prior scores that the baseline percentile is conditional on.
        """,
    ),
    _table(
        "estimates.norm_group",
        "assessment_id academic_subject school_year growth_window reference norm_group",
        "One row per assessment, academic subject, school year, growth window, reference and norm group",
        "Students who went through the same grades: who is compared with whom, and for whom no percentile"
        " could be computed.",
        f"""{_WINDOW}
        reference* text | cohort: students of the same year; baseline: students of the baseline years.
        norm_group* text | School year, subject and grade of each score, oldest first.
        grade_level* grade | Grade level of the outcome.
        n_priors* int | Prior scores of the group; 0 for students without one.
        n_students* int students | Students with these scores.
        n_distinct int | Distinct score patterns that stand for them in the fit.
        is_estimated* bool | Whether quantile curves were fitted.
        floor_share num share | Students at the lowest score of the assessment and grade.
        ceiling_share num share | Students at the highest score of the assessment and grade.
        fit_deviation num share | Largest deviation from 10 % of a cell of prior decile by percentile decile.
        note text | Why there is no fit, and warnings.
        """,
    ),
    _table(
        "estimates.percentile_knot", "assessment_id academic_subject grade_level school_year term reference",
        "One row per assessment, academic subject, grade level, school year, term and reference",
        "Knots and boundaries of the B-splines of prior scores, as R's SGP sets them.",
        """
        assessment_id* text | Id of the assessment.
        academic_subject* text | Academic subject.
        grade_level* grade | Grade level.
        school_year* year | School year of the scores that the knots were set by.
        term* text | Term of those scores.
        reference* text | cohort or baseline.
        knot_20* num scale points | 20th percentile of the scores.
        knot_40* num scale points | 40th percentile.
        knot_60* num scale points | 60th percentile.
        knot_80* num scale points | 80th percentile.
        boundary_low* num scale points | Lowest score less a tenth of the range.
        boundary_high* num scale points | Highest score and a tenth of the range.
        lowest_score* num scale points | Lowest score.
        highest_score* num scale points | Highest score.
        n_scores* int | Scores.
        """,
    ),
    _table(
        "estimates.percentile_coefficient",
        "assessment_id academic_subject school_year growth_window reference norm_group term_number percentile",
        "One row per norm group, term of the splines and percentile",
        "Coefficients of the quantile regressions, reusable as a norm: term 0 is the intercept, then 7 B-splines"
        " of each prior, the most recent first. The row of percentile P is the quantile (P - 0.5) / 100.",
        f"""{_WINDOW}
        reference* text | cohort or baseline.
        norm_group* text | Norm group.
        n_priors* int | Prior scores.
        term_number* int | Position of the spline term.
        percentile* int | 1 to 100.
        coefficient* num scale points | Coefficient.
        """,
    ),
    _table(
        "estimates.growth_projection",
        "student_id assessment_id academic_subject school_year growth_window years_ahead",
        "One row per student with a score in the report year, assessment, academic subject, growth window and"
        " years ahead",
        "Which score keeps a student at the 35th, 50th and 65th percentile of growth in each coming year, and"
        " which percentile, held every year, reaches the cut score of proficiency.",
        f"""
        student_id* id | Pseudonym of the student.{_WINDOW}
        years_ahead* int years | Years after the score.
        grade_level* grade | Grade level of that year.
        score_p35 num scale points | Score after growing at the 35th percentile each year.
        score_p50 num scale points | Score after growing at the 50th percentile each year.
        score_p65 num scale points | Score after growing at the 65th percentile each year.
        cut_score num scale points | Lowest proficient score of that grade; empty without an assessment_performance_level source.
        adequate_percentile int percentiles | Lowest percentile, held each year, that reaches the cut score; 99 where not even the 99th does.
        is_reachable bool | Whether some percentile up to the 99th reaches the cut score.
        n_priors* int | Scores that the projection starts from, the current one included.
        """,
    ),
    _table(
        "estimates.teacher_growth", "staff_id assessment_id academic_subject school_year growth_window",
        "One row per teacher, assessment, academic subject, school year and growth window",
        "Growth of the teacher's students; percentiles and value-added, weighted by roster share.",
        f"""
        staff_id* id | Pseudonym of the teacher.{_WINDOW}
        school_id id | School in which most of the students were taught.{_GROUP_GROWTH}{_VALUE_ADDED}""",
    ),
    _table(
        "estimates.school_growth", "school_id assessment_id academic_subject school_year growth_window",
        "One row per school, assessment, academic subject, school year and growth window",
        "Growth of the school's students; percentiles and value-added, weighted by roster share.",
        f"""
        school_id* id | Id of the school.{_WINDOW}{_GROUP_GROWTH}{_VALUE_ADDED}
        mean_score_sd num standard deviations | Mean standardised score of the students: where they stand.
        mean_prior_sd num standard deviations | Mean standardised prior of the students.
        """,
    ),
    _table(
        "estimates.pd_type_growth",
        "pd_type is_participant assessment_id academic_subject school_year growth_window",
        "One row per PD type, whether the teacher took part, assessment, academic subject, school year and window",
        "Growth of students whose teachers had aligned hours of the type in the window, and of the others."
        " A description without adjustment for who takes part.",
        f"""
        pd_type* text | Type of professional development.
        is_participant* bool | Whether the teachers took part.{_WINDOW}
        n_staff* int teachers | Teachers.
        n_schools* int schools | Schools.{_GROUP_GROWTH}{_MEAN_GAIN}""",
    ),
    _table(
        "estimates.subgroup_growth", "subgroup assessment_id academic_subject school_year growth_window",
        "One row per subgroup of students, assessment, academic subject, school year and growth window",
        "Growth of subgroups; the subgroup all is everybody.",
        f"""
        subgroup* text | all, or an attribute and its value, as is_swd=true or grade_level=5.{_WINDOW}
        n_schools* int schools | Schools.{_GROUP_GROWTH}{_MEAN_GAIN}""",
    ),
    _table(
        "estimates.growth_stability",
        "level measure assessment_id academic_subject school_year growth_window",
        "One row per level, measure, assessment, academic subject, growth window and pair of consecutive years",
        "How far a teacher's or school's growth of one year tells that of the next.",
        f"""
        level* text | teacher or school.
        measure* text | gain_sd (value-added before shrinkage) or mean_sgp.{_WINDOW}
        n_groups* int | Teachers or schools with at least 10 students in this year and the year before.
        correlation num | Correlation of this year's number with last year's; empty below 10 groups.
        ci_low num | Lower end of the 95 % interval (Fisher 1921).
        ci_high num | Upper end of it.
        """,
    ),
    _table(
        "estimates.value_added_model", "assessment_id academic_subject growth_window",
        "One row per assessment, academic subject and growth window",
        "The model behind value-added: what the prior counts for, and where differences lie.",
        """
        assessment_id* text | Id of the assessment.
        academic_subject* text | Academic subject.
        growth_window* text | From the term of the first prior to the term of the outcome.
        n_students* int students | Distinct students.
        n_staff* int teachers | Distinct teachers.
        n_schools* int schools | Distinct schools.
        prior_coefficient num | Coefficient of the prior at its mean, corrected for its error of measurement.
        prior_coefficient_uncorrected num | The same without the correction.
        prior_reliability num share | 1 less the mean error variance of the prior over its variance.
        is_error_corrected* bool | Whether errors of measurement are corrected for.
        variance_school_sd2 num squared standard deviations | Variance between schools.
        variance_teacher_sd2 num squared standard deviations | Variance between teachers of a school.
        variance_teacher_year_sd2 num squared standard deviations | Variance between years of a teacher.
        variance_residual_sd2 num squared standard deviations | Variance between students of a teacher and year.
        note text | Refusal, cautions and what the model was.
        """,
    ),
)

GROWTH_REPORT = (
    _table(
        "report.growth_distribution",
        "group_kind group_id assessment_id academic_subject school_year growth_window",
        "One row per kind of group, group, assessment, academic subject, school year and growth window",
        "How student growth percentiles spread in schools, among students of participants of each PD type and"
        " in subgroups; groups of too few students, and PD types of too few participants, are hidden.",
        f"""
        group_kind* text | school, pd_type or subgroup.
        group_id* text | School, PD type (participants only) or subgroup.
        group_name* text | Name to show.{_WINDOW}
        n_students int students | Students; empty below the minimum.
        sgp_p10 num percentiles | 10th percentile of the group's growth percentiles, each of these empty below the minimum.
        sgp_p25 num percentiles | 25th.
        sgp_p50 num percentiles | Median.
        sgp_p75 num percentiles | 75th.
        sgp_p90 num percentiles | 90th.
        median_sgp_ci_low num percentiles | Lower end of the 95 % interval of the median.
        median_sgp_ci_high num percentiles | Upper end of it.
        is_suppressed* bool | Whether the group is too small to be shown.
        """,
    ),
    _table(
        "report.growth_quadrant", "school_id assessment_id academic_subject school_year growth_window",
        "One row per school, assessment, academic subject, school year and growth window",
        "Status against growth: where the students stand and how they grow; schools of too few students"
        " are hidden.",
        f"""
        school_id* id | Id of the school.
        school_name* text | Name of the school; its id where there is no school source.{_WINDOW}
        n_students int students | Students; empty below the minimum.
        mean_score_sd num standard deviations | Mean standardised score.
        mean_prior_sd num standard deviations | Mean standardised prior.
        median_sgp num percentiles | Median growth percentile.
        median_sgp_ci_low num percentiles | Lower end of its 95 % interval.
        median_sgp_ci_high num percentiles | Upper end of it.
        value_added_sd num standard deviations of student scores | Value-added, shrunk.
        std_error num standard deviations of student scores | Its standard error.
        quadrant text | Status (higher, lower) and growth (higher, lower) against 0 and 50; unclear where the interval of the median holds 50.
        is_suppressed* bool | Whether the school is too small to be shown.
        """,
    ),
    _table(
        "report.percentile_curve",
        "assessment_id academic_subject school_year growth_window grade_level prior_score percentile",
        "One row per assessment, academic subject, school year, growth window, grade level, prior score and"
        " percentile",
        "Percentile curves: which score stands at which growth percentile, given one prior score. Drawn between"
        " the 1st and the 99th percentile of the prior.",
        f"""{_WINDOW}
        grade_level* grade | Grade level of the outcome.
        prior_score* num scale points | Prior score.
        percentile* int | 10, 25, 50, 75 or 90.
        score* num scale points | Score at the percentile.
        n_students* int students | Students of the norm group.
        """,
    ),
    _table(
        "report.growth_caution", "assessment_id academic_subject school_year growth_window topic group_name",
        "One row per assessment, academic subject, school year, growth window, topic and group",
        "What limits the growth numbers of the report year: floors, ceilings, students without a percentile.",
        f"""{_WINDOW}
        topic* text | floor, ceiling, fit, no_prior, small_norm_group, linked or not_linked.
        group_name* text | Norm group or grade that it is about.
        n_students int students | Students concerned; empty where they are too few.
        share num share | Their share.
        text* text | What is to be known.
        """,
    ),
)
