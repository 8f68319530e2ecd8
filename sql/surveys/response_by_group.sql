-- grain: one row per questionnaire, school year, basis, kind of group and group
-- question: who answers, and who does not?
with
invitations as (
    select * from survey_invitation
),

known_groups as (
    select
        questionnaire_id,
        school_year,
        'known_staff' as basis,
        response_id is not null as has_answered,
        unnest([
            struct_pack(group_kind := 'role', group_value := role),
            struct_pack(group_kind := 'school_level', group_value := school_level),
            struct_pack(group_kind := 'novice', group_value := novice)
        ], recursive := true)
    from invitations
),

known_rates as (
    select
        questionnaire_id,
        school_year,
        basis,
        group_kind,
        group_value,
        count(*) as n_invited,
        count(*) filter (has_answered) as n_responses
    from known_groups
    group by questionnaire_id, school_year, basis, group_kind, group_value
),

-- What respondents to a survey of all staff said of themselves, against the staff of the year.
said_surveys as (
    select * from survey_size
    where is_anonymous and is_invited_known and pd_activity_id is null and questionnaire_id is not null
),

staff_groups as (
    select
        said_surveys.survey_id,
        said_surveys.questionnaire_id,
        said_surveys.school_year,
        unnest([
            struct_pack(group_kind := 'role', group_value := staff_year.role),
            struct_pack(group_kind := 'school_level', group_value := staff_year.school_level),
            struct_pack(group_kind := 'school', group_value := staff_year.school_id)
        ], recursive := true)
    from said_surveys
    inner join frames.staff_year as staff_year using (school_year)
),

said_groups as (
    select
        said_surveys.survey_id,
        unnest([
            struct_pack(group_kind := 'role', group_value := respondent.respondent_role),
            struct_pack(group_kind := 'school_level', group_value := respondent.school_level),
            struct_pack(group_kind := 'school', group_value := respondent.school_id)
        ], recursive := true)
    from frames.survey_respondent as respondent
    inner join said_surveys using (survey_id)
),

staff_counts as (
    select
        questionnaire_id,
        school_year,
        survey_id,
        group_kind,
        group_value,
        count(*) as n_invited
    from staff_groups
    where group_value is not null
    group by questionnaire_id, school_year, survey_id, group_kind, group_value
),

said_counts as (
    select
        survey_id,
        group_kind,
        group_value,
        count(*) as n_responses
    from said_groups
    group by survey_id, group_kind, group_value
),

-- A question that nobody answered has no rates; one that some left out gives rates that are too low.
asked_kinds as (
    select
        survey_id,
        group_kind,
        sum(n_responses) filter (group_value is not null) as n_said,
        coalesce(sum(n_responses) filter (group_value is null), 0) as n_unsaid
    from said_counts
    group by survey_id, group_kind
    having n_said > 0
),

said_rates as (
    select
        staff_counts.questionnaire_id,
        staff_counts.school_year,
        'said_by_respondent' as basis,
        staff_counts.group_kind,
        staff_counts.group_value,
        sum(staff_counts.n_invited) as n_invited,
        sum(coalesce(said_counts.n_responses, 0)) as n_responses,
        sum(asked_kinds.n_unsaid) as n_unsaid
    from staff_counts
    inner join asked_kinds using (survey_id, group_kind)
    left join said_counts using (survey_id, group_kind, group_value)
    group by all
),

rates as (
    from known_rates
    union all by name
    from said_rates
),

titles as (
    select
        questionnaire_id,
        school_year,
        any_value(questionnaire_title) as title,
        count(*) as n_surveys
    from survey_size
    group by questionnaire_id, school_year
),

judged_rates as (
    select
        rates.questionnaire_id,
        titles.title,
        rates.school_year,
        rates.basis,
        rates.group_kind,
        rates.group_value,
        titles.n_surveys,
        cast(rates.n_invited as bigint) as n_invited,
        cast(rates.n_responses as bigint) as n_responses,
        case rates.basis when 'known_staff' then 'staff found' else 'all staff of the year' end as invited_from,
        case when rates.n_responses <= rates.n_invited then rates.n_responses / rates.n_invited end as response_rate,
        case when rates.n_responses <= rates.n_invited then wilson_low(rates.n_responses, rates.n_invited) end as ci_low,
        case when rates.n_responses <= rates.n_invited then wilson_high(rates.n_responses, rates.n_invited) end
            as ci_high,
        case
            when rates.n_responses > rates.n_invited then 'more responses than staff: no rate'
            when rates.n_unsaid > 0
                then format('{:,} respondents did not say; rates are that much too low', cast(rates.n_unsaid as bigint))
        end as note
    from rates
    inner join titles using (questionnaire_id, school_year)
)

select * from judged_rates
