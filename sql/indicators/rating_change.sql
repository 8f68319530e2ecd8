-- grain: one row per school (none: the district) and school year
-- question: by how much did ratings of the same teachers change since the year before, in standard deviations of teachers?
with
observations as (
    select * from core.observation
),

staff_by_place as (
    select * from temp.placed_staff
),

teacher_means as (
    select
        staff_id,
        rubric,
        cast(year(observation_date) + cast(month(observation_date) >= 7 as integer) as smallint) as school_year,
        avg(rating) as rating
    from observations
    group by all
),

rubric_spreads as (
    select
        rubric,
        school_year,
        stddev_samp(rating) as rating_sd
    from teacher_means
    group by rubric, school_year
),

changes as (
    select
        later.staff_id,
        later.school_year,
        avg((later.rating - earlier.rating) / rubric_spreads.rating_sd) as change_sd
    from teacher_means as later
    inner join teacher_means as earlier
        on later.staff_id = earlier.staff_id
        and later.rubric = earlier.rubric
        and later.school_year = earlier.school_year + 1
    inner join rubric_spreads
        on earlier.rubric = rubric_spreads.rubric
        and earlier.school_year = rubric_spreads.school_year
        and rubric_spreads.rating_sd > 0
    group by later.staff_id, later.school_year
),

placed as (
    select
        staff_by_place.school_id,
        school_year,
        changes.change_sd
    from changes
    inner join staff_by_place using (staff_id, school_year)
),

means as (
    select
        school_id,
        school_year,
        avg(change_sd) as value,
        count(*) as n,
        stddev_samp(change_sd) / sqrt(count(*)) as std_error
    from placed
    group by school_id, school_year
),

intervals as (
    select
        means.school_id,
        means.school_year,
        means.value,
        means.value - quantiles.quantile * means.std_error as ci_low,
        means.value + quantiles.quantile * means.std_error as ci_high,
        means.n as n_persons
    from means
    left join temp.t_quantile as quantiles on quantiles.df = least(means.n - 1, 1000)
)

select * from intervals
