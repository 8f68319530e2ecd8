"""The decisions of the brief: the actions that the rules give, what asks for most first."""

from __future__ import annotations

from collections.abc import Sequence

import duckdb

from transforms.reporting.brief_charts import Bar, bars_picture
from transforms.reporting.brief_item import BriefItem, estimate_text, interval_text, tier_text
from transforms.reporting.catalogue import Catalogue
from transforms.reporting.certainty import certainty_word
from transforms.reporting.cost_rows import currency_of
from transforms.reporting.cost_words import money
from transforms.reporting.decision_rows import Decisions, RecommendationRow, read_decisions
from transforms.reporting.numerals import count, decimal
from transforms.reporting.picture import Picture

# What changes most comes first; what stays as it is comes last.
ORDER = ("scale", "stop", "pause", "study", "adapt", "sustain")
_TONES = {"scale": "higher", "stop": "lower", "pause": "lower"}
MOST_NAMED = 3


def decision_items(connection: duckdb.DuckDBPyConnection, texts: Catalogue) -> tuple[BriefItem, ...]:
    """One item an action that the rules give, with the types it is for."""
    found = read_decisions(connection)
    currency = currency_of(connection)
    by_action = {
        action: _by_certainty([row for row in found.recommendations if row.action == action], action)
        for action in ORDER
    }
    return tuple(
        _item(action, of_action, found, currency, texts)
        for action, of_action in by_action.items()
        if of_action
    )


def _by_certainty(rows: Sequence[RecommendationRow], action: str) -> list[RecommendationRow]:
    """The types of one action, the surest for it first."""
    is_down = action in ("stop", "pause")
    return sorted(
        rows,
        key=lambda row: (
            row.probability_above_threshold is None,
            (row.probability_above_threshold or 0.0) * (1 if is_down else -1),
            row.pd_type,
        ),
    )


def _item(
    action: str, rows: Sequence[RecommendationRow], found: Decisions, currency: str, texts: Catalogue
) -> BriefItem:
    names = [texts.in_sentence("pd_type", row.pd_type) for row in rows[:MOST_NAMED]]
    more = len(rows) - len(names)
    first = rows[0]
    sentences = (_numbers(first, texts), _cost_or_plan(action, first, found, currency, texts))
    return BriefItem(
        title=texts.text(f"decision.{action}", names=texts.listed(names) + (f" (+{more})" if more else "")),
        sentences=tuple(filter(None, sentences)),
        picture=_picture(action, rows[:MOST_NAMED], texts),
        note=texts.text("decision.note", rule=first.rule_number, tier=tier_text(first.evidence_tier, texts)),
        href="decisions.html",
        tone=_TONES.get(action, ""),
    )


def _numbers(row: RecommendationRow, texts: Catalogue) -> str:
    name = texts.name("pd_type", row.pd_type)
    if row.expected_effect_sd is None or row.probability_above_threshold is None:
        return texts.text("decision.text_none", name=name, estimate=texts.text("words.no_estimate"))
    return texts.text(
        "decision.text",
        name=name,
        estimate=estimate_text(row.expected_effect_sd, row.ci_low, row.ci_high),
        interval=interval_text(row.ci_low, row.ci_high, texts),
        threshold=decimal(row.effect_threshold_sd),
        word=texts.text(f"words.{certainty_word(row.probability_above_threshold)}"),
        chance=chance_text(row.probability_above_threshold, texts),
    )


def chance_text(probability: float, texts: Catalogue) -> str:
    """A probability as chances in 100, never as a certainty."""
    if probability > 0.99:
        return texts.text("words.over_99")
    return (
        texts.text("words.under_1")
        if probability < 0.01
        else texts.text("words.in_100", n=f"{100 * probability:.0f}")
    )


def _cost_or_plan(
    action: str, row: RecommendationRow, found: Decisions, currency: str, texts: Catalogue
) -> str:
    question = next((one for one in found.questions if one.pd_type == row.pd_type), None)
    if action == "study" and question is not None and question.teachers_needed is not None:
        return texts.text(
            "decision.study_text", teachers=count(question.teachers_needed), of=count(question.n_teachers)
        )
    if row.cost_per_student is None:
        return ""
    return texts.text("decision.cost", cost=money(row.cost_per_student, currency))


def _picture(action: str, rows: Sequence[RecommendationRow], texts: Catalogue) -> Picture | None:
    known = [row for row in rows if row.probability_above_threshold is not None]
    bars = [
        Bar(
            texts.name("pd_type", row.pd_type),
            row.probability_above_threshold or 0.0,
            chance_text(row.probability_above_threshold or 0.0, texts),
        )
        for row in known
    ]
    said = "; ".join(f"{bar.label} {bar.figure}" for bar in bars)
    picture_id = f"brief-decision-{action}"
    title = texts.text("decision.picture", threshold=decimal(rows[0].effect_threshold_sd))
    drawing = bars_picture(bars, picture_id, title, texts.text("decision.alt", said=said))
    return Picture(picture_id, title, drawing, "") if drawing else None
