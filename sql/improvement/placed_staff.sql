-- grain: one row per row of frames.staff_year and place: the district (no school_id), and the school where there is one
-- question: who counts for the district, and who for each school?
with
staff_years as (
    select * from frames.staff_year
),

places as (
    select unnest(['district', 'school']) as place
),

placed as (
    select
        staff_years.* replace (case when places.place = 'school' then staff_years.school_id end as school_id)
    from staff_years
    cross join places
    where places.place = 'district' or staff_years.school_id is not null
)

select * from placed
