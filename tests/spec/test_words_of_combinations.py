"""Forty combinations of sign, size, certainty and tier in words that were read, and how plain they are."""

from __future__ import annotations

import re

import pytest

from tests.spec.reading_level import grade_level
from tests.spec.words_of_combinations import FILE, combinations, words
from transforms.reporting.words import read_effect

HIGHEST_GRADE = 10.0  # of headlines on average: what a principal reads without stopping


def test_the_words_are_those_that_were_read() -> None:
    if not FILE.exists():
        FILE.write_text(words(), encoding="utf-8")
        pytest.fail(f"{FILE.name} was missing and has been written: read it before it is committed")
    assert words() == FILE.read_text(encoding="utf-8")


def test_there_are_forty_and_no_two_say_the_same_of_different_numbers() -> None:
    readings = [read_effect(row) for row in combinations().values()]
    assert len(readings) == 40
    assert len({(one.headline, one.sentences, one.tier) for one in readings}) == 40


@pytest.mark.parametrize("name", [name for name in combinations() if "zero" in name or "alone" in name])
def test_what_is_not_clear_is_never_said_to_be(name: str) -> None:
    reading = read_effect(combinations()[name])
    assert "cannot be told apart from no difference" in reading.headline
    assert "no evidence of an effect" in " ".join(reading.sentences)


def test_headlines_are_plain(record_property: pytest.RecordProperty) -> None:  # type: ignore[name-defined]
    headlines = [read_effect(row).headline for row in combinations().values()]
    mean = sum(map(grade_level, headlines)) / len(headlines)
    record_property("grade_level_of_headlines", round(mean, 1))
    assert mean <= HIGHEST_GRADE, f"grade level {mean:.1f}"


def test_the_measure_of_reading_knows_an_easy_text_from_a_hard_one() -> None:
    easy = grade_level("The cat sat on the mat. It was warm. The dog ran off.")
    hard = grade_level(
        "Heteroskedasticity-consistent estimation notwithstanding, institutional participation necessitates"
        " interpretative qualification."
    )
    assert easy < 2 < 16 < hard


def test_numbers_and_brackets_do_not_count() -> None:
    assert grade_level("It grew by 0.08 SD (95% interval 0.02 to 0.14).") == grade_level("It grew by SD.")
    assert re.search(r"\d", "0.08")
