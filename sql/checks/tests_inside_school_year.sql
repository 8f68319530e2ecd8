-- grain: one row per result whose day lies outside its school year
-- question: is school_year the spring year (2025 for 2024-25) in every source?
-- table: core.assessment_result
-- columns: administration_date
-- severity: warning
-- meaning: Every test was taken within its school year, July to August of the next summer; otherwise the year may be the fall year.
select
    student_id,
    assessment_id,
    administration_date
from core.assessment_result
where
    administration_date < make_date(school_year - 1, 7, 1)
    or administration_date > make_date(school_year, 8, 31)
