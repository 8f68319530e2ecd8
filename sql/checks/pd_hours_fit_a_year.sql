-- grain: one row per teacher and school year with more PD hours than a year can hold
-- question: were hours entered in minutes, or a participation twice?
-- table: frames.teacher_year
-- columns: pd_hours
-- severity: warning
-- meaning: No teacher attended more than {maximum_hours:g} hours of professional development in a school year; more points to minutes or to rows counted twice.
-- parameter: maximum_hours = 400
select
    staff_id,
    school_year
from frames.teacher_year
where pd_hours > $maximum_hours
