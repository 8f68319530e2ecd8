"""What comes out: the frames, estimates, report, quarantine and meta tables of the published database."""

from __future__ import annotations

from expectations.balance_outputs import BALANCE_ESTIMATES, BALANCE_REPORT
from expectations.connected_outputs import CONNECTED_ESTIMATES, CONNECTED_REPORT
from expectations.contract import Table
from expectations.cost_outputs import COST_ESTIMATES, COST_REPORT
from expectations.decision_outputs import DECISION_ESTIMATES, DECISION_REPORT
from expectations.design_outputs import DESIGN_ESTIMATES
from expectations.growth_outputs import GROWTH_ESTIMATES, GROWTH_FRAMES, GROWTH_REPORT
from expectations.history_outputs import FLOW_REPORT, HISTORY
from expectations.improvement_outputs import IMPROVEMENT_FRAMES, IMPROVEMENT_REPORT, INDICATORS
from expectations.leadership_outputs import LEADERSHIP_ESTIMATES, LEADERSHIP_FRAMES, LEADERSHIP_REPORT
from expectations.learning_outputs import LEARNING_ESTIMATES, LEARNING_REPORT
from expectations.standard_outputs import STANDARD_ESTIMATES, STANDARD_REPORT
from expectations.survey_outputs import SURVEY_ESTIMATES, SURVEY_FRAMES, SURVEY_REPORT
from expectations.table_text import table_of as _table
from expectations.voice_outputs import VOICE_ESTIMATES, VOICE_REPORT

CORE = (
    _table(
        "core.pd_type", "pd_type", "One row per PD type", "Types of the contract and of the study.",
        """
        pd_type* text | Type of professional development.
        is_connected* bool | Whether the type is job-embedded and sustained.
        """,
    ),
)

FRAMES = (
    _table(
        "frames.student_growth", "student_id assessment_id academic_subject school_year term",
        "One row per student, assessment, academic subject, school year and term",
        "Standardised score, its prior and the growth window between the two administrations.",
        """
        student_id* id | Pseudonym of the student.
        assessment_id* text | Id of the assessment.
        academic_subject* text | Academic subject.
        school_year* year | School year by its spring year.
        term* text | Term of the administration.
        grade_level grade | Grade level; from the enrollment where the result has none.
        school_id id | School of the enrollment in the school year (the longest, then the first by id).
        administration_date* date | Day of the administration.
        is_date_assumed* bool | Whether the source had no date, so that the usual day of the term stands in.
        scale_score* num scale points | Scale score.
        score_sem num scale points | Standard error of measurement of the score.
        norm_mean num scale points | Mean that the score was standardised with.
        norm_sd num scale points | Standard deviation that the score was standardised with.
        norm_source text | assessment_norm, or study where no norm was given (then within assessment, subject, grade, school year and term).
        score_sd num standard deviations | Standardised score.
        prior_scale_score num scale points | Scale score of the last earlier result on the same scale.
        prior_score_sd num standard deviations | Standardised score of the prior.
        prior_score_sem num scale points | Standard error of measurement of the prior.
        prior_linked_from text | Assessment that was sat, where the prior is linked to its successor's scale.
        prior_school_year year | School year of the prior.
        prior_term text | Term of the prior.
        window_start date | Day of the prior administration; the growth window begins the day after.
        window_end date | Day of this administration, the last day of the growth window.
        has_growth_window* bool | Whether there is a prior, so that growth can be told.
        is_english_learner bool | English learner in the school year.
        is_swd bool | Student with a disability in the school year.
        is_economically_disadvantaged bool | Economically disadvantaged in the school year.
        is_gifted bool | Identified as gifted in the school year.
        sex text | Sex, as the source has it.
        """,
    ),
    _table(
        "frames.student_teacher_link", "student_id staff_id academic_subject school_year",
        "One row per student, teacher, academic subject and school year",
        "Roster weights by the full roster method (Hock and Isenberg): days in common in the section times"
        " percentage_contribution, summing to 1 per student, subject and school year.",
        """
        student_id* id | Pseudonym of the student.
        staff_id* id | Pseudonym of the teacher.
        academic_subject* text | Academic subject of the sections.
        school_year* year | School year by its spring year.
        school_id* id | School of the sections (the one with most days in common).
        days_in_common* num days | Days that student and teacher were in the same sections, summed over sections.
        roster_weight* num share | Share of the student's instruction in the subject.
        n_teachers* int | Teachers of the student in the subject and school year.
        """,
    ),
    _table(
        "frames.teacher_year_exposure", "staff_id academic_subject school_year window_start window_end pd_type",
        "One row per teacher, outcome subject, school year, growth window and PD type with hours in it or before it",
        "Attended hours of professional development that fall in a growth window of the teacher's students.",
        """
        staff_id* id | Pseudonym of the teacher.
        academic_subject* text | Academic subject of the outcome.
        school_year* year | School year of the outcome.
        window_start* date | Day of the prior administration; hours count from the day after.
        window_end* date | Day of the administration, the last day that counts.
        pd_type* text | Type of professional development.
        aligned_hours* num hours | Attended hours of activities in the outcome's subject or in all subjects.
        other_hours* num hours | Attended hours of activities in other subjects.
        lagged_hours* num hours | Attended aligned hours in the window of the same length before.
        n_participations* int | Attended participations in the window.
        """,
    ),
    _table(
        "frames.teacher_year", "staff_id school_year",
        "One row per teacher and school year",
        "Teachers with students or an assignment as teacher, and their PD hours of the school year (July to June).",
        """
        staff_id* id | Pseudonym of the teacher.
        school_year* year | School year by its spring year.
        school_id id | School of the teacher (most linked days, else the first assignment).
        years_experience num years | Years of experience.
        is_novice bool | In the first three years of teaching.
        n_students* int students | Students linked to the teacher.
        pd_hours* num hours | Attended hours of PD in the school year.
        n_pd_types* int | PD types that the teacher took part in.
        """,
    ),
    _table(
        "frames.teacher_year_pd", "staff_id school_year pd_type",
        "One row per staff member, school year and PD type that the person attended",
        "Attended hours by type within a school year (July to June), whatever the outcome.",
        """
        staff_id* id | Pseudonym of the staff member.
        school_year* year | School year by its spring year.
        pd_type* text | Type of professional development.
        school_id id | School of the staff member in the year.
        is_connected* bool | Whether the type is job-embedded and sustained.
        hours* num hours | Attended hours.
        n_participations* int | Attended participations.
        """,
    ),
    _table(
        "frames.growth_analysis", "student_id staff_id assessment_id academic_subject school_year term",
        "One row per student, teacher, assessment, academic subject, school year and term with a growth window",
        "The sample of the growth models: outcome, prior, covariates and roster weight.",
        """
        student_id* id | Pseudonym of the student.
        staff_id* id | Pseudonym of the teacher.
        assessment_id* text | Id of the assessment.
        academic_subject* text | Academic subject.
        school_year* year | School year by its spring year.
        term* text | Term of the administration.
        grade_level* grade | Grade level.
        school_id* id | School in which the teacher taught the student.
        roster_weight* num share | Share of the student's instruction in the subject.
        score_sd* num standard deviations | Standardised score.
        prior_score_sd* num standard deviations | Standardised prior score.
        norm_sd* num scale points | Standard deviation that the score was standardised with.
        class_mean_prior_sd* num standard deviations | Mean prior of the teacher's students in the subject, school year and window's term.
        school_mean_prior_sd* num standard deviations | Mean prior of the school's students in the same.
        is_english_learner bool | English learner in the school year.
        is_swd bool | Student with a disability in the school year.
        is_economically_disadvantaged bool | Economically disadvantaged in the school year.
        is_gifted bool | Identified as gifted in the school year.
        is_female bool | Sex is female.
        window_start* date | Day of the prior administration.
        window_end* date | Day of this administration.
        is_design_window* bool | Whether the designs use the row: its window lasts about a school year, or the subject has no such windows.
        """,
    ),
    _table(
        "frames.pd_offer", "staff_id pd_type cohort",
        "One row per staff member, PD type and cohort that places were drawn by lot for",
        "Offers by lot, and the school year whose growth is the first that the PD can show in.",
        """
        staff_id* id | Pseudonym of the staff member.
        pd_type* text | Type of professional development.
        cohort text | Wave or lottery.
        block text | Randomisation block.
        is_offered* bool | Whether the offer was made.
        assignment_date date | Day of the randomisation.
        outcome_school_year year | First school year with a growth window that ends after assignment_date; without a date the cohort, where it is a school year (2025 or 2024-25).
        """,
    ),
)

ESTIMATES = (
    _table(
        "estimates.effect", "design pd_type academic_subject contrast subgroup",
        "One row per study design, PD type, academic subject, contrast and subgroup",
        "What the models found. A row without estimate_sd says in note why no number could be computed.",
        """
        effect_id* text | Short id of the row, stable between builds.
        build_id* text | Build that computed the row.
        design* text | Study design; see docs/methods.md.
        pd_type* text | Type of professional development.
        academic_subject* text | Academic subject of the outcome.
        subgroup* text | all, or the subgroup of students or teachers.
        contrast* text | per_10_hours, participated or offered.
        estimate_sd num standard deviations of student scores | Estimate; positive means higher growth with more PD.
        std_error num standard deviations of student scores | Standard error, robust to clusters.
        df num | Degrees of freedom of the t distribution.
        ci_low num standard deviations of student scores | Lower end of the 95 % confidence interval.
        ci_high num standard deviations of student scores | Upper end of the 95 % confidence interval.
        p_value num | Two-sided p-value.
        p_value_bh num | p-value after Benjamini and Hochberg within the outcome domain, design and contrast.
        hedges_g num | Hedges' g of the contrast.
        improvement_index num percentile points | WWC improvement index, 100 Phi(g) - 50.
        n_students int students | Distinct students in the fit.
        n_staff int teachers | Distinct teachers in the fit.
        n_schools int schools | Distinct schools in the fit.
        n_clusters int | Clusters of the standard error.
        n_participants int teachers | Teachers in the fit with aligned hours of the type.
        n_participant_schools int schools | Schools in which those teachers taught.
        baseline_g_max num | Largest baseline difference in standard deviations.
        attrition_overall num share | Overall attrition.
        attrition_differential num share | Differential attrition.
        essa_tier int | Evidence tier of the Every Student Succeeds Act, 1 to 4; empty where none is reached.
        wwc_rating text | What Works Clearinghouse rating.
        robustness_value num | Robustness value (Cinelli and Hazlett).
        is_primary* bool | Whether the study named this row as its question in advance.
        estimate_scale_points num scale points | Estimate in scale points, where the fit has one scale, grade and year.
        std_error_scale_points num scale points | Its standard error.
        std_error_model num standard deviations of student scores | Standard error of the model without the robust correction.
        placebo_sd num standard deviations of student scores | The same estimate for growth in the year before the PD, which it cannot have changed: should be near 0.
        placebo_std_error num standard deviations of student scores | Its standard error.
        placebo_p_value num | Its two-sided p-value.
        effective_sample_size num teachers | Comparison teachers that the weights are worth (Kish), where there are weights.
        wwc_reasons text | Why the WWC rating is what it is, one reason a clause.
        essa_reasons text | Why the evidence tier is what it is.
        size_benchmark text | small, medium or large among effects on achievement (Kraft 2020); of the two-group contrasts.
        is_struck_out* bool | Whether the design failed its calibration on this study's data (estimates.calibration).
        note text | Refusal, cautions and what the model was.
        """,
    ),
    _table(
        "estimates.variance_component", "design academic_subject contrast group_name",
        "One row per design, academic subject, contrast and level of the mixed model",
        "Estimated variances of the random intercepts and of the residual.",
        """
        build_id* text | Build that computed the row.
        design* text | Study design.
        academic_subject* text | Academic subject of the outcome.
        contrast* text | per_10_hours or participated.
        group_name* text | teacher_year, teacher, school or residual.
        variance_sd2* num squared standard deviations | Estimated variance.
        icc* num share | Share of the total variance.
        n_groups* int | Groups of the level.
        is_boundary* bool | Whether the estimate is zero, on the boundary.
        """,
    ),
)

QUARANTINE = (
    _table(
        "quarantine.rejected_row", "entity source_file source_line rule column_name",
        "One row per source row, rule and column that did not go in (or, with rule disagreement, that lost a value)",
        "Why rows were turned away. The record itself stands only in the restricted file.",
        """
        entity* text | Entity that the row was meant for.
        source_file* text | File of the row, relative to the study.
        source_line int | Line of the file (row of the sheet, position in the list) on which the record begins.
        rule* text | Rule that turned the row away.
        column_name text | Column that broke the rule.
        reason* text | What is wrong and what to do; never the value itself.
        build_id* text | Build that read the row.
        """,
    ),
)

META = (
    _table(
        "meta.build", "build_id", "One row: the build of this file", "When, by what and from what it was built.",
        """
        build_id* text | Id of the build.
        study_name* text | Name of the study.
        lea_id text | Local education agency of the study.
        report_year* year | School year that the report is about.
        status* text | published, or candidate while it is being built.
        started_at* time | Start of the build (UTC).
        finished_at time | End of the build (UTC).
        pdeval_version* text | Version of pdeval.
        schema_version* text | Version of the published tables.
        input_fingerprint* text | SHA-256 over input files, settings and code: equal fingerprints give equal builds.
        settings* text | Settings of the study as JSON; no secrets.
        pseudonym_key_id* text | Fingerprint of the pseudonym key; equal ids mean comparable pseudonyms.
        """,
    ),
    _table(
        "meta.source_file", "source_number source_file", "One row per source of study.toml and file",
        "What was read, and how it was understood.",
        """
        source_number* int | Position of the source in study.toml, from 1.
        entity* text | Entity that the source feeds.
        source_file* text | File relative to the study; members of archives after a colon.
        sha256* text | SHA-256 of the file.
        bytes* int bytes | Size of the file.
        rows* int rows | Records in the file.
        encoding text | Encoding that was detected.
        delimiter text | Delimiter that was detected.
        decimal_sign text | Decimal sign that was detected; empty where every number is written plainly, as 1234.5.
        date_formats text | Format per date column, as JSON; a column that is not named has ISO dates or none.
        is_reused* bool | Whether the landed copy of an earlier run was used.
        """,
    ),
    _table(
        "meta.reconciliation", "source_number entity source_file", "One row per source, entity and file",
        "rows_read = rows_loaded + rows_duplicate + rows_skipped + rows_quarantined, checked in every build.",
        """
        source_number* int | Position of the source in study.toml, from 1.
        entity* text | Entity.
        source_file* text | File relative to the study.
        rows_read* int rows | Records read.
        rows_loaded* int rows | Records that went into core.
        rows_duplicate* int rows | Records equal to one that went in.
        rows_skipped* int rows | Records left out by the study's own rule.
        rows_quarantined* int rows | Records turned away.
        """,
    ),
    _table(
        "meta.validation_result", "rule_id", "One row per rule of the gate", "What the gate checked and found.",
        """
        rule_id* text | Id of the rule.
        table_schema* text | Schema of the checked table.
        table_name* text | Checked table.
        column_name text | Checked column.
        rule* text | Kind of rule.
        meaning* text | What the rule means for the district.
        severity* text | critical blocks publishing; warning publishes with a banner.
        status* text | passed, failed or error.
        n_rows int rows | Rows that were checked.
        n_offending int rows | Rows that broke the rule.
        detail text | Error of the rule, or threshold against value.
        """,
    ),
    _table(
        "meta.table_lineage", "table_name depends_on", "One row per table and table that it is made from",
        "Which table is made from which.",
        """
        table_name* text | Schema and name of the table.
        depends_on* text | Schema and name of the table it reads.
        sql_sha256* text | SHA-256 of the SQL that made it; for estimates, of the whole code.
        """,
    ),
    _table(
        "meta.package_version", "package", "One row per package", "Versions of what computed the build.",
        """
        package* text | Package.
        version* text | Version.
        """,
    ),
    _table(
        "meta.disclosure", "table_name persons", "One row per table of the report and kind of persons it counts",
        "What an attack on the hidden figures came to: linear programmes over all that the report shows.",
        """
        table_name* text | Table of the report.
        persons text | students or staff; empty where the table counts nobody, or nobody has said whom.
        minimum int people | Smallest count that is shown.
        verdict* text | pass, review (see reason) or fail; a build with fail is not published.
        n_figures int | Counts of the table.
        n_hidden int | Counts that are hidden: small ones, and others that would give these away.
        n_narrow int | Hidden counts that could be narrowed too far, or wait for a review.
        reason text | Why the verdict is not pass, or why a table without persons passes.
        """,
    ),
    _table(
        "meta.schema_version", "version", "One row per version of the published tables up to this build's",
        "Since when a version is built, and what changed; docs/reference/schema-versions.md has the rule.",
        """
        version* text | Version, major.minor.
        since* date | First day on which builds had it.
        kind* text | minor: queries of before hold; major: some need changing.
        changes* text | What changed for a reader.
        is_of_build* bool | Whether it is the version of this build.
        """,
    ),
    _table(
        "meta.schema_description", "schema_name", "One row per schema of the published database",
        "What each schema holds: DuckDB keeps no COMMENT of a schema.",
        """
        schema_name* text | Schema.
        description* text | What it holds.
        """,
    ),
    _table(
        "meta.unavailable", "topic", "One row per topic that could not be computed", "What is missing and why.",
        """
        topic* text | What is not available.
        reason* text | Why, naming the missing source.
        """,
    ),
)

_REACH = """
        n_staff int people | Staff with attended hours; empty below the minimum.
        n_teachers_reached int teachers | Teachers among them; empty below the minimum.
        n_teachers int teachers | Teachers of the year; empty below the minimum.
        share_of_teachers num share | Teachers reached divided by teachers; empty where a count is hidden.
        hours num hours | Attended hours, summed; empty below the minimum.
        hours_per_participant num hours | Attended hours per person; empty below the minimum.
        is_suppressed* bool | Whether the group is too small to be shown.
"""

REPORT = (
    _table(
        "report.pd_reach", "school_id school_year pd_type",
        "One row per school, school year and PD type that staff of the school attended",
        "How many staff of each school each type of PD reached; groups of too few staff are hidden.",
        f"""
        school_id* id | Id of the school.
        school_name* text | Name of the school; its id where there is no school source.
        school_year* year | School year by its spring year.
        pd_type* text | Type of professional development.
        {_REACH}""",
    ),
    _table(
        "report.pd_reach_district", "school_year pd_type",
        "One row per school year and PD type that staff of the district attended",
        "How many staff of the district each type of PD reached; groups of too few staff are hidden.",
        f"""
        school_year* year | School year by its spring year.
        pd_type* text | Type of professional development.
        is_connected* bool | Whether the type is job-embedded and sustained.
        n_schools int schools | Schools whose staff took part.
        {_REACH}""",
    ),
    _table(
        "report.growth_by_school", "school_id academic_subject school_year",
        "One row per school, academic subject and school year with growth windows",
        "Mean simple gain of the school's students; groups of too few students are hidden.",
        """
        school_id* id | Id of the school.
        school_name* text | Name of the school; its id where there is no school source.
        academic_subject* text | Academic subject.
        school_year* year | School year by its spring year.
        n_students int students | Students with a growth window; empty below the minimum.
        mean_growth_sd num standard deviations | Mean of score minus prior, both standardised; empty below the minimum.
        is_suppressed* bool | Whether the group is too small to be shown.
        """,
    ),
    _table(
        "report.intake", "entity", "One row per entity with a source",
        "What was read for it and what became of the records; sums of meta.reconciliation.",
        """
        entity* text | Entity.
        n_files* int files | Files of its sources.
        rows_read* int rows | Records read.
        rows_loaded* int rows | Records that went into core.
        rows_duplicate* int rows | Records equal to one that went in.
        rows_skipped* int rows | Records left out by the study's own rule.
        rows_quarantined* int rows | Records turned away.
        """,
    ),
    _table(
        "report.rejected_by_rule", "entity source_file rule",
        "One row per entity, source file and rule that turned rows away or overruled a value",
        "What is wrong in which file, how often, and what is to be done.",
        """
        entity* text | Entity that the rows were meant for.
        source_file* text | File, relative to the study.
        rule* text | Rule that they broke.
        n_rows* int rows | Rows that broke it.
        first_line int | Line of the first of them.
        example_reason* text | Reason of the first of them; never a value.
        """,
    ),
    _table(
        "report.sample_flow", "academic_subject step_number", "One row per academic subject and step of the sample",
        "From all scores to those that the growth models stand on.",
        """
        academic_subject* text | Academic subject.
        step_number* int | Position of the step, from 1.
        step* text | What is asked of a score to be counted here.
        n_students* int students | Distinct students.
        n_rows* int rows | Rows.
        """,
    ),
)

# what the improvement loop stands on, fills and shows, idea by idea
LOOP_FRAMES: tuple[Table, ...] = (*IMPROVEMENT_FRAMES, *SURVEY_FRAMES, *LEADERSHIP_FRAMES)
IMPROVEMENT_ESTIMATES: tuple[Table, ...] = (
    *INDICATORS, *SURVEY_ESTIMATES, *VOICE_ESTIMATES, *BALANCE_ESTIMATES, *LEARNING_ESTIMATES, *LEADERSHIP_ESTIMATES, *CONNECTED_ESTIMATES, *COST_ESTIMATES, *DECISION_ESTIMATES, *STANDARD_ESTIMATES,
)
IMPROVEMENT_PAGES: tuple[Table, ...] = (
    *IMPROVEMENT_REPORT, *SURVEY_REPORT, *VOICE_REPORT, *BALANCE_REPORT, *LEARNING_REPORT, *LEADERSHIP_REPORT, *CONNECTED_REPORT, *COST_REPORT, *DECISION_REPORT, *STANDARD_REPORT,
)

OUTPUTS: dict[str, Table] = {
    table.qualified_name: table
    for table in (
        *CORE, *FRAMES, *GROWTH_FRAMES, *LOOP_FRAMES, *ESTIMATES, *DESIGN_ESTIMATES, *GROWTH_ESTIMATES,
        *IMPROVEMENT_ESTIMATES, *QUARANTINE, *META, *REPORT, *GROWTH_REPORT, *IMPROVEMENT_PAGES, *FLOW_REPORT, *HISTORY,
    )
}
