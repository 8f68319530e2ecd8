-- grain: one row per process, staff member and pathway level
-- question: when did each person start to wait for what, and by when had it come?
with
pathways as (
    select * from frames.leadership_pathway
),

staff_years as (
    select * from frames.staff_year
),

last_years as (
    select
        staff_id,
        max(school_year) as last_school_year
    from staff_years
    group by staff_id
),

followed_pathways as (
    select
        pathways.*,
        last_years.last_school_year,
        -- Who is not on the staff of the year after has left by 1 July; of the last year nothing is known yet.
        case
            when last_years.last_school_year < (select max(school_year) from staff_years)
                then make_date(last_years.last_school_year, 7, 1)
        end as departed_on
    from pathways
    left join last_years using (staff_id)
),

processes as (
    select
        staff_id,
        pathway_level as category,
        last_school_year,
        unnest([
            struct_pack(
                process := 'identified_to_in_training',
                started_on := identified_on,
                started_by := identified_by,
                reached_by := in_training_by
            ),
            struct_pack(
                process := 'in_training_to_completed',
                started_on := in_training_on,
                started_by := in_training_by,
                reached_by := completed_by
            ),
            struct_pack(
                process := 'completed_to_placed',
                started_on := completed_on,
                started_by := completed_by,
                reached_by := placed_by
            ),
            struct_pack(
                process := 'identified_to_placed',
                started_on := identified_on,
                started_by := identified_by,
                reached_by := placed_by
            ),
            -- Leaving the district ends a role too; a departure before the placement contradicts it and is not read.
            struct_pack(
                process := 'placed_to_left_role',
                started_on := placed_on,
                started_by := placed_by,
                reached_by := least(left_role_by, case when departed_on > placed_on then departed_on end)
            )
        ], recursive := true)
    from followed_pathways
),

-- A stage dated after one that follows it was reached with that one: no days passed.
started as (
    select * replace (case when started_on is not null then started_by end as started_on)
    from processes
    where started_by is not null
)

select * from started
order by process, category, staff_id
