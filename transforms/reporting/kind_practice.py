"""Sections of a PD type's page on practice: from reaction to growth, what it cost, what next."""

from __future__ import annotations

from transforms.reporting import chain_words, terms
from transforms.reporting.catalogue import say
from transforms.reporting.chain_charts import matrix_picture
from transforms.reporting.chain_page import links_table
from transforms.reporting.chain_rows import BreakRow
from transforms.reporting.chain_words import IN_SENTENCE
from transforms.reporting.cost_charts import ratio_picture, ratio_title, spending_picture, spending_title
from transforms.reporting.cost_page_tables import own_ingredients_table, ratios_tables, types_table
from transforms.reporting.cost_rows import CostRow
from transforms.reporting.cost_words import money, ratio_reason
from transforms.reporting.decision_rows import RecommendationRow
from transforms.reporting.decision_tables import ledger_table, measures_table, questions_table
from transforms.reporting.decision_words import ACTION_TITLES, how_sure, ledger_title, question_words
from transforms.reporting.kind_charts import decided_picture
from transforms.reporting.kind_rows import Kind
from transforms.reporting.kind_tables import hours_table
from transforms.reporting.numerals import capitalised, count, percent, school_year
from transforms.reporting.picture import NO_DRAWING, Drawing, Picture
from transforms.reporting.sections import Card, Section

_MOST_QUOTES = 3
_TONES = {"scale": "higher", "stop": "lower", "pause": "lower"}


def not_available(kind: Kind, *entities: str) -> str:
    """The reason of the build for a source that is missing; empty where all ``entities`` have one."""
    return next((row.reason for row in kind.unavailable if row.topic in entities), "")


def chain_section(kind: Kind) -> Section:
    """From reaction to growth, link by link, and what participants say."""
    if not kind.chain.breaks:
        reason = not_available(kind, "survey", "survey_item", "survey_response", "survey_answer")
        why = capitalised(reason) if reason else say("Nothing is on record about this kind of PD")
        return Section("chain", say("From reaction to growth"), paragraphs=(f"{why}.",))
    found = kind.chain.breaks[0]
    title = say("The chain {where}", where=_where(found))
    return Section(
        "chain",
        say("From reaction to growth: {where}", where=_where(found)),
        paragraphs=tuple(chain_words.sentence(row, kind.chain.links) for row in kind.chain.breaks),
        cards=_quotes(kind),
        pictures=(
            Picture(
                "kind-chain",
                title,
                matrix_picture(kind.chain.links, kind.chain.breaks, "kind-chain"),
                say(
                    "● holds, ✕ does not, ○ cannot be told, no mark: not shown. Answers are"
                    " shares of the scale, use observed is the change of ratings of lessons,"
                    " growth is in SD. The heavy line is where the chain breaks or stops."
                ),
            ),
        ),
        tables=(links_table(kind.chain.links),),
        note=say(
            "A link holds when its whole 95% interval is on the right side of a line set in"
            " advance; the page “From reaction to growth” prints the lines."
        ),
    )


def _where(row: BreakRow) -> str:
    if row.level is None:
        return say("is whole")
    return say(
        "{words} at {in_sentence}",
        words=say("breaks") if row.outcome == "no" else say("stops"),
        in_sentence=say(IN_SENTENCE[row.level]),
    )


def _quotes(kind: Kind) -> tuple[Card, ...]:
    """Themes of open answers with a quote that may be shown, the most frequent first."""
    shown = [row for row in kind.chain.themes if row.quote and not row.is_suppressed]
    return tuple(
        Card(
            f"“{row.quote}”",
            (
                say(
                    "{share} of answers to “{wording}”, {n_answers} of them, are about: {top_words}{words}.",
                    share=percent(row.share),
                    wording=row.wording,
                    n_answers=count(row.n_answers),
                    top_words=row.top_words,
                    words="" if row.school_year is None else f" ({school_year(row.school_year)})",
                ),
            ),
        )
        for row in sorted(shown, key=lambda row: (-(row.n_answers or 0), row.theme_number))[:_MOST_QUOTES]
    )


def cost_section(kind: Kind) -> Section:
    """What it cost, and what growth costs with it."""
    costs = kind.costs
    row = costs.types[0] if costs.types else None
    if row is None or row.is_suppressed or row.total_cost is None:
        return Section("cost", say("What it cost: not known"), paragraphs=(_no_cost(kind, row),))
    facts = (
        (say("In all"), money(row.total_cost, costs.currency)),
        (say("A participant"), money(row.cost_per_participant, costs.currency)),
        (say("An hour of one participant"), money(row.cost_per_hour, costs.currency)),
        (say("A student whose teacher took part"), money(row.cost_per_student, costs.currency)),
    )
    when = say("all years") if costs.is_all_years else school_year(costs.report_year)
    return Section(
        "cost",
        say("What it cost: {money} a participant", money=money(row.cost_per_participant, costs.currency)),
        paragraphs=(
            say("Amounts are of {when}; the page “What it cost” says what they count in.", when=when),
        ),
        points=_without_ratio(kind),
        facts=facts,
        open_tables=ratios_tables(costs.ratios, costs.currency)[:1],
        pictures=(
            Picture(
                "kind-spending",
                spending_title(costs),
                spending_picture(costs, "kind-spending"),
                say("The parts of the cost of one student reached."),
            ),
            Picture(
                "kind-ratio",
                ratio_title(costs.ratios),
                _ratio_picture(kind),
                say(
                    "Growth for the same money a student, with its 90% interval; at the right"
                    " what 0.01 SD costs. ▲ higher and ▼ lower growth, ○ not clear."
                ),
            ),
        ),
        tables=(types_table(costs), own_ingredients_table(costs)),
        note=say(
            "Ratios are of the years that the estimates are of. Where growth may be 0, no amount"
            " can be said to buy it."
        ),
    )


def _ratio_picture(kind: Kind) -> Drawing:
    """Growth for money where it is known what growth costs; else the table says it in words."""
    if not any(row.is_clear_and_priced for row in kind.costs.ratios):
        return NO_DRAWING
    return ratio_picture(kind.costs.ratios, kind.costs.currency, "kind-ratio")


def _no_cost(kind: Kind, row: CostRow | None) -> str:
    if row is not None and row.is_suppressed:
        return say("Too few people took part to show what it cost.")
    reason = not_available(kind, "pd_cost")
    if reason:
        return f"{capitalised(reason)}."
    return f"{capitalised((row.note if row else None) or say('no costs are on record for it')).rstrip('.')}."


def _without_ratio(kind: Kind) -> tuple[str, ...]:
    return tuple(
        say(
            "{subject_name}: no cost of growth: {ratio_reason}.",
            subject_name=terms.subject_name(row.academic_subject),
            ratio_reason=ratio_reason(row),
        )
        for row in kind.costs.ratios
        if row.is_suppressed or not row.has_ratio
    )


def next_section(kind: Kind) -> Section:
    """What the rules say and why, what was decided before and came of it, and what would settle it."""
    found = kind.decisions
    if not found.recommendations:
        return Section(
            "next",
            say("What to do next"),
            paragraphs=(say("No recommendation: nobody has attended it on record."),),
        )
    cards = [_card(kind, row) for row in found.recommendations]
    cards += [Card(say("What would settle it"), (question_words(row),)) for row in found.questions]
    nothing = not_available(kind, "decision") or say("no decision on it is on record")
    return Section(
        "next",
        say("What to do next: {action}", action=found.recommendations[0].action),
        paragraphs=()
        if found.reviews
        else (say("Decisions of past years: {rstrip}.", rstrip=nothing.rstrip(".")),),
        cards=tuple(cards),
        open_tables=(ledger_table(found.reviews),),
        pictures=(
            Picture(
                "kind-decided",
                ledger_title(found.reviews) if found.reviews else "",
                decided_picture(kind.district_reach, found.reviews, "kind-decided"),
                say("Attended hours by school year, and what was decided in the year."),
            ),
        ),
        tables=(
            measures_table(found.recommendations),
            questions_table(found.questions),
            hours_table(kind),
        ),
        note=say(
            "The page “What to do next” prints all rules. They are a place to begin a"
            " conversation, not a decision."
        ),
    )


def _card(kind: Kind, row: RecommendationRow) -> Card:
    rule = next((rule for rule in kind.decisions.rules if rule.rule_number == row.rule_number), None)
    return Card(
        say(ACTION_TITLES[row.action]),
        tuple(filter(None, (f"{how_sure(row)}.", row.reasons, row.why_not_bolder))),
        note=say("Rule {rule_number}: {rule}.", rule_number=rule.rule_number, rule=rule.rule) if rule else "",
        tone=_TONES.get(row.action, ""),
    )
