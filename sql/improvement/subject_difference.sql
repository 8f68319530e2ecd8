-- grain: one row per study design and PD type estimated in two academic subjects
-- question: how sure is the difference between the subjects? It gives the error of their mean.
with
differences as (
    select * from estimates.subgroup_difference
),

subject_differences as (
    select
        design,
        pd_type,
        std_error
    from differences
    where
        contrast = 'participated'
        and dimension = 'academic_subject'
        and academic_subject = 'all'
        and n_subgroups = 2
        and std_error is not null
)

select * from subject_differences
order by design, pd_type
