-- grain: one row per source file, entity, rule and column, those with most rows first
-- question: which faults of which files turned most rows away?
select
    source_file,
    min(source_line) as first_line,
    column_name,
    any_value(reason) as reason,
    count(*) as n_rows,
    entity,
    rule
from quarantine.rejected_row
where rule <> 'disagreement'
group by source_file, entity, rule, column_name
order by n_rows desc, source_file, first_line
limit $n_lines
