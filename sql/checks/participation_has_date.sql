-- grain: one row per attended participation without a day
-- question: which hours can be placed in no growth window and no school year?
-- table: core.pd_participation
-- columns: participation_date
-- severity: warning
-- meaning: Every attended participation has a day, its own or that of its session; hours without one count for no student's growth.
select
    participation.staff_id,
    participation.pd_activity_id
from core.pd_participation as participation
left join core.pd_session as pd_session using (pd_session_id)
where
    participation.hours > 0
    and coalesce(participation.participation_date, pd_session.session_date) is null
