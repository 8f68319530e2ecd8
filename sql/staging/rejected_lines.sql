-- grain: one row per line of one file that is no record of it
-- question: which lines could not even be landed?
insert into scratch.staging.rejected_record
select $entity as entity, $source_file as source_file, source_line, rule, null as column_name, reason, record
from landed.landing.rejected_line
where table_name = $table_name
