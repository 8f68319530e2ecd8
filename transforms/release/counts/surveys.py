"""Who answered surveys, what they said, and what is made of it."""

from __future__ import annotations

from dataclasses import replace

from transforms.release.cells import Declared
from transforms.release.counted import TOO_FEW, Counted, Margin, Persons, Same

_SCALE_KEY = ("questionnaire_id", "school_year", "construct", "school_id", "respondent_role")
_NOTE = {"note": TOO_FEW}

_COUNTED: tuple[Counted, ...] = (
    Counted(
        "school_scales",
        "report.survey_school_scale",
        _SCALE_KEY,
        "n_responses",
        Persons.STAFF,
        ("mean", "std_error", "ci_low", "ci_high", "r_wg", "n_responses"),
        words={**_NOTE, "may_be_shown": False},
        # The answers of teachers are what pages of schools show of the drivers.
        loss="case when respondent_role = 'all' and school_id is not null then 0.2 else 1 end",
    ),
    Counted(
        "driver_scores",
        "report.driver_score",
        ("driver", "school_id", "school_year", "role"),
        "n_persons",
        Persons.STAFF,
        ("mean_score", "ci_low", "ci_high", "n_persons", "n_schools"),
        words=_NOTE,
    ),
    Counted(
        "driver_changes",
        "report.driver_change",
        ("driver", "role"),
        "(select any_value(n_persons) from estimates.driver_change as change"
        " where change.driver = counted.driver and change.role = counted.role)",
        Persons.STAFF,
        ("change_per_year", "ci_low", "ci_high", "p_value_bh", "n_schools"),
        words=_NOTE,
    ),
    Counted(
        "gap_roles",
        "report.driver_gap",
        ("driver", "school_id", "school_year", "role"),
        "n_role",
        Persons.STAFF,
        ("n_role",),
        with_it=("gap", "ci_low", "ci_high", "n_schools"),
        words=_NOTE,
    ),
    Counted(
        "gap_teachers",
        "report.driver_gap",
        ("driver", "school_id", "school_year", "role"),
        "n_teachers",
        Persons.STAFF,
        ("n_teachers",),
        with_it=("gap", "ci_low", "ci_high", "n_schools"),
        words=_NOTE,
    ),
    Counted(
        "aggregations",
        "report.survey_aggregation",
        ("questionnaire_id", "school_year", "construct"),
        "n_responses",
        Persons.STAFF,
        (),
        is_dropped=True,
    ),
    *(
        Counted(
            f"changes_{time}",
            "report.survey_change",
            (
                "change_kind",
                "comparison",
                "construct",
                "title",
                "first_survey_id",
                "later_survey_id",
                "first_year",
                "later_year",
                "n_items",
                "pd_activity_id",
            ),
            f"n_{time}",
            Persons.STAFF,
            (f"n_{time}",),
            with_it=(
                "mean_first",
                "mean_later",
                "change",
                "std_error",
                "df",
                "ci_low",
                "ci_high",
                "sd_change",
            ),
            words={**_NOTE, "direction": "not_computed"},
        )
        for time in ("first", "later")
    ),
    Counted(
        "items",
        "report.survey_item",
        ("questionnaire_id", "school_year", "item_id"),
        "n_answers",
        Persons.STAFF,
        (),
        is_dropped=True,
    ),
    Counted(
        "scales",
        "report.survey_scale",
        ("questionnaire_id", "survey_id", "school_year", "construct"),
        "n_responses",
        Persons.STAFF,
        (),
        is_dropped=True,
        beside={"is_whole": "n_surveys > 1"},
    ),
    Counted(
        "themes",
        "report.survey_theme",
        ("wording", "school_year", "pd_type", "theme_number"),
        "n_respondents",
        Persons.STAFF,
        ("n_respondents", "n_answers", "share", "quote"),
        words=_NOTE,
    ),
    Counted(
        "chain",
        "report.guskey_chain",
        ("pd_type", "school_year", "level", "academic_subject", "basis"),
        "n_persons",
        Persons.STAFF,
        ("n_persons",),
        with_it=("value", "ci_low", "ci_high", "n_surveys"),
        words={**_NOTE, "holds": "not shown"},
    ),
    Counted(
        "observed",
        "report.guskey_observation",
        ("pd_type",),
        "n_participants",
        Persons.STAFF,
        ("n_participants", "participants_before", "participants_after"),
        with_it=("difference", "ci_low", "ci_high", "p_value_bh"),
    ),
    Counted(
        "observed_others",
        "report.guskey_observation",
        ("pd_type",),
        "n_comparison",
        Persons.STAFF,
        ("n_comparison", "comparison_before", "comparison_after"),
        with_it=("difference", "ci_low", "ci_high", "p_value_bh"),
    ),
)

_MARGINS: tuple[Margin, ...] = (
    Margin(
        "school_scales",
        "school_scales",
        ("questionnaire_id", "school_year", "construct", "respondent_role"),
        "school_id is not null",
        "school_id is null",
    ),
    Margin(
        "school_scales",
        "school_scales",
        ("questionnaire_id", "school_year", "construct", "school_id"),
        "respondent_role <> 'all'",
        "respondent_role = 'all'",
    ),
    Margin(
        "driver_scores",
        "driver_scores",
        ("driver", "school_year", "role"),
        "school_id is not null",
        "school_id is null",
    ),
    Margin("scales", "scales", ("questionnaire_id", "school_year", "construct"), "not is_whole", "is_whole"),
    Margin(
        "themes",
        "themes",
        ("wording", "school_year", "theme_number"),
        "pd_type <> 'all'",
        "pd_type = 'all'",
        may_overlap=True,
    ),
    Margin(
        "themes",
        "themes",
        ("wording", "pd_type", "theme_number"),
        "school_year is not null",
        "school_year is null",
        may_overlap=True,
    ),
    Margin(
        "chain",
        "chain",
        ("pd_type", "level", "academic_subject", "basis"),
        "school_year is not null",
        "school_year is null",
        may_overlap=True,
    ),
)

_SAME: tuple[Same, ...] = (
    Same(
        "school_scales",
        "driver_scores",
        "one.construct = other.driver and one.school_id is not distinct from other.school_id"
        " and one.school_year = other.school_year and one.respondent_role = other.role",
    ),
    Same(
        "gap_roles",
        "driver_scores",
        "one.driver = other.driver and one.school_id is not distinct from other.school_id"
        " and one.school_year = other.school_year and one.role = other.role",
    ),
    Same(
        "gap_teachers",
        "driver_scores",
        "one.driver = other.driver and one.school_id is not distinct from other.school_id"
        " and one.school_year = other.school_year and other.role = 'teacher'",
    ),
    Same(
        "aggregations",
        "school_scales",
        "one.questionnaire_id = other.questionnaire_id and one.school_year = other.school_year"
        " and one.construct = other.construct and other.school_id is null and other.respondent_role = 'all'",
    ),
)

# What is beside these counts are answers and ratings.
SURVEYS = Declared(tuple(replace(one, is_personal="true") for one in _COUNTED), _MARGINS, _SAME)
