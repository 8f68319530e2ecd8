"""The section on who starts PD and to which kinds of it hours and money go."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields
from functools import partial

import duckdb

from transforms.reporting import terms
from transforms.reporting.balance_words import INITIATORS, initiator_name
from transforms.reporting.catalogue import noted, say
from transforms.reporting.cost_words import money
from transforms.reporting.fill import filled
from transforms.reporting.flow_geometry import Flow
from transforms.reporting.numerals import capitalised, count, counted, decimal, listed, percent
from transforms.reporting.pd_flow_chart import flow_picture
from transforms.reporting.picture import Picture
from transforms.reporting.school_tables import TOO_FEW
from transforms.reporting.sections import Section
from transforms.reporting.tables import DataTable, make_table

_STARTED = {"district": noted("The district"), "school": noted("Schools"), "teacher": noted("Teachers")}


@dataclass(frozen=True)
class FlowRow:
    """Hours and money of one initiator in one PD type; None where hidden or not known."""

    initiated_by: str
    pd_type: str
    n_staff: int | None
    hours: float | None
    cost: float | None
    is_suppressed: bool


def read_flows(connection: duckdb.DuckDBPyConnection, school_year: int | None) -> tuple[FlowRow, ...]:
    """The flows of a year, or of all years together: then people count once a year, and a flow that is hidden
    in some year has what may be shown of the others."""
    names = ", ".join(field.name for field in fields(FlowRow)[:2])
    query = f"""select {names}, cast(sum(n_staff) as bigint) as n_staff, sum(hours) as hours,
        sum(cost) as cost, bool_and(is_suppressed) as is_suppressed
    from report.pd_flow where $school_year is null or school_year = $school_year
    group by all order by pd_type, initiated_by"""  # noqa: S608 - names of our own fields
    return filled(connection, FlowRow, query, {"school_year": school_year})


def hours_section(rows: Sequence[FlowRow], currency: str) -> Section | None:
    """Hours from who starts PD to its kinds; None where nobody attended anything."""
    flows = [Flow(row.initiated_by, row.pd_type, row.hours) for row in rows if row.hours]
    return _section(
        "flow-of-hours",
        say("From who starts PD to its kinds"),
        say(
            "Attended hours of all staff, by who started the activity as it is on record. It says"
            " who called for it, not who should."
        ),
        flows,
        "hours",
        _hours,
        flow_table(rows, currency),
        _left_out(
            rows, [row for row in rows if not row.is_suppressed and not row.hours], say("without hours")
        ),
    )


def money_section(rows: Sequence[FlowRow], currency: str) -> Section | None:
    """Money from who starts PD to its kinds; None where no cost is known."""
    flows = [Flow(row.initiated_by, row.pd_type, row.cost) for row in rows if row.cost and row.cost > 0]
    return _section(
        "flow-of-money",
        say("Who started what money was spent on"),
        say(
            "Costs of activities, as listed and priced for this page, by who started the"
            " activity. Whoever starts one need not pay for it."
        ),
        flows,
        "money",
        partial(money, currency=currency),
        flow_table(rows, currency),
        _left_out(
            rows, [row for row in rows if not row.is_suppressed and not row.cost], say("without a known cost")
        ),
    )


def _section(
    section_id: str,
    title: str,
    paragraph: str,
    flows: Sequence[Flow],
    noun: str,
    write: Callable[[float], str],
    table: DataTable,
    left_out: str,
) -> Section | None:
    if not flows:
        return None
    picture = flow_picture(flows, section_id, noun, write)
    return Section(
        id=section_id,
        title=title,
        paragraphs=(paragraph,),
        pictures=(
            Picture(
                section_id,
                flow_title(flows, noun),
                picture,
                say(
                    "From left to right: who started it, and what kind of PD it was; on a phone a"
                    " bar is a kind of PD and its parts are who started it. Width:"
                    " {noun}.{left_out}",
                    noun=noun,
                    left_out=left_out,
                ),
            ),
        ),
        tables=(table,),
    )


def _hours(value: float) -> str:
    return f"{decimal(value, 0)} h"


def _left_out(rows: Sequence[FlowRow], empty: Sequence[FlowRow], why: str) -> str:
    """What is not drawn, and why."""
    hidden = sorted({row.pd_type for row in rows if row.is_suppressed})
    parts = []
    if hidden:
        names = listed([terms.pd_type_in_sentence(pd_type) for pd_type in hidden])
        parts.append(say(" Not shown, as some part is of too few people: {names}.", names=names))
    if empty:
        parts.append(say(" {n_flows} {why} not drawn.", n_flows=counted(len(empty), "flow"), why=why))
    return "".join(parts)


def flow_title(flows: Sequence[Flow], noun: str) -> str:
    """Who started most, and the kind of PD that most of it went to."""
    total = sum(flow.amount for flow in flows)
    started = {name: sum(flow.amount for flow in flows if flow.source == name) for name in INITIATORS}
    first = max(INITIATORS, key=lambda name: started[name])
    share = percent(started[first] / total)
    if first == "unknown":
        return say(
            "Who started it is not on record for {share} of {all_of}", share=share, all_of=_all_of(noun)
        )
    largest = max(
        (flow for flow in flows if flow.source == first), key=lambda flow: (flow.amount, flow.target)
    )
    name = terms.pd_type_in_sentence(largest.target)
    return say(
        "{started} started {share} of {all_of}, the largest part of it {name}",
        started=say(_STARTED[first]),
        share=share,
        all_of=_all_of(noun),
        name=name,
    )


def _all_of(noun: str) -> str:
    return say("what was spent") if noun == "money" else say("PD hours")


def flow_table(rows: Sequence[FlowRow], currency: str) -> DataTable:
    """Every flow, by who started it and kind of PD; hidden ones as words."""
    has_cost = any(row.cost is not None for row in rows)
    ordered = sorted(
        rows, key=lambda row: (INITIATORS.index(row.initiated_by), -(row.hours or 0.0), row.pd_type)
    )
    return make_table(
        say("Hours and money by who started it and kind of PD")
        if has_cost
        else say("Hours by who started it and kind"),
        f"Started by|Kind of PD|People #|Hours #{'|Cost #' if has_cost else ''}",
        [
            (
                capitalised(initiator_name(row.initiated_by)),
                terms.pd_type_name(row.pd_type),
                *(
                    (say(TOO_FEW),) * (3 if has_cost else 2)
                    if row.is_suppressed
                    else (
                        count(row.n_staff),
                        decimal(row.hours, 0),
                        *((money(row.cost, currency),) if has_cost else ()),
                    )
                ),
            )
            for row in ordered
        ],
    )
