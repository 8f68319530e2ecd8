-- grain: one row per entity with a source
-- question: what is this report made from?
with
builds as (
    select * from meta.build
),

taken_in as (
    select * from report.intake
),

remembered as (
    select
        builds.build_id,
        builds.report_year,
        taken_in.entity,
        taken_in.rows_read,
        taken_in.rows_loaded,
        taken_in.rows_quarantined
    from builds
    cross join taken_in
)

select * from remembered
