-- grain: one row per survey response
-- question: who answered which survey, as far as that may be known?
with
questionnaires as (
    select * from frames.survey_questionnaire
),

items as (
    select * from core.survey_item
),

responses as (
    select * from core.survey_response
),

answers as (
    select * from core.survey_answer
),

activities as (
    select * from core.pd_activity
),

schools as (
    select * from core.school
),

staff_years as (
    select * from frames.staff_year
),

choice_answers as (
    select
        items.survey_id,
        items.item_id,
        answers.response_id,
        answers.value
    from items
    inner join responses using (survey_id)
    inner join answers using (response_id, item_id)
    where items.response_type = 'choice' and answers.value is not null
),

-- An item is a question for the role when it is a choice and every answer to it is a role of the contract.
role_items as (
    select
        survey_id,
        min(item_id) as item_id
    from (
        select
            survey_id,
            item_id
        from choice_answers
        group by survey_id, item_id
        having bool_and(value in (
            'teacher', 'instructional_coach', 'teacher_leader', 'assistant_principal', 'principal',
            'central_office', 'other'
        ))
    )
    group by survey_id
),

said_roles as (
    select
        choice_answers.response_id,
        choice_answers.value as role
    from choice_answers
    inner join role_items using (survey_id, item_id)
),

known_staff as (
    select
        responses.response_id,
        responses.staff_id
    from responses
    inner join questionnaires using (survey_id)
    where not questionnaires.is_anonymous
),

respondents as (
    select
        responses.response_id,
        responses.survey_id,
        questionnaires.questionnaire_id,
        questionnaires.school_year,
        coalesce(responses.school_id, staff_years.school_id) as school_id,
        known_staff.staff_id,
        coalesce(staff_years.role, said_roles.role) as respondent_role,
        staff_years.is_novice,
        coalesce(responses.pd_activity_id, questionnaires.pd_activity_id) as pd_activity_id
    from responses
    inner join questionnaires using (survey_id)
    left join known_staff using (response_id)
    left join said_roles using (response_id)
    left join staff_years
        on known_staff.staff_id = staff_years.staff_id
        and questionnaires.school_year = staff_years.school_year
),

described_respondents as (
    select
        respondents.response_id,
        respondents.survey_id,
        respondents.questionnaire_id,
        respondents.school_year,
        respondents.school_id,
        schools.school_level,
        respondents.staff_id,
        respondents.respondent_role,
        respondents.is_novice,
        respondents.pd_activity_id,
        activities.pd_type
    from respondents
    left join schools using (school_id)
    left join activities using (pd_activity_id)
)

select * from described_respondents
