"""The canonical input entities: what a study's sources are mapped to (Ed-Fi and CEDS names)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from expectations.contract import PD_TYPES, Column, Kind, Table, by_name
from expectations.units import unit_of

SUBJECTS = ("mathematics", "ela", "science", "social_studies", "other")
TERMS = ("fall", "winter", "spring")
ROLES = (
    "teacher",
    "instructional_coach",
    "teacher_leader",
    "assistant_principal",
    "principal",
    "central_office",
    "other",
)
CONSTRUCTS = (
    "trust",
    "leadership",
    "capacity_building",
    "collaboration",
    "relevance",
    "usefulness",
    "facilitation",
    "coherence",
    "self_efficacy",
    "intent_to_apply",
    "application",
    "organizational_support",
)


def _id(entity: str, name: str = "") -> Column:
    return Column(
        name or f"{entity.removeprefix('survey_') if entity == 'survey_response' else entity}_id",
        Kind.ID,
        f"Id of the {entity.replace('_', ' ')}.",
        references=entity,
    )


def _text(name: str, description: str, **options) -> Column:
    return Column(name, Kind.TEXT, description, **options)


def _flag(name: str, description: str) -> Column:
    return Column(name, Kind.BOOLEAN, description)


def _date(name: str, description: str) -> Column:
    return Column(name, Kind.DATE, description)


def _number(name: str, description: str, **options) -> Column:
    return Column(name, Kind.NUMBER, description, **options)


def _choice(name: str, description: str, allowed: tuple[str, ...], **options) -> Column:
    return Column(name, Kind.TEXT, description, allowed=allowed, **options)


_YEAR = Column(
    "school_year", Kind.SCHOOL_YEAR, "School year by its spring year: 2025 is 2024-25.",
    minimum=1950, maximum=2100,
)
_GRADE = Column(
    "grade_level", Kind.GRADE, "Grade level: -1 pre-kindergarten, 0 kindergarten, 1 to 12.",
    minimum=-1, maximum=12,
)
_SUBJECT = _choice("academic_subject", "Academic subject.", SUBJECTS)
_TERM = _choice("term", "Term of the administration.", TERMS, default="spring")
_PD_TYPE = _choice(
    "pd_type", "Type of professional development; a study may add types.", tuple(PD_TYPES)
)


def _entity(name: str, grain: str, description: str, key: str, required: str, *columns: Column) -> Table:
    needed = set(required.split())
    unknown = needed - {column.name for column in columns}
    if unknown:
        raise ValueError(f"{name}: required columns {sorted(unknown)} are not declared")
    return Table(
        schema="core",
        name=name,
        grain=grain,
        description=description,
        key=tuple(key.split()),
        columns=tuple(
            replace(c, is_required=c.name in needed, unit=unit_of(f"core.{name}", c.name, c.kind, c.unit))
            for c in columns
        ),
    )


ENTITIES: dict[str, Table] = by_name(
    (
        _entity(
            "school", "One row per school", "Schools of the local education agency (LEA).",
            "school_id", "school_id school_name",
            _id("school"),
            _text("school_name", "Name of the school."),
            _text("lea_id", "Id of the local education agency."),
            _choice("school_level", "Level of the school.", ("elementary", "middle", "high", "other")),
            _flag("is_charter", "Whether the school is a charter school."),
            _text("locale", "Locale of the school, as the source has it."),
        ),
        _entity(
            "staff", "One row per staff member", "Teachers, coaches, leaders and other staff.",
            "staff_id", "staff_id",
            _id("staff"),
            _text("first_name", "First name.", is_direct_identifier=True),
            _text("last_name", "Last name.", is_direct_identifier=True),
            _text("email", "E-mail address.", is_direct_identifier=True),
            _date("hire_date", "Date of hire."),
            _number("years_experience", "Years of experience as an educator.", minimum=0, maximum=70, unit="years"),
            _text("highest_degree", "Highest completed degree, as the source has it."),
            _flag("is_novice", "Whether the teacher is in the first three years of teaching."),
        ),
        _entity(
            "staff_assignment", "One row per staff member, school, school year and role",
            "Where staff work and as what.",
            "staff_id school_id school_year role", "staff_id school_id school_year role",
            _id("staff"), _id("school"), _YEAR,
            _choice("role", "Role of the assignment.", ROLES),
            _number("fte", "Full-time equivalent.", minimum=0, maximum=2, unit="full-time equivalent"),
            _date("entry_date", "First day of the assignment."),
            _date("exit_date", "Last day of the assignment."),
        ),
        _entity(
            "student", "One row per student", "Students; attributes that do not change by year.",
            "student_id", "student_id",
            _id("student"),
            Column("birth_date", Kind.DATE, "Date of birth.", is_direct_identifier=True),
            _text("sex", "Sex, as the source has it."),
            _text("race_ethnicity", "Race or ethnicity, as the source has it."),
        ),
        _entity(
            "student_enrollment", "One row per student, school and school year",
            "Enrollment of students in schools (Ed-Fi StudentSchoolAssociation).",
            "student_id school_id school_year", "student_id school_id school_year grade_level",
            _id("student"), _id("school"), _YEAR, _GRADE,
            _flag("is_english_learner", "Whether the student is an English learner."),
            _flag("is_swd", "Whether the student is a student with a disability."),
            _flag("is_economically_disadvantaged", "Whether the student is economically disadvantaged."),
            _flag("is_gifted", "Whether the student is identified as gifted."),
            _number("attendance_rate", "Days attended divided by days enrolled.", minimum=0, maximum=1, unit="share"),
            _date("entry_date", "First day of the enrollment."),
            _date("exit_withdraw_date", "Last day of the enrollment."),
        ),
        _entity(
            "section", "One row per course section", "Course sections (classes).",
            "section_id", "section_id school_id school_year academic_subject",
            _id("section"), _id("school"), _YEAR, _SUBJECT,
            _text("course_title", "Title of the course."),
            _GRADE,
        ),
        _entity(
            "section_staff", "One row per section, staff member and begin date",
            "Who teaches a section, from when to when, and with which share.",
            "section_id staff_id begin_date", "section_id staff_id begin_date",
            _id("section"), _id("staff"),
            _date("begin_date", "First day of teaching the section."),
            _date("end_date", "Last day of teaching the section; empty: to the end of the school year."),
            _number(
                "percentage_contribution", "Share of the instruction of the section; empty: equal shares.",
                minimum=0, maximum=1, unit="share",
            ),
        ),
        _entity(
            "section_student", "One row per section, student and begin date",
            "Who is taught in a section, from when to when.",
            "section_id student_id begin_date", "section_id student_id begin_date",
            _id("section"), _id("student"),
            _date("begin_date", "First day in the section."),
            _date("end_date", "Last day in the section; empty: to the end of the school year."),
        ),
        _entity(
            "assessment_result",
            "One row per student, assessment, academic subject, school year and term",
            "Scale scores of assessments.",
            "student_id assessment_id academic_subject school_year term",
            "student_id assessment_id academic_subject school_year scale_score",
            _id("student"),
            _text("assessment_id", "Id of the assessment; the same id means the same scale."),
            _SUBJECT, _YEAR,
            _number("scale_score", "Scale score.", unit="scale points"),
            _TERM, _GRADE,
            _date("administration_date", "Day of the administration."),
            _number("score_sem", "Standard error of measurement of the score.", minimum=0, maximum=1e6, unit="scale points"),
            _text("performance_level", "Performance level, as the source has it."),
        ),
        _entity(
            "assessment_norm",
            "One row per assessment, academic subject, grade level, school year and term",
            "State or publisher norms that scores are standardised to.",
            "assessment_id academic_subject grade_level school_year term",
            "assessment_id academic_subject grade_level school_year term mean sd",
            _text("assessment_id", "Id of the assessment."),
            _SUBJECT, _GRADE, _YEAR, _TERM,
            _number("mean", "Mean of the norm population.", unit="scale points"),
            _number("sd", "Standard deviation of the norm population.", minimum=1e-9, maximum=1e9, unit="scale points"),
        ),
        _entity(
            "assessment_performance_level",
            "One row per assessment, academic subject, grade level, school year and performance level",
            "Cut scores of the performance levels; they hold for later school years until new ones are given.",
            "assessment_id academic_subject grade_level school_year performance_level",
            "assessment_id academic_subject grade_level school_year performance_level minimum_score is_proficient",
            _text("assessment_id", "Id of the assessment."),
            _SUBJECT, _GRADE, _YEAR,
            _text("performance_level", "Performance level, as the assessment names it."),
            _number("minimum_score", "Lowest scale score of the level.", unit="scale points"),
            _flag("is_proficient", "Whether the level counts as proficient."),
        ),
        _entity(
            "pd_activity", "One row per professional development activity", "What was offered, by type.",
            "pd_activity_id", "pd_activity_id title pd_type",
            _id("pd_activity"),
            _text("title", "Title of the activity."),
            _PD_TYPE,
            _choice(
                "academic_subject", "Subject of the activity; all or empty: aligned with every subject.",
                (*SUBJECTS, "all"),
            ),
            _choice("initiated_by", "Who initiated the activity.", ("district", "school", "teacher")),
            _id("priority"),
            _flag("is_curriculum_linked", "Whether the activity works on the adopted curriculum."),
            _flag("is_mandatory", "Whether attendance was mandatory."),
            _choice(
                "research_base", "Strength of the research behind the activity.",
                ("strong", "moderate", "promising", "rationale", "none"),
            ),
            _text("provider", "Provider of the activity."),
            _number("planned_hours", "Planned hours per participant.", minimum=0, maximum=2000, unit="hours"),
            _date("start_date", "First day of the activity."),
            _date("end_date", "Last day of the activity."),
        ),
        _entity(
            "pd_session", "One row per session of an activity", "Sessions of activities.",
            "pd_session_id", "pd_session_id pd_activity_id session_date",
            _id("pd_session"), _id("pd_activity"),
            _date("session_date", "Day of the session."),
            _number("duration_hours", "Length of the session.", minimum=0, maximum=24, unit="hours"),
            _id("school"),
        ),
        _entity(
            "pd_participation", "One row per staff member, activity and session",
            "Who took part, when, for how many hours. Absent and withdrawn rows carry no hours.",
            "staff_id pd_activity_id pd_session_id", "staff_id pd_activity_id hours",
            _id("staff"), _id("pd_activity"), _id("pd_session"),
            _date("participation_date", "Day of the participation; empty: the day of the session."),
            _number("hours", "Attended hours.", minimum=0, maximum=1000, unit="hours"),
            _choice(
                "attendance_status", "Attendance.", ("attended", "partial", "absent", "withdrawn"),
                default="attended",
            ),
        ),
        _entity(
            "pd_assignment", "One row per staff member, PD type and cohort",
            "Offers of professional development that were randomised.",
            "staff_id pd_type cohort", "staff_id pd_type assigned",
            _id("staff"), _PD_TYPE,
            _flag("assigned", "Whether the offer was made."),
            _text("cohort", "Wave or lottery."),
            _text("block", "Randomisation block."),
            _date("assignment_date", "Day of the randomisation."),
        ),
        _entity(
            "pd_cost", "One row per activity, ingredient and school year", "Cost by ingredient (Levin).",
            "pd_activity_id ingredient school_year", "pd_activity_id ingredient school_year amount",
            _id("pd_activity"),
            _text("ingredient", "Ingredient of the cost."),
            _YEAR,
            _number("amount", "Cost of the ingredient.", minimum=0, maximum=1e12, unit="currency units"),
            _number("quantity", "Quantity of the ingredient.", minimum=0, maximum=1e12),
            _text("unit", "Unit of the quantity."),
        ),
        _entity(
            "survey", "One row per survey", "Surveys and their administration.",
            "survey_id", "survey_id title administered_date",
            _id("survey"),
            _text("title", "Title of the survey."),
            _date("administered_date", "Day on which the survey went out."),
            _id("pd_activity"),
            Column("n_invited", Kind.INTEGER, "People invited.", minimum=0, maximum=1e9, unit="people"),
            _flag(
                "is_anonymous",
                "Whether the survey is anonymous. Unless it says false, staff ids of its responses are dropped.",
            ),
        ),
        _entity(
            "survey_item", "One row per survey and item", "Items of surveys.",
            "survey_id item_id", "survey_id item_id wording response_type",
            _id("survey"),
            _text("item_id", "Id of the item within the survey."),
            _text("wording", "Wording of the item."),
            _choice("response_type", "Type of the answer.", ("likert", "number", "choice", "text")),
            _number("scale_min", "Lowest value of the scale."),
            _number("scale_max", "Highest value of the scale."),
            _flag("is_reverse_scored", "Whether a high answer means a low score."),
            _text("construct", f"Construct that the item measures: {', '.join(CONSTRUCTS)}, or one of the study."),
            _choice(
                "evaluation_level", "Guskey's level of evaluation.",
                ("reaction", "learning", "organization_support", "use", "outcome"),
            ),
        ),
        _entity(
            "survey_response", "One row per response", "Returned surveys.",
            "response_id", "response_id survey_id",
            _id("survey_response"), _id("survey"),
            Column("submitted_at", Kind.TIMESTAMP, "When the response was submitted."),
            _id("staff"), _id("school"), _id("pd_activity"),
        ),
        _entity(
            "survey_answer", "One row per response and item", "Answers to items.",
            "response_id item_id", "response_id item_id",
            _id("survey_response"),
            _text("item_id", "Id of the item within the survey."),
            _text("value", "Answer as a number or choice."),
            _text("text", "Answer in free text.", is_direct_identifier=True),
        ),
        _entity(
            "observation", "One row per observation and domain", "Classroom observations by rubric domain.",
            "observation_id domain", "observation_id staff_id observation_date rubric domain rating",
            _id("observation"), _id("staff"),
            _date("observation_date", "Day of the observation."),
            _text("rubric", "Rubric of the observation."),
            _text("domain", "Domain of the rubric."),
            _number("rating", "Rating in the domain."),
            _number("rating_max", "Highest possible rating."),
            Column("observer_staff_id", Kind.ID, "Id of the observer.", references="staff"),
            _date("feedback_date", "Day on which the teacher got feedback."),
            _choice("purpose", "Purpose of the observation.", ("growth", "evaluation", "school_visit")),
        ),
        _entity(
            "priority", "One row per priority", "Priorities of the district and of schools.",
            "priority_id", "priority_id level title",
            _id("priority"),
            _choice("level", "Level that set the priority.", ("district", "school")),
            _text("title", "Title of the priority."),
            _id("school"), _SUBJECT, _YEAR,
            _text("target", "Target of the priority."),
        ),
        _entity(
            "school_priority_rating", "One row per school, priority and school year",
            "How much a school needs a priority and how well the offer fits.",
            "school_id priority_id school_year", "school_id priority_id school_year need fit",
            _id("school"), _id("priority"), _YEAR,
            _number("need", "Need of the school.", minimum=1, maximum=5),
            _number("fit", "Fit of what the school gets.", minimum=1, maximum=5),
            _choice("source", "Where the rating comes from.", ("visit", "survey", "plan")),
        ),
        _entity(
            "leadership_event", "One row per staff member, pathway level, stage and date",
            "Steps of staff on the leadership pathway.",
            "staff_id pathway_level stage event_date", "staff_id pathway_level stage event_date",
            _id("staff"),
            _choice("pathway_level", "Level of the pathway.", ("classroom", "school", "district")),
            _choice(
                "stage", "Stage that was reached.",
                ("identified", "in_training", "completed", "placed", "left_role"),
            ),
            _date("event_date", "Day on which the stage was reached."),
        ),
        _entity(
            "self_assessment", "One row per school, school year and practice",
            "Self-assessment of schools by practice.",
            "school_id school_year practice", "school_id school_year practice rating",
            _id("school"), _YEAR,
            _text("practice", "Practice that is rated."),
            _number("rating", "Rating.", minimum=1, maximum=4),
            _text("respondent_role", "Role of the respondent."),
            _text("evidence", "Evidence in free text.", is_direct_identifier=True),
        ),
        _entity(
            "decision", "One row per decision", "Decisions about PD types and what became of them.",
            "decision_id", "decision_id school_year pd_type action",
            _text("decision_id", "Id of the decision."),
            _YEAR, _PD_TYPE,
            _choice("action", "What was decided.", ("scale", "sustain", "adapt", "pause", "stop", "study")),
            _text("rationale", "Reason in free text.", is_direct_identifier=True),
            _number("expected_effect_sd", "Expected effect.", unit="standard deviations"),
            _text("owner_role", "Role that owns the decision."),
            Column("review_year", Kind.SCHOOL_YEAR, "School year of the review.", minimum=1950, maximum=2100),
            _choice("status", "Plan-Do-Study-Act status.", ("planned", "doing", "studied", "acted")),
        ),
    )
)


def entities_with_types(pd_types: Iterable[str]) -> dict[str, Table]:
    """The entities with the PD types that a study may use, its own included."""
    allowed = tuple(pd_types)
    return {
        name: replace(
            table,
            columns=tuple(replace(c, allowed=allowed) if c.name == "pd_type" else c for c in table.columns),
        )
        for name, table in ENTITIES.items()
    }
