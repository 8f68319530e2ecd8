-- grain: one row per exposure and unit that taught its students
-- question: which share of the instruction of the students of an exposure was whose?
with
exposures as (
    select * from temp.design_exposure
),

mixed_exposures as (
    select exposure, unnest(mixture) as part
    from exposures
    where mixture is not null
),

parts as (
    select exposure, part.unit as unit, part.share / sum(part.share) over (partition by exposure) as share
    from mixed_exposures
    union all
    select exposure, unit, 1.0 as share
    from exposures
    where mixture is null
)

select * from parts
