"""The answer of the brief: what goes with growth, and what that does not say."""

from __future__ import annotations

from collections.abc import Sequence

from transforms.reporting.brief_item import names_of, takes_one_verb
from transforms.reporting.catalogue import Catalogue
from transforms.reporting.rows import EffectRow
from transforms.reporting.words import Verdict, refusal_reason, verdict


def answer(rows: Sequence[EffectRow], texts: Catalogue) -> tuple[str, ...]:
    """One or two sentences of what was found, one of what it does not say; ``rows``: the main design."""
    estimated = [row for row in rows if not row.is_refused]
    if not estimated:
        reasons = [texts.text("answer.none_why", reason=refusal_reason(row)) for row in rows[:1]]
        return (texts.text("answer.none"), *reasons)
    judged = [verdict(row) for row in estimated]
    clear = any(found.is_clear for found in judged)
    return (_found(estimated, texts), _limit(estimated[0].design, clear, texts))


def _found(rows: Sequence[EffectRow], texts: Catalogue) -> str:
    higher = [row for row in rows if verdict(row) is Verdict.HIGHER]
    lower = [row for row in rows if verdict(row) is Verdict.LOWER]
    if not higher and not lower:
        return texts.text("answer.nothing", n=len(rows))
    parts = [
        texts.text(f"answer.{name}", n=1 if takes_one_verb(found) else 2, names=names_of(found, texts))
        for name, found in (("higher", higher), ("lower", lower))
        if found
    ]
    rest = len(rows) - len(higher) - len(lower)
    if rest:
        parts.append(texts.text("answer.rest", n=rest))
    return " ".join(parts)


def _limit(design: str, is_any_clear: bool, texts: Catalogue) -> str:
    if not is_any_clear:
        return texts.text("answer.no_proof")
    return texts.text("answer.lottery" if design == "lottery" else "answer.association")
