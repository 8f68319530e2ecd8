"""A form that came back: its answers, and what is wrong in single cells.

What makes a whole file unreadable is an InputError; a wrong cell turns its row away and leaves the others.
Reasons name the cell and what to do, never what somebody has written.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from transforms.errors import InputError
from transforms.selfassessment.instrument import FORM, FORM_VERSION, LEVELS, practice_called

_NEW_FORM = "make new forms with pdeval form"
_WHOLE = re.compile(r"[1-4](\.0+)?")
_TWO = re.compile(r"[1-4](\s*([,;/&+–-]|and|or|to)\s*|\s+)[1-4]", re.IGNORECASE)


@dataclass(frozen=True)
class Stamp:
    """What a form says of itself where no hand writes."""

    form: str
    version: str
    school_id: str
    school_year: str


@dataclass(frozen=True)
class Written:
    """One row of a form as it was filled in; ``expected`` is the practice that stood there when it was made.

    ``place`` counts as the file's kind has it: the row of the sheet, or the position in the list;
    ``practice_cell`` and ``rating_cell`` name the places for a reader.
    """

    place: int
    practice: str
    rating: str
    evidence: str
    practice_cell: str
    rating_cell: str
    expected: str = ""
    has_two_ratings: bool = False


@dataclass(frozen=True)
class Answer:
    """A practice with its rating ("1" to "4", or empty where nobody rated it)."""

    place: int
    practice: str
    rating: str
    evidence: str


@dataclass(frozen=True)
class WrongRow:
    """A row that cannot be taken; ``written`` is for the restricted file alone."""

    place: int
    rule: str
    reason: str
    written: Written


@dataclass(frozen=True)
class ReturnedForm:
    """A form read back."""

    school_id: str
    school_year: str
    respondent_role: str
    answers: tuple[Answer, ...]
    wrong: tuple[WrongRow, ...]


def refuse_stamp(stamp: Stamp, file: str, place: str) -> None:
    """InputError unless the stamp is of a form of this version, with a school and a year."""
    if stamp.form != FORM:
        raise InputError(file, f"{place} is not that of a self-assessment form; {_NEW_FORM}")
    if stamp.version != str(FORM_VERSION):
        is_older = stamp.version.isdecimal() and int(stamp.version) < FORM_VERSION
        problem = "an older" if is_older else "another"
        raise InputError(
            file,
            f"{place} is of {problem} version of the form than {FORM_VERSION}, whose practices and levels"
            f" are worded otherwise; {_NEW_FORM} and copy the answers that still hold",
        )
    if not stamp.school_id or not re.fullmatch(r"\d{4}", stamp.school_year):
        raise InputError(file, f"{place} lacks the school or its year; {_NEW_FORM} and copy the answers")


def judged(
    stamp: Stamp, respondent_role: str, rows: Sequence[Written], wrong_head: tuple[str, str] | None = None
) -> ReturnedForm:
    """Judge each row. ``wrong_head`` is a rule and reason that turn away every rated row of the form."""
    practices = [practice_called(row.practice) for row in rows]
    rated = Counter(
        practice.id for practice, row in zip(practices, rows, strict=True) if practice and row.rating
    )
    answers: list[Answer] = []
    wrong: list[WrongRow] = []
    for practice, row in zip(practices, rows, strict=True):
        title = practice.title if practice else ""
        fault = wrong_head if row.rating and wrong_head else _fault(title, row)
        if not fault and practice and row.rating and rated[practice.id] > 1:
            fault = (
                "two_ratings",
                (
                    f"cell {row.rating_cell}: this practice is rated in {rated[practice.id]} rows;"
                    " keep one of them"
                ),
            )
        if fault:
            wrong.append(WrongRow(row.place, *fault, row))
        else:
            answers.append(Answer(row.place, title, row.rating[:1], row.evidence))
    return ReturnedForm(stamp.school_id, stamp.school_year, respondent_role, tuple(answers), tuple(wrong))


def _fault(title: str, row: Written) -> tuple[str, str] | None:
    if not title:
        advice = f"write {row.expected!r} there again" if row.expected else _NEW_FORM
        reason = f"cell {row.practice_cell}: this is no practice of the form; {advice}"
        return "unknown_practice", reason
    if row.has_two_ratings or _TWO.fullmatch(row.rating):
        reason = f"cell {row.rating_cell}: two ratings for one practice; keep one whole number from 1 to 4"
        return "two_ratings", reason
    if row.rating and not _WHOLE.fullmatch(row.rating):
        levels = f"{LEVELS[0]} to {LEVELS[-1]}"
        return (
            "out_of_range",
            f"cell {row.rating_cell}: the rating is no whole number from {levels}; correct it",
        )
    return None


def without_empty(rows: Iterable[Written]) -> Iterator[Written]:
    """Rows on which anything stands."""
    return (row for row in rows if row.practice or row.rating or row.evidence)
