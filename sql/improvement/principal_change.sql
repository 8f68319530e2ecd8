-- grain: one row per school with a principal on record
-- question: in which school year did the school first begin with another principal than the year before?
with
assignments as (
    select * from core.staff_assignment
),

-- Of several in a year the one with most of the time, then the first: who comes in mid-year leads from the next year on.
principals as (
    select
        school_id,
        school_year,
        staff_id
    from assignments
    where role = 'principal'
    qualify row_number() over (
        partition by school_id, school_year
        order by coalesce(fte, 1) desc, coalesce(entry_date, '-infinity'::date), staff_id
    ) = 1
),

followed as (
    select
        *,
        lag(staff_id) over (partition by school_id order by school_year) as staff_id_before
    from principals
),

changes as (
    select
        school_id,
        min(school_year) as first_school_year,
        min(school_year) filter (where staff_id <> staff_id_before) as change_school_year
    from followed
    group by school_id
)

select * from changes
