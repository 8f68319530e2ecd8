-- grain: one row per school with teachers and school year with attendance on file
-- question: what is known of each school's balance, and how does it compare with schools of its level?
with
school_hours as (
    select * from temp.school_hours
),

school_gaps as (
    select * from temp.school_gap
),

school_climates as (
    select * from temp.school_climate
),

school_growth as (
    select * from temp.school_growth
),

schools as (
    select * from core.school
),

facts as (
    select
        school_hours.*,
        coalesce(schools.school_level, 'unknown') as school_level,
        school_gaps.* exclude (school_id, school_year),
        school_climates.* exclude (school_id, school_year),
        school_growth.* exclude (school_id, school_year)
    from school_hours
    left join schools on school_hours.school_id = schools.school_id
    left join school_gaps
        on school_hours.school_id = school_gaps.school_id and school_hours.school_year = school_gaps.school_year
    left join school_climates
        on school_hours.school_id = school_climates.school_id
        and school_hours.school_year = school_climates.school_year
    left join school_growth
        on school_hours.school_id = school_growth.school_id and school_hours.school_year = school_growth.school_year
),

with_peers as (
    select
        *,
        count(*) over peers as n_peers,
        median(alignment) over peers as alignment_median,
        median(differentiation) over peers as differentiation_median,
        median(coherence) over peers as coherence_median,
        median(climate) over peers as climate_median,
        quantile_cont(hours_per_teacher, $top_quarter) over peers as hours_top_quarter,
        quantile_cont(hours_per_teacher, 1 - $top_quarter) over peers as hours_bottom_quarter
    from facts
    window peers as (partition by school_year, school_level)
)

select * from with_peers
