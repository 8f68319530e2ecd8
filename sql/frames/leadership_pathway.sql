-- grain: one row per staff member and pathway level
-- question: when was each person first at each stage of the pathway, and by when had each stage been reached?
with
events as (
    select * from core.leadership_event
),

first_dates as (
    select
        staff_id,
        pathway_level,
        min(event_date) filter (where stage = 'identified') as identified_on,
        min(event_date) filter (where stage = 'in_training') as in_training_on,
        min(event_date) filter (where stage = 'completed') as completed_on,
        min(event_date) filter (where stage = 'placed') as placed_on,
        min(event_date) filter (where stage = 'left_role') as left_role_on
    from events
    group by staff_id, pathway_level
),

-- A stage that follows implies the earlier ones: who was placed had been identified by then.
reached_dates as (
    select
        *,
        least(identified_on, in_training_on, completed_on, placed_on, left_role_on) as identified_by,
        least(in_training_on, completed_on, placed_on, left_role_on) as in_training_by,
        least(completed_on, placed_on, left_role_on) as completed_by,
        least(placed_on, left_role_on) as placed_by,
        left_role_on as left_role_by
    from first_dates
),

described_pathways as (
    select
        *,
        case
            when left_role_by is not null then 'left_role'
            when placed_by is not null then 'placed'
            when completed_by is not null then 'completed'
            when in_training_by is not null then 'in_training'
            else 'identified'
        end as furthest_stage,
        cast(identified_on is null as bigint)
        + cast(in_training_on is null and in_training_by is not null as bigint)
        + cast(completed_on is null and completed_by is not null as bigint)
        + cast(placed_on is null and placed_by is not null as bigint) as n_stages_skipped,
        coalesce(identified_on > identified_by, false)
        or coalesce(in_training_on > in_training_by, false)
        or coalesce(completed_on > completed_by, false)
        or coalesce(placed_on > placed_by, false) as is_out_of_order
    from reached_dates
)

select * from described_pathways
