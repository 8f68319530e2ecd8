-- grain: one row per spelling of a name and e-mail address
-- question: which names of staff may a file name, label or message not show? (restricted file only)
create or replace table landed.restricted.staff_name as
select distinct first_name, last_name
from scratch.staging.staff
where first_name is not null and last_name is not null
order by first_name, last_name
