-- grain: one row per entity, source file and rule that turned rows away or overruled a value
-- question: what is wrong in which file, how often, and what is to be done?
with
rejected_rows as (
    select * from quarantine.rejected_row
),

rejections as (
    select
        entity,
        source_file,
        rule,
        count(distinct coalesce(source_line, 0)) as n_rows,
        min(source_line) as first_line,
        arg_min(reason, struct_pack(line := coalesce(source_line, 0), reason)) as example_reason
    from rejected_rows
    group by entity, source_file, rule
)

select * from rejections
