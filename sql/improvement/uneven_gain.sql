-- grain: one row per study design, PD type, academic subject and dimension of subgroups with a test
-- question: is it the disadvantaged, or the students of novices, for whom taking part goes with least?
with
differences as (
    select * from estimates.subgroup_difference
),

uneven_gains as (
    select
        design,
        pd_type,
        academic_subject,
        dimension,
        smallest_subgroup = dimension || '=true' as is_to_disadvantage,
        p_value_bh
    from differences
    where
        contrast = 'participated'
        and dimension in ('is_economically_disadvantaged', 'is_english_learner', 'is_swd', 'is_novice')
        and p_value_bh is not null
        and smallest_subgroup is not null
)

select * from uneven_gains
order by design, pd_type, academic_subject, dimension
