-- grain: one row per school (none: the district) and school year
-- question: what share of PD hours went into activities that asked their participants for feedback?
with
hours_by_place as (
    select * from temp.placed_activity
),

surveyed_activities as (
    select pd_activity_id from core.survey where pd_activity_id is not null
    union
    select pd_activity_id from core.survey_response where pd_activity_id is not null
),

judged as (
    select
        hours_by_place.school_id,
        hours_by_place.school_year,
        hours_by_place.staff_id,
        hours_by_place.hours,
        surveyed_activities.pd_activity_id is not null as counts
    from hours_by_place
    left join surveyed_activities using (pd_activity_id)
),

shares as (
    select
        school_id,
        school_year,
        sum(case when counts then hours else 0 end) / sum(hours) as value,
        sum(case when counts then hours else 0 end) as numerator,
        sum(hours) as denominator,
        count(distinct staff_id) as n_persons
    from judged
    group by school_id, school_year
)

select * from shares
