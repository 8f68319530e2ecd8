-- grain: one row per cell: design rows of one exposure, grade, assessment and term
-- question: what is the same for all rows of a cell, so that it need not be summed row by row?
with
design_rows as (
    select * from temp.design_row
),

cells as (
    select
        cell,
        any_value(grade_level) as grade_level,
        any_value(assessment_id) as assessment_id,
        any_value(term) as term,
        any_value(class_mean_prior_sd) as class_mean_prior_sd,
        any_value(school_mean_prior_sd) as school_mean_prior_sd
    from design_rows
    group by cell
)

select * from cells order by cell
