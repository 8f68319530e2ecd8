"""Ingredients of cost in classes, by the words that they are written with.

Levin, McEwan, Belfield, Bowden and Shand (2018), *Economic Evaluation in Education*, chapter 4: personnel,
facilities, equipment and materials, other inputs. Time of participants, of those who lead and of those who
stand in is told apart, for none of it may be counted twice.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, get_args

IngredientClass = Literal[
    "teacher_time",
    "facilitator",
    "substitutes",
    "other_personnel",
    "materials",
    "facilities",
    "travel",
    "fees",
    "other",
]
CLASSES: tuple[str, ...] = get_args(IngredientClass)
UNCLASSIFIED = "unclassified"
PERSONNEL = frozenset({"teacher_time", "facilitator", "substitutes", "other_personnel"})


@dataclass(frozen=True)
class IngredientRule:
    """An ingredient with any of ``words`` is of ``name``; words that stand together must all be there."""

    name: str
    words: tuple[str, ...]


def _rule(name: str, words: str) -> IngredientRule:
    return IngredientRule(name, tuple(part.strip() for part in words.split(",")))


# The first rule that fits decides: a "facilitator's travel" is travel, "teacher materials" are materials.
RULES = (
    _rule(
        "substitutes", "substitute, sub, supply teacher, cover teacher, class cover, release time, released"
    ),
    _rule("travel", "travel, mileage, hotel, lodging, accommodation, airfare, flight, per diem, transport"),
    _rule("travel", "transportation, parking"),
    _rule("facilities", "facility, room, venue, rent, rental, space, building, hall, utility, site"),
    _rule("materials", "material, supply, book, textbook, handout, printing, software, license, licence"),
    _rule("materials", "subscription, equipment, technology, kit, device, video, platform"),
    _rule("facilitator", "facilitator, facilitation, coach, coaching, trainer, training, consultant"),
    _rule("facilitator", "presenter, mentor, instructor, speaker, lecturer, provider"),
    _rule("teacher_time", "teacher time, teacher hour, teacher salary, teacher pay, teacher wage, stipend"),
    _rule("teacher_time", "teacher compensation, participant time, participant hour, participant salary"),
    _rule("teacher_time", "educator time, attendee time, staff time, staff hour, planning time"),
    _rule("fees", "fee, registration, tuition, membership, certification, vendor, contract, invoice"),
    _rule("other_personnel", "salary, wage, personnel, staff, payroll, benefit, administrator, principal"),
    _rule("other_personnel", "coordinator, clerical, labor, labour, administration"),
    _rule("other", "food, catering, refreshment, meal, overhead, indirect, insurance, childcare"),
    _rule("other", "miscellaneous, misc, other, sundry, evaluation"),
    _rule("teacher_time", "teacher, participant, educator, attendee"),
)


def ingredient_class(ingredient: str, given: Mapping[str, str] | None = None) -> str:
    """Class of ``ingredient``: what ``given`` says (in any letter case), else RULES, else unclassified."""
    named = {name.strip().casefold(): of for name, of in (given or {}).items()}
    if ingredient.strip().casefold() in named:
        return named[ingredient.strip().casefold()]
    words = frozenset(_words(ingredient))
    for rule in RULES:
        if any(words.issuperset(_words(entry)) for entry in rule.words):
            return rule.name
    return UNCLASSIFIED


def _words(text: str) -> list[str]:
    """Words in lower case and the singular; ``TeacherTime`` and ``teacher_time`` are two words each."""
    parted = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", text)
    return [_singular(word) for word in re.findall(r"[^\W\d_]+", parted.casefold())]


def _singular(word: str) -> str:
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    return word[:-1] if word.endswith("s") and not word.endswith("ss") and len(word) > 3 else word
