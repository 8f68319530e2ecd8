"""Which schools are worth a visit, which to look at first, and by which printed rules."""

from __future__ import annotations

from transforms.improvement.balance_rules import QUADRANTS, RULES, BalanceRules
from transforms.reporting.balance_rows import BalanceReport, BalanceRow
from transforms.reporting.balance_tables import near_visits_table, rules_table, visits_table
from transforms.reporting.catalogue import say
from transforms.reporting.numerals import decimal, listed, percent
from transforms.reporting.sections import Section


def visits_section(report: BalanceReport) -> Section:
    visits = [row for row in report.shown if row.is_worth_a_visit]
    near = near_visits(report.shown)
    if visits:
        names = listed([row.school for row in visits])
        said = say("Worth a visit because they balance well: {names}.", names=names)
    else:
        said = say("No school meets all rules for a visit this year.")
    closest = [row for row in near if row.quadrant == QUADRANTS[True, True]]
    if closest:
        said += say(" Clearly aligned and differentiated, but short of one other rule: ") + "; ".join(
            f"{row.school} ({row.reasons_against})" for row in closest
        )
        said += "."
    return Section(
        id="visits",
        title=say("Schools worth a visit"),
        paragraphs=(
            say(
                "{said} A visit can find out how a school does it; that these things go together"
                " does not say that one brings about the other.",
                said=said,
            ),
        ),
        points=visit_rules(),
        open_tables=(visits_table(visits),),
        tables=(near_visits_table(near),),
    )


def near_visits(rows: list[BalanceRow]) -> list[BalanceRow]:
    """Schools that miss exactly one rule of a visit."""
    return [row for row in rows if row.reasons_against and row.reasons and "; " not in row.reasons_against]


def visit_rules(rules: BalanceRules = RULES) -> tuple[str, ...]:
    """The rules of a visit in words, with their thresholds."""
    return (
        say("Aligned and differentiated, not on the line."),
        say(
            "Rated need exceeds rated fit by at most {small_gap} points (mean over priorities,"
            " weighted by need).",
            small_gap=decimal(rules.small_gap, 1),
        ),
        say(
            "Coherence, the share of hours on the two largest priorities, at or above the median"
            " of its level; with fewer than {minimum_peers} schools of the level, at"
            " {fixed_coherence} or more.",
            minimum_peers=rules.minimum_peers,
            fixed_coherence=percent(rules.fixed_coherence),
        ),
        say(
            "Staff climate (trust, leadership, capacity building, collaboration) at"
            " {minimum_climate} of 1 or more, from at least {minimum_responses} answers, its"
            " interval not wholly below the median of its level.",
            minimum_climate=decimal(rules.minimum_climate, 1),
            minimum_responses=rules.minimum_responses,
        ),
        say("Value-added of students in no subject with an interval wholly below zero."),
        say(
            "What the district has no source for is not judged; what a school alone has no value"
            " for is not met."
        ),
    )


def rules_section(report: BalanceReport) -> Section:
    return Section(
        id="rules",
        title=say("Rules"),
        paragraphs=(
            say("The thresholds are conventions of this report, the same for every district and year."),
        ),
        points=(
            say(
                "Look at first, many hours without fit: hours per teacher in the top quarter of"
                " the level, mean need {high_need:g} or more and mean fit {low_fit:g} or less of"
                " 5.",
                high_need=RULES.high_need,
                low_fit=RULES.low_fit,
            ),
            say(
                "Look at first, high need and few hours: mean need {high_need:g} or more and"
                " hours per teacher in the bottom quarter of the level.",
                high_need=RULES.high_need,
            ),
            say(
                "Quarters and medians need {minimum_peers} schools of the level.",
                minimum_peers=RULES.minimum_peers,
            ),
        ),
        tables=(rules_table(report),),
    )
