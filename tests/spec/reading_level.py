"""How many years of school a text asks for."""

from __future__ import annotations

import re
from functools import cache

import pyphen


def grade_level(text: str) -> float:
    """Grade level of a text (Kincaid and others 1975): .39 words a sentence + 11.8 syllables a word − 15.59.

    Figures and what stands in brackets are left out: a reader skips them.
    """
    bare = re.sub(r"\([^)]*\)|[+−]?\d[\d.,%–]*", " ", text)
    sentences = [part for part in re.split(r"[.:;!?](?:\s|$)", bare) if re.search(r"[a-zA-Z]{2}", part)]
    words = re.findall(r"[A-Za-z']+", bare)
    syllables = sum(_syllables(word.lower()) for word in words)
    return 0.39 * len(words) / len(sentences) + 11.8 * syllables / len(words) - 15.59


def _syllables(word: str) -> int:
    return len(_hyphens().positions(word)) + 1


@cache
def _hyphens() -> pyphen.Pyphen:
    return pyphen.Pyphen(lang="en_US", left=1, right=1)
