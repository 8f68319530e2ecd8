"""Ingredients get their class by the words of their name; the first rule that fits decides."""

from __future__ import annotations

import pytest

from transforms.improvement.ingredients import CLASSES, PERSONNEL, RULES, ingredient_class

EXPECTED = {
    "teacher time": "teacher_time",
    "Teacher_Time": "teacher_time",
    "TeacherTime": "teacher_time",
    "TEACHERS' HOURS": "teacher_time",
    "Stipends": "teacher_time",
    "time of participants": "teacher_time",
    "Teachers": "teacher_time",
    "facilitator time": "facilitator",
    "Coach salaries": "facilitator",
    "Consultant fees": "facilitator",
    "substitute teachers": "substitutes",
    "Subs": "substitutes",
    "release time": "substitutes",
    "materials": "materials",
    "Teacher materials": "materials",
    "Textbooks & supplies": "materials",
    "room rental": "facilities",
    "Facilities": "facilities",
    "facilitator's travel": "travel",
    "hotel (2 nights)": "travel",
    "registration fees": "fees",
    "Vendor invoice": "fees",
    "Teacher registration fee": "fees",
    "staff salaries and benefits": "other_personnel",
    "Catering": "other",
    "Widgets": "unclassified",
    "": "unclassified",
    "123": "unclassified",
    "submarine": "unclassified",  # whole words: it is no "sub"
    "renting-out": "unclassified",
}


@pytest.mark.parametrize(("ingredient", "expected"), EXPECTED.items())
def test_an_ingredient_is_classed_by_its_words(ingredient: str, expected: str) -> None:
    assert ingredient_class(ingredient) == expected


def test_what_the_study_says_comes_before_every_rule_whatever_the_case() -> None:
    assert ingredient_class(" TEACHER time ", {"Teacher Time": "other"}) == "other"
    assert ingredient_class("teacher", {"Teacher Time": "other"}) == "teacher_time"


def test_every_rule_has_a_known_class_and_is_reached_by_each_of_its_words() -> None:
    assert {rule.name for rule in RULES} == set(CLASSES)
    assert set(CLASSES) >= PERSONNEL
    hidden = [
        f"{word}: {ingredient_class(word)}, not {rule.name}"
        for rule in RULES
        for word in rule.words
        if ingredient_class(word) != rule.name
    ]
    assert hidden == []
