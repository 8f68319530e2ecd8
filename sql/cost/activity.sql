-- grain: one row per activity and school year with costs or attended hours
-- question: what did the activity cost, of which the source does not price what?
-- An hour of a participant is priced once: by the source, else by the substitute who stood in, else as time.
with
lines as (
    select * from temp.cost_line
),

attendance as (
    select * from temp.cost_attendance
),

activities as (
    select * from core.pd_activity
),

listed as (
    select
        pd_activity_id,
        school_year,
        case when bool_and(amount is not null) then sum(amount) end as source_cost,
        bool_or(ingredient_class = 'teacher_time') as is_time_listed,
        bool_or(ingredient_class = 'substitutes') as is_substitute_listed,
        bool_or(amount is null) as lacks_price
    from lines
    group by pd_activity_id, school_year
),

attended as (
    select
        pd_activity_id,
        school_year,
        count(distinct staff_id) as n_participants,
        sum(hours) as hours,
        sum(school_day_hours) as school_day_hours
    from attendance
    group by pd_activity_id, school_year
),

joined as (
    select
        pd_activity_id,
        school_year,
        case
            when listed.lacks_price then 'no_price_index'
            when listed.pd_activity_id is null then 'hours_without_cost'
            when attended.pd_activity_id is null then 'cost_without_hours'
            else 'covered'
        end as status,
        coalesce(attended.n_participants, 0) as n_participants,
        coalesce(attended.hours, 0) as hours,
        coalesce(attended.school_day_hours, 0) as school_day_hours,
        coalesce(listed.is_time_listed, false) as is_time_listed,
        coalesce(listed.is_substitute_listed, false) as is_substitute_listed,
        listed.source_cost
    from listed
    full join attended using (pd_activity_id, school_year)
),

-- Hours in class are a substitute's where one is priced, by the source or by a rate.
covered_by as (
    select
        *,
        status = 'covered' and not is_time_listed as is_time_open,
        case
            when is_time_open and (is_substitute_listed or $substitute_daily_cost is not null)
                then school_day_hours * $substitute_share
            else 0
        end as substitute_hours,
        case when is_time_open then hours - substitute_hours else 0 end as time_hours
    from joined
),

priced as (
    select
        *,
        case
            when is_time_open and not is_substitute_listed
                then substitute_hours / $hours_per_substitute_day * $substitute_daily_cost
        end as substitute_cost,
        case when is_time_open then time_hours * $teacher_hourly_cost end as time_cost
    from covered_by
),

described as (
    select
        priced.pd_activity_id,
        priced.school_year,
        activities.pd_type,
        activities.academic_subject,
        priced.status,
        priced.n_participants,
        priced.hours,
        priced.school_day_hours,
        priced.is_time_listed,
        priced.is_substitute_listed,
        priced.source_cost,
        priced.substitute_hours,
        priced.substitute_cost,
        priced.time_hours,
        priced.time_cost,
        case
            when priced.source_cost is not null
                then coalesce(priced.substitute_cost, 0) + coalesce(priced.time_cost, 0)
        end as priced_cost,
        priced.source_cost + coalesce(priced.substitute_cost, 0) + coalesce(priced.time_cost, 0) as total_cost
    from priced
    inner join activities using (pd_activity_id)
)

select * from described
