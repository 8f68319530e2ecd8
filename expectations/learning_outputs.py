"""A school system that learns: its four drivers, how they go with growth, and how practices spread."""

from __future__ import annotations

from expectations.table_text import table_of as _table

LEARNING_ESTIMATES = (
    _table(
        "estimates.driver_score", "driver school_id school_year role",
        "One row per driver, school (none: the district), school year and role",
        "Mean answer of climate surveys on trust, leadership, capacity building and collaboration, in points from 1 to 5. The district"
        " has each role, a school teachers and all.",
        """
        driver* text | trust, leadership, capacity_building or collaboration.
        school_id id | School; empty: the district.
        school_year* year | School year by its spring year.
        role* text | teacher, coach (instructional coaches, teacher leaders), principal (also assistant principals), central_office, other (other or not said) or all.
        mean_score num points from 1 to 5 | Mean answer; items of another range are converted.
        std_error num points from 1 to 5 | Its standard error: CR2 by school for the district, of people for a school and where all work in one place.
        df num | Degrees of freedom of the interval.
        ci_low num points from 1 to 5 | Lower end of the 95 % confidence interval.
        ci_high num points from 1 to 5 | Upper end of the 95 % confidence interval.
        total* num points from 1 to 5 | Sum of the answers.
        n_answers* int answers | Answers (a person who answered two surveys of the year counts twice).
        n_persons* int people | People at least behind them: the answers to the survey of the year that had most.
        n_schools* int schools | Schools of the answers.
        is_withheld* bool | Whether a report leaves the row out because with it the answers of fewer than 5 people could be worked out from others.
        note text | What limits the value.
        """,
    ),
    _table(
        "estimates.driver_gap", "driver school_id school_year role",
        "One row per driver, school (none: the district), school year and role compared with teachers",
        "How much higher a role answers than the teachers of the same school. A school has a row only where 5 of the role and 5 teachers answered.",
        """
        driver* text | trust, leadership, capacity_building or collaboration.
        school_id id | School; empty: the district.
        school_year* year | School year by its spring year.
        role* text | principal (also assistant principals) or coach (instructional coaches, teacher leaders).
        gap num points from 1 to 5 | Mean of the role less mean of teachers within the same school; of the district the mean over schools with weight n1 n2 / (n1 + n2).
        std_error num points from 1 to 5 | Its standard error: CR2 by school; Welch's for a school.
        df num | Degrees of freedom (Satterthwaite).
        ci_low num points from 1 to 5 | Lower end of the 95 % confidence interval.
        ci_high num points from 1 to 5 | Upper end of the 95 % confidence interval.
        p_value num | p-value of no gap.
        n_schools* int schools | Schools where both answered.
        n_role* int people | People of the role in them.
        n_teachers* int people | Teachers in them.
        note text | Why there is no value, or what limits it.
        """,
    ),
    _table(
        "estimates.driver_change", "driver role", "One row per driver and role",
        "Change of the answers per year within the same school and role; positive: answers rise.",
        """
        driver* text | trust, leadership, capacity_building or collaboration.
        role* text | teacher, coach, principal, central_office, other or all.
        change_per_year num points from 1 to 5 per year | Slope over school years, schools by roles held constant.
        std_error num points from 1 to 5 per year | Its standard error, CR2 by school.
        df num | Degrees of freedom (Satterthwaite).
        ci_low num points from 1 to 5 per year | Lower end of the 95 % confidence interval.
        ci_high num points from 1 to 5 per year | Upper end of the 95 % confidence interval.
        p_value num | p-value of no change.
        p_value_bh num | The same, adjusted over the drivers of the role (Benjamini and Hochberg 1995).
        first_year year | First school year with answers.
        last_year year | Last school year with answers.
        n_years* int years | School years with answers.
        n_answers* int answers | Answers of schools and roles that answered in two years or more.
        n_persons* int people | People at least behind them: those of the year that had most.
        n_schools* int schools | Schools of these answers.
        note text | Why there is no value, or what limits it.
        """,
    ),
    _table(
        "estimates.climate_growth", "driver academic_subject", "One row per driver and academic subject",
        "How the mean answer of a school's teachers goes with the growth of its students in the same year: an association, not an effect.",
        """
        driver* text | trust, leadership, capacity_building or collaboration.
        academic_subject* text | Academic subject.
        assessment_id text | Assessment that growth is told from.
        growth_window text | Growth window.
        slope_sd num standard deviations of student scores | Growth that goes with one SD of schools' mean answers, years held constant.
        std_error num standard deviations of student scores | Its standard error, CR2 by school.
        df num | Degrees of freedom (Satterthwaite).
        ci_low num standard deviations of student scores | Lower end of the 95 % confidence interval.
        ci_high num standard deviations of student scores | Upper end of the 95 % confidence interval.
        p_value num | p-value of no association.
        p_value_bh num | The same, adjusted over drivers and subjects (Benjamini and Hochberg 1995).
        correlation num | Correlation within years, weighted by precision of growth.
        slope_points num standard deviations of student scores | Growth that goes with one point of the scale from 1 to 5.
        sd_of_means num points from 1 to 5 | SD of schools' mean answers within years.
        icc1 num | ICC(1): share of the variance of a teacher's answer that lies between schools.
        icc2 num | ICC(2): reliability of a school's mean answer.
        slope_disattenuated_sd num standard deviations of student scores | slope_sd divided by the root of ICC(2): growth that goes with one SD of means without sampling error; empty where ICC(2) is below .50.
        disattenuated_ci_low num standard deviations of student scores | Lower end of the interval, divided likewise; the error of ICC(2) is not in it.
        disattenuated_ci_high num standard deviations of student scores | Upper end, likewise.
        n_schools* int schools | Schools.
        n_school_years* int school years | Schools by years.
        n_teachers int people | Teachers at least behind the answers of a year, in the mean over years.
        note text | Why there is no value, or what limits it.
        """,
    ),
    _table(
        "estimates.school_adoption", "pd_type school_id school_year", "One row per PD type, school and school year",
        "Whether enough of a school's teachers took part in a type for the school to count as having taken it up. Schools without teachers in a year have no row.",
        """
        pd_type* text | Type of professional development.
        school_id* id | School.
        school_year* year | School year by its spring year.
        n_teachers* int people | Teachers of the school in the year.
        n_reached* int people | Of them those with at least 6 attended hours of the type in the year.
        share_reached* num share | Share reached.
        is_practising* bool | Whether at least 25 % of the teachers were reached in this year.
        adoption_year year | First school year in which they were; empty: not yet in any year.
        is_left_censored bool | Whether that was the first year on record of the school, so that it may have been earlier.
        """,
    ),
    _table(
        "estimates.adoption", "pd_type school_year", "One row per PD type and school year",
        "Spread of a PD type over schools: those that have taken it up by the year, and those that live it in the year.",
        """
        pd_type* text | Type of professional development.
        school_year* year | School year by its spring year.
        n_schools* int schools | Schools with teachers in the year.
        n_adopted* int schools | Of them those that took the type up in this year or before.
        share* num share | Share of schools that took it up.
        n_new* int schools | Schools that took it up in this year.
        n_practising* int schools | Schools where at least 25 % of the teachers were reached in this year.
        """,
    ),
    _table(
        "estimates.adoption_spread", "pd_type", "One row per PD type",
        "When half of the schools had taken up a PD type, and whether schools whose neighbours in the network of leaders had done so followed sooner: an association.",
        """
        pd_type* text | Type of professional development.
        is_connected bool | Whether the type is job-embedded and sustained.
        median_hours num hours | Hours in a year of a teacher who took part, the median over teachers and years.
        half_status* text | reached, before_first_year (half had it in the first year on record, so maybe earlier) or not_reached.
        half_year num school years | Spring year, interpolated between years, in which half of the schools had taken it up.
        n_schools* int schools | Schools on record.
        n_adopted* int schools | Schools that took it up in any year.
        n_left_censored* int schools | Of them those in their first year on record.
        n_at_risk int school years | Schools by years in which a school could still take it up.
        n_events int schools | Schools that took it up in them.
        log_odds num log odds | Discrete-time hazard: log odds of taking the type up for neighbours all having done so against none, given the year.
        std_error num log odds | Its standard error.
        ci_low num log odds | Lower end of the 95 % confidence interval of the model.
        ci_high num log odds | Upper end of the 95 % confidence interval of the model.
        p_value num | Share of networks with shuffled schools that go at least as far from chance (Phipson and Smyth 2010).
        p_value_bh num | The same, adjusted over PD types (Benjamini and Hochberg 1995).
        n_permutations int | Shuffled networks.
        note text | Why there is no value, or what limits it.
        """,
    ),
    _table(
        "estimates.school_network", "school_id neighbour_school_id school_year kind pd_type",
        "One row per school, neighbour, school year, kind of tie and PD type; both directions",
        "Which schools' leaders meet: at one session of at most 8 leaders, in one pathway cohort of at most 8, or in one person who leads, or has just led, the other.",
        """
        school_id* id | School.
        neighbour_school_id* id | The other school.
        school_year* year | School year in which the tie was made.
        kind* text | joint_pd, cohort or shared_leader (leads both, or led one the year before).
        pd_type text | Type of the sessions of joint_pd; else empty.
        n_ties* int | Sessions, cohorts or leaders that tie the two.
        """,
    ),
)

LEARNING_REPORT = (
    _table(
        "report.driver_score", "driver school_id school_year role",
        "One row per driver, school (none: the district), school year and role",
        "Mean answers that may be shown; those of too few people, or with which such could be worked out, are hidden.",
        """
        driver* text | trust, leadership, capacity_building or collaboration.
        school_id id | School; empty: the district.
        school_name text | Name of the school; its id where there is no school source; empty: the district.
        school_year* year | School year by its spring year.
        role* text | Role of those who answered; all.
        mean_score num points from 1 to 5 | Mean answer; empty where hidden.
        ci_low num points from 1 to 5 | Lower end of the 95 % confidence interval.
        ci_high num points from 1 to 5 | Upper end of the 95 % confidence interval.
        n_persons int people | People behind it; empty where hidden.
        n_schools int schools | Schools of the answers; empty where hidden.
        note text | What limits the value.
        is_suppressed* bool | Whether the row is hidden.
        """,
    ),
    _table(
        "report.driver_gap", "driver school_id school_year role",
        "One row per driver, school (none: the district), school year and role compared with teachers",
        "Gaps of perception that may be shown: of enough people on either side.",
        """
        driver* text | trust, leadership, capacity_building or collaboration.
        school_id id | School; empty: the district.
        school_name text | Name of the school; its id where there is no school source; empty: the district.
        school_year* year | School year by its spring year.
        role* text | principal or coach, compared with teachers.
        gap num points from 1 to 5 | Mean of the role less mean of teachers of the same school; empty where hidden.
        ci_low num points from 1 to 5 | Lower end of the 95 % confidence interval.
        ci_high num points from 1 to 5 | Upper end of the 95 % confidence interval.
        n_schools int schools | Schools where both answered; empty where hidden.
        n_role int people | People of the role; empty where hidden.
        n_teachers int people | Teachers; empty where hidden.
        note text | Why there is no value, or what limits it.
        is_suppressed* bool | Whether the row is hidden.
        """,
    ),
    _table(
        "report.driver_change", "driver role", "One row per driver and role",
        "Changes per year that may be shown.",
        """
        driver* text | trust, leadership, capacity_building or collaboration.
        role* text | Role of those who answered; all.
        change_per_year num points from 1 to 5 per year | Change per year; empty where hidden.
        ci_low num points from 1 to 5 per year | Lower end of the 95 % confidence interval.
        ci_high num points from 1 to 5 per year | Upper end of the 95 % confidence interval.
        p_value_bh num | p-value adjusted over the drivers of the role.
        first_year year | First school year with answers.
        last_year year | Last school year with answers.
        n_years* int years | School years with answers.
        n_schools int schools | Schools of the answers; empty where hidden.
        note text | Why there is no value, or what limits it.
        is_suppressed* bool | Whether the row is hidden.
        """,
    ),
    _table(
        "report.climate_growth", "driver academic_subject", "One row per driver and academic subject",
        "How teachers' answers go with growth of schools, as the page shows it.",
        """
        driver* text | trust, leadership, capacity_building or collaboration.
        academic_subject* text | Academic subject.
        slope_sd num standard deviations of student scores | Growth that goes with one SD of schools' mean answers.
        ci_low num standard deviations of student scores | Lower end of the 95 % confidence interval.
        ci_high num standard deviations of student scores | Upper end of the 95 % confidence interval.
        p_value_bh num | p-value adjusted over drivers and subjects.
        correlation num | Correlation within years.
        slope_disattenuated_sd num standard deviations of student scores | The same without sampling error of the means.
        icc1 num | ICC(1): share of the variance of a teacher's answer that lies between schools.
        icc2 num | ICC(2): reliability of a school's mean answer.
        n_schools* int schools | Schools.
        n_school_years* int school years | Schools by years.
        note text | Why there is no value, or what limits it.
        """,
    ),
    _table(
        "report.adoption", "pd_type school_year", "One row per PD type and school year",
        "Spread of a PD type over schools.",
        """
        pd_type* text | Type of professional development.
        school_year* year | School year by its spring year.
        n_schools* int schools | Schools with teachers in the year.
        n_adopted* int schools | Of them those that took the type up in this year or before.
        share* num share | Share of schools that took it up.
        n_new* int schools | Schools that took it up in this year.
        n_practising* int schools | Schools where at least 25 % of the teachers were reached in this year.
        """,
    ),
    _table(
        "report.adoption_spread", "pd_type", "One row per PD type",
        "When half of the schools had taken up a PD type, and whether schools followed their neighbours.",
        """
        pd_type* text | Type of professional development.
        is_connected bool | Whether the type is job-embedded and sustained.
        median_hours num hours | Hours in a year of a teacher who took part, the median over teachers and years.
        half_status* text | reached, before_first_year or not_reached.
        half_year num school years | Spring year, interpolated, in which half of the schools had taken it up.
        n_schools* int schools | Schools on record.
        n_adopted* int schools | Schools that took it up in any year.
        n_left_censored* int schools | Of them those in their first year on record.
        n_events int schools | Schools that took it up while on record.
        odds_ratio num | Odds of taking the type up when one further tenth of the neighbours has done so, against when it has not.
        ci_low num | Lower end of the 95 % confidence interval.
        ci_high num | Upper end of the 95 % confidence interval.
        p_value num | p-value by shuffled networks.
        p_value_bh num | The same, adjusted over PD types.
        note text | Why there is no value, or what limits it.
        """,
    ),
    _table(
        "report.school_adoption", "pd_type school_id", "One row per PD type and school",
        "When each school took up a PD type; schools of too few teachers are hidden.",
        """
        pd_type* text | Type of professional development.
        school_id* id | School.
        school_name* text | Name of the school; its id where there is no school source.
        adoption_year year | First school year in which at least 25 % of its teachers were reached; empty: not yet, or hidden.
        is_left_censored bool | Whether that was the first year on record; empty: not yet, or hidden.
        is_suppressed* bool | Whether the row is hidden.
        """,
    ),
)
