-- grain: one row per PD type
-- question: what is recommended for each type, and what may be shown of why?
with
recommendations as (
    select * from estimates.recommendation
),

disclosed as (
    select * replace (
        case
            when n_teachers_reached = 0 or n_teachers_reached >= $minimum_staff then n_teachers_reached
        end as n_teachers_reached,
        case when n_teachers >= $minimum_staff then n_teachers end as n_teachers,
        case
            when n_teachers_reached = 0 or n_teachers_reached >= $minimum_staff then reach_share
        end as reach_share
    )
    from recommendations
)

select * from disclosed
