-- grain: one row per design, academic subject, PD type and step of the sample
-- question: how did the sample of an estimate come about, and what did each exclusion take away?
-- parameters: design, pd_type, academic_subject
with
steps as (
    select * from estimates.effect_sample
),

flow as (
    select
        steps.design,
        steps.academic_subject,
        steps.pd_type,
        steps.step_number,
        steps.step,
        steps.n_rows,
        lag(steps.n_rows) over of_estimate - steps.n_rows as n_rows_fewer,
        steps.n_students,
        lag(steps.n_students) over of_estimate - steps.n_students as n_students_fewer,
        steps.n_staff,
        steps.n_schools
    from steps
    where
        ($design is null or steps.design = $design)
        and ($pd_type is null or steps.pd_type = $pd_type)
        and ($academic_subject is null or steps.academic_subject = $academic_subject)
    window of_estimate as (
        partition by steps.design, steps.academic_subject, steps.pd_type
        order by steps.step_number
    )
)

select * from flow
