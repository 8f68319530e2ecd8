-- grain: one row per school (none: the district), school year and initiator
-- question: what share of PD hours did the district, the schools and the teachers initiate, and for what share does nobody know?
with
hours_by_place as (
    select * from temp.placed_activity
),

initiators as (
    select unnest(['district', 'school', 'teacher', 'unknown']) as category
),

place_sums as (
    select
        school_id,
        school_year,
        sum(hours) as hours,
        count(initiated_by) > 0 as has_initiator,
        count(distinct staff_id) as n_persons
    from hours_by_place
    group by school_id, school_year
),

initiator_sums as (
    select
        school_id,
        school_year,
        coalesce(initiated_by, 'unknown') as category,
        sum(hours) as hours
    from hours_by_place
    group by school_id, school_year, category
),

told as (
    select
        place_sums.school_id,
        place_sums.school_year,
        place_sums.n_persons,
        initiators.category,
        coalesce(initiator_sums.hours, 0) as hours,
        place_sums.hours as all_hours,
        place_sums.has_initiator or initiators.category = 'unknown' as is_known
    from place_sums
    cross join initiators
    left join initiator_sums
        on place_sums.school_year = initiator_sums.school_year
        and place_sums.school_id is not distinct from initiator_sums.school_id
        and initiators.category = initiator_sums.category
),

-- Without any initiator on record a zero for the district would be an invention.
shares as (
    select
        school_id,
        school_year,
        category,
        case when is_known then hours / all_hours end as value,
        case when is_known then hours end as numerator,
        all_hours as denominator,
        n_persons,
        case when is_known then 'described' else 'not_available' end as status,
        case when not is_known then 'no activity has an initiator on record' end as note
    from told
)

select * from shares
