"""Export files of surveys: the surveys, their items, responses and answers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from transforms.simulation.careers import Careers, staff_ids, staff_names
from transforms.simulation.exports import ExportFolder, pick
from transforms.simulation.questionnaires import COMMENTS, NAMED_COMMENTS, ROLE_CHOICES, SCALE, Item
from transforms.simulation.schools import District

ITEM_MISSING = 0.03
TEXT_RATE = 0.15
NAMES_PER_YEAR = 3


@dataclass(frozen=True)
class Surveys:
    """Surveys of one year, one entry each."""

    survey_id: Sequence[str]
    title: Sequence[str]
    administered: np.ndarray
    activity_id: Sequence[str | None]
    n_invited: np.ndarray
    is_anonymous: np.ndarray
    items: tuple[Item, ...]


@dataclass(frozen=True)
class Responses:
    """Returned surveys: position of the survey, staff (-1 where anonymous), school (-1 where not asked)."""

    survey: np.ndarray
    staff: np.ndarray
    school: np.ndarray
    latent: np.ndarray  # (responses, constructs) attitude, SD
    role: np.ndarray


def constructs_of(items: Sequence[Item]) -> list[str]:
    return sorted({item.construct for item in items if item.construct})


def write_surveys(stem: str, surveys: Surveys, exports: ExportFolder) -> None:
    n = len(surveys.survey_id)
    exports.write_csv(
        "survey",
        f"exports/surveys/surveys/{stem}.csv",
        {
            "survey_id": pa.array(surveys.survey_id),
            "title": pa.array(surveys.title),
            "administered_date": surveys.administered,
            "pd_activity_id": pa.array(surveys.activity_id, pa.string()),
            "n_invited": surveys.n_invited,
            "is_anonymous": pick(("false", "true"), surveys.is_anonymous.astype(np.int8)),
        },
    )
    items = surveys.items
    exports.write_csv(
        "survey_item",
        f"exports/surveys/items/{stem}.csv",
        {
            "survey_id": pa.array([survey for survey in surveys.survey_id for _ in items]),
            "item_id": pa.array([item.item_id for item in items] * n),
            "wording": pa.array([item.wording for item in items] * n),
            "response_type": pa.array([item.response_type for item in items] * n),
            "scale_min": pa.array(
                [SCALE[0] if item.response_type == "likert" else None for item in items] * n
            ),
            "scale_max": pa.array(
                [SCALE[1] if item.response_type == "likert" else None for item in items] * n
            ),
            "is_reverse_scored": pa.array([str(item.is_reverse_scored).lower() for item in items] * n),
            "construct": pa.array([item.construct or None for item in items] * n, pa.string()),
            "evaluation_level": pa.array([item.evaluation_level for item in items] * n),
        },
    )


def write_responses(
    rng: np.random.Generator,
    stem: str,
    surveys: Surveys,
    responses: Responses,
    response_ids: pa.Array,
    district: District,
    exports: ExportFolder,
) -> None:
    minutes = rng.integers(7 * 60, 12 * 24 * 60, len(responses.survey))
    submitted = surveys.administered[responses.survey].astype("datetime64[s]") + minutes * 60
    exports.write_csv(
        "survey_response",
        f"exports/surveys/responses/{stem}.csv",
        {
            "response_id": response_ids,
            "survey_id": pick(surveys.survey_id, responses.survey),
            "submitted_at": pa.array(submitted),
            "staff_id": staff_ids(responses.staff),
            "school_id": pick(district.school_ids, responses.school),
            "pd_activity_id": pick(pa.array(surveys.activity_id, pa.string()), responses.survey),
        },
    )


def write_answers(
    rng: np.random.Generator,
    stem: str,
    items: Sequence[Item],
    responses: Responses,
    response_ids: pa.Array,
    careers: Careers,
    exports: ExportFolder,
) -> int:
    """Write the answers; return how many open answers name a person."""
    n = len(responses.survey)
    constructs = constructs_of(items)
    parts, named = [], 0
    for item in items:
        if item.response_type == "text":
            answered = rng.random(n) < TEXT_RATE
            comments, named = _comments(rng, int(answered.sum()), careers)
            value, text = pa.nulls(int(answered.sum()), pa.string()), pa.array(comments, pa.string())
        else:
            answered = rng.random(n) >= ITEM_MISSING
            value = _closed_answers(rng, item, responses, constructs).filter(pa.array(answered))
            text = pa.nulls(len(value), pa.string())
        parts.append(
            pa.table(
                {
                    "response_id": response_ids.filter(pa.array(answered)),
                    "item_id": pa.array([item.item_id] * int(answered.sum()), pa.string()),
                    "value": value,
                    "text": text,
                }
            )
        )
    exports.write_csv("survey_answer", f"exports/surveys/answers/{stem}.csv", pa.concat_tables(parts))
    return named


def _closed_answers(
    rng: np.random.Generator, item: Item, responses: Responses, constructs: Sequence[str]
) -> pa.Array:
    if item.response_type == "choice":
        return pick(ROLE_CHOICES, responses.role)
    attitude = responses.latent[:, constructs.index(item.construct)]
    answer = np.round(3.6 + 0.8 * (0.8 * attitude + 0.6 * rng.standard_normal(len(attitude))))
    answer = np.clip(answer, *SCALE).astype(np.int64)
    return pa.array(sum(SCALE) - answer if item.is_worded_against else answer).cast(pa.string())


def _comments(rng: np.random.Generator, n: int, careers: Careers) -> tuple[list[str], int]:
    """Open answers; a few name a colleague."""
    chosen = [COMMENTS[i] for i in rng.integers(0, len(COMMENTS), n)]
    n_named = min(n, NAMES_PER_YEAR)
    names = staff_names(careers.n_staff)
    for place in range(n_named):
        name = " ".join(names[int(rng.integers(len(names)))])
        chosen[place] = NAMED_COMMENTS[place % len(NAMED_COMMENTS)].format(name=name)
    return chosen, n_named
