-- grain: one row per question with open answers, school year (none: all), PD type (or all) and theme
-- question: which themes may be shown, and with which counts?
with
themes as (
    select * from estimates.survey_theme
),

-- Of a group in which one theme alone is too small the next smallest goes too: the rest would tell it.
ranked as (
    select
        *,
        coalesce(n_respondents > 0 and n_respondents < $minimum_staff, false) as is_small,
        count(*) filter (where n_respondents > 0 and n_respondents < $minimum_staff) over in_group as n_small,
        row_number() over (
            partition by wording, school_year, pd_type
            order by n_respondents = 0, n_respondents < $minimum_staff, n_respondents, theme_number
        ) as place
    from themes
    window in_group as (partition by wording, school_year, pd_type)
),

judged as (
    select
        *,
        is_small or (n_small = 1 and place = 1 and n_respondents > 0) as is_suppressed
    from ranked
),

disclosed as (
    select
        wording,
        school_year,
        pd_type,
        theme_number,
        top_words,
        case when not is_suppressed then n_answers end as n_answers,
        case when not is_suppressed then n_respondents end as n_respondents,
        case when not is_suppressed then share end as share,
        case when not is_suppressed then quote end as quote,
        case when is_suppressed then 'of too few people to be shown, or would tell one that is' else note end as note,
        is_suppressed
    from judged
)

select * from disclosed
