-- grain: one row per questionnaire, school year, construct, school (none: the district) and role
-- question: which means of schools and roles may be shown, so that no hidden one follows from the others?
with
means as (
    select * from estimates.survey_school_scale
),

schools as (
    select * from core.school
),

-- Schools are the parts of the district. Fewer than $minimum_staff hidden responses: the smallest shown
-- school is hidden with them.
sized as (
    select
        *,
        n_responses >= $minimum_staff as is_large
    from means
),

school_parts as (
    select
        part.*,
        whole.n_responses - coalesce(sum(part.n_responses) filter (part.is_large) over scale, 0) as n_hidden,
        row_number() over (
            partition by part.questionnaire_id, part.school_year, part.construct
            order by part.is_large desc, part.n_responses, part.school_id
        ) as position
    from sized as part
    inner join sized as whole using (questionnaire_id, school_year, construct)
    where
        part.school_id is not null
        and part.respondent_role = 'all'
        and whole.school_id is null
        and whole.respondent_role = 'all'
    window scale as (partition by part.questionnaire_id, part.school_year, part.construct)
),

shown_schools as (
    select
        questionnaire_id,
        school_year,
        construct,
        school_id
    from school_parts
    where is_large and not (position = 1 and n_hidden > 0 and n_hidden < $minimum_staff)
),

-- Everybody of a shown school; the district is shown if it is large.
shown_wholes as (
    select
        sized.questionnaire_id,
        sized.school_year,
        sized.construct,
        sized.school_id,
        sized.n_responses as n_whole
    from sized
    left join shown_schools using (questionnaire_id, school_year, construct, school_id)
    where
        sized.respondent_role = 'all'
        and (shown_schools.school_id is not null or (sized.school_id is null and sized.is_large))
),

-- Roles are the parts of a school; those whose role is not known are hidden ones too.
role_parts as (
    select
        part.*,
        whole.n_whole - coalesce(sum(part.n_responses) filter (part.is_large) over place, 0) as n_hidden,
        row_number() over (
            partition by part.questionnaire_id, part.school_year, part.construct, part.school_id
            order by part.is_large desc, part.n_responses, part.respondent_role
        ) as position
    from sized as part
    inner join shown_wholes as whole
        on
            part.questionnaire_id = whole.questionnaire_id
            and part.school_year = whole.school_year
            and part.construct = whole.construct
            and part.school_id is not distinct from whole.school_id
    where part.respondent_role <> 'all'
    window place as (partition by part.questionnaire_id, part.school_year, part.construct, part.school_id)
),

shown_roles as (
    select * exclude (n_hidden, position)
    from role_parts
    where is_large and not (position = 1 and n_hidden > 0 and n_hidden < $minimum_staff)
),

-- Schools are the parts of a role of the district as well.
role_school_parts as (
    select
        part.questionnaire_id,
        part.school_year,
        part.construct,
        part.respondent_role,
        part.school_id,
        whole.n_responses - sum(part.n_responses) over roles as n_hidden,
        row_number() over (
            partition by part.questionnaire_id, part.school_year, part.construct, part.respondent_role
            order by part.n_responses, part.school_id
        ) as position
    from shown_roles as part
    inner join shown_roles as whole using (questionnaire_id, school_year, construct, respondent_role)
    where part.school_id is not null and whole.school_id is null
    window roles as (partition by part.questionnaire_id, part.school_year, part.construct, part.respondent_role)
),

shown as (
    select
        questionnaire_id,
        school_year,
        construct,
        school_id,
        'all' as respondent_role
    from shown_wholes
    union all
    select
        questionnaire_id,
        school_year,
        construct,
        school_id,
        respondent_role
    from shown_roles
    where
        not exists (
            from role_school_parts as part
            where
                part.position = 1
                and part.n_hidden > 0
                and part.n_hidden < $minimum_staff
                and part.questionnaire_id = shown_roles.questionnaire_id
                and part.school_year = shown_roles.school_year
                and part.construct = shown_roles.construct
                and part.respondent_role = shown_roles.respondent_role
                and part.school_id = shown_roles.school_id
        )
),

judged as (
    select
        means.*,
        coalesce(schools.school_name, means.school_id) as school_name,
        shown.questionnaire_id is null as is_suppressed
    from means
    left join schools using (school_id)
    left join shown
        on
            means.questionnaire_id = shown.questionnaire_id
            and means.school_year = shown.school_year
            and means.construct = shown.construct
            and means.school_id is not distinct from shown.school_id
            and means.respondent_role = shown.respondent_role
),

disclosed as (
    select
        * replace (
            case when may_be_shown and not is_suppressed then mean end as mean,
            case when may_be_shown and not is_suppressed then std_error end as std_error,
            case when may_be_shown and not is_suppressed then ci_low end as ci_low,
            case when may_be_shown and not is_suppressed then ci_high end as ci_high,
            case when may_be_shown and not is_suppressed then r_wg end as r_wg,
            case when not is_suppressed then n_responses end as n_responses,
            may_be_shown and not is_suppressed as may_be_shown,
            case when is_suppressed then 'of too few people to be shown' else note end as note
        )
    from judged
)

select * from disclosed
