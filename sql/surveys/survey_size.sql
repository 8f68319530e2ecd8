-- grain: one row per survey
-- question: how many people were invited, and how is that known?
create or replace temp table survey_size as
with
surveys as (
    select * from frames.survey_questionnaire
),

respondents as (
    select * from frames.survey_respondent
),

participants as (
    select
        pd_activity_id,
        count(distinct staff_id) as n_participants
    from frames.staff_activity
    where hours > 0
    group by pd_activity_id
),

staff_years as (
    select
        school_year,
        count(*) as n_staff
    from frames.staff_year
    group by school_year
),

responses as (
    select
        survey_id,
        count(*) as n_responses
    from respondents
    group by survey_id
),

-- Those found to have been invited: participants of the activity, else all staff of the year.
sizes as (
    select
        surveys.survey_id,
        surveys.questionnaire_id,
        surveys.questionnaire_title,
        surveys.survey_title,
        surveys.school_year,
        surveys.is_anonymous,
        surveys.pd_activity_id,
        coalesce(responses.n_responses, 0) as n_responses,
        case when surveys.pd_activity_id is not null then participants.n_participants else staff_years.n_staff end
            as n_found,
        surveys.n_invited as n_said,
        coalesce(
            surveys.n_invited,
            case when surveys.pd_activity_id is not null then participants.n_participants end
        ) as n_invited,
        case
            when surveys.n_invited is not null then 'n_invited of the survey'
            when surveys.pd_activity_id is not null and participants.n_participants is not null
                then 'participants of the activity'
        end as invited_from
    from surveys
    left join responses using (survey_id)
    left join participants using (pd_activity_id)
    left join staff_years on surveys.school_year = staff_years.school_year
),

judged_sizes as (
    select
        *,
        coalesce(n_found > 0 and abs(n_found - coalesce(n_said, n_found)) <= $tolerance * n_found, false)
            as is_invited_known
    from sizes
)

select * from judged_sizes
