"""Words of open answers: which may tell a theme, which are known, and how many people use each."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from transforms.surveys.known_persons import fold
from transforms.surveys.scrubbing import CONTACT, NAME
from transforms.surveys.words import ACRONYMS, COMMON_HERE, FUNCTION_WORDS

_WORD = re.compile(r"[^\W\d_]+(?:['’`´ʼ][^\W\d_]+)*")
_CLITIC = re.compile(r"['’`´ʼ](?:s|d|m|t|ll|ve|re)$", re.IGNORECASE)
_STARTS_SENTENCE = re.compile(r"(?:^|[.!?:;…])[\s\"“”‘’'()\-–]*$")
_SHORTEST = 3


@dataclass(frozen=True)
class Word:
    """A word of an answer: as written, folded without a clitic, and whether it begins a sentence."""

    written: str
    folded: str
    begins_sentence: bool

    @property
    def is_capital(self) -> bool:
        return self.written[0].isupper()

    @property
    def is_field_term(self) -> bool:
        """Whether its capitals are those of the field, or of "I"."""
        bare = _CLITIC.sub("", self.written)
        return bare == "I" or (bare in ACRONYMS or bare.rstrip("s") in ACRONYMS)


@dataclass(frozen=True)
class WordUse:
    """By folded word: how many respondents wrote it, and whether anybody wrote it without a capital."""

    n_respondents: Mapping[str, int]
    in_lower_case: frozenset[str]

    def is_common(self, word: str) -> bool:
        return word in FUNCTION_WORDS or word in COMMON_HERE


def words_of_answer(text: str) -> Iterator[Word]:
    """The words of a scrubbed answer in order; what stands for names and addresses is no word."""
    shown = text.replace(NAME, " " * len(NAME)).replace(CONTACT, " " * len(CONTACT))
    for found in _WORD.finditer(shown):
        folded = fold(_CLITIC.sub("", found[0]))
        if folded:
            # What stood for a name is no beginning of a sentence: look at the text as it is.
            yield Word(found[0], folded, bool(_STARTS_SENTENCE.search(text[: found.start()])))


def use_of_words(texts: Sequence[str], respondents: Sequence[str]) -> WordUse:
    """Count for each word the respondents who wrote it."""
    users: dict[str, set[str]] = defaultdict(set)
    lower = set()
    for text, respondent in zip(texts, respondents, strict=True):
        for word in words_of_answer(text):
            users[word.folded].add(respondent)
            if not word.is_capital:
                lower.add(word.folded)
    return WordUse({word: len(who) for word, who in users.items()}, frozenset(lower))


def telling_words(text: str) -> list[str]:
    """Folded words that can tell a theme: three letters or more, no function word."""
    return [
        word.folded
        for word in words_of_answer(text)
        if len(word.folded) >= _SHORTEST and word.folded not in FUNCTION_WORDS
    ]


def vocabulary_of(texts: Sequence[str], respondents: Sequence[str], least_respondents: int) -> list[str]:
    """Words that themes are made of, sorted: telling, and written by ``least_respondents`` people or more.

    A word that nobody writes without a capital and somebody writes with one inside a sentence is taken for a
    name (of a student, a place, a product) and never becomes a word of a theme.
    """
    use = use_of_words(texts, respondents)
    names = {
        word.folded
        for text in texts
        for word in words_of_answer(text)
        if word.is_capital
        and not word.begins_sentence
        and not word.is_field_term
        and word.folded not in use.in_lower_case
    }
    telling = {word for text in texts for word in telling_words(text)}
    return sorted(word for word in telling - names if use.n_respondents[word] >= least_respondents)
