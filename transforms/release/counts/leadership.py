"""Who is on the way to lead, who got there, and for how long."""

from __future__ import annotations

from transforms.release.cells import Declared
from transforms.release.counted import TOO_FEW, Comparison, Counted, Margin, Persons, Same

_STEP_KEY = ("pathway_level", "step", "school_year")
_PROCESS_KEY = ("process", "category", "school_year")
_NOTE = {"note": TOO_FEW}
# A role by level of school is a part of the role; who is new in it is one without the rest.
_ROLE = {"role": "split_part(category, ':', 1)", "part": "trim(split_part(category, ':', 2))"}

_CONVERSION = (
    "conversion",
    "ci_low",
    "ci_high",
    "conversion_2y",
    "conversion_2y_ci_low",
    "conversion_2y_ci_high",
    "others_conversion_2y",
    "p_value",
    "p_value_bh",
    "reason",
)
# Who goes on has reached the next step.
_NEXT_STEP = {
    "next_step": "case step when 'identified_to_in_training' then 'in_training_to_completed'"
    " when 'in_training_to_completed' then 'completed_to_placed' end"
}

_COUNTED: tuple[Counted, ...] = (
    Counted(
        "access",
        "report.leadership_access",
        ("stage", "group_kind", "group_name", "school_year"),
        "(select any_value(n_staff) from estimates.leadership_access as one where one.stage = counted.stage"
        " and one.group_kind = counted.group_kind and one.group_name = counted.group_name"
        " and one.school_year = counted.school_year)",
        Persons.STAFF,
        ("n_staff_years",),
        with_it=(
            "n_reached",
            "rate",
            "ci_low",
            "ci_high",
            "ratio",
            "ratio_ci_low",
            "ratio_ci_high",
            "p_value_bh",
        ),
    ),
    Counted(
        "access_reached",
        "report.leadership_access",
        ("stage", "group_kind", "group_name", "school_year"),
        "n_reached",
        Persons.STAFF,
        ("n_reached", "rate"),
        flag=None,
        with_it=("ci_low", "ci_high", "ratio", "ratio_ci_low", "ratio_ci_high", "p_value_bh"),
    ),
    Counted(
        "steps",
        "report.leadership_step",
        _STEP_KEY,
        "n_reached",
        Persons.STAFF,
        ("n_reached",),
        with_it=("n_converted", "n_left", "n_waiting", *_CONVERSION),
        words={**_NOTE, "is_broken": False},
        loss="10",
    ),
    *(
        Counted(
            name,
            "report.leadership_step",
            _STEP_KEY,
            column,
            Persons.STAFF,
            (column,),
            flag=None,
            with_it=with_it,
            beside=beside,
        )
        for name, column, with_it, beside in (
            ("converted", "n_converted", _CONVERSION, _NEXT_STEP),
            ("left", "n_left", (), {}),
            ("waiting", "n_waiting", (), {}),
        )
    ),
    Counted(
        "medians",
        "report.survival_median",
        _PROCESS_KEY,
        "n_people",
        Persons.STAFF,
        ("n_people",),
        with_it=("median_days", "ci_low_days", "ci_high_days", "n_events", "n_left_out"),
        words=_NOTE,
        beside=_ROLE,
    ),
    *(
        Counted(name, "report.survival_median", _PROCESS_KEY, column, Persons.STAFF, (column,), flag=None)
        for name, column in (("placed", "n_events"), ("left_out", "n_left_out"))
    ),
    Counted(
        "horizons",
        "report.survival_horizon",
        (*_PROCESS_KEY, "horizon_years"),
        "n_people",
        Persons.STAFF,
        ("n_people",),
        with_it=("survival", "ci_low", "ci_high", "n_followed"),
        words=_NOTE,
    ),
    Counted(
        "followed",
        "report.survival_horizon",
        (*_PROCESS_KEY, "horizon_years"),
        "n_followed",
        Persons.STAFF,
        ("n_followed",),
        flag=None,
    ),
    Counted(
        "at_risk",
        "report.survival_curve",
        ("process", "category", "time_days"),
        "n_at_risk",
        Persons.STAFF,
        (),
        is_dropped=True,
    ),
)

_MARGINS: tuple[Margin, ...] = (
    Margin("access", None, ("stage", "school_year"), per="group_kind"),
    Margin("converted", "steps", _STEP_KEY, also=("left", "waiting")),
    Margin(
        "medians",
        "medians",
        ("process", "school_year", "role"),
        "part <> ''",
        "part = ''",
        per="part = 'new in role'",
    ),
)

_SAME: tuple[Same, ...] = (
    Same(
        "converted",
        "steps",
        "one.pathway_level = other.pathway_level and one.next_step = other.step"
        " and one.school_year = other.school_year",
    ),
    Same(
        "horizons",
        "medians",
        "one.process = other.process and one.category = other.category"
        " and one.school_year = other.school_year",
    ),
)

# Of the rate of a group and its ratio to another's, the other's rate.
_COMPARISONS: tuple[Comparison, ...] = (
    Comparison(
        "report.leadership_access",
        ("ratio", "ratio_ci_low", "ratio_ci_high", "p_value_bh"),
        "other.stage = counted.stage and other.group_kind = counted.group_kind"
        " and other.school_year = counted.school_year and other.group_name = counted.reference_group",
        "rate",
    ),
)

LEADERSHIP = Declared(_COUNTED, _MARGINS, _SAME, _COMPARISONS)
