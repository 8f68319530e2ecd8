-- grain: one row per period, school year and PD type
-- question: what did PD cost per participant, per hour and per student reached?
-- Unit costs are of activities with costs and hours in the same year; amounts of other activities are in the totals.
with
reach as (
    select * from temp.cost_reach
),

ingredients as (
    select * from estimates.cost_ingredient
),

by_period as (
    select
        reach.* exclude (school_year),
        unnest([
            {
                'period': case when school_year = $report_year then 'report_year' else 'other_year' end,
                'school_year': school_year
            },
            {'period': 'all_years', 'school_year': null}
        ], recursive := true)
    from reach
),

-- People and students count once a year, so that the years add up.
totals as (
    select
        period,
        school_year,
        pd_type,
        cast(sum(n_activities) as bigint) as n_activities,
        cast(sum(n_participants) as bigint) as n_participants,
        cast(sum(n_covered_participants) as bigint) as n_covered_participants,
        sum(hours) as hours,
        sum(covered_hours) as covered_hours,
        cast(sum(n_students) as bigint) as n_students,
        cast(sum(n_covered_students) as bigint) as n_covered_students,
        sum(n_student_equivalents) as n_student_equivalents,
        sum(n_covered_student_equivalents) as n_covered_student_equivalents,
        sum(source_cost) as source_cost,
        sum(priced_cost) as priced_cost,
        sum(total_cost) as total_cost,
        sum(covered_cost) as covered_cost,
        sum(time_hours) as time_hours,
        cast(sum(n_without_hours) as bigint) as n_without_hours,
        cast(sum(n_without_cost) as bigint) as n_without_cost,
        cast(sum(n_without_price) as bigint) as n_without_price
    from by_period
    group by all
),

personnel as (
    select
        period,
        school_year,
        pd_type,
        sum(amount) filter (where is_personnel) / nullif(sum(amount), 0) as personnel_share
    from ingredients
    group by all
),

shares as (
    select
        totals.*,
        covered_hours / nullif(hours, 0) as covered_share,
        coalesce(personnel.personnel_share, case when totals.total_cost > 0 then 0 end) as personnel_share
    from totals
    left join personnel
        on totals.period = personnel.period
        and totals.school_year is not distinct from personnel.school_year
        and totals.pd_type = personnel.pd_type
),

unit_costs as (
    select
        period,
        school_year,
        pd_type,
        n_activities,
        n_participants,
        hours,
        n_students,
        n_student_equivalents,
        source_cost,
        priced_cost,
        total_cost,
        covered_cost,
        covered_hours,
        covered_share,
        covered_cost / nullif(n_covered_participants, 0) as cost_per_participant,
        covered_cost / nullif(covered_hours, 0) as cost_per_hour,
        covered_cost / nullif(n_covered_students, 0) as cost_per_student,
        covered_cost / nullif(n_covered_student_equivalents, 0) as cost_per_student_equivalent,
        personnel_share,
        covered_share >= $minimum_covered_share as is_covered,
        $currency as currency,
        cast($price_year as smallint) as price_year,
        nullif(concat_ws(
            '; ',
            case when $no_source <> '' then $no_source end,
            case when hours = 0 then 'nobody attended' end,
            case
                when covered_share < $minimum_covered_share and covered_share > 0
                    then 'caution: costs are known for '
                        || case when covered_share < .01 then 'under 1' else cast(floor(100 * covered_share) as integer) end
                        || ' % of the hours only'
                when covered_share = 0 and $no_source = '' then 'no hours with known costs'
            end,
            case
                when n_without_cost > 0 and $no_source = ''
                    then n_without_cost || case n_without_cost when 1 then ' activity' else ' activities' end
                        || ' attended without costs, not in unit costs'
            end,
            case
                when n_without_hours > 0
                    then n_without_hours || case n_without_hours when 1 then ' activity' else ' activities' end
                        || ' with costs that nobody attended, not in unit costs'
            end,
            case
                when n_without_price > 0
                    then n_without_price || case n_without_price when 1 then ' activity' else ' activities' end
                        || ' in a year without price level, left out'
            end,
            case
                when time_hours > 0 and $teacher_hourly_cost is null
                    then 'participants'' time is not in the costs: not available: set [cost] teacher_hourly_cost'
            end,
            case when covered_cost is not null and n_covered_students = 0 then 'no student is linked to a participant' end
        ), '') as note
    from shares
)

select * from unit_costs
