-- grain: one row per decision
-- question: what was decided, and is it the latest decision about its PD type?
with
decisions as (
    select * from core.decision
),

ordered_decisions as (
    select
        decision_id,
        school_year,
        pd_type,
        action,
        expected_effect_sd,
        owner_role,
        review_year,
        status,
        row_number() over (partition by pd_type order by school_year desc, decision_id desc) = 1 as is_latest
    from decisions
)

select * from ordered_decisions
order by school_year, decision_id
