-- grain: one row where the study has no growth percentile at all
-- question: why has nobody one?
insert into meta.unavailable
with
histories as (
    select count(*) as n_priors from frames.growth_history
),

percentiles as (
    select * from estimates.growth_percentile limit 1
)

select
    'growth percentiles',
    case
        when n_priors = 0 then 'not computed: no student has an earlier score in one of the growth windows'
        else format(
            'not computed: no norm group has the {} students that percentile curves need (estimates.norm_group)',
            $minimum_norm_group
        )
    end
from histories
where not exists (from percentiles)
