-- grain: one row
-- question: how many lines of the file could not even be landed?
select count(*) from landed.landing.rejected_line where table_name = $table_name
