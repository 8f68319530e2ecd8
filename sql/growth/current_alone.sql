-- grain: one row per student with a score in the report year and no earlier one in the window
-- question: from which scores does growth go on where there is only the current one?
with
results as (
    select rowid as result_row, scale_score
    from frames.scored_result
    where linked_from is null
        and assessment_id = $assessment_id
        and academic_subject = $academic_subject
        and school_year = $report_year
        and term = $term
        and grade_level = $grade_level
),

with_history as (
    select result_row
    from growth_outcome
    inner join growth_path using (path_number)
    where growth_path.growth_window = $growth_window
)

select result_row, scale_score as score_1
from results
anti join with_history using (result_row)
