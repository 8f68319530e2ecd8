-- grain: one row per unit: teacher, school, school year and growth window of the design rows
-- question: who taught where and when, in the order of the units' numbers?
with
design_rows as (
    select * from temp.design_row
),

units as (
    select
        unit,
        any_value(staff_id) as staff_id,
        any_value(school_id) as school_id,
        any_value(school) as school,
        any_value(teacher) as teacher,
        any_value(school_year) as school_year,
        any_value(window_start) as window_start,
        any_value(window_end) as window_end,
        any_value(years_experience) as years_experience
    from design_rows
    group by unit
)

select * from units order by unit
