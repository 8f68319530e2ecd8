-- grain: one row per record that did not go in, and rule
-- question: what was turned away, with the record itself?
create table scratch.staging.rejected_record (
    entity varchar,
    source_file varchar,
    source_line bigint,
    rule varchar,
    column_name varchar,
    reason varchar,
    record varchar
)
