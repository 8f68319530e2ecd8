-- grain: one row per record that did not go in, and rule
-- question: what does the record say that was turned away? (restricted file only)
create or replace table landed.quarantine.rejected_row as
select distinct entity, source_file, source_line, rule, column_name, reason, $build_id as build_id, record
from scratch.staging.rejected_record
order by entity, source_file, source_line, rule
