"""Rows of estimates.survey_aggregation and estimates.survey_school_scale."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from transforms.surveys import rules
from transforms.surveys.agreement import Intraclass, intraclass, school_verdict, within_group_agreement
from transforms.surveys.answers import Answers, Scale
from transforms.surveys.means import mean_of
from transforms.surveys.scale_records import ScaleQuality

Rows = npt.NDArray[np.bool_]
_MOST_OPTIONS = 11  # with more steps an answer is a measurement, and spread evenly is no null model


@dataclass(frozen=True)
class Aggregation:
    """Whether a construct may be averaged to schools; ``r_wg`` by school, of all roles."""

    intraclass: Intraclass | str
    r_wg: Mapping[str, float]
    agreement_note: str
    verdict: str

    @property
    def median_r_wg(self) -> float | None:
        return float(np.median(list(self.r_wg.values()))) if self.r_wg else None

    @property
    def may_be_shown(self) -> bool:
        return self.verdict in ("clear", "caution")


def aggregate(answers: Answers, scale: Scale, quality: ScaleQuality) -> Aggregation:
    """Judge the scale by ``rules.SCHOOL_RULE``, over respondents of all roles whose school is known."""
    known = np.array([school is not None for school in answers.school_id], dtype=bool)
    scored = known & np.isfinite(scale.scores)
    schools = np.unique(answers.school_id[known].astype(str), return_inverse=True)
    codes = np.full(len(known), -1, dtype=np.int64)
    codes[known] = schools[1]
    found = (
        intraclass(scale.scores[scored], codes[scored])
        if scored.any()
        else "no response with a school and a scale score"
    )
    options = n_options(scale)
    r_wg = {}
    for code, school in enumerate(schools[0]):
        value = _agreement(scale, codes == code, options)
        if value is not None:
            r_wg[str(school)] = value
    median = float(np.median(list(r_wg.values()))) if r_wg else None
    icc2 = found.icc2 if isinstance(found, Intraclass) else None
    note = "" if options else "agreement needs items answered on the same few steps"
    if options and not r_wg:
        note = f"no school with {rules.MINIMUM_IN_SCHOOL} complete answers"
    return Aggregation(found, r_wg, note, school_verdict(icc2, median, quality.is_reported))


def n_options(scale: Scale) -> int | None:
    """Steps on which the items are answered; None where they have no common whole-numbered ends."""
    bounds = scale.bounds
    if bounds is None or bounds[0] != int(bounds[0]) or bounds[1] != int(bounds[1]):
        return None
    steps = int(bounds[1] - bounds[0]) + 1
    return steps if 2 <= steps <= _MOST_OPTIONS else None


def _agreement(scale: Scale, rows: Rows, options: int | None) -> float | None:
    complete = scale.complete(rows)
    if options is None or len(complete) < rules.MINIMUM_IN_SCHOOL:
        return None
    return within_group_agreement(complete, options)


def aggregation_record(answers: Answers, construct: str, aggregation: Aggregation) -> dict[str, object]:
    """Row of estimates.survey_aggregation."""
    found = aggregation.intraclass
    numbers: dict[str, object] = {"n_schools": 0, "n_responses": 0}
    if isinstance(found, Intraclass):
        numbers = {
            "n_schools": found.n_groups,
            "n_responses": found.n,
            "mean_size": found.mean_size,
            "icc1": found.icc1,
            "icc2": found.icc2,
            "f_statistic": found.f_statistic,
            "p_value": found.p_value,
        }
    agreements = list(aggregation.r_wg.values())
    notes = [found] if isinstance(found, str) else []
    return {
        **answers.key,
        "construct": construct,
        **numbers,
        "n_agreement_schools": len(agreements),
        "median_r_wg": aggregation.median_r_wg,
        "agreeing_share": float(np.mean(np.array(agreements) >= rules.AGREEMENT)) if agreements else None,
        "verdict": aggregation.verdict,
        "may_be_shown": aggregation.may_be_shown,
        "rule": rules.SCHOOL_RULE,
        "note": "; ".join([*notes, *filter(None, [aggregation.agreement_note])]) or None,
    }


def school_records(
    answers: Answers, scale: Scale, quality: ScaleQuality, aggregation: Aggregation
) -> list[dict[str, object]]:
    """Means of the district and of each school, of all respondents and of each known role."""
    scored = np.isfinite(scale.scores)
    options = n_options(scale)
    survey_id = answers.surveys[0].survey_id if len(answers.surveys) == 1 else None
    records = []
    for school in (None, *sorted({school for school in answers.school_id if school is not None})):
        at_school = scored if school is None else scored & (answers.school_id == school)
        for role in ("all", *sorted({role for role in answers.role[at_school] if role is not None})):
            rows = at_school if role == "all" else at_school & (answers.role == role)
            mean = mean_of(scale.scores[rows], answers.survey[rows])
            if not mean.n:
                continue
            why = _why_hidden(mean.n, school, quality, aggregation)
            records.append(
                {
                    **answers.key,
                    "survey_id": survey_id,
                    "school_id": school,
                    "construct": scale.construct,
                    "respondent_role": role,
                    "mean": mean.value,
                    "std_error": mean.std_error,
                    "ci_low": mean.ci_low,
                    "ci_high": mean.ci_high,
                    "n_responses": mean.n,
                    "r_wg": None if school is None else _agreement(scale, rows, options),
                    "may_be_shown": not why,
                    "note": why or None,
                }
            )
    return records


def _why_hidden(n: int, school: str | None, quality: ScaleQuality, aggregation: Aggregation) -> str:
    if not quality.is_reported:
        return f"alpha is below {rules.NOT_REPORTED_BELOW:.2f}: the scale is not reported"
    if n < rules.MINIMUM_IN_SCHOOL:
        return f"fewer than {rules.MINIMUM_IN_SCHOOL} responses"
    if school is not None and not aggregation.may_be_shown:
        return "school means are not supported: see estimates.survey_aggregation"
    return ""
