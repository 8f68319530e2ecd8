-- grain: one row per school year with decisions of which it can be told
-- question: which share of the year's decisions was acted on?
with
reviews as (
    select * from estimates.decision_review
),

decision_years as (
    select
        school_year,
        count(*) filter (where acted_on = 'yes') as n_counted,
        count(*) as n_of
    from reviews
    where acted_on in ('yes', 'no')
    group by school_year
),

compared as (
    select
        decision_years.school_year,
        decision_years.n_counted / decision_years.n_of as value,
        decision_years.n_counted as numerator,
        decision_years.n_of as denominator,
        before.n_counted / before.n_of as comparison_value
    from decision_years
    left join decision_years as before on before.school_year = decision_years.school_year - 1
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
