"""The rows that one school fills into the pictures of its page, and what they show in words."""

from __future__ import annotations

from collections.abc import Iterator

from transforms.reporting import terms
from transforms.reporting.catalogue import say
from transforms.reporting.learning_rows import driver_name
from transforms.reporting.numerals import decimal, interval, percent, school_year
from transforms.reporting.picture_forms import Sketch
from transforms.reporting.school_page_charts import SchoolForms
from transforms.reporting.school_page_rows import NeedRow, SchoolGrowthRow, SchoolReachRow
from transforms.reporting.school_page_words import growth_verdict
from transforms.reporting.school_peers import Peers
from transforms.reporting.school_tables import TOO_FEW
from transforms.reporting.school_view import SchoolView

REACH, GROWTH, DRIVERS, FIT = "school-reach", "school-growth", "school-drivers", "school-fit"
MOST_PRIORITIES = 10
_THINNEST = 0.004  # of a scale: half the width of a middle that is one point
_MOST_YEARS = 6
_LONGEST, _LONGEST_ON_A_PHONE = 34, 26  # letters of a name that fit
_Row = dict[str, object]


def sketches_of(view: SchoolView, forms: SchoolForms) -> tuple[Sketch, ...]:
    """The pictures of a school, those without anything to show without rows."""
    return (
        Sketch(REACH, forms.reach, list(_reach(view)), _said(_reach_said(view))),
        Sketch(GROWTH, forms.growth, list(_growth(view)), _said(_growth_said(view))),
        Sketch(DRIVERS, forms.drivers, list(_drivers(view)), _said(_drivers_said(view))),
        Sketch(FIT, forms.fit, list(_fit(view)), _said(_fit_said(view))),
    )


def _said(parts: Iterator[str]) -> str:
    return "; ".join(parts) + "."


def _beside(low: float, middle: float | None, high: float, scale: float) -> _Row:
    return {
        "quarter_low": low,
        "middle_low": None if middle is None else middle - _THINNEST * scale,
        "middle_high": None if middle is None else middle + _THINNEST * scale,
        "quarter_high": high,
    }


_ALONE: _Row = {"quarter_low": None, "middle_low": None, "middle_high": None, "quarter_high": None}


def reach_order(rows: tuple[SchoolReachRow, ...]) -> list[SchoolReachRow]:
    """Kinds by their share, those that are hidden at the end."""
    return sorted(
        rows,
        key=lambda row: (
            row.is_suppressed,
            -(row.share or 0.0),
            terms.pd_type_name(row.pd_type),
            row.pd_type,
        ),
    )


def _named(place: int, name: str) -> _Row:
    """A row by its place, since names can be equal, and its name as far as there is room."""
    return {"place": place, "name": _cut(name, _LONGEST), "short": _cut(name, _LONGEST_ON_A_PHONE)}


def _cut(name: str, longest: int) -> str:
    return name if len(name) <= longest else f"{name[: longest - 1].rstrip()}…"


def _reach(view: SchoolView) -> Iterator[_Row]:
    if not any(row.share for row in view.reach):
        return
    for place, row in enumerate(reach_order(view.reach)):
        yield {
            **_named(place, terms.pd_type_name(row.pd_type)),
            "value": row.share,
            "figures": say(TOO_FEW) if row.is_suppressed else percent(row.share),
            "low": None,
            "high": None,
            **_reach_beside(row),
        }


def _reach_beside(row: SchoolReachRow) -> _Row:
    low, high = row.peer_quarter_low, row.peer_quarter_high
    if low is None or high is None:
        return _ALONE
    is_told = row.peer_middle_low == row.peer_middle_high
    return _beside(low, row.peer_middle_low if is_told else None, high, 1.0)


def _reach_said(view: SchoolView) -> Iterator[str]:
    yield say("Share of teachers reached by kind of PD")
    for row in reach_order(view.reach):
        share = say(TOO_FEW) if row.is_suppressed else percent(row.share)
        half = say(
            "{peer_quarter_low} to {peer_quarter_high}",
            peer_quarter_low=percent(row.peer_quarter_low),
            peer_quarter_high=percent(row.peer_quarter_high),
        )
        beside = "" if row.peer_quarter_low is None else say(", middle half of its level {half}", half=half)
        yield f"{terms.pd_type_name(row.pd_type)} {share}{beside}"


def drawn_growth(view: SchoolView) -> list[SchoolGrowthRow]:
    """The years that the picture has room for, those that are shown."""
    shown = [row for row in view.growth if row.median_sgp is not None]
    years = sorted({row.school_year for row in shown})[-_MOST_YEARS:]
    return [row for row in shown if row.school_year in years]


def _growth(view: SchoolView) -> Iterator[_Row]:
    for row in drawn_growth(view):
        peers = view.growth_peers.get((row.academic_subject, row.school_year))
        yield {
            "subject": terms.subject_name(row.academic_subject),
            "year": school_year(row.school_year),
            "value": row.median_sgp,
            "low": row.median_sgp_ci_low,
            "high": row.median_sgp_ci_high,
            "middle": None if peers is None else peers.middle,
            "figures": decimal(row.median_sgp, 0),
        }


def _growth_said(view: SchoolView) -> Iterator[str]:
    yield say("Median growth percentile by subject and year; 50 is what is expected")
    for row in drawn_growth(view):
        bounds = interval(row.median_sgp_ci_low, row.median_sgp_ci_high, 0)
        yield (
            say(
                "{subject_name} {school_year} {median_sgp}, interval {bounds}, {growth_verdict}",
                subject_name=terms.subject_name(row.academic_subject),
                school_year=school_year(row.school_year),
                median_sgp=decimal(row.median_sgp, 0),
                bounds=bounds,
                growth_verdict=say(growth_verdict(row)),
            )
        )


def _drivers(view: SchoolView) -> Iterator[_Row]:
    for place, row in enumerate(view.drivers):
        if row.mean_score is not None:
            yield {
                **_named(place, driver_name(row.driver)),
                "value": row.mean_score,
                "figures": f"{decimal(row.mean_score, 1)} ({interval(row.ci_low, row.ci_high, 1)})",
                "low": row.ci_low,
                "high": row.ci_high,
                **_driver_beside(view.driver_peers.get(row.driver)),
            }


def _driver_beside(peers: Peers | None) -> _Row:
    if peers is None:
        return _ALONE
    return _beside(peers.quarter_low, peers.middle, peers.quarter_high, 4.0)


def _drivers_said(view: SchoolView) -> Iterator[str]:
    yield say("Mean answers of teachers from 1 to 5")
    for row in view.drivers:
        if row.mean_score is not None:
            peers = view.driver_peers.get(row.driver)
            beside = (
                ""
                if peers is None
                else say(", middle of its level {middle}", middle=decimal(peers.middle, 1))
            )
            bounds = interval(row.ci_low, row.ci_high, 1)
            yield say(
                "{driver_name} {mean_score}, interval {bounds}{beside}",
                driver_name=driver_name(row.driver),
                mean_score=decimal(row.mean_score, 1),
                bounds=bounds,
                beside=beside,
            )


def drawn_needs(view: SchoolView) -> list[NeedRow]:
    """The priorities that the picture has room for, those with most need first."""
    return [row for row in view.needs if row.need is not None and row.fit is not None][:MOST_PRIORITIES]


def _fit(view: SchoolView) -> Iterator[_Row]:
    for place, row in enumerate(drawn_needs(view)):
        yield {
            **_named(place, _priority(view, row, place)),
            "need": row.need,
            "fit": row.fit,
            "figures": _hours(row),
        }


def _priority(view: SchoolView, row: NeedRow, place: int) -> str:
    """The title, with its source where several rated it: rows of one name would lie on each other."""
    title = row.priority_title or row.priority_id
    alike = [other for other in drawn_needs(view) if (other.priority_title or other.priority_id) == title]
    if len(alike) == 1:
        return title
    return f"{row.source or place + 1}: {title}"


def _hours(row: NeedRow) -> str:
    return (
        ""
        if row.hours_per_teacher is None
        else say("{hours_per_teacher} hours", hours_per_teacher=decimal(row.hours_per_teacher, 1))
    )


def _fit_said(view: SchoolView) -> Iterator[str]:
    yield say("Need and fit of priorities, rated from 1 to 5")
    for row in drawn_needs(view):
        title = row.priority_title or row.priority_id
        hours = _hours(row) or say("hours not on record")
        yield say(
            "{title}: need {need}, fit {fit}, {hours}",
            title=title,
            need=decimal(row.need, 1),
            fit=decimal(row.fit, 1),
            hours=hours,
        )
