"""Where schools stand: teachers, hours, answers and when types were taken up."""

from __future__ import annotations

from transforms.release.cells import Declared
from transforms.release.counted import Counted, Persons, Same

_KEY = ("school_id", "school_year")
_ESTIMATED = (
    "(select any_value({column}) from estimates.{table} as one"
    " where one.school_id = counted.school_id and one.school_year = counted.school_year)"
)
# Hours of a school are those of its types: were one type alone too small to be shown, the sum would tell
# its hours.
_IN_SMALL_TYPES = (
    "(select coalesce(sum(n), 0) from (select count(*) as n from frames.teacher_year_pd as one"
    " where one.school_id = counted.school_id and one.school_year = counted.school_year"
    " group by pd_type) where n < $minimum_staff)"
)

_COUNTED: tuple[Counted, ...] = (
    Counted(
        "balances",
        "report.school_balance",
        _KEY,
        _ESTIMATED.format(column="n_staff", table="school_balance"),
        Persons.STAFF,
        ("n_activities", "alignment", "differentiation"),
        with_it=(
            "n_teachers",
            "hours",
            "alignment_cut",
            "differentiation_cut",
            "margin",
            "coherence",
            "coherence_median",
            "own_priority_share",
            "other_school_share",
            "hours_per_teacher",
            "hours_top_quarter",
            "mean_need",
            "mean_fit",
            "mean_gap",
            "n_ratings",
            "climate",
            "n_responses",
            "sources",
            "growth_below",
            "reasons",
            "reasons_against",
            "not_judged",
            "look_at_first_reasons",
            "source_disagreement",
        ),
        words={"quadrant": "not available", "is_worth_a_visit": False, "is_to_look_at_first": False},
    ),
    Counted(
        "balance_teachers",
        "report.school_balance",
        _KEY,
        "n_teachers",
        Persons.STAFF,
        ("n_teachers",),
        flag=None,
        with_it=("hours_per_teacher",),
    ),
    Counted(
        "balance_hours",
        "report.school_balance",
        _KEY,
        _IN_SMALL_TYPES,
        Persons.STAFF,
        ("hours",),
        flag=None,
    ),
    Counted(
        "balance_answers",
        "report.school_balance",
        _KEY,
        "n_responses",
        Persons.STAFF,
        ("n_responses", "climate"),
        flag=None,
        is_personal="true",
    ),
    Counted(
        "needs",
        "report.school_need_fit",
        ("school_id", "priority_id", "school_year", "source"),
        _ESTIMATED.format(column="n_staff", table="school_need_fit"),
        Persons.STAFF,
        ("need", "fit", "gap", "hours_per_teacher"),
        with_it=("hours_share", "peer_hours_per_teacher", "need_and_hours"),
    ),
    Counted(
        "adoptions",
        "report.school_adoption",
        ("pd_type", "school_id"),
        "(select min(n_teachers) from estimates.school_adoption as one where one.pd_type = counted.pd_type"
        " and one.school_id = counted.school_id and counted.adoption_year is not null)",
        Persons.STAFF,
        ("adoption_year", "is_left_censored"),
    ),
)

_SAME: tuple[Same, ...] = (
    Same(
        "balance_teachers",
        "school_teachers",
        "one.school_id = other.school_id and one.school_year = other.school_year",
    ),
    Same(
        "balances",
        "needs",
        "one.school_id = other.school_id and one.school_year = other.school_year",
    ),
)

BALANCE = Declared(_COUNTED, same=_SAME)
