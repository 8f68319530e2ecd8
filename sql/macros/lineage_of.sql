-- grain: one row per table and table that it is made from, directly or through others
-- question: on which tables does a table stand, how far away, down to the entities of the sources?
-- parameters: table_name
with recursive
lineage as (
    select * from meta.table_lineage
),

steps as (
    select
        lineage.table_name as made,
        lineage.table_name as through,
        lineage.depends_on as source_table,
        1 as n_steps
    from lineage
    where $table_name is null or lineage.table_name = $table_name
    union
    select
        steps.made,
        lineage.table_name as through,
        lineage.depends_on as source_table,
        steps.n_steps + 1 as n_steps
    from steps
    inner join lineage on steps.source_table = lineage.table_name
    where steps.n_steps < 50
),

nearest as (
    select
        steps.made,
        steps.source_table,
        min(steps.n_steps) as n_steps,
        arg_min(steps.through, row(steps.n_steps, steps.through)) as through
    from steps
    group by steps.made, steps.source_table
)

select * from nearest
