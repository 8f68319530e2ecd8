-- grain: one row per spelling of a name and e-mail address
-- question: which names of staff may an open answer hold? (names of records that were turned away too)
with
staff as (
    select * from scratch.staging.staff
),

names as (
    select distinct
        first_name,
        last_name,
        email
    from staff
    where coalesce(first_name, last_name, email) is not null
)

select * from names
order by all
