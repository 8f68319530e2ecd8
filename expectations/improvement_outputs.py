"""What the improvement loop stands on: who worked where, who attended what, what surveys scored, and indicators."""

from __future__ import annotations

from expectations.table_text import table_of as _table

IMPROVEMENT_FRAMES = (
    _table(
        "frames.staff_year", "staff_id school_year", "One row per staff member and school year",
        "Where each person worked and in which role; teachers of sections too where there is no assignment.",
        """
        staff_id* id | Pseudonym of the staff member.
        school_year* year | School year by its spring year.
        school_id id | School of the main assignment (most full-time equivalents, then the first), else where the person taught most.
        school_level text | Level of the school.
        role* text | Role of the main assignment; teacher where only sections say so.
        is_teacher* bool | Whether the person taught students in the year or was assigned as teacher.
        is_novice bool | Whether the person is new to the profession.
        years_experience num years | Years of experience.
        """,
    ),
    _table(
        "frames.staff_activity", "staff_id pd_activity_id school_year",
        "One row per staff member, activity and school year with attended hours",
        "Hours of each person in each activity, with who initiated it and which priority it serves; years run from July to June.",
        """
        staff_id* id | Pseudonym of the staff member.
        pd_activity_id* id | Activity.
        school_year* year | School year by its spring year.
        school_id id | School of the person in the year.
        role text | Role of the person in the year.
        pd_type* text | Type of professional development.
        is_connected bool | Whether the type is job-embedded and sustained.
        academic_subject text | Subject of the activity; all or empty: every subject.
        initiated_by text | Who initiated the activity.
        priority_id id | Priority that the activity serves.
        priority_level text | Level that set the priority.
        priority_school_id id | School of the priority, where a school set it.
        is_curriculum_linked bool | Whether the activity works on the adopted curriculum.
        is_mandatory bool | Whether attendance was mandatory.
        research_base text | Strength of the research behind the activity.
        hours* num hours | Attended hours.
        n_days* int days | Days on which the person attended.
        first_day* date | First of them.
        last_day* date | Last of them.
        """,
    ),
    _table(
        "frames.survey_score", "response_id scale_kind scale", "One row per survey response, kind of scale and scale",
        "Mean of the answered items of a scale after reversing, where at least half are answered. Answers that are no number on their item's scale do not count.",
        """
        response_id* id | Pseudonym of the response.
        survey_id* id | Survey.
        scale_kind* text | construct, or evaluation_level (Guskey).
        scale* text | Construct or level.
        school_year* year | School year in which the survey went out.
        school_id id | School that the response names, else that of a known respondent.
        staff_id id | Pseudonym of the respondent; always empty for anonymous surveys.
        respondent_role text | Role of a known respondent, else what the respondent chose.
        pd_activity_id id | Activity that the response or its survey is about.
        pd_type text | Type of the activity.
        n_items* int items | Rating and number items of the scale in the survey.
        n_answered* int items | Items with a usable answer.
        score num | Scale score in units of the items; empty where fewer than half are answered or items have different ranges.
        score_share num share | Score from 0 (lowest possible) to 1 (highest possible); empty where items have different ranges or none.
        """,
    ),
)

INDICATORS = (
    _table(
        "estimates.indicator_definition", "indicator", "One row per indicator",
        "What an indicator is, which idea it belongs to, and the rule that gives its status.",
        """
        indicator* text | Indicator.
        idea* text | One of balance, learning_system, leadership_pipeline, connected_learning, standard, surveys, cost, loop.
        label* text | Name for readers.
        meaning* text | What the value is, in a sentence.
        unit* text | Unit of the value.
        higher_is* text | better, worse or neither.
        rule* text | How status follows from the value.
        sources* text | Entities that it needs, separated by commas.
        """,
    ),
    _table(
        "estimates.indicator", "indicator school_id school_year category",
        "One row per indicator, school (none: the district), school year and category",
        "Indicators of the five ideas about professional learning. A value that could not be computed says why in note.",
        """
        lea_id id | District.
        indicator* text | Indicator; estimates.indicator_definition says what it is.
        school_id id | School; empty: the district.
        school_year* year | School year by its spring year.
        category* text | What the value is of (an initiator, a role, a PD type …); all where it is of everything.
        value num | Value, in the unit of the definition.
        numerator num | Numerator of a share, or sum of a mean.
        denominator num | Denominator.
        ci_low num | Lower end of the 95 % confidence interval; empty where everybody was counted.
        ci_high num | Upper end of the 95 % confidence interval.
        comparison_value num | What the value is compared with: for a school its peers, for the district the year before.
        status* text | strength, typical or concern by the definition's rule; described where there is none; not_available.
        n_persons int people | People whose records the value is of; empty where it is of no person.
        note text | Why there is no value, or what limits it.
        """,
    ),
)

IMPROVEMENT_REPORT = (
    _table(
        "report.school_reach", "school_id school_year pd_type",
        "One row per school with 5 teachers or more, school year and PD type that staff of any school attended",
        "Share of a school's teachers whom each type of PD reached, beside schools of the same level and the year before; 0 where nobody attended.",
        """
        school_id* id | School.
        school_year* year | School year by its spring year.
        pd_type* text | Type of professional development.
        share_of_teachers num share | Teachers with attended hours over all teachers; empty where too few took part.
        share_before num share | The same in the year before.
        n_peers int schools | Schools of the same level with enough teachers to be shown, the school itself among them; empty below 5, as are the four below.
        peer_quarter_low num share | Lower quartile of the shares of these schools, with hidden shares at their least (1 teacher).
        peer_middle_low num share | Their median, with hidden shares at their least.
        peer_middle_high num share | Their median, with hidden shares at their most (4 teachers); equal to the one before where hidden shares do not matter.
        peer_quarter_high num share | Upper quartile, with hidden shares at their most.
        hours_per_participant num hours | Attended hours of those who took part; empty where hidden or nobody attended.
        is_suppressed* bool | Whether the share is hidden because too few took part.
        """,
    ),
    _table(
        "report.pd_type_profile", "pd_type school_year",
        "One row per PD type and school year that staff attended",
        "Who started each type of PD and what it was like, weighted by attended hours; types of too few people are hidden, and shares of which a part is of fewer.",
        """
        pd_type* text | Type of professional development.
        school_year* year | School year by its spring year.
        is_connected bool | Whether the study counts the type as embedded in the job and sustained.
        n_activities int activities | Activities with attended hours.
        n_people int people | Staff with attended hours.
        hours num hours | Attended hours of all people together.
        planned_hours num hours | Mean planned hours of the attended activities, of those where they are on record.
        district_share num share of hours | Hours in activities that the district initiated.
        school_share num share of hours | Hours in activities that a school initiated.
        teacher_share num share of hours | Hours in activities that teachers initiated.
        curriculum_linked_share num share of hours | Hours linked to the curriculum, of those where that is on record.
        mandatory_share num share of hours | Mandatory hours, of those where that is on record.
        research_based_share num share of hours | Hours with a strong or moderate research base, of those where one is on record.
        has_small_part* bool | Whether a share is hidden because a part of it is of too few people.
        is_suppressed* bool | Whether the row is hidden because too few people took part.
        """,
    ),
    _table(
        "report.indicator", "indicator school_id school_year category",
        "One row per indicator, school (none: the district), school year and category",
        "Indicators that may be shown; values of too few people are hidden.",
        """
        idea* text | Idea that the indicator belongs to.
        indicator* text | Indicator.
        label* text | Name for readers.
        unit* text | Unit of the value.
        school_id id | School; empty: the district.
        school_name text | Name of the school; its id where there is no school source; empty: the district.
        school_year* year | School year by its spring year.
        category* text | What the value is of.
        value num | Value; empty where hidden or not available.
        numerator num | Numerator; empty where hidden.
        denominator num | Denominator; empty where hidden.
        ci_low num | Lower end of the 95 % confidence interval.
        ci_high num | Upper end of the 95 % confidence interval.
        comparison_value num | What the value is compared with.
        status* text | strength, typical, concern, described or not_available; described where hidden.
        n_persons int people | People behind the value; empty where hidden.
        note text | Why there is no value, or what limits it.
        is_suppressed* bool | Whether the value is of too few people to be shown.
        """,
    ),
)
