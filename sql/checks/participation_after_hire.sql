-- grain: one row per participation that lies before the person's date of hire
-- question: do staff ids get used again, or are dates of hire those of a later contract?
-- table: core.pd_participation
-- columns: participation_date
-- severity: warning
-- meaning: Nobody attended professional development before the date of hire.
select
    participation.staff_id,
    participation.pd_activity_id
from core.pd_participation as participation
inner join core.staff as staff using (staff_id)
left join core.pd_session as pd_session using (pd_session_id)
where coalesce(participation.participation_date, pd_session.session_date) < staff.hire_date
