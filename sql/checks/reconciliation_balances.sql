-- grain: one row per source, entity and file whose counts do not add up, or one if nothing was counted
-- question: is every record that was read accounted for?
-- table: meta.reconciliation
-- columns: rows_read, rows_loaded, rows_duplicate, rows_skipped, rows_quarantined
-- severity: critical
-- meaning: Every record that was read was loaded, dropped as a duplicate, skipped by the study's own rule or turned away with a reason.
-- detail: file, rows read, rows accounted for
with
reconciliation as (
    select * from meta.reconciliation
),

unbalanced as (
    select
        format(
            '{} ({}): {:,} rows read, {:,} accounted for',
            source_file,
            entity,
            rows_read,
            cast(rows_loaded + rows_duplicate + rows_skipped + rows_quarantined as bigint)
        ) as detail
    from reconciliation
    where
        rows_read <> rows_loaded + rows_duplicate + rows_skipped + rows_quarantined
        or least(rows_loaded, rows_duplicate, rows_skipped, rows_quarantined) < 0
),

uncounted as (
    select 'no file was counted' as detail
    where not exists (select 1 from reconciliation)
)

select * from unbalanced
union all
select * from uncounted
