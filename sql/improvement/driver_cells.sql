-- grain: one row per driver, school (none: of no school), school year and role
-- question: how many people answered on each driver of a system that learns, and what do their answers add up to?
with
scores as (
    select * from frames.survey_score
),

-- A survey about one activity asks those who were there; climate is asked of everybody.
climate_scores as (
    select
        scale as driver,
        survey_id,
        school_id,
        school_year,
        case
            when respondent_role in ('assistant_principal', 'principal') then 'principal'
            when respondent_role in ('instructional_coach', 'teacher_leader') then 'coach'
            when respondent_role in ('teacher', 'central_office') then respondent_role
            else 'other'
        end as role,
        -- Points of a scale from 1 to 5, whatever the range of the items was.
        1 + 4 * score_share as points,
        score is not null and score_share is null as is_without_range
    from scores
    where
        scale_kind = 'construct'
        and list_contains($drivers, scale)
        and pd_activity_id is null
        and score is not null
),

survey_sums as (
    select
        driver,
        survey_id,
        school_id,
        school_year,
        role,
        count(points) as n,
        coalesce(sum(points), 0) as total,
        coalesce(sum(points * points), 0) as squares,
        count(*) filter (where is_without_range) as n_without_range
    from climate_scores
    group by driver, survey_id, school_id, school_year, role
),

-- Two surveys of a year may ask the same people: as many are known as the larger one has.
cells as (
    select
        driver,
        school_id,
        school_year,
        role,
        cast(sum(n) as bigint) as n,
        sum(total) as total,
        sum(squares) as squares,
        cast(max(n) as bigint) as n_persons,
        cast(sum(n_without_range) as bigint) as n_without_range
    from survey_sums
    group by driver, school_id, school_year, role
),

ordered as (
    select * from cells
    order by driver, school_year, school_id nulls first, role
)

select * from ordered
