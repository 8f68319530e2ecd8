"""How many were asked and how many answered."""

from __future__ import annotations

from transforms.release.cells import Declared
from transforms.release.counted import TOO_FEW, Counted, Margin, Persons

_KEY = (
    "questionnaire_id",
    "survey_id",
    "school_year",
    "basis",
    "group_kind",
    "group_value",
)
_WHOLE = ("questionnaire_id", "survey_id", "school_year", "basis")
_NOTE = {"note": TOO_FEW}

_COUNTED: tuple[Counted, ...] = (
    Counted(
        "invited",
        "report.survey_response",
        _KEY,
        "n_invited",
        Persons.STAFF,
        ("n_invited",),
        with_it=("response_rate", "ci_low", "ci_high", "weight"),
        words=_NOTE,
    ),
    Counted(
        "responses",
        "report.survey_response",
        _KEY,
        "n_responses",
        Persons.STAFF,
        ("n_responses",),
        with_it=("response_rate", "ci_low", "ci_high", "weight"),
        words=_NOTE,
    ),
)

_MARGINS: tuple[Margin, ...] = (
    *(
        Margin(name, None, _WHOLE, "group_kind not in ('all', 'novice')", per="group_kind")
        for name in ("invited", "responses")
    ),
)

RESPONSES = Declared(_COUNTED, _MARGINS)
