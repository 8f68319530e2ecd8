"""Whom an answer may name: the words of the names of a study's staff, and ids of persons."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from transforms.surveys.words import COMMON_HERE, FUNCTION_WORDS

_COMMON = FUNCTION_WORDS | COMMON_HERE
_LETTERS = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i", "ħ": "h"}
)
_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "å": "aa"})
_WORD = re.compile(r"[^\W\d_]+(?:['’`´ʼ][^\W\d_]+)*")
_APOSTROPHE = re.compile(r"['’`´ʼ]")
# Scripts that write names without a space before the next word.
_UNSPACED = re.compile(r"[぀-ヿ㐀-鿿가-힯]")
_SHORTEST_ID = 3
_SHORTEST_LOCAL_PART = 3
_MOST_SHARE_OF_ADDRESSES = 0.05
_MOST_ADDRESSES = 5


@dataclass(frozen=True)
class StaffName:
    """Name and e-mail address of a member of staff as the sources have them."""

    first_name: str | None
    last_name: str | None
    email: str | None = None


@dataclass(frozen=True)
class KnownPersons:
    """What may not stay in an answer, all folded.

    ``words`` go wherever they stand; ``guarded`` words are common English words too and go with a capital
    letter or beside a name; ``joined`` are names written as one word; ``unspaced`` names in scripts without
    spaces.
    """

    words: frozenset[str] = frozenset()
    guarded: frozenset[str] = frozenset()
    joined: frozenset[str] = frozenset()
    unspaced: tuple[str, ...] = ()
    ids: frozenset[str] = frozenset()


def fold(text: str) -> str:
    """Letters and digits of ``text`` without case, accents and marks: ``Núñez-O'Hara`` is ``nunezohara``."""
    spread = unicodedata.normalize("NFKD", text.casefold().translate(_LETTERS))
    return "".join(sign for sign in spread if sign.isalnum() and not unicodedata.combining(sign))


def folded_forms(word: str) -> set[str]:
    """``word`` folded with umlauts as one letter and as two: ``Müller`` is muller and mueller."""
    return {fold(word), fold(word.casefold().translate(_UMLAUTS))}


def known_persons(names: Sequence[StaffName], ids: Iterable[str] = ()) -> KnownPersons:
    """Gather the words of all names; those that are common English words are guarded.

    Words of e-mail addresses count as names (nicknames stand there), unless so many addresses have them that
    they name an office or the district.
    """
    words = {form for name in names for part in _parts(name) for form in folded_forms(part)}
    words |= _words_of_addresses(names)
    joined = {form for name in names for form in _joined(name)}
    return KnownPersons(
        words=frozenset(word for word in words if len(word) > 1 and word not in _COMMON),
        guarded=frozenset(words & _COMMON),
        joined=frozenset(form for form in joined if form not in _COMMON),
        unspaced=tuple(
            sorted({form for name in names for form in _unspaced(name)}, key=lambda n: (-len(n), n))
        ),
        ids=frozenset(
            identifier.casefold()
            for identifier in ids
            if len(identifier) >= _SHORTEST_ID and any(sign.isdigit() for sign in identifier)
        ),
    )


def words_of(text: str) -> list[str]:
    """Words of a text, apostrophes inside them kept."""
    return _WORD.findall(unicodedata.normalize("NFKC", text))


def _parts(name: StaffName) -> Iterator[str]:
    """Words of a name; ``O'Hara`` is also ``Hara``, as it is written ``O Hara`` too."""
    for text in (name.first_name, name.last_name):
        for word in words_of(text or ""):
            yield word
            yield from (piece for piece in _APOSTROPHE.split(word) if 2 < len(piece) < len(word))


def _words_of_addresses(names: Sequence[StaffName]) -> set[str]:
    locals_ = [(name.email or "").partition("@")[0] for name in names if "@" in (name.email or "")]
    found = Counter(form for local in locals_ for form in {fold(word) for word in words_of(local)})
    most = max(_MOST_ADDRESSES, _MOST_SHARE_OF_ADDRESSES * len(locals_))
    return {word for word, n in found.items() if len(word) >= _SHORTEST_LOCAL_PART and n <= most}


def _joined(name: StaffName) -> Iterator[str]:
    """First and last name in one word, both orders, and with an initial as in user names."""
    first, last = fold(name.first_name or ""), fold(name.last_name or "")
    if len(first) > 1 and len(last) > 1:
        yield from (first + last, last + first)
        yield from (form for form in (first[0] + last, last + first[0], first + last[0]) if len(form) > 4)


def _unspaced(name: StaffName) -> Iterator[str]:
    first, last = ("".join((text or "").split()) for text in (name.first_name, name.last_name))
    if _UNSPACED.search(first + last):
        yield from (form for form in (last + first, first + last, last, first) if len(form) > 1)
