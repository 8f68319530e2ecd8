"""Surveys from item scores to scales, items, schools, response and change: the table of contents."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

import duckdb

from expectations.outputs import OUTPUTS
from transforms.improvement.settings import ImprovementSettings
from transforms.surveys.answers import each_questionnaire
from transforms.surveys.change import change_records
from transforms.surveys.response import prepare_invitations, prepare_weights, response_records
from transforms.surveys.scale_records import item_records, scale_quality, scale_records
from transforms.surveys.school_records import aggregate, aggregation_record, school_records
from transforms.warehouse import insert_records

Records = list[dict[str, object]]


def compute_scales(connection: duckdb.DuckDBPyConnection, _settings: ImprovementSettings) -> None:
    """Fill estimates.survey_scale, _item_statistic, _aggregation, _school_scale, _response and _change.

    Reads the frames of surveys, staff and activities. Without a survey source the frames and so these
    tables are empty, and meta.unavailable says why.
    """
    prepare_invitations(connection)
    cells = prepare_weights(connection)
    responses = response_records(connection)
    _insert(connection, "survey_response", [*responses, *cells])
    found = _scales(connection, responses)
    for name, records in found.items():
        _insert(connection, name, records)
    reported = {
        (str(row["questionnaire_id"]), int(str(row["school_year"])), str(row["construct"])): bool(
            row["is_reported"]
        )
        for row in found["survey_scale"]
    }
    _insert(connection, "survey_change", change_records(connection, reported))


def _scales(connection: duckdb.DuckDBPyConnection, responses: Records) -> dict[str, Records]:
    """Records by table, one questionnaire and year after another."""
    found: dict[str, Records] = defaultdict(list, {"survey_scale": []})
    counted = {
        (row["questionnaire_id"], row["school_year"], row["survey_id"]): row
        for row in responses
        if row.get("group_kind") == "all"
    }
    for answers in each_questionnaire(connection):
        ids = [None, *(survey.survey_id for survey in answers.surveys)]
        of_year = {
            survey_id: counted.get((answers.questionnaire_id, answers.school_year, survey_id), {})
            for survey_id in ids
        }
        scales = {construct: answers.scale(construct) for construct in answers.constructs}
        qualities = {construct: scale_quality(scale) for construct, scale in scales.items()}
        found["survey_scale"] += scale_records(answers, qualities, of_year)
        found["survey_item_statistic"] += item_records(answers, qualities)
        for construct, scale in scales.items():
            aggregation = aggregate(answers, scale, qualities[construct])
            found["survey_aggregation"].append(aggregation_record(answers, construct, aggregation))
            found["survey_school_scale"] += school_records(answers, scale, qualities[construct], aggregation)
    return found


def _insert(connection: duckdb.DuckDBPyConnection, name: str, records: Sequence[dict[str, object]]) -> None:
    insert_records(connection, OUTPUTS[f"estimates.{name}"], records)
