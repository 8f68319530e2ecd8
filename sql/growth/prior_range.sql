-- grain: one row
-- question: between which prior scores do nearly all students of a norm group lie?
select
    quantile_cont(prior_1, 0.01) as lowest,
    quantile_cont(prior_1, 0.99) as highest,
    count(*) as n_students
from growth_outcome
where list_contains($paths, path_number)
