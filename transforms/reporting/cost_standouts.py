"""What stands out in the costs, by rules that a test holds.

Two costs of growth differ where their intervals do not overlap; groups of schools from 10 % on, single
schools from 25 %; money is set beside evidence, and no evidence is no proof of none.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from statistics import median

from transforms.reporting import terms
from transforms.reporting.catalogue import noted, say
from transforms.reporting.cost_rows import ALL_TYPES, CostReport, CostRow, EquityRow
from transforms.reporting.cost_words import MOST_NAMED, clear_ratios, money
from transforms.reporting.numerals import capitalised, decimal, listed, percent
from transforms.reporting.words import Verdict

DIFFERS_FROM = 0.10
SCHOOL_DIFFERS_FROM = 0.25
STANDS_OUT_TIMES = 2.0
MANY_UNCLASSIFIED = 0.05
FEW_STUDENTS = 0.75
THIRDS = {
    "lowest": noted("the third of schools with the smallest share of economically disadvantaged students"),
    "middle": noted("the third in the middle"),
    "highest": noted("the third of schools with the largest share of economically disadvantaged students"),
}


def stands_out(costs: CostReport) -> tuple[str, ...]:
    """What must not be missed, each with its kind of PD or school by name."""
    if not costs.has_costs:
        return ()
    found = [
        money_beside_evidence(costs),
        time_left_out(costs),
        *poorly_covered(costs),
        unclassified(costs),
        dearest_per_student(costs),
        *compared_costs(costs),
        poverty_gap(costs.equity, costs.currency),
        schools_apart(costs.equity, costs.currency),
    ]
    return tuple(sentence for sentence in found if sentence)


def money_beside_evidence(costs: CostReport) -> str:
    """Which share of all years' money went to PD with clearly higher growth in some subject, which not."""
    spent = {row.pd_type: row.total_cost or 0.0 for row in costs.all_years if row.pd_type != ALL_TYPES}
    judged = [row for row in costs.ratios if row.has_ratio and row.pd_type in spent]
    if not sum(spent.values()) or not judged:
        return ""
    higher = {row.pd_type for row in judged if row.verdict is Verdict.HIGHER}
    lower = {row.pd_type for row in judged if row.verdict is Verdict.LOWER} - higher
    unclear = {row.pd_type for row in judged} - higher - lower
    parts = [
        _share_of_money(spent, names, where)
        for names, where in (
            (higher, say("kinds of PD that go with clearly higher growth in at least one subject")),
            (lower, say("kinds that go with lower growth in one and with higher growth in none")),
            (unclear, say("kinds that cannot be told apart from no difference")),
            (spent.keys() - higher - lower - unclear, say("kinds without an estimate to set beside it")),
        )
        if names
    ]
    limit = say(" No clear difference is no proof that a kind does nothing.") if unclear else ""
    return say("Of the money of all years {parts}.{limit}", parts=listed(parts), limit=limit)


def _share_of_money(spent: Mapping[str, float], names: Collection[str], where: str) -> str:
    amount = sum(spent[name] for name in names)
    largest = sorted(names, key=lambda name: (-spent[name], name))[:MOST_NAMED]
    said = listed([terms.pd_type_in_sentence(name) for name in largest])
    most = say("most of it to ") if len(names) > len(largest) else ""
    return say(
        "{amount} went to {where} ({most}{said})",
        amount=percent(amount / sum(spent.values())),
        where=where,
        most=most,
        said=said,
    )


def time_left_out(costs: CostReport) -> str:
    """Whether participants' time is missing from the costs."""
    found = costs.opportunity
    if found is None or found.time_hours <= 0 or found.time_cost is not None:
        return ""
    share = percent(found.time_hours / found.hours)
    return say(
        "The time of those who took part is not in the costs for {share} of the hours, so"
        " these costs are too low: not available: set [cost] teacher_hourly_cost.",
        share=share,
    )


def poorly_covered(costs: CostReport) -> list[str]:
    """Kinds of PD with costs for too few of their hours."""
    return [
        say(
            "{pd_type_name}: costs are known for {covered_share} of the hours only, and unit"
            " costs are of these.",
            pd_type_name=terms.pd_type_name(row.pd_type),
            covered_share=percent(row.covered_share),
        )
        for row in costs.types
        if row.covered_share is not None and row.covered_share > 0 and not row.is_covered
    ]


def unclassified(costs: CostReport) -> str:
    """Ingredients that no rule names, where they are more than a twentieth of the money."""
    rows = [
        row
        for row in costs.ingredients
        if row.pd_type == ALL_TYPES and row.ingredient_class == "unclassified" and row.share is not None
    ]
    share = sum(row.share or 0.0 for row in rows)
    if share < MANY_UNCLASSIFIED:
        return ""
    largest = sorted(rows, key=lambda row: (-(row.share or 0.0), row.ingredient))[:MOST_NAMED]
    names = listed([f"“{row.ingredient}”" for row in largest])
    return say(
        "{share} of the money is in ingredients that no rule knows, as {names}: name them in"
        " [cost.ingredients].",
        share=percent(share),
        names=names,
    )


def dearest_per_student(costs: CostReport) -> str:
    """The kind of PD that costs at least twice the median of kinds per student, and whether reach is why."""
    known = [row for row in costs.types if row.cost_per_student is not None]
    if len(known) < MOST_NAMED:
        return ""
    dearest = max(known, key=lambda row: (row.cost_per_student or 0.0, row.pd_type))
    usual = median(row.cost_per_student or 0.0 for row in known)
    if (dearest.cost_per_student or 0.0) < STANDS_OUT_TIMES * usual:
        return ""
    amount, middle = (money(value, costs.currency) for value in (dearest.cost_per_student, usual))
    cost = say("cost") if terms.is_plural(dearest.pd_type) else say("costs")
    return say(
        "{pd_type_name} {cost} most per student reached, {amount}; the kind in the middle {middle}{reach}.",
        pd_type_name=terms.pd_type_name(dearest.pd_type),
        cost=cost,
        amount=amount,
        middle=middle,
        reach=_reach(dearest, known),
    )


def _reach(row: CostRow, known: Sequence[CostRow]) -> str:
    usual = median(_students_each(other) for other in known)
    if _students_each(row) >= FEW_STUDENTS * usual:
        return ""
    each = decimal(_students_each(row), 0)
    return say(
        ". One participant reached {each} students, against {usual} in the kind in the middle",
        each=each,
        usual=decimal(usual, 0),
    )


def _students_each(row: CostRow) -> float:
    return (row.n_students or 0) / row.n_participants if row.n_participants else 0.0


def compared_costs(costs: CostReport) -> list[str]:
    """Within a subject, whether the costs of growth of two kinds of PD can be told apart."""
    said = []
    clear = clear_ratios(costs.ratios)
    for subject in dict.fromkeys(row.academic_subject for row in clear):
        rows = [row for row in clear if row.academic_subject == subject]
        where = say("In {subject_in_sentence}", subject_in_sentence=terms.subject_in_sentence(subject))
        apart = [
            say(
                "{where} 0.01 SD came at less with {pd_type_in_sentence} than with"
                " {pd_type_in_sentence_2}: the intervals do not overlap.",
                where=where,
                pd_type_in_sentence=terms.pd_type_in_sentence(one.pd_type),
                pd_type_in_sentence_2=terms.pd_type_in_sentence(other.pd_type),
            )
            for one in rows
            for other in rows
            if (one.ci_high or 0.0) < (other.ci_low or 0.0)
        ]
        names = [terms.pd_type_in_sentence(row.pd_type) for row in rows]
        if apart:
            said += apart
        elif len(rows) > 1:
            said.append(
                say(
                    "{where} what 0.01 SD costs cannot be told apart between {names}.",
                    where=where,
                    names=listed(names),
                )
            )
    return said


def poverty_gap(rows: Sequence[EquityRow], currency: str) -> str:
    """Spending per teacher in the thirds of schools by poverty, where the ends differ by a tenth or more."""
    thirds = {row.group_name: row for row in rows if row.grouping == "poverty_third"}
    low, high = thirds.get("lowest"), thirds.get("highest")
    if low is None or high is None or not low.cost_per_teacher or high.cost_per_teacher is None:
        return ""
    difference = high.cost_per_teacher / low.cost_per_teacher - 1
    if abs(difference) < DIFFERS_FROM:
        return ""
    direction = say("more") if difference > 0 else say("less")
    return say(
        "Teachers in {thirds} received PD worth {money} each, {difference} {direction} than"
        " in the third with the smallest share ({money_2}).",
        thirds=say(THIRDS["highest"]),
        money=money(high.cost_per_teacher, currency),
        difference=percent(abs(difference)),
        direction=direction,
        money_2=money(low.cost_per_teacher, currency),
    )


def schools_apart(rows: Sequence[EquityRow], currency: str) -> str:
    """The schools with most and least spending per teacher, where they are a quarter off all schools."""
    schools = [row for row in rows if row.grouping == "school" and row.cost_per_teacher is not None]
    teachers = sum(row.n_teachers or 0 for row in schools)
    if len(schools) < MOST_NAMED or not teachers:
        return ""
    mean = sum(row.cost or 0.0 for row in schools) / teachers
    ends = (
        (say("most"), max(schools, key=lambda row: (row.cost_per_teacher or 0.0, row.group_name))),
        (say("least"), min(schools, key=lambda row: (row.cost_per_teacher or 0.0, row.group_name))),
    )
    named = [
        say(
            "{word} at {label} ({money})",
            word=word,
            label=row.label,
            money=money(row.cost_per_teacher, currency),
        )
        for word, row in ends
        if abs((row.cost_per_teacher or 0.0) - mean) > SCHOOL_DIFFERS_FROM * mean
    ]
    if not named:
        return ""
    return capitalised(
        say(
            "spending per teacher was {named}; over all schools {money}, teachers without PD included.",
            named=listed(named),
            money=money(mean, currency),
        )
    )
