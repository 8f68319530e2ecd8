-- grain: one row per cell and unit that taught its students
-- question: which share of the instruction of a cell's students was whose?
with
cells as (
    select * from temp.design_cell
),

mixed_cells as (
    select cell, unnest(mixture) as part
    from cells
    where mixture is not null
),

parts as (
    select cell, part.unit as unit, part.share / sum(part.share) over (partition by cell) as share
    from mixed_cells
    union all
    select cell, unit, 1.0 as share
    from cells
    where mixture is null
)

select * from parts
