-- grain: one row per record that did not go in, and rule
-- question: what was turned away, by file and line?
create table scratch.staging.rejected (
    entity varchar,
    file_number integer,
    source_line bigint,
    rule varchar,
    column_name varchar,
    reason varchar
)
