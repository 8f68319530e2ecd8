-- grain: one row per student, teacher, academic subject and school year
-- question: who taught the student the subject, and for which share of it?
with
sections as (
    select * from core.section
),

section_staff as (
    select * from core.section_staff
),

section_students as (
    select * from core.section_student
),

-- Numbers stand for names where millions of rows are grouped by them.
numbered_sections as (
    select
        section_id,
        school_id,
        academic_subject,
        school_year,
        dense_rank() over (order by academic_subject, school_year) as strand_number,
        dense_rank() over (order by school_id) as school_number,
        make_date(school_year - 1, 7, 1) as year_start,
        make_date(school_year, 6, 30) as year_end
    from sections
),

strands as (
    select distinct strand_number, academic_subject, school_year
    from numbered_sections
),

schools as (
    select distinct school_number, school_id
    from numbered_sections
),

-- A period without an end lasts to the end of the school year; none reaches beyond the school year.
teaching_periods as (
    select
        section_staff.section_id,
        section_staff.staff_id,
        section_staff.percentage_contribution,
        greatest(section_staff.begin_date, numbered_sections.year_start) as first_day,
        least(section_staff.end_date, numbered_sections.year_end) as last_day
    from section_staff
    inner join numbered_sections using (section_id)
    where first_day <= last_day
),

-- Cut wherever somebody begins or ends, so that equal shares are of those who teach on the day.
first_days as (
    select section_id, first_day from teaching_periods
    union
    select section_id, last_day + 1 as first_day from teaching_periods
),

stretches as (
    select
        section_id,
        first_day,
        lead(first_day) over (partition by section_id order by first_day) - 1 as last_day
    from first_days
),

contributions as (
    select
        stretches.section_id,
        teaching_periods.staff_id,
        stretches.first_day,
        stretches.last_day,
        coalesce(
            max(teaching_periods.percentage_contribution),
            1.0 / count(*) over (partition by stretches.section_id, stretches.first_day)
        ) as contribution
    from stretches
    inner join teaching_periods
        on stretches.section_id = teaching_periods.section_id
        and stretches.first_day >= teaching_periods.first_day
        and stretches.last_day <= teaching_periods.last_day
    group by stretches.section_id, teaching_periods.staff_id, stretches.first_day, stretches.last_day
),

learning_periods as (
    select
        section_students.student_id,
        section_students.section_id,
        numbered_sections.strand_number,
        numbered_sections.school_number,
        greatest(section_students.begin_date, numbered_sections.year_start) as first_day,
        least(section_students.end_date, numbered_sections.year_end) as last_day
    from section_students
    inner join numbered_sections using (section_id)
),

days_together as (
    select
        learning_periods.student_id,
        contributions.staff_id,
        learning_periods.strand_number,
        learning_periods.school_number,
        contributions.contribution,
        least(learning_periods.last_day, contributions.last_day)
        - greatest(learning_periods.first_day, contributions.first_day) + 1 as days
    from learning_periods
    inner join contributions using (section_id)
    where days > 0 and contributions.contribution > 0
),

school_links as (
    select
        student_id,
        staff_id,
        strand_number,
        school_number,
        cast(sum(days) as double) as days,
        sum(days * contribution) as instruction
    from days_together
    group by student_id, staff_id, strand_number, school_number
),

-- Of two schools with as many days, the fraction lets the first by id win.
links as (
    select
        student_id,
        staff_id,
        strand_number,
        arg_max(school_number, days - school_number / 1e6) as school_number,
        sum(days) as days_in_common,
        sum(instruction) as instruction
    from school_links
    group by student_id, staff_id, strand_number
),

weighted_links as (
    select
        *,
        instruction / sum(instruction) over student_strand as roster_weight,
        count(*) over student_strand as n_teachers
    from links
    window student_strand as (partition by student_id, strand_number)
),

named_links as (
    select
        weighted_links.student_id,
        weighted_links.staff_id,
        strands.academic_subject,
        strands.school_year,
        schools.school_id,
        weighted_links.days_in_common,
        weighted_links.roster_weight,
        weighted_links.n_teachers
    from weighted_links
    inner join strands using (strand_number)
    inner join schools using (school_number)
)

select * from named_links
