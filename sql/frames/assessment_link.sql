-- grain: one row per linked assessment, its successor, academic subject, grade level and score of the predecessor
-- question: which score of the successor has the same percentile rank? Equipercentile link of Kolen and Brennan (2014,
-- section 2.5): each grade of the last year and the same grade of the first are taken as samples of one population.
with
results as (
    select * from core.assessment_result
    where grade_level is not null
),

links as (
    select
        unnest($link_from::varchar[]) as from_assessment_id,
        unnest($link_to::varchar[]) as to_assessment_id,
        unnest($link_first_school_year::bigint[]) as replaced_in
),

last_administrations as (
    select
        links.from_assessment_id,
        links.to_assessment_id,
        links.replaced_in,
        results.academic_subject,
        results.grade_level,
        max(
            struct_pack(
                school_year := results.school_year,
                place := list_position(['fall', 'winter', 'spring'], results.term),
                term := results.term
            )
        ) as last
    from links
    inner join results
        on links.from_assessment_id = results.assessment_id and results.school_year < links.replaced_in
    group by all
),

administrations as (
    select
        last_administrations.from_assessment_id,
        last_administrations.to_assessment_id,
        last_administrations.academic_subject,
        last_administrations.grade_level,
        last_administrations.last.term as term,
        last_administrations.last.school_year as last_school_year,
        min(results.school_year) as first_school_year
    from last_administrations
    inner join results
        on last_administrations.to_assessment_id = results.assessment_id
        and last_administrations.academic_subject = results.academic_subject
        and last_administrations.grade_level = results.grade_level
        and last_administrations.last.term = results.term
        and last_administrations.replaced_in <= results.school_year
    group by all
),

scores as (
    select administrations.*, true as is_successor, results.scale_score
    from administrations
    inner join results
        on administrations.to_assessment_id = results.assessment_id
        and administrations.academic_subject = results.academic_subject
        and administrations.grade_level = results.grade_level
        and administrations.term = results.term
        and administrations.first_school_year = results.school_year
    union all
    select administrations.*, false as is_successor, results.scale_score
    from administrations
    inner join results
        on administrations.from_assessment_id = results.assessment_id
        and administrations.academic_subject = results.academic_subject
        and administrations.grade_level = results.grade_level
        and administrations.term = results.term
        and administrations.last_school_year = results.school_year
),

spreads as (
    select
        from_assessment_id,
        to_assessment_id,
        academic_subject,
        grade_level,
        stddev_pop(scale_score) filter (is_successor) / stddev_pop(scale_score) filter (not is_successor) as sd_ratio
    from scores
    group by all
    having stddev_pop(scale_score) filter (is_successor) > 0 and stddev_pop(scale_score) filter (not is_successor) > 0
),

frequencies as (
    select
        from_assessment_id,
        to_assessment_id,
        academic_subject,
        grade_level,
        term,
        last_school_year,
        first_school_year,
        is_successor,
        scale_score,
        count(*) as n_at_score
    from scores
    group by all
),

-- A score stands for the interval half-way to its neighbours; half of its students are spread evenly on each side of
-- it, so that a scale linked to itself stays as it is where its scores have unequal distances.
intervals as (
    select
        *,
        sum(n_at_score) over sides as n_students,
        (sum(n_at_score) over up_to - n_at_score) / sum(n_at_score) over sides as share_below,
        n_at_score / sum(n_at_score) over sides as share_at,
        scale_score - coalesce(
            scale_score - lag(scale_score) over up_to, lead(scale_score) over up_to - scale_score
        ) / 2 as interval_low,
        scale_score + coalesce(
            lead(scale_score) over up_to - scale_score, scale_score - lag(scale_score) over up_to
        ) / 2 as interval_high
    from frequencies
    window
        sides as (partition by from_assessment_id, to_assessment_id, academic_subject, grade_level, is_successor),
        up_to as (
            partition by from_assessment_id, to_assessment_id, academic_subject, grade_level, is_successor
            order by scale_score
        )
),

ranked as (
    select *, share_below + share_at / 2 as rank
    from intervals
),

predecessors as (
    select * from ranked
    where not is_successor
),

successors as (
    select * from ranked
    where is_successor
),

linked as (
    select
        predecessors.from_assessment_id,
        predecessors.to_assessment_id,
        predecessors.academic_subject,
        predecessors.grade_level,
        predecessors.term,
        predecessors.last_school_year,
        predecessors.first_school_year,
        predecessors.scale_score,
        case
            when predecessors.rank < successors.rank
                then successors.scale_score
                    - (successors.rank - predecessors.rank) / (successors.share_at / 2)
                    * (successors.scale_score - successors.interval_low)
            else successors.scale_score
                + (predecessors.rank - successors.rank) / (successors.share_at / 2)
                * (successors.interval_high - successors.scale_score)
        end as linked_score,
        spreads.sd_ratio,
        100 * predecessors.rank as percentile_rank,
        predecessors.n_students::bigint as n_from,
        successors.n_students::bigint as n_to
    from predecessors
    inner join spreads using (from_assessment_id, to_assessment_id, academic_subject, grade_level)
    asof join successors
        on predecessors.from_assessment_id = successors.from_assessment_id
        and predecessors.to_assessment_id = successors.to_assessment_id
        and predecessors.academic_subject = successors.academic_subject
        and predecessors.grade_level = successors.grade_level
        and predecessors.rank >= successors.share_below
)

select * from linked
