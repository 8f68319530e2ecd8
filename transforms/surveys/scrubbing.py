"""Names, addresses and ids out of an open answer: too much is removed rather than too little.

What it cannot see: nicknames and misspelled names that no source has; names of students and of people outside
the staff, written without a title and not beside a name of the staff; a person told by what is said of them.
"""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from transforms.surveys.known_persons import KnownPersons, fold, folded_forms

NAME = "[name]"
CONTACT = "[contact]"

# Titles that a name follows in any case, and those that are words of their own but for a capital after them.
_TITLES = frozenset({"mr", "mrs", "ms", "mx", "dr", "prof"})
_CAPITAL_TITLES = frozenset(
    {
        "miss", "sir", "madam", "mister", "missus", "sr", "sra", "senor", "senora", "professor", "doctor",
        "coach", "principal", "superintendent", "director", "teacher", "aide", "para", "counselor",
        "counsellor", "facilitator", "presenter", "trainer", "mentor",
    }
)  # fmt: skip
_MOST_AFTER_TITLE = 2
_SHORTEST_PLURAL = 5

_DOMAIN = r"(?:[\w-]+\.)+(?:com|org|net|edu|gov|us|io|co|info|app|me|tv|k12|ca|uk|de|fr|es|eu)\b"
_URL = re.compile(rf"\b(?:https?://|www\.)\S+|\b{_DOMAIN}(?:/\S*)?", re.IGNORECASE)
_AT, _DOT = r"(?:@|\s*[(\[{]\s*at\s*[)\]}]\s*|\s+at\s+)", r"(?:\.|\s*[(\[{]\s*dot\s*[)\]}]\s*|\s+dot\s+)"
_EMAIL = re.compile(
    rf"[\w.+'-]+\s?@\s?[\w-]+(?:\.[\w-]+)+|[\w.+-]+{_AT}[\w-]+(?:{_DOT}[\w-]+)*{_DOT}"
    r"(?:com|org|net|edu|gov|us|k12)\b",
    re.IGNORECASE,
)
_HANDLE = re.compile(r"(?<![\w@])@[\w.]*\w")
_PHONE = re.compile(
    r"(?<![\w])\(?\+?\d[\d\s().\-–/]{5,}\d(?:\s*(?:ext\.?|extension|x)\s*\d+)?|\b(?:ext\.?|extension|x)\s?\d{3,}",
    re.IGNORECASE,
)
_SEVEN_DIGITS = 7
_CODE = re.compile(r"#?\b[A-Za-z]*\d[\w]*(?:[-_][A-Za-z0-9]+)*\b|\b[A-Za-z]+[-_]\d[\w-]*")
_SCHOOL_YEAR = re.compile(r"(?:19|20)\d\d\s?[-–/]\s?(?:\d\d|(?:19|20)\d\d)")
_ORDINAL = re.compile(r"\d+(?:st|nd|rd|th|s)", re.IGNORECASE)
_ID_TOKEN = re.compile(r"\w+(?:[-_.]\w+)*")

_TOKEN = re.compile(r"[^\W\d_]+(?:['’`´ʼ][^\W\d_]+)*")
_CAMEL = re.compile(r"(?<=[a-zà-ÿ])(?=[A-ZÀ-Þ])")
_BESIDE = re.compile(r"[\s,.\-–_/]{0,3}")
_SENTENCE_END = re.compile(r"[.!?:;\n]\s*[\"“(]?\s*$|^\s*[\"“(]?\s*$")
_POSSESSIVE = re.compile(r"['’`´ʼ]s?$", re.IGNORECASE)


@dataclass
class _Word:
    """A word of the text with its place; ``is_name`` once it is to go."""

    text: str
    start: int
    end: int
    is_guarded: bool = False
    is_name: bool = False

    @property
    def is_capital(self) -> bool:
        return self.text[:1].isupper()


def scrub(text: str, known: KnownPersons) -> str:
    """``text`` on one line with persons as ``[name]``, and addresses, numbers and ids as ``[contact]``."""
    return _without_names(_without_contacts(_plain(text), known), known)


def _plain(text: str) -> str:
    """No entities, no invisible signs, one form of each letter, single spaces."""
    shown = unicodedata.normalize("NFKC", html.unescape(text))
    return " ".join("".join(sign for sign in shown if unicodedata.category(sign) != "Cf").split())


def _without_contacts(text: str, known: KnownPersons) -> str:
    for pattern in (_EMAIL, _URL, _HANDLE):
        text = pattern.sub(CONTACT, text)
    text = _ID_TOKEN.sub(lambda found: CONTACT if found[0].casefold() in known.ids else found[0], text)
    text = _PHONE.sub(lambda found: CONTACT if _is_phone(found[0]) else found[0], text)
    return _CODE.sub(lambda found: CONTACT if _is_code(found[0]) else found[0], text)


def _is_phone(text: str) -> bool:
    is_extension = text[:1].isalpha()
    return is_extension or (_n_digits(text) >= _SEVEN_DIGITS and not _SCHOOL_YEAR.fullmatch(text.strip()))


def _is_code(text: str) -> bool:
    """Five digits, or three in a word with letters: K12 and 3rd stay."""
    if _SCHOOL_YEAR.fullmatch(text) or _ORDINAL.fullmatch(text):
        return False
    has_letters = any(sign.isalpha() for sign in text)
    return _n_digits(text) >= (3 if has_letters else 5)


def _n_digits(text: str) -> int:
    return sum(sign.isdigit() for sign in text)


def _without_names(text: str, known: KnownPersons) -> str:
    for name in known.unspaced:
        text = text.replace(name, NAME)
    words = [
        _Word(found[0], found.start(), found.end())
        for found in _TOKEN.finditer(text)
        if text[found.start() - 1 : found.end() + 1] not in (NAME, CONTACT)
    ]
    for word in words:
        _judge(word, known)
    _mark_titled(words, text)
    while _mark_beside(words, text):
        pass
    return _replaced(text, words)


def _forms(word: str) -> set[str]:
    """The word itself, without a possessive and without a plural s, folded."""
    forms = folded_forms(word) | folded_forms(_POSSESSIVE.sub("", word))
    return forms | {form[:-1] for form in forms if form.endswith("s") and len(form) >= _SHORTEST_PLURAL}


def _judge(word: _Word, known: KnownPersons) -> None:
    parts = _CAMEL.split(word.text)
    forms = _forms(word.text) | {form for part in parts for form in _forms(part) if len(parts) > 1}
    word.is_guarded = bool(forms & known.guarded)
    word.is_name = bool(forms & (known.words | known.joined)) or (word.is_guarded and word.is_capital)


def _mark_titled(words: Sequence[_Word], text: str) -> None:
    """A word after a title is a name, known or not, and so are capital words that follow it."""
    for place, word in enumerate(words):
        title = fold(word.text)
        if title not in _TITLES and title not in _CAPITAL_TITLES:
            continue
        for following in range(place + 1, min(place + 1 + _MOST_AFTER_TITLE, len(words))):
            before, after = words[following - 1], words[following]
            gap = text[before.end : after.start]
            is_first = following == place + 1
            if not (gap.strip() in ("", ".") and (is_first or "." not in gap)):
                break
            if not (after.is_capital or (is_first and title in _TITLES)):
                break
            if is_first and title in _CAPITAL_TITLES and "." in gap and title not in ("sr", "sra"):
                break  # "Thank the coach. We liked it."
            after.is_name = True


def _mark_beside(words: Sequence[_Word], text: str) -> bool:
    """Mark what stands beside a name and belongs to it; return whether anything was marked."""
    is_marked = False
    for left, right in pairwise(words):
        if left.is_name == right.is_name or not _BESIDE.fullmatch(text[left.end : right.start]):
            continue
        gap = text[left.end : right.start]
        other = right if left.is_name else left
        if _belongs(other, gap, text, is_after=left.is_name):
            other.is_name = is_marked = True
    return is_marked


def _belongs(word: _Word, gap: str, text: str, is_after: bool) -> bool:
    """An initial, a guarded word, or a capital word that begins no sentence, next to a name."""
    is_initial = len(word.text) == 1 and word.is_capital and (word.text not in "IA" or "." in gap)
    begins_sentence = bool(_SENTENCE_END.search(text[: word.start]))
    if word.is_guarded or (is_initial and not (is_after and begins_sentence)):
        return True
    if gap.strip() not in ("", "-", "–"):
        return False
    is_short_capital = word.text.isupper() and len(word.text) <= 3 and word.text != "I"
    return word.is_capital and word.text not in ("I", "A") and (is_short_capital or not begins_sentence)


def _replaced(text: str, words: Sequence[_Word]) -> str:
    pieces, end = [], 0
    names = [word for word in words if word.is_name]
    for place, word in enumerate(names):
        gap = text[end : word.start]
        is_continued = place > 0 and bool(_BESIDE.fullmatch(gap))
        if not is_continued:
            pieces += [gap, NAME]
        end = word.end
        while end < len(text) and (text[end].isdigit() or text[end] == "_"):
            end += 1
        next_is_beside = place + 1 < len(names) and bool(
            _BESIDE.fullmatch(text[end : names[place + 1].start])
        )
        possessive = _POSSESSIVE.search(word.text)
        if possessive and not next_is_beside:
            pieces.append(possessive[0])
    pieces.append(text[end:])
    return "".join(pieces)
