-- grain: one row per record that did not go in, and rule
-- question: what was turned away, without the record itself?
insert into quarantine.rejected_row
select distinct entity, source_file, source_line, rule, column_name, reason, $build_id as build_id
from scratch.staging.rejected_record
order by entity, source_file, source_line, rule
