"""Which answer may stand as a quote for a theme, by rules that keep persons out; else why none may."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from transforms.surveys.answer_words import Word, WordUse, words_of_answer
from transforms.surveys.scrubbing import CONTACT, NAME

_LONG_NUMBER = re.compile(r"\d{3}")


@dataclass(frozen=True)
class QuoteRules:
    """When an answer may be quoted.

    Its theme has ``least_answers`` of ``least_respondents`` people in the rows that it is quoted for. It has
    between ``least_words`` and ``most_words`` words, each a function word, a word of schooling or written by
    ``least_users`` people; a word with a capital is a term of the field, or somebody writes it without one,
    or it begins the sentence and ``least_users_at_start`` people write it.
    """

    least_answers: int = 10
    least_respondents: int = 5
    least_words: int = 3
    most_words: int = 40
    least_users: int = 3
    least_users_at_start: int = 10


@dataclass(frozen=True)
class Answer:
    """A scrubbed answer of a theme, who gave it, and its weight in the theme (1: nothing else)."""

    text: str
    respondent: str
    weight: float


@dataclass(frozen=True)
class Quote:
    """A quote, or without ``text`` the reason why there is none."""

    text: str | None
    reason: str = ""


def choose_quote(answers: Sequence[Answer], use: WordUse, rules: QuoteRules | None = None) -> Quote:
    """The answer that most people give in the same words; of equals the one closest to the theme's centre."""
    rules = rules or QuoteRules()
    n_respondents = len({answer.respondent for answer in answers})
    if len(answers) < rules.least_answers or n_respondents < rules.least_respondents:
        least = f"{rules.least_answers} answers of {rules.least_respondents} people"
        return Quote(None, f"no quote: fewer than {least}")
    fit = [answer for answer in answers if may_be_quoted(answer.text, use, rules)]
    if not fit:
        return Quote(
            None,
            "no quote: every answer holds a name, a rare word or a rare capital, or is too short or long",
        )
    people: dict[tuple[str, ...], set[str]] = defaultdict(set)
    for answer in fit:
        people[_same_words(answer.text)].add(answer.respondent)
    chosen = min(fit, key=lambda a: (-len(people[_same_words(a.text)]), -round(a.weight, 6), a.text))
    return Quote(chosen.text)


def _same_words(text: str) -> tuple[str, ...]:
    return tuple(word.folded for word in words_of_answer(text))


def may_be_quoted(text: str, use: WordUse, rules: QuoteRules) -> bool:
    """Whether nothing in ``text`` may tell a person."""
    if NAME in text or CONTACT in text or _LONG_NUMBER.search(text):
        return False
    words = list(words_of_answer(text))
    return rules.least_words <= len(words) <= rules.most_words and all(
        _is_used_by_many(word, use, rules) and _is_no_name(word, use, rules) for word in words
    )


def _is_used_by_many(word: Word, use: WordUse, rules: QuoteRules) -> bool:
    return use.is_common(word.folded) or use.n_respondents.get(word.folded, 0) >= rules.least_users


def _is_no_name(word: Word, use: WordUse, rules: QuoteRules) -> bool:
    if not word.is_capital or word.is_field_term or word.folded in use.in_lower_case:
        return True
    is_used = (
        use.is_common(word.folded) or use.n_respondents.get(word.folded, 0) >= rules.least_users_at_start
    )
    return word.begins_sentence and is_used
