-- grain: one row per assessment that ended, the one that began in its place, and academic subject
-- question: across which change of assessments is growth not computed?
insert into meta.unavailable
with
results as (
    select * from core.assessment_result
),

linked as (
    select unnest($link_from::varchar[]) as from_assessment_id
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

continued as (
    select distinct changes.*
    from changes
    inner join results as before
        on changes.from_assessment_id = before.assessment_id
        and changes.academic_subject = before.academic_subject
        and changes.last_school_year = before.school_year
    inner join results as after
        on changes.to_assessment_id = after.assessment_id
        and changes.academic_subject = after.academic_subject
        and changes.first_school_year = after.school_year
        and before.student_id = after.student_id
),

not_linked as (
    select * from continued
    anti join linked using (from_assessment_id)
)

select
    concat('growth from ', from_assessment_id, ' to ', to_assessment_id, ' in ', academic_subject),
    concat(
        'not computed: ', from_assessment_id, ' ends in ', last_school_year, ' and ', to_assessment_id, ' begins in ',
        first_school_year, '; a [[growth.link]] of study.toml can link them'
    )
from not_linked
order by all
