"""Rows of estimates.survey_scale and estimates.survey_item_statistic."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from transforms.surveys import rules
from transforms.surveys.answers import Answers, Scale
from transforms.surveys.item_direction import ItemPlace, item_places, items_against
from transforms.surveys.means import Mean, mean_of
from transforms.surveys.one_factor import NoFactorError, fit_one_factor
from transforms.surveys.reliability import (
    Alpha,
    alpha_of,
    covariance,
    cronbach_alpha,
    spearman_brown,
    turned_round,
)

Rows = npt.NDArray[np.bool_]
Response = Mapping[str, object]
_HALF = 1e-9  # a mean of items is a fraction: 3 of 1 to 5 is the middle but for rounding


@dataclass(frozen=True)
class ScaleQuality:
    """How well the items of a scale hang together in a year; ``places`` one an item, empty without alpha."""

    alpha: Alpha
    places: Sequence[ItemPlace]
    alpha_turned: float | None

    @property
    def n_flagged(self) -> int:
        return sum(bool(place.flag) for place in self.places)

    @property
    def is_reported(self) -> bool:
        return rules.is_reported(self.alpha.value)


def scale_quality(scale: Scale) -> ScaleQuality:
    """Reliability of the scale over all answers, and the place of its items."""
    complete = scale.complete()
    if not scale.has_one_range:
        alpha = Alpha(None, note="items have different ranges: not averaged")
        return ScaleQuality(alpha, (), None)
    alpha = cronbach_alpha(complete, rules.MINIMUM_FOR_ALPHA)
    if alpha.value is None:
        return ScaleQuality(alpha, (), None)
    items = covariance(complete)
    places = item_places(items, len(complete))
    is_turned = any(place.flag == "against_scale" for place in places)
    turned = alpha_of(turned_round(items, items_against(items))) if is_turned else None
    return ScaleQuality(alpha, places, turned)


def scale_records(
    answers: Answers, qualities: Mapping[str, ScaleQuality], responses: Mapping[str | None, Response]
) -> list[dict[str, object]]:
    """Scales of the questionnaire in the year, and of each survey where there are several.

    ``responses`` has rows of estimates.survey_response of all, by survey id; None: the questionnaire.
    """
    records = []
    is_one = len(answers.surveys) == 1
    for construct in answers.constructs:
        scale, quality = answers.scale(construct), qualities[construct]
        whole = answers.surveys[0].survey_id if is_one else None
        title = answers.surveys[0].title if is_one else answers.title
        every = np.ones(len(answers.scores), dtype=bool)
        given = responses.get(whole, {})
        records.append(_scale_record(answers, scale, quality, every, given, survey_id=whole, title=title))
        for position, survey in enumerate(() if is_one else answers.surveys):
            of_survey, given = answers.survey == position, responses.get(survey.survey_id, {})
            records.append(
                _scale_record(
                    answers, scale, quality, of_survey, given, survey_id=survey.survey_id, title=survey.title
                )
            )
    return records


def _scale_record(
    answers: Answers,
    scale: Scale,
    quality: ScaleQuality,
    rows: Rows,
    response: Response,
    **named: object,
) -> dict[str, object]:
    scored = rows & np.isfinite(scale.scores)
    mean = mean_of(scale.scores[scored], answers.survey[scored])
    complete = scale.complete(rows)
    alpha = cronbach_alpha(complete, rules.MINIMUM_FOR_ALPHA) if scale.has_one_range else quality.alpha
    low, high = scale.bounds or (None, None)
    return {
        **answers.key,
        **named,
        "construct": scale.construct,
        "n_surveys": len(np.unique(answers.survey[rows])) if named["survey_id"] else len(answers.surveys),
        "n_items": len(scale.items),
        "n_responses": int(scored.sum()),
        "n_complete": len(complete),
        "n_invited": response.get("n_invited"),
        "response_rate": response.get("response_rate"),
        **_mean_columns(mean),
        "sd": float(np.std(scale.scores[scored], ddof=1)) if scored.sum() > 1 else None,
        "scale_min": low,
        "scale_max": high,
        **answer_shares(scale.answers[rows], low, high),
        **(_weighted(answers, scale, scored) if _is_whole(answers, rows) else {}),
        "alpha": alpha.value,
        "alpha_ci_low": alpha.ci_low,
        "alpha_ci_high": alpha.ci_high,
        **_factor_columns(scale, complete),
        "rating": rules.rating(quality.alpha.value),
        "is_reported": quality.is_reported,
        "n_flagged_items": quality.n_flagged,
        "alpha_turned": quality.alpha_turned,
        "note": alpha.note or None,
    }


def _is_whole(answers: Answers, rows: Rows) -> bool:
    return bool(rows.all()) and len(rows) == len(answers.scores)


def _mean_columns(mean: Mean) -> dict[str, object]:
    return {
        "mean": mean.value,
        "std_error": mean.std_error,
        "ci_low": mean.ci_low,
        "ci_high": mean.ci_high,
    }


def answer_shares(
    answers: npt.NDArray[np.float64], low: float | None, high: float | None
) -> dict[str, object]:
    """Shares of usable answers at the lowest value, below, at and above the middle, at the highest value.

    Empty where the scale has no ends or nobody answered.
    """
    usable = answers[np.isfinite(answers)]
    if low is None or high is None or not len(usable):
        return {}
    middle = (low + high) / 2
    return {
        "floor_share": float(np.mean(usable <= low)),
        "negative_share": float(np.mean(usable < middle - _HALF)),
        "neutral_share": float(np.mean(np.abs(usable - middle) <= _HALF)),
        "positive_share": float(np.mean(usable > middle + _HALF)),
        "ceiling_share": float(np.mean(usable >= high)),
    }


def _weighted(answers: Answers, scale: Scale, scored: Rows) -> dict[str, object]:
    known = scored & np.isfinite(answers.weight)
    if known.sum() < rules.MINIMUM_IN_SCHOOL:
        return {}
    values, surveys = scale.scores[known], answers.survey[known]
    weighted = mean_of(values, surveys, answers.weight[known])
    return {
        "weighted_mean": weighted.value,
        "weighted_std_error": weighted.std_error,
        "known_mean": mean_of(values, surveys).value,
        "n_weighted": int(known.sum()),
    }


def _factor_columns(scale: Scale, complete: npt.NDArray[np.float64]) -> dict[str, object]:
    """Omega of three or more items, the Spearman-Brown coefficient of two; else why there is neither."""
    n, k = complete.shape
    if not scale.has_one_range:
        return {"omega_note": "items have different ranges"}
    if k < 2:
        return {"omega_note": "one item"}
    if k == 2:
        value = spearman_brown(complete) if n >= rules.MINIMUM_FOR_ALPHA else None
        return {"spearman_brown": value, "omega_note": "two items: omega needs three or more"}
    if n < rules.MINIMUM_FOR_OMEGA:
        return {"omega_note": f"omega needs {rules.MINIMUM_FOR_OMEGA} complete answers"}
    try:
        return {"omega": fit_one_factor(covariance(complete)).omega}
    except NoFactorError as error:
        return {"omega_note": str(error)}


def item_records(answers: Answers, qualities: Mapping[str, ScaleQuality]) -> list[dict[str, object]]:
    """Statistics of every rated item of the questionnaire in the year."""
    records = []
    for column, item in enumerate(answers.items):
        quality = qualities.get(item.construct or "")
        members = [other.item_id for other in answers.items if other.construct == item.construct]
        place = quality.places[members.index(item.item_id)] if quality and quality.places else None
        given = answers.scores[:, column]
        usable = given[np.isfinite(given)]
        n = len(answers.scores)
        records.append(
            {
                **answers.key,
                "item_id": item.item_id,
                "wording": item.wording,
                "construct": item.construct,
                "is_reverse_scored": item.is_reverse_scored,
                "n_surveys": len(answers.surveys),
                "n_responses": n,
                "n_answers": len(usable),
                "missing_share": 1 - len(usable) / n if n else None,
                "mean": float(usable.mean()) if len(usable) else None,
                "sd": float(usable.std(ddof=1)) if len(usable) > 1 else None,
                "scale_min": item.scale_min,
                "scale_max": item.scale_max,
                **answer_shares(given, item.scale_min, item.scale_max),
                "item_rest_r": place.item_rest_r if place else None,
                "scale_alpha": quality.alpha.value if quality else None,
                "alpha_without": place.alpha_without if place else None,
                "alpha_turned": place.alpha_turned if place else None,
                "flag": (place.flag if place else "") or "none",
                "rule": rules.ITEM_RULE,
                "note": _item_note(item.is_reverse_scored, item.scale_max, item.construct, quality),
            }
        )
    return records


def _item_note(
    is_reverse_scored: bool, scale_max: float | None, construct: str | None, quality: ScaleQuality | None
) -> str | None:
    if is_reverse_scored and scale_max is None:
        return "marked as reverse scored, but without a scale: its answers do not count"
    if construct is None:
        return "belongs to no construct"
    return (quality.alpha.note or None) if quality else None
