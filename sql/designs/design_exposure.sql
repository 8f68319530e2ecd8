-- grain: one row per exposure: design rows of one unit and mixture of teachers
-- question: whose students are they, and which units taught them?
with
design_rows as (
    select * from temp.design_row
),

exposures as (
    select
        exposure,
        any_value(unit) as unit,
        any_value(mixture) as mixture
    from design_rows
    group by exposure
)

select * from exposures order by exposure
