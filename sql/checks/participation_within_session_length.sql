-- grain: one row per participation with more hours than its session
-- question: are hours of a whole series booked on one session?
-- table: core.pd_participation
-- columns: hours
-- severity: warning
-- meaning: Nobody attended more hours of a session than the session lasted.
-- parameter: tolerance_hours = 0.01
select
    participation.staff_id,
    participation.pd_session_id
from core.pd_participation as participation
inner join core.pd_session as pd_session using (pd_session_id)
where participation.hours > pd_session.duration_hours + $tolerance_hours
