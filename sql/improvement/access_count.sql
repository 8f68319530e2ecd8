-- grain: one row per stage, kind of group and group
-- question: of the staff of some school years, how many in each group reached a stage of the pathway?
with
entries as (
    select * from temp.leadership_entry
    where school_year between $first_school_year and $last_school_year
),

grouped as (
    select
        stage,
        staff_id,
        is_reached,
        unnest([
            struct_pack(
                group_kind := 'experience',
                group_name := case
                    when is_novice then 'novice' when not is_novice then 'experienced'
                end
            ),
            struct_pack(
                group_kind := 'highest_degree',
                group_name := case
                    when has_advanced_degree then 'master''s or higher'
                    when not has_advanced_degree then 'below master''s'
                end
            ),
            struct_pack(group_kind := 'school_level', group_name := school_level),
            struct_pack(
                group_kind := 'school_poverty',
                group_name := case poverty_third
                    when 1 then 'lowest third' when 2 then 'middle third' when 3 then 'highest third'
                end
            )
        ], recursive := true)
    from entries
),

counts as (
    select
        stage,
        group_kind,
        group_name,
        count(*) as n_staff_years,
        count(distinct staff_id) as n_staff,
        count(*) filter (where is_reached) as n_reached
    from grouped
    where group_name is not null
    group by stage, group_kind, group_name
)

select * from counts
order by stage, group_kind, group_name
