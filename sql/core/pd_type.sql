-- grain: one row per PD type
-- question: which types may the study use, and which are connected (job-embedded and sustained)?
create table core.pd_type as
select unnest($pd_types::varchar[]) as pd_type, unnest($connected::boolean[]) as is_connected
