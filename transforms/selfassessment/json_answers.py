"""Reading back the file that the page of the form saves."""

from __future__ import annotations

import json
from typing import Any

from transforms.errors import InputError
from transforms.selfassessment.returned import (
    ReturnedForm,
    Stamp,
    Written,
    judged,
    refuse_stamp,
    without_empty,
)

_LONGEST = 10_000_000
_NOT_A_FORM = "is no saved self-assessment form; save it again from the form's page"


class _Object(dict[str, Any]):
    """A JSON object that remembers keys given twice."""

    def __init__(self, pairs: list[tuple[str, Any]]) -> None:
        super().__init__(pairs)
        names = [name for name, _ in pairs]
        self.repeated = {name for name in names if names.count(name) > 1}


def json_answers(text: str, file: str) -> ReturnedForm:
    """Answers of a saved page. InputError, with the line where it breaks off, for anything else."""
    if len(text) > _LONGEST:
        raise InputError(file, _NOT_A_FORM)
    try:
        saved = json.loads(text.removeprefix("\ufeff"), object_pairs_hook=_Object)
    except json.JSONDecodeError as error:
        raise InputError(file, f"breaks off or is no JSON; {_NOT_A_FORM}", line=error.lineno) from None
    except (RecursionError, ValueError):
        raise InputError(file, _NOT_A_FORM) from None
    if not isinstance(saved, dict) or "form" not in saved:
        raise InputError(file, _NOT_A_FORM)
    stamp = Stamp(*(_text(saved.get(name)) for name in ("form", "version", "school_id", "school_year")))
    refuse_stamp(stamp, file, "its head")
    answers = saved.get("answers")
    if not isinstance(answers, list) or not all(isinstance(answer, _Object) for answer in answers):
        raise InputError(file, f"answers: should be a list of practices; {_NOT_A_FORM}")
    rows = [_written(position, answer) for position, answer in enumerate(answers, start=1)]
    return judged(stamp, _text(saved.get("respondent_role")), list(without_empty(rows)))


def _written(position: int, answer: _Object) -> Written:
    rating = answer.get("rating")
    return Written(
        place=position,
        practice=_text(answer.get("practice")),
        rating=_text(rating),
        evidence=_text(answer.get("evidence")),
        practice_cell=f"answers[{position}].practice",
        rating_cell=f"answers[{position}].rating",
        has_two_ratings="rating" in answer.repeated or (isinstance(rating, list) and len(rating) > 1),
    )


def _text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        # A lone surrogate cannot be stored.
        return value.encode("utf-8", "replace").decode("utf-8").replace("\u00a0", " ").strip()
    return json.dumps(value)
