-- grain: one row per row of frames.staff_activity and place: the district (no school_id), and the school where there is one
-- question: whose hours count for the district, and whose for each school?
with
staff_activity as (
    select * from frames.staff_activity
),

places as (
    select unnest(['district', 'school']) as place
),

placed as (
    select
        staff_activity.* replace (case when places.place = 'school' then staff_activity.school_id end as school_id)
    from staff_activity
    cross join places
    where places.place = 'district' or staff_activity.school_id is not null
)

select * from placed
