"""Sections of a PD type's page on practice: what it is, whom it reached, the chain, cost, what next."""

from __future__ import annotations

from collections.abc import Sequence

from transforms.reporting import chain_words, terms
from transforms.reporting.chain_page import links_table
from transforms.reporting.cost_page_tables import own_ingredients_table, ratios_tables, types_table
from transforms.reporting.cost_words import money, ratio_reason
from transforms.reporting.decision_tables import ledger_table, measures_table
from transforms.reporting.decision_words import ACTION_TITLES, how_sure, question_words
from transforms.reporting.kind_charts import reach_by_school_picture, reach_by_year_picture
from transforms.reporting.kind_rows import Kind, ProfileRow
from transforms.reporting.learning_curves import adoption_picture
from transforms.reporting.numerals import count, decimal, listed, percent, school_year
from transforms.reporting.picture import Picture
from transforms.reporting.rows import ReachRow
from transforms.reporting.school_tables import TOO_FEW, district_reach_table
from transforms.reporting.sections import Card, Section
from transforms.reporting.tables import DataTable, make_table

_INITIATORS = (("district_share", "the district"), ("school_share", "schools"), ("teacher_share", "teachers"))


def what_section(kind: Kind) -> Section:
    """What the type is in this study."""
    facts = [("Such as", listed([f"“{title}”" for title in kind.titles]))] if kind.titles else []
    if kind.profile is not None:
        facts += _profile_facts(kind.profile)
    nothing = "" if facts else f"No hours are on record in {school_year(kind.report_year)}."
    return Section("what", "What it is here", paragraphs=(nothing,) if nothing else (), facts=tuple(facts))


def _profile_facts(row: ProfileRow) -> list[tuple[str, str]]:
    if row.is_suppressed:
        return [("Hours", "too few people took part to show them")]
    started = [f"{percent(share)} by {name}" for field, name in _INITIATORS if (share := getattr(row, field))]
    facts = [
        ("People", count(row.n_people)),
        ("Activities", count(row.n_activities)),
        ("Hours", f"{decimal(row.hours, 0)} of all people together"),
        ("Started", f"{listed(started)} (shares of hours)" if started else "not on record"),
        ("Linked to the curriculum", _share(row.curriculum_linked_share)),
        ("Mandatory", _share(row.mandatory_share)),
        ("Research base strong or moderate", _share(row.research_based_share)),
    ]
    return facts


def _share(value: float | None) -> str:
    return "not on record" if value is None else f"{percent(value)} of hours"


def reach_section(kind: Kind) -> Section | None:
    """Whom it reached by year and by school, and how it spread."""
    if not kind.district_reach:
        return None
    pictures = [
        Picture(
            "kind-years",
            _years_title(kind),
            reach_by_year_picture(kind.district_reach, "kind-years"),
            "Share of all teachers with attended hours, by school year.",
        ),
        Picture(
            "kind-schools",
            _schools_title(kind.reach),
            reach_by_school_picture(kind.reach, "kind-schools"),
            f"Each mark is a school, {school_year(kind.report_year)}; further right, more of its teachers"
            f" took"
            " part. Schools with too few are not drawn.",
        ),
        Picture(
            "kind-adoption",
            _adoption_title(kind),
            adoption_picture(kind.adoption, "kind-adoption"),
            "Solid: schools where it has taken hold, that is where a quarter of teachers had six hours or"
            " more in a year; dashed: schools that live it in the year.",
        ),
    ]
    return Section(
        "reach",
        "Whom it reached",
        pictures=tuple(pictures),
        tables=(
            district_reach_table(kind.district_reach),
            _schools_table(kind.reach),
            _adoption_table(kind),
        ),
    )


def _years_title(kind: Kind) -> str:
    shown = sorted((row for row in kind.district_reach if row.share is not None), key=lambda r: r.school_year)
    if not shown:
        return "Too few teachers took part in any year to show a share"
    last = shown[-1]
    title = f"It reached {percent(last.share)} of teachers in {school_year(last.school_year)}"
    if len(shown) > 1:
        title += f", {percent(shown[0].share)} in {school_year(shown[0].school_year)}"
    return title


def _schools_title(rows: Sequence[ReachRow]) -> str:
    shares = [row.share for row in rows if row.share is not None]
    if len(shares) < 2:
        return "Too few schools can be shown to compare"
    low, high = percent(min(shares)), percent(max(shares))
    return f"In {len(shares)} schools it reached from {low} to {high} of teachers"


def _adoption_title(kind: Kind) -> str:
    if not kind.adoption:
        return ""
    last = max(kind.adoption, key=lambda row: row.school_year)
    schools = f"{last.n_adopted} of {last.n_schools} schools"
    return f"By {school_year(last.school_year)} it had taken hold in {schools}"


def _schools_table(rows: Sequence[ReachRow]) -> DataTable:
    return make_table(
        "Share of each school's teachers reached",
        "School|Teachers reached #|Teachers #|Share #|Hours each #",
        [
            (
                row.school,
                TOO_FEW if row.n_participants is None else count(row.n_participants),
                TOO_FEW if row.n_teachers is None else count(row.n_teachers),
                TOO_FEW if row.share is None else percent(row.share),
                TOO_FEW if row.hours_per_participant is None else decimal(row.hours_per_participant, 1),
            )
            for row in sorted(rows, key=lambda row: row.school)
        ],
    )


def _adoption_table(kind: Kind) -> DataTable:
    return make_table(
        "Schools where it has taken hold",
        "Year|Schools #|It has taken hold in #|Share #|New in the year #|Lived in the year #",
        [
            (
                school_year(row.school_year),
                count(row.n_schools),
                count(row.n_adopted),
                percent(row.share),
                count(row.n_new),
                count(row.n_practising),
            )
            for row in sorted(kind.adoption, key=lambda row: row.school_year)
        ],
    )


def chain_section(kind: Kind) -> Section | None:
    """From reaction to growth, link by link."""
    if not kind.chain.breaks:
        return None
    cards = tuple(
        Card(
            f"“{row.quote}”",
            (
                f"{percent(row.share)} of answers, {count(row.n_answers)} of them, are about: {row.top_words}"
                f"{'' if row.school_year is None else f' ({school_year(row.school_year)})'}.",
            ),
        )
        for row in kind.chain.themes
        if row.quote and not row.is_suppressed
    )
    return Section(
        "chain",
        "From reaction to growth",
        paragraphs=tuple(chain_words.sentence(row, kind.chain.links) for row in kind.chain.breaks),
        cards=cards[:3],
        open_tables=(links_table(kind.chain.links),),
        note="A link holds when its whole 95% interval is on the right side of a line set in advance.",
    )


def cost_section(kind: Kind) -> Section | None:
    """What it cost, and what growth costs with it."""
    costs = kind.costs
    if not costs.types:
        return None
    row = costs.types[0]
    facts = [
        ("In all", money(row.total_cost, costs.currency)),
        ("A participant", money(row.cost_per_participant, costs.currency)),
        ("An hour of one participant", money(row.cost_per_hour, costs.currency)),
        ("A student whose teacher took part", money(row.cost_per_student, costs.currency)),
    ]
    without = tuple(
        f"{terms.subject_name(ratio.academic_subject)}: no cost of growth: {ratio_reason(ratio)}."
        for ratio in costs.ratios
        if ratio.is_suppressed or not ratio.has_ratio
    )
    return Section(
        "cost",
        "What it cost",
        points=without,
        facts=() if row.is_suppressed else tuple(facts),
        open_tables=ratios_tables(costs.ratios, costs.currency)[:1],
        tables=(types_table(costs), own_ingredients_table(costs)),
        note="Costs and students are of the years that the estimates are of, except where a year is named."
        " Where"
        " growth may be 0, no amount can be said to buy it.",
    )


def next_section(kind: Kind) -> Section | None:
    """What the rules say, what was decided before, and what would settle it."""
    found = kind.decisions
    if not found.recommendations:
        return None
    cards = [
        Card(ACTION_TITLES[row.action], (how_sure(row) + ".", row.reasons, row.why_not_bolder or ""))
        for row in found.recommendations
    ]
    return Section(
        "next",
        "What to do next",
        points=tuple(question_words(row) for row in found.questions),
        cards=tuple(cards),
        open_tables=(ledger_table(found.reviews),),
        tables=(measures_table(found.recommendations),),
        note="The page “What to do next” prints the rules.",
    )
