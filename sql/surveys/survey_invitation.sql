-- grain: one row per survey that is not anonymous and person invited to it
-- question: which of the invited answered?
create or replace temp table survey_invitation as
with
surveys as (
    select * from survey_size
    where not is_anonymous and is_invited_known and questionnaire_id is not null
),

respondents as (
    select
        survey_id,
        staff_id,
        min(response_id) as response_id
    from frames.survey_respondent
    where staff_id is not null
    group by survey_id, staff_id
),

participants as (
    select distinct
        pd_activity_id,
        staff_id
    from frames.staff_activity
    where hours > 0
),

invited as (
    select
        surveys.survey_id,
        participants.staff_id
    from surveys
    inner join participants using (pd_activity_id)
    union
    select
        surveys.survey_id,
        staff_year.staff_id
    from surveys
    inner join frames.staff_year as staff_year using (school_year)
    where surveys.pd_activity_id is null
),

described_invited as (
    select
        surveys.questionnaire_id,
        surveys.school_year,
        invited.survey_id,
        invited.staff_id,
        respondents.response_id,
        coalesce(staff_year.role, 'not known') as role,
        coalesce(staff_year.school_level, 'not known') as school_level,
        coalesce(
            case staff_year.is_novice when true then 'novice' when false then 'experienced' end, 'not known'
        ) as novice
    from invited
    inner join surveys using (survey_id)
    left join respondents
        on invited.survey_id = respondents.survey_id and invited.staff_id = respondents.staff_id
    left join frames.staff_year as staff_year
        on invited.staff_id = staff_year.staff_id and surveys.school_year = staff_year.school_year
)

select * from described_invited
