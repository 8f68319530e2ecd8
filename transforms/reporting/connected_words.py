"""Connected professional learning in words, by rules that a test holds. Nothing here is an effect."""

from __future__ import annotations

from collections.abc import Sequence

from transforms.improvement.connected_indicators import FEEDBACK_DAYS, RULES
from transforms.reporting.catalogue import say
from transforms.reporting.connected_rows import CheckRow, ConnectedReport
from transforms.reporting.indicator_rows import IndicatorRow
from transforms.reporting.numerals import capitalised, counted, decimal, listed, percent, school_year

NAMED_SCHOOLS = 6
NAMED_CONTRADICTIONS = 10
_SAME = 0.005  # shares that are written the same


def answer(report: ConnectedReport) -> tuple[str, ...]:
    """The sentences that answer the page's question, the first alone."""
    return tuple(
        sentence
        for sentence in (_one_off(report), _per_teacher(report), _feedback(report), _ratings(report))
        if sentence
    ) or (
        say(
            "For {year} there is nothing to tell one-off events from connected learning by.",
            year=school_year(report.year),
        ),
    )


def _one_off(report: ConnectedReport) -> str:
    hours = report.now("one_off_hours_share")
    if hours is None or hours.value is None:
        return ""
    money = report.now("one_off_money_share")
    said = say("{value} of PD hours", value=percent(hours.value))
    if money is not None:
        said += say(" and {value} of the money for PD", value=percent(money.value))
    rest = say("the rest of the hours was connected to teachers' own classrooms")
    if hours.value == 1:
        rest = say("no hour was connected to teachers' own classrooms")
    return say(
        "In {year}, {said} went into one-off events such as single workshops and conferences;"
        " {rest}{before}.",
        year=school_year(report.year),
        said=said,
        rest=rest,
        before=_before(hours),
    )


def _before(row: IndicatorRow) -> str:
    if row.value is None or row.comparison_value is None:
        return ""
    if abs(row.value - row.comparison_value) < _SAME:
        return say(". The share of hours in one-off events is as in the year before")
    word = say("less") if row.value < row.comparison_value else say("more")
    return say(
        ". One-off hours are {word} than in the year before ({comparison_value})",
        word=word,
        comparison_value=percent(row.comparison_value),
    )


def _per_teacher(report: ConnectedReport) -> str:
    parts = []
    for indicator, text in (
        ("connected_hours", say("{} hours of connected learning")),
        ("curriculum_linked_hours", say("{} hours on the curriculum")),
        ("collaborative_planning_hours", say("{} hours of planning together")),
        ("feedback_hours", say("{} hours of coaching and feedback")),
    ):
        row = report.now(indicator)
        if row is not None:
            parts.append(text.format(decimal(row.value, 1)))
    if not parts:
        return ""
    apart = (
        say(" Counted on their own, and overlapping: {parts}.", parts=listed(parts[1:]))
        if len(parts) > 1
        else ""
    )
    return say(
        "A teacher had {parts} on average; teachers with none are counted in.{apart}",
        parts=parts[0],
        apart=apart,
    )


def _feedback(report: ConnectedReport) -> str:
    in_time, never = report.now("feedback_in_time"), report.now("feedback_never")
    if in_time is None:
        return ""
    cycles, days = report.now("feedback_cycles"), report.now("days_to_feedback")
    within = say("within {feedback_days} days", feedback_days=FEEDBACK_DAYS)
    text = say(
        "{value} of classroom observations had feedback {within}",
        value=capitalised(percent(in_time.value)),
        within=within,
    )
    if never is not None:
        text += say(", {value} have none on record", value=percent(never.value))
    if cycles is not None:
        text += say(
            "; that makes {value} such feedback cycles a teacher in the year", value=decimal(cycles.value, 1)
        )
    if days is not None and days.value is not None:
        text += say(
            ". Half of all observations had feedback within {n_days}", n_days=counted(int(days.value), "day")
        )
    return text + "."


def _ratings(report: ConnectedReport) -> str:
    n_schools = len({row.school_id for row in report.ratings})
    if not n_schools:
        return ""
    above = {row.school_id for row in contradictions(report)}
    if not above:
        return say(
            "{n_schools} rated {words}; no rating of 3 or 4 stands against little on record.",
            n_schools=counted(n_schools, "school"),
            words=say("itself") if n_schools == 1 else say("themselves"),
        )
    return say(
        "{n_above} of {n_schools} that rated themselves call a practice regular (3 or 4) of"
        " which little is on record: the rating is too high or the records have gaps.",
        n_above=len(above),
        n_schools=counted(n_schools, "school"),
    )


def contradictions(report: ConnectedReport) -> list[CheckRow]:
    """Ratings above the records, those furthest apart first."""
    rows = [row for row in report.checks if row.verdict == "rated_above_records" and row.value is not None]
    return sorted(rows, key=lambda row: (_share_of_limit(row), -row.rating, row.school_name, row.school_id))


def understatements(report: ConnectedReport) -> list[CheckRow]:
    """Ratings below the records, by school."""
    rows = [row for row in report.checks if row.verdict == "rated_below_records" and row.value is not None]
    return sorted(rows, key=lambda row: (row.school_name, row.school_id, row.practice))


def _share_of_limit(row: CheckRow) -> float:
    """What is on record as a share of what the rating asks for, a rating of 4 of a third more."""
    limit = max(row.floor_value, row.lower_quartile or 0.0)
    return ((row.value or 0.0) / limit if limit else 1.0) * 3.0 / max(row.rating, 3.0)


def contradiction_point(row: CheckRow) -> str:
    """A contradiction as a sentence that names the school."""
    return f"{row.school_name}, {row.practice.lower()}: {row.note}."


def widespread(report: ConnectedReport) -> tuple[str, ...]:
    """Practices for which most high ratings stand against little on record: a gap of the records, likely."""
    sentences = []
    for indicator in dict.fromkeys(row.indicator for row in report.checks):
        rows = [row for row in report.checks if row.indicator == indicator and row.value is not None]
        high = [row for row in rows if row.rating >= 3.0]
        above = [row for row in high if row.verdict == "rated_above_records"]
        if len(high) >= 5 and 2 * len(above) > len(high):
            sentences.append(
                say(
                    "{practice}: {n_above} of {n_high} schools that rate it 3 or 4 have little on"
                    " record. Where that is so for most, look first at whether the hours are"
                    " recorded at all.",
                    practice=high[0].practice,
                    n_above=len(above),
                    n_high=len(high),
                )
            )
    return tuple(sentences)


def standing_out(report: ConnectedReport) -> tuple[str, ...]:
    """What a reader must not miss, with names."""
    return (
        *_concerns(
            report.schools("one_off_hours_share"),
            say("More than half of PD hours went into one-off events at {names}."),
        ),
        *_concerns(
            report.schools("feedback_in_time"),
            say(
                "Fewer than half of observations had feedback within {feedback_days} days at {{names}}.",
                feedback_days=FEEDBACK_DAYS,
            ),
            is_low=True,
        ),
        *_concerns(
            report.schools("feedback_cycles"),
            say(
                "Less than one observation with feedback within {feedback_days} days a teacher in"
                " the year at {{names}}.",
                feedback_days=FEEDBACK_DAYS,
            ),
            is_low=True,
        ),
        *widespread(report),
        *[contradiction_point(row) for row in contradictions(report)[:1]],
    )


def _concerns(rows: Sequence[IndicatorRow], text: str, is_low: bool = False) -> tuple[str, ...]:
    found = [row for row in rows if row.status == "concern" and row.value is not None]
    if not found:
        return ()
    found.sort(key=lambda row: ((row.value or 0.0) * (1 if is_low else -1), row.school_id or ""))
    names = [f"{row.school_name} ({_value(row)})" for row in found[:NAMED_SCHOOLS]]
    if len(found) > NAMED_SCHOOLS:
        names.append(counted(len(found) - NAMED_SCHOOLS, "other school"))
    return (text.format(names=listed(names)),)


def _value(row: IndicatorRow) -> str:
    """The value, with a decimal where rounding would put it on the threshold that it is beyond."""
    if row.unit != "share" or row.value is None:
        return decimal(row.value)
    is_on_threshold = percent(row.value) == percent(RULES[row.indicator].concern)
    return f"{decimal(row.value * 100, 1)}%" if is_on_threshold else percent(row.value)


def missing(report: ConnectedReport) -> tuple[str, ...]:
    """Practices that forms left without a rating, by file."""
    shown = [
        say(
            "{source_file}: {n_practices} left without a rating",
            source_file=row.source_file,
            n_practices=counted(row.n_unrated, "practice"),
        )
        for row in report.unrated[:NAMED_SCHOOLS]
    ]
    if len(report.unrated) > NAMED_SCHOOLS:
        shown.append(
            say(
                "{n_other_files} with practices without a rating",
                n_other_files=counted(len(report.unrated) - NAMED_SCHOOLS, "other file"),
            )
        )
    return tuple(shown)
