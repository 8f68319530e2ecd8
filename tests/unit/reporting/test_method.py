"""The method note says what this study's model did, not what models usually do."""

from __future__ import annotations

import json

from tests.unit.reporting.made_up_build import MODEL
from transforms.reporting.method import model_sentences


def test_the_method_note_names_the_controls_of_the_study() -> None:
    assert model_sentences(json.dumps({"model": MODEL})) == (
        "This study's model allows for the earlier score up to its cube, English learners, students"
        " with disabilities, sex, class and school means of earlier scores, grade and year, where the data"
        " have them.",
        "Teachers are compared with those of the same school; differences between schools are noted.",
    )


def test_a_simpler_model_is_described_as_such() -> None:
    simple = {"prior_degree": 1, "covariates": [], "has_context_means": False, "has_school_split": False}
    assert model_sentences(json.dumps({"model": simple})) == (
        "This study's model allows for the earlier score, grade and year, where the data have them.",
        "Teachers are compared within and between schools.",
    )
