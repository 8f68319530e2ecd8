"""The findings of the brief: growth first, then what the other pages find most wanting, each topic once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

import duckdb

from transforms.reporting.brief_charts import (
    Bar,
    IntervalMark,
    bars_picture,
    dots_picture,
    intervals_picture,
)
from transforms.reporting.brief_item import (
    BriefItem,
    comparison_name,
    estimate_text,
    interval_text,
    names_of,
    takes_one_verb,
    tier_text,
)
from transforms.reporting.catalogue import Catalogue
from transforms.reporting.chain_rows import LEVELS, read_chain
from transforms.reporting.findings import leading_rows
from transforms.reporting.numerals import count, percent
from transforms.reporting.picture import Drawing, Picture
from transforms.reporting.rows import EffectRow, Report
from transforms.reporting.words import Verdict, verdict

_MOST_DRAWN = 4
_ONE_OFF = """
select value, comparison_value, status = 'concern' as is_concern from report.indicator
where indicator = 'one_off_hours_share' and school_id is null and school_year = $report_year
    and category = 'all' and value is not null
"""
_BROKEN = """
select pathway_level, step, n_reached, n_converted, conversion from report.leadership_step
where school_year = $report_year and is_broken and not is_suppressed
order by conversion nulls first, pathway_level, step limit 1
"""
_VISITS = """
select count(*) filter (where is_worth_a_visit) as n_visits, count(*) as n_schools
from report.school_balance where school_year = $report_year and not is_suppressed
"""


def finding_items(
    connection: duckdb.DuckDBPyConnection, report: Report, rows: Sequence[EffectRow], texts: Catalogue
) -> tuple[BriefItem, ...]:
    """Growth, then what asks for action before what describes: schools whose PD does not meet their need, a
    broken path to leadership, one-off events, the chain from reaction to growth, reach."""
    year = {"report_year": report.build.report_year}
    found = (
        *_growth(rows, texts),
        _balance(connection, year, texts),
        _leadership(connection, year, texts),
        _one_off(connection, year, texts),
        _chain(connection, texts),
        _reach(report, texts),
    )
    return tuple(item for item in found if item is not None)


def _picture(picture_id: str, title: str, drawing: Drawing) -> Picture | None:
    return Picture(picture_id, title, drawing, "") if drawing else None


def _growth(rows: Sequence[EffectRow], texts: Catalogue) -> list[BriefItem]:
    """One item for clearly higher growth, one for clearly lower; where nothing is clear, one that says so."""
    estimated = [row for row in rows if not row.is_refused]
    items = []
    for name, wanted in (("growth_higher", Verdict.HIGHER), ("growth_lower", Verdict.LOWER)):
        clear = sorted(
            (row for row in estimated if verdict(row) is wanted), key=lambda row: -abs(row.estimate_sd or 0.0)
        )
        if clear:
            n = 1 if takes_one_verb(clear) else 2
            title = texts.text(f"finding.{name}.title", n=n, names=names_of(clear, texts))
            tone = wanted.name.lower()
            items.append(_growth_item(name, title, "finding.growth_higher.text", clear, texts, tone))
    if items or not estimated:
        return items
    carried = leading_rows(estimated)
    title = texts.text("finding.growth_none.title", n=len(estimated))
    by_size = sorted(estimated, key=lambda row: -(row.estimate_sd or 0.0))
    drawn = [*carried[:1], *(row for row in by_size if row is not carried[0])]
    item = _growth_item("growth_none", title, "finding.growth_none.text", drawn, texts, "")
    alone = sum(verdict(row) is Verdict.NOT_AMONG_ALL for row in estimated)
    if not alone:
        return [item]
    by_chance = texts.text("finding.growth_none.alone", n=alone, of=len(estimated))
    return [replace(item, sentences=(*item.sentences, by_chance))]


def _growth_item(
    name: str, title: str, message: str, rows: Sequence[EffectRow], texts: Catalogue, tone: str
) -> BriefItem:
    first = rows[0]
    text = texts.text(
        message,
        name=comparison_name(first, texts),
        estimate=estimate_text(first.estimate_sd, first.ci_low, first.ci_high),
        interval=interval_text(first.ci_low, first.ci_high, texts),
        tier=tier_text(first.essa_tier, texts),
        teachers=count(first.n_participants),
        schools=count(first.n_participant_schools),
    )
    marks = [
        IntervalMark(
            _label(row, texts),
            row.estimate_sd or 0.0,
            row.ci_low or 0.0,
            row.ci_high or 0.0,
            verdict(row).is_clear,
        )
        for row in rows[:_MOST_DRAWN]
    ]
    said = "; ".join(
        f"{mark.label} {estimate_text(mark.estimate, mark.low, mark.high)}"
        f" ({interval_text(mark.low, mark.high, texts)})"
        for mark in marks
    )
    picture_id = f"brief-{name.replace('_', '-')}"
    drawing = intervals_picture(
        marks,
        picture_id,
        texts.text("finding.growth_higher.picture"),
        texts.text("finding.growth_higher.alt", said=said),
    )
    return BriefItem(title, (text,), _picture(picture_id, title, drawing), href="comparisons.html", tone=tone)


def _label(row: EffectRow, texts: Catalogue) -> str:
    name = comparison_name(row, texts)
    return name[:1].upper() + name[1:]


def _balance(
    connection: duckdb.DuckDBPyConnection, year: dict[str, int], texts: Catalogue
) -> BriefItem | None:
    ((visits, schools),) = connection.execute(_VISITS, year).fetchall()
    if not visits:
        return None
    title = texts.text("finding.balance.title", n=visits)
    drawing = dots_picture(
        visits,
        schools - visits,
        (texts.text("finding.balance.visit"), texts.text("finding.balance.others")),
        "brief-balance",
        texts.text("finding.balance.picture"),
        texts.text("finding.balance.alt", n=visits, of=schools),
    )
    return BriefItem(
        title,
        (texts.text("finding.balance.text"),),
        _picture("brief-balance", title, drawing),
        href="balance.html",
        tone="caution",
    )


def _leadership(
    connection: duckdb.DuckDBPyConnection, year: dict[str, int], texts: Catalogue
) -> BriefItem | None:
    found = connection.execute(_BROKEN, year).fetchall()
    if not found:
        return None
    level, step, reached, converted, share = found[0]
    title = texts.text("finding.leadership.title", step=texts.text(f"step.{step}"))
    if converted is None:
        few = texts.text("finding.leadership.few", of=count(reached))
        return BriefItem(title, (few,), None, href="leadership.html", tone="caution")
    stages = step.split("_to_")
    names = [texts.name("stage", step), texts.name("stage", f"{stages[1]}_to_placed")]
    if stages[1] == "placed":
        names[1] = texts.text("stage.placed")
    bars = [Bar(names[0], 1.0, count(reached)), Bar(names[1], share, count(converted))]
    drawing = bars_picture(
        bars,
        "brief-leadership",
        texts.text("finding.leadership.picture", level=texts.name("leadership_level", level)),
        texts.text("finding.leadership.alt", said="; ".join(f"{bar.label} {bar.figure}" for bar in bars)),
    )
    text = texts.text("finding.leadership.text", of=count(reached), n=count(converted), share=percent(share))
    picture = _picture("brief-leadership", title, drawing)
    return BriefItem(title, (text,), picture, href="leadership.html", tone="caution")


def _one_off(
    connection: duckdb.DuckDBPyConnection, year: dict[str, int], texts: Catalogue
) -> BriefItem | None:
    found = connection.execute(_ONE_OFF, year).fetchall()
    if not found:
        return None
    value, before, is_concern = found[0]
    title = texts.text("finding.one_off.title", share=percent(value))
    text = (
        texts.text("finding.one_off.text_first")
        if before is None
        else texts.text("finding.one_off.text", before=percent(before))
    )
    bars = [
        Bar(texts.text("finding.one_off.one_off"), value, percent(value)),
        Bar(texts.text("finding.one_off.sustained"), 1.0 - value, percent(1.0 - value), is_marked=False),
    ]
    drawing = bars_picture(
        bars,
        "brief-one-off",
        texts.text("finding.one_off.picture"),
        texts.text("finding.one_off.alt", share=percent(value), rest=percent(1.0 - value)),
    )
    tone = "caution" if is_concern else ""
    picture = _picture("brief-one-off", title, drawing)
    return BriefItem(title, (text,), picture, href="connected.html", tone=tone)


def _chain(connection: duckdb.DuckDBPyConnection, texts: Catalogue) -> BriefItem | None:
    breaks = read_chain(connection).breaks
    if not breaks:
        return None
    whole = sum(row.level is None for row in breaks)
    levels = Counter(row.level or "whole" for row in breaks)
    level, n = max(
        ((name, number) for name, number in levels.items() if name != "whole"),
        key=lambda item: item[1],
        default=("whole", whole),
    )
    title = texts.text("finding.chain.title", n=whole) if whole else texts.text("finding.chain.title_none")
    ordered = [name for name in (*LEVELS, "whole") if levels.get(name)]
    bars = [
        Bar(texts.name("level", name), levels[name] / len(breaks), count(levels[name]), name == level)
        for name in ordered
    ]
    drawing = bars_picture(
        bars,
        "brief-chain",
        texts.text("finding.chain.picture"),
        texts.text("finding.chain.alt", said="; ".join(f"{bar.label} {bar.figure}" for bar in bars)),
    )
    text = texts.text(
        "finding.chain.text", of=count(len(breaks)), level=texts.name("level", level), n=count(n)
    )
    return BriefItem(title, (text,), _picture("brief-chain", title, drawing), href="chain.html")


def _reach(report: Report, texts: Catalogue) -> BriefItem | None:
    year = report.build.report_year
    shown = sorted(
        (row for row in report.district_reach if row.school_year == year and row.share is not None),
        key=lambda row: (-(row.share or 0.0), row.pd_type),
    )
    if not shown:
        return None
    most, least = shown[0], shown[-1]
    title = texts.text(
        "finding.reach.title", name=texts.name("pd_type", most.pd_type), share=percent(most.share)
    )
    text = texts.text(
        "finding.reach.text",
        least=texts.in_sentence("pd_type", least.pd_type),
        least_share=percent(least.share),
    )
    bars = [
        Bar(texts.name("pd_type", row.pd_type), row.share or 0.0, percent(row.share))
        for row in shown[:_MOST_DRAWN]
    ]
    drawing = bars_picture(
        bars,
        "brief-reach",
        texts.text("finding.reach.picture"),
        texts.text("finding.reach.alt", said="; ".join(f"{bar.label} {bar.figure}" for bar in bars)),
    )
    return BriefItem(title, (text,), _picture("brief-reach", title, drawing), href="reach.html")
