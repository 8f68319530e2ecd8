-- grain: one row per school (none: the district) and school year
-- question: what share of novice teachers took part in mentoring or induction?
with
staff_by_place as (
    select * from temp.placed_staff
),

mentored as (
    select distinct
        staff_id,
        school_year
    from frames.staff_activity
    where pd_type = 'mentoring_induction'
),

counts as (
    select
        staff_by_place.school_id,
        school_year,
        count(mentored.staff_id) as numerator,
        count(*) as denominator
    from staff_by_place
    left join mentored using (staff_id, school_year)
    where staff_by_place.is_teacher and staff_by_place.is_novice
    group by staff_by_place.school_id, school_year
),

shares as (
    select
        school_id,
        school_year,
        numerator / denominator as value,
        numerator,
        denominator,
        wilson_low(numerator, denominator) as ci_low,
        wilson_high(numerator, denominator) as ci_high,
        denominator as n_persons
    from counts
)

select * from shares
