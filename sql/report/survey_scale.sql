-- grain: one row per questionnaire, school year and construct, and per survey where there are several
-- question: which scales may be shown?
with
scales as (
    select * from estimates.survey_scale
),

-- The questionnaire is the whole of its surveys: what is hidden must not follow from what is shown.
wholes as (
    select
        questionnaire_id,
        school_year,
        construct,
        n_responses as n_whole
    from scales
    where n_surveys > 1
),

parts as (
    select
        scales.questionnaire_id,
        scales.school_year,
        scales.construct,
        scales.survey_id,
        scales.n_responses,
        wholes.n_whole
        - sum(scales.n_responses) filter (scales.n_responses >= $minimum_staff) over whole as n_hidden,
        row_number() over (
            partition by scales.questionnaire_id, scales.school_year, scales.construct
            order by scales.n_responses < $minimum_staff, scales.n_responses, scales.survey_id
        ) as position
    from scales
    inner join wholes using (questionnaire_id, school_year, construct)
    where scales.n_surveys = 1
    window whole as (partition by scales.questionnaire_id, scales.school_year, scales.construct)
),

hidden_parts as (
    select
        questionnaire_id,
        school_year,
        construct,
        survey_id
    from parts
    where position = 1 and n_hidden > 0 and n_hidden < $minimum_staff
),

judged as (
    select
        scales.*,
        scales.n_responses < $minimum_staff or hidden_parts.survey_id is not null as is_suppressed
    from scales
    left join hidden_parts
        on
            scales.questionnaire_id = hidden_parts.questionnaire_id
            and scales.school_year = hidden_parts.school_year
            and scales.construct = hidden_parts.construct
            and scales.survey_id = hidden_parts.survey_id
            and scales.n_surveys = 1
),

disclosed as (
    select
        * replace (
            case when is_reported and not is_suppressed then mean end as mean,
            case when is_reported and not is_suppressed then std_error end as std_error,
            case when is_reported and not is_suppressed then ci_low end as ci_low,
            case when is_reported and not is_suppressed then ci_high end as ci_high,
            case when is_reported and not is_suppressed then sd end as sd,
            case when is_reported and not is_suppressed then weighted_mean end as weighted_mean,
            case when is_reported and not is_suppressed then weighted_std_error end as weighted_std_error,
            case when is_reported and not is_suppressed then known_mean end as known_mean,
            case when not is_suppressed then floor_share end as floor_share,
            case when not is_suppressed then negative_share end as negative_share,
            case when not is_suppressed then neutral_share end as neutral_share,
            case when not is_suppressed then positive_share end as positive_share,
            case when not is_suppressed then ceiling_share end as ceiling_share,
            case when not is_suppressed then alpha end as alpha,
            case when not is_suppressed then alpha_ci_low end as alpha_ci_low,
            case when not is_suppressed then alpha_ci_high end as alpha_ci_high,
            case when not is_suppressed then spearman_brown end as spearman_brown,
            case when not is_suppressed then omega end as omega,
            case
                when is_suppressed then 'of too few people to be shown'
                when not is_reported then concat_ws('; ', 'not reported: its items do not hang together', note)
                else note
            end as note
        )
    from judged
)

select * from disclosed
