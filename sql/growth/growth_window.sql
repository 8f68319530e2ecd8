-- grain: one row per assessment, academic subject, school year and growth window
-- question: which window has which number in growth_row?
with
growth_rows as (
    select * from temp.growth_row
),

windows as (
    select distinct
        window_number,
        assessment_id,
        academic_subject,
        school_year,
        growth_window
    from growth_rows
)

select * from windows
