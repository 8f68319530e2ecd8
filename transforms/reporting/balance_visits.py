"""Which schools are worth a visit, which to look at first, and by which printed rules."""

from __future__ import annotations

from transforms.improvement.balance_rules import QUADRANTS, RULES, BalanceRules
from transforms.reporting.balance_rows import BalanceReport, BalanceRow
from transforms.reporting.balance_tables import near_visits_table, rules_table, visits_table
from transforms.reporting.numerals import decimal, listed, percent
from transforms.reporting.sections import Section


def visits_section(report: BalanceReport) -> Section:
    visits = [row for row in report.shown if row.is_worth_a_visit]
    near = near_visits(report.shown)
    if visits:
        names = listed([row.school for row in visits])
        said = f"Worth a visit because they balance well: {names}."
    else:
        said = "No school meets all rules for a visit this year."
    closest = [row for row in near if row.quadrant == QUADRANTS[True, True]]
    if closest:
        said += " Clearly aligned and differentiated, but short of one other rule: " + "; ".join(
            f"{row.school} ({row.reasons_against})" for row in closest
        )
        said += "."
    return Section(
        id="visits",
        title="Schools worth a visit",
        paragraphs=(
            f"{said} A visit can find out how a school does it; that these things go together does not say"
            " that one brings about the other.",
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
        "Aligned and differentiated, not on the line.",
        f"Rated need exceeds rated fit by at most {decimal(rules.small_gap, 1)} points (mean over priorities,"
        " weighted by need).",
        "Coherence, the share of hours on the two largest priorities, at or above the median of its level;"
        f" with fewer than {rules.minimum_peers} schools of the level, at {percent(rules.fixed_coherence)}"
        " or more.",
        "Staff climate (trust, leadership, capacity building, collaboration) at"
        f" {decimal(rules.minimum_climate, 1)} of 1 or more, from at least {rules.minimum_responses}"
        " answers, its interval not wholly below the median of its level.",
        "Value-added of students in no subject with an interval wholly below zero.",
        "What the district has no source for is not judged; what a school alone has no value for is not met.",
    )


def rules_section(report: BalanceReport) -> Section:
    return Section(
        id="rules",
        title="Rules",
        paragraphs=("The thresholds are conventions of this report, the same for every district and year.",),
        points=(
            "Look at first, many hours without fit: hours per teacher in the top quarter of the level,"
            f" mean need {RULES.high_need:g} or more and mean fit {RULES.low_fit:g} or less of 5.",
            f"Look at first, high need and few hours: mean need {RULES.high_need:g} or more and hours"
            " per teacher in the bottom quarter of the level.",
            f"Quarters and medians need {RULES.minimum_peers} schools of the level.",
        ),
        tables=(rules_table(report),),
    )
