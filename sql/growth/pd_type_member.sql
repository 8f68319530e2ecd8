-- grain: one row per row of growth_row with known days and PD type that anybody had aligned hours of in the subject
-- question: had the teacher aligned hours of the type in the days of this growth?
with
growth_rows as (
    select * from temp.growth_row
),

units as (
    select * from temp.pd_type_unit
),

members as (
    select
        growth_rows.*,
        units.pd_type,
        units.is_participant
    from growth_rows
    inner join units using (staff_number, window_number, window_start, window_end)
)

select * from members
