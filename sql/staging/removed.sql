-- grain: one row per record that did not go in as it is, and rule
-- question: what became of the records that are not in core?
-- outcome: duplicate, quarantined, or absorbed (its values went into the record of an earlier source)
create table scratch.staging.removed (
    entity varchar,
    row_number bigint,
    outcome varchar,
    rule varchar,
    column_name varchar,
    reason varchar
)
