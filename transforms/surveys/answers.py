"""Answers of one questionnaire in one school year as arrays: respondents by items."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import duckdb
import numpy as np
import numpy.typing as npt

from sql import render_sql

Floats = npt.NDArray[np.float64]
Texts = npt.NDArray[np.object_]


@dataclass(frozen=True)
class Item:
    """A rated item; ``construct`` None where it belongs to no scale."""

    item_id: str
    wording: str
    construct: str | None
    scale_min: float | None
    scale_max: float | None
    is_reverse_scored: bool


@dataclass(frozen=True)
class Survey:
    """One administration."""

    survey_id: str
    title: str
    n_invited: int | None
    is_anonymous: bool


@dataclass(frozen=True)
class Answers:
    """All responses to a questionnaire in a year, one row each.

    ``scores`` (responses, items) has NaN where an item has no usable answer, reversed items turned round;
    ``survey`` (responses,) are positions in ``surveys``. Texts are None where not known.
    """

    questionnaire_id: str
    title: str
    school_year: int
    surveys: tuple[Survey, ...]
    items: tuple[Item, ...]
    scores: Floats
    survey: npt.NDArray[np.int64]
    school_id: Texts
    role: Texts
    weight: Floats

    @property
    def key(self) -> dict[str, object]:
        """Columns that every row of this questionnaire and year has."""
        return {
            "questionnaire_id": self.questionnaire_id,
            "questionnaire_title": self.title,
            "school_year": self.school_year,
        }

    @cached_property
    def constructs(self) -> tuple[str, ...]:
        return tuple(sorted({item.construct for item in self.items if item.construct}))

    def scale(self, construct: str) -> Scale:
        """The items of one construct and all answers to them."""
        columns = [i for i, item in enumerate(self.items) if item.construct == construct]
        return Scale(construct, tuple(self.items[i] for i in columns), self.scores[:, columns])


@dataclass(frozen=True)
class Scale:
    """Answers (responses, items) to the items of one construct, with gaps."""

    construct: str
    items: tuple[Item, ...]
    answers: Floats

    @property
    def has_one_range(self) -> bool:
        return len({(item.scale_min, item.scale_max) for item in self.items}) == 1

    @property
    def bounds(self) -> tuple[float, float] | None:
        """Lowest and highest possible answer; None where items differ in them or have none."""
        low, high = self.items[0].scale_min, self.items[0].scale_max
        return (low, high) if self.has_one_range and low is not None and high is not None else None

    @cached_property
    def scores(self) -> Floats:
        """Scale score of each response (responses,), NaN where fewer than half of the items are answered.

        Mean of the answered items (the rule of frames.survey_score). NaN throughout where items differ in
        range: their mean would mean nothing.
        """
        answered = np.isfinite(self.answers)
        n = answered.sum(axis=1)
        if not self.has_one_range:
            return np.full(len(n), np.nan)
        sums = np.where(answered, self.answers, 0.0).sum(axis=1)
        return np.where(2 * n >= len(self.items), sums / np.maximum(n, 1), np.nan)

    def complete(self, rows: npt.NDArray[np.bool_] | None = None) -> Floats:
        """Answers of those who answered every item, of ``rows`` alone where given."""
        answers = self.answers if rows is None else self.answers[rows]
        return answers[np.isfinite(answers).all(axis=1)]


def each_questionnaire(connection: duckdb.DuckDBPyConnection) -> Iterator[Answers]:
    """Questionnaires by year, one at a time in memory, in order of id and year."""
    query = """select distinct questionnaire_id, questionnaire_title, school_year
    from frames.survey_questionnaire where questionnaire_id is not null order by all"""
    for questionnaire_id, title, school_year in connection.execute(query).fetchall():
        yield read_answers(connection, questionnaire_id, title, school_year)


def read_answers(
    connection: duckdb.DuckDBPyConnection, questionnaire_id: str, title: str, school_year: int
) -> Answers:
    """Read one questionnaire of one year; needs ``survey_weight``, the weights by response."""
    of = {"questionnaire_id": questionnaire_id, "school_year": school_year}
    surveys = tuple(Survey(*row) for row in _rows(connection, "surveys_of_questionnaire", of))
    items = tuple(Item(*row) for row in _rows(connection, "items_of_questionnaire", of))
    responses = connection.execute(render_sql("surveys/responses_of_questionnaire.sql"), of).fetchall()
    columns = list(zip(*responses, strict=True)) if responses else [()] * 5
    row_of = {response_id: row for row, response_id in enumerate(columns[0])}
    survey_of = {survey.survey_id: i for i, survey in enumerate(surveys)}
    item_of = {item.item_id: i for i, item in enumerate(items)}
    scores = np.full((len(responses), len(items)), np.nan)
    for response_id, item_id, score in _rows(connection, "scores_of_questionnaire", of):
        scores[row_of[response_id], item_of[item_id]] = score
    return Answers(
        questionnaire_id,
        title,
        school_year,
        surveys,
        items,
        scores,
        np.array([survey_of[survey_id] for survey_id in columns[1]], dtype=np.int64),
        np.array(columns[2], dtype=object),
        np.array(columns[3], dtype=object),
        np.array([np.nan if weight is None else weight for weight in columns[4]], dtype=np.float64),
    )


def _rows(connection: duckdb.DuckDBPyConnection, name: str, of: dict[str, object]) -> list[tuple[Any, ...]]:
    return connection.execute(render_sql(f"surveys/{name}.sql"), of).fetchall()
