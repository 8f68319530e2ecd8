-- grain: one row per response of known staff
-- question: for how many of the invited does each response stand?
create or replace temp table survey_weight as
with
invitations as (
    select
        *,
        case role when 'teacher' then 'teachers' when 'not known' then 'role not known' else 'others' end as role_group
    from survey_invitation
    where response_id is not null
),

weights as (
    select
        invitations.response_id,
        weight_cell.weight
    from invitations
    inner join weight_cell
        on
            invitations.questionnaire_id = weight_cell.questionnaire_id
            and invitations.school_year = weight_cell.school_year
            and invitations.role_group = weight_cell.role
            and invitations.school_level = weight_cell.school_level
            and invitations.novice = weight_cell.novice
)

select * from weights
