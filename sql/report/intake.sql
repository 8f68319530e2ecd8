-- grain: one row per entity that a source feeds
-- question: how many records were read for each entity, and what became of them?
with
reconciliation as (
    select * from meta.reconciliation
),

intake as (
    select
        entity,
        count(distinct source_file) as n_files,
        cast(sum(rows_read) as bigint) as rows_read,
        cast(sum(rows_loaded) as bigint) as rows_loaded,
        cast(sum(rows_duplicate) as bigint) as rows_duplicate,
        cast(sum(rows_skipped) as bigint) as rows_skipped,
        cast(sum(rows_quarantined) as bigint) as rows_quarantined
    from reconciliation
    group by entity
)

select * from intake
