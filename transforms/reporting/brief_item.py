"""One finding, decision or caution of the brief, and how its numbers are named."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from transforms.reporting import terms
from transforms.reporting.catalogue import Catalogue
from transforms.reporting.numerals import decimal, interval_decimals, signed
from transforms.reporting.picture import Picture
from transforms.reporting.rows import EffectRow
from transforms.reporting.words import Compared

MOST_NAMED = 3


@dataclass(frozen=True)
class BriefItem:
    """A takeaway as ``title``, its numbers in ``sentences``, a small picture, and the page behind it.

    ``tone`` is "", "higher", "lower" or "caution"; ``href`` is from the root of the site.
    """

    title: str
    sentences: tuple[str, ...]
    picture: Picture | None
    note: str = ""
    href: str = ""
    tone: str = ""


def comparison_name(row: Compared, texts: Catalogue) -> str:
    """PD type and subject of a comparison, within a sentence."""
    return texts.text(
        "words.in_subject",
        pd_type=texts.in_sentence("pd_type", row.pd_type),
        subject=texts.in_sentence("subject", row.academic_subject),
    )


def names_of(rows: Sequence[EffectRow], texts: Catalogue) -> str:
    """Up to three comparisons by name, more by number; the first letter large."""
    if len(rows) > MOST_NAMED:
        return texts.text("answer.many", n=len(rows))
    names = texts.listed([comparison_name(row, texts) for row in rows])
    return names[:1].upper() + names[1:]


def takes_one_verb(rows: Sequence[EffectRow]) -> bool:
    """Whether one thing is spoken of, so that the verb stands in the singular."""
    return len(rows) == 1 and not terms.is_plural(rows[0].pd_type)


def interval_text(low: float | None, high: float | None, texts: Catalogue) -> str:
    """An interval in words."""
    places = interval_decimals(low or 0.0, high or 0.0)
    return texts.text("words.interval", low=decimal(low, places), high=decimal(high, places))


def estimate_text(estimate: float | None, low: float | None, high: float | None) -> str:
    """An estimate with as many decimals as its interval."""
    return signed(estimate, interval_decimals(low or 0.0, high or 0.0))


def tier_text(tier: int | None, texts: Catalogue) -> str:
    """An evidence tier in words."""
    return texts.text(f"tier.{'none' if tier is None else tier}")
