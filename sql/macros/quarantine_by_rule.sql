-- grain: one row per entity, source file, rule and column that turned records away or overruled a value
-- question: what is wrong in which file, how often, and do the records load all the same?
-- parameters: entity
with
rejected as (
    select * from quarantine.rejected_row
),

reconciliation as (
    select * from meta.reconciliation
),

records as (
    select
        reconciliation.entity,
        reconciliation.source_file,
        sum(reconciliation.rows_read) as rows_read
    from reconciliation
    group by reconciliation.entity, reconciliation.source_file
),

broken as (
    select
        rejected.entity,
        rejected.source_file,
        rejected.rule,
        rejected.column_name,
        count(distinct rejected.source_line) as n_rows,
        min(rejected.source_line) as first_line,
        arg_min(rejected.reason, row(coalesce(rejected.source_line, 0), rejected.reason)) as reason_of_first
    from rejected
    where $entity is null or rejected.entity = $entity
    group by rejected.entity, rejected.source_file, rejected.rule, rejected.column_name
),

shares as (
    select
        broken.entity,
        broken.source_file,
        broken.rule,
        broken.column_name,
        broken.rule = 'disagreement' as are_rows_loaded,
        broken.n_rows,
        broken.n_rows / nullif(records.rows_read, 0) as share_of_rows,
        broken.first_line,
        broken.reason_of_first
    from broken
    left join records on broken.entity = records.entity and broken.source_file = records.source_file
)

select * from shares
