-- grain: one row per school year in which reviews were due
-- question: which share of the reviews that were due has been done?
with
reviews as (
    select * from estimates.decision_review
),

due_years as (
    select
        review_year as school_year,
        count(*) filter (where due = 'reviewed') as n_counted,
        count(*) as n_of
    from reviews
    where review_year <= $report_year and status is not null
    group by review_year
),

compared as (
    select
        due_years.school_year,
        due_years.n_counted / due_years.n_of as value,
        due_years.n_counted as numerator,
        due_years.n_of as denominator,
        before.n_counted / before.n_of as comparison_value
    from due_years
    left join due_years as before on before.school_year = due_years.school_year - 1
),

judged as (
    select
        *,
        case
            when value >= $share_high then 'strength'
            when value < $share_low then 'concern'
            else 'typical'
        end as status
    from compared
)

select * from judged
