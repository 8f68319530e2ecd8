-- grain: one row per growth row whose window is empty or runs backwards
-- question: was the prior test taken before the test that it is the prior of?
-- table: frames.growth_analysis
-- columns: window_start, window_end
-- severity: critical
-- meaning: Growth is measured forwards: the prior test was taken before the test.
select
    student_id,
    window_start,
    window_end
from frames.growth_analysis
where window_start >= window_end
