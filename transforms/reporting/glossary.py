"""Words of the glossary in the text of a page: the first of each leads to its meaning at the end of the page.

It is a link and a list, as footnotes are: it works without a script, by touch, by keyboard and on paper.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import cache

from markupsafe import Markup, escape

from transforms.reporting.alphabet import sort_key
from transforms.reporting.catalogue import Catalogue, catalogue, say, spoken
from transforms.reporting.certainty import CERTAINTY_WORDS
from transforms.reporting.glossary_entry import Term
from transforms.reporting.glossary_terms import spoken_terms


class WordsUsed:
    """Marks the words of one page; called with each text of the page in turn."""

    def __init__(self) -> None:
        self._found: dict[str, Term] = {}

    def __call__(self, text: str) -> Markup:
        """``text`` as markup, escaped, the first of each term a link to its meaning on the page.

        Markup is returned as it is: it has been escaped, and a link within a link would be broken.
        """
        if isinstance(text, Markup):
            return text
        return _linked(text, self._link, self._found)

    @property
    def found(self) -> list[Term]:
        """The terms that were marked, in the order of the alphabet."""
        return sorted(self._found.values(), key=lambda term: sort_key(term.name))

    def _link(self, term: Term, words: str) -> Markup:
        self._found[term.id] = term
        return Markup('<a class="term" id="at-{0}" href="#word-{0}">{1}</a>').format(term.id, words)


def explained(term: Term) -> Markup:
    """The definition of ``term`` for the page of all words, with links to the other terms in it."""
    known = {term.id: term}

    def link(other: Term, words: str) -> Markup:
        known[other.id] = other
        return Markup('<a href="#{}">{}</a>').format(other.id, words)

    return _linked(term.definition, link, known)


def certainty_scale() -> list[tuple[str, str, str]]:
    """The words for chances, in English and in Spanish, with the chances that they stand for."""
    english, spanish = catalogue("en"), catalogue("es")
    return [
        (english.text(f"words.{name}"), spanish.text(f"words.{name}"), _chance(low, high))
        for name, low, high in CERTAINTY_WORDS
    ]


def _chance(low: float, high: float) -> str:
    if high == 1:
        return say("{value:.0f} in 100 or more", value=100 * low)
    return (
        say("{value:.0f} to {value_2:.0f} in 100", value=100 * low, value_2=100 * high)
        if low
        else say("{value:.0f} in 100 or less", value=100 * high)
    )


def _linked(text: str, link: Callable[[Term, str], Markup], known: Mapping[str, Term]) -> Markup:
    pattern, by_form = _forms(spoken())
    parts: list[Markup] = []
    end = 0
    for match in pattern.finditer(text):
        term = by_form[_with_small_first(match[0])]
        if term.id not in known:
            parts += [escape(text[end : match.start()]), link(term, match[0])]
            end = match.end()
    return Markup("").join([*parts, escape(text[end:])])


@cache
def _forms(_language: Catalogue) -> tuple[re.Pattern[str], dict[str, Term]]:
    """All forms in one pattern, the longer before the shorter, and the term of each."""
    by_form = {_with_small_first(form): term for term in spoken_terms() for form in term.forms}
    longest_first = sorted(by_form, key=len, reverse=True)
    either_case = (f"[{form[0].upper()}{form[0]}]{re.escape(form[1:])}" for form in longest_first)
    return re.compile(rf"(?<![\w-])(?:{'|'.join(either_case)})(?![\w-])"), by_form


def _with_small_first(form: str) -> str:
    return form[:1].lower() + form[1:]
