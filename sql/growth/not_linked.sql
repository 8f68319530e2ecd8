-- grain: one row per assessment that ended, the one that began in its place, and academic subject
-- question: across which change of assessments is growth not computed?
insert into meta.unavailable
with
results as (
    select * from core.assessment_result
),

links as (
    select unnest($link_from::varchar[]) as from_assessment_id, unnest($link_to::varchar[]) as to_assessment_id
),

spans as (
    select
        assessment_id,
        academic_subject,
        min(school_year) as first_school_year,
        max(school_year) as last_school_year
    from results
    group by all
),

changes as (
    select
        ended.assessment_id as from_assessment_id,
        began.assessment_id as to_assessment_id,
        ended.academic_subject,
        ended.last_school_year,
        began.first_school_year
    from spans as ended
    inner join spans as began using (academic_subject)
    where ended.last_school_year < began.first_school_year
),

not_linked as (
    select * from changes
    anti join links using (from_assessment_id, to_assessment_id)
)

select
    concat('growth from ', from_assessment_id, ' to ', to_assessment_id, ' in ', academic_subject),
    concat(
        'not computed: ', from_assessment_id, ' ends in ', last_school_year, ' and ', to_assessment_id, ' begins in ',
        first_school_year, '; a [[growth.link]] of study.toml can link them'
    )
from not_linked
order by all
