"""What the page of a system that learns says, each sentence from numbers by a rule."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from transforms.improvement.learning_indicators import LARGE_GAP
from transforms.reporting import terms
from transforms.reporting.catalogue import say
from transforms.reporting.indicator_rows import IndicatorRow
from transforms.reporting.learning_rows import (
    DRIVERS,
    ROLE_NAMES,
    AssociationRow,
    ChangeRow,
    GapRow,
    Learning,
    ScoreRow,
    driver_in_sentence,
    driver_name,
)
from transforms.reporting.learning_spread_words import fading, followers, spread_sentence, unreached
from transforms.reporting.numerals import (
    capitalised,
    count,
    counted,
    decimal,
    interval,
    listed,
    school_year,
    signed,
)

ALPHA = 0.05
# A school is named for what its teachers answer when it is low on most of the four.
DRIVERS_LOW = 3


def answer(learning: Learning) -> tuple[str, ...]:
    """The sentences at the top of the page."""
    year = learning.report_year
    sentences = (
        teachers_sentence(learning.district("teacher", year), year),
        gap_sentence(learning.district_gaps("principal")),
        change_sentence([row for driver in DRIVERS if (row := learning.change(driver))]),
        spread_sentence(learning.spreads),
    )
    return tuple(sentence for sentence in sentences if sentence)


def teachers_sentence(rows: Sequence[ScoreRow], year: int) -> str:
    """Highest and lowest of the drivers by teachers."""
    if not rows:
        return say(
            "How teachers answer on the four drivers of a school system that learns (trust,"
            " leadership, capacity building, collaboration) cannot be shown for {year}.",
            year=school_year(year),
        )
    ordered = sorted(rows, key=lambda row: -(row.mean_score or 0))
    highest, lowest = ordered[0], ordered[-1]
    if decimal(highest.mean_score) == decimal(lowest.mean_score):
        names = listed([driver_in_sentence(row.driver) for row in rows])
        return say(
            "Teachers' mean answer on {names} is {of_five}.", names=names, of_five=of_five(highest.mean_score)
        )
    return say(
        "Of the drivers of a school system that learns, teachers answer highest on"
        " {driver_in_sentence} ({of_five}) and lowest on {driver_in_sentence_2}"
        " ({of_five_2}).",
        driver_in_sentence=driver_in_sentence(highest.driver),
        of_five=of_five(highest.mean_score),
        driver_in_sentence_2=driver_in_sentence(lowest.driver),
        of_five_2=of_five(lowest.mean_score),
    )


def of_five(mean: float | None) -> str:
    """A mean answer on the scale from 1 to 5."""
    return say("{mean} of 5", mean=decimal(mean, 1))


def is_clear(low: float | None, high: float | None) -> bool:
    """Whether an interval leaves zero out."""
    return low is not None and high is not None and (low > 0 or high < 0)


def gap_sentence(rows: Sequence[GapRow]) -> str:
    """On which drivers principals see things brighter or darker than teachers of their own schools."""
    shown = [row for row in rows if row.gap is not None]
    if not shown:
        return ""
    brighter = [row for row in shown if (row.ci_low or 0) > 0]
    darker = [row for row in shown if (row.ci_high or 0) < 0]
    if not brighter and not darker:
        return say(
            "No gap between principals and the teachers of their own schools can be told from"
            " chance on {value}.",
            value=listed([driver_in_sentence(row.driver) for row in shown]),
        )
    parts = [
        _which(word, found, len(shown), word == "higher" or not brighter)
        for word, found in ((say("higher"), brighter), (say("lower"), darker))
        if found
    ]
    return say("Principals and assistant principals answer {parts}.", parts=listed(parts))


def _which(word: str, rows: Sequence[GapRow], n_shown: int, is_first: bool) -> str:
    than = say(" than the teachers of their own schools") if is_first else ""
    most = max(rows, key=lambda row: abs(row.gap or 0))
    by = say("(by {points})", points=points(abs(most.gap or 0)))
    if len(rows) == 1:
        return say(
            "{word}{than} on {driver_in_sentence} {by}",
            word=word,
            than=than,
            driver_in_sentence=driver_in_sentence(most.driver),
            by=by,
        )
    if len(rows) == n_shown == len(DRIVERS):
        names = say("all four drivers")
    else:
        names = listed([driver_in_sentence(row.driver) for row in rows])
    return say(
        "{word}{than} on {names}, most on {driver_in_sentence} {by}",
        word=word,
        than=than,
        names=names,
        driver_in_sentence=driver_in_sentence(most.driver),
        by=by,
    )


def points(value: float | None) -> str:
    """Points of the scale: 1 point, 0.52 points."""
    text = decimal(value)
    return f"{text} {(say('point') if text == '1.00' else say('points'))}"


def change_sentence(rows: Sequence[ChangeRow]) -> str:
    """Which drivers rise or fall over the years, and which do not clearly."""
    if not rows:
        return ""
    moving = [row for row in rows if is_clear(row.ci_low, row.ci_high)]
    still = [row for row in rows if row not in moving]
    parts = [
        say(
            "on {driver_in_sentence} have {words} by {points} a year since {first_year}",
            driver_in_sentence=driver_in_sentence(row.driver),
            words=say("risen") if (row.change_per_year or 0) > 0 else say("fallen"),
            points=points(abs(row.change_per_year or 0)),
            first_year=school_year(row.first_year or 0),
        )
        for row in moving
    ]
    names = listed([driver_in_sentence(row.driver) for row in still]) if still else ""
    if not parts:
        return say("No change over the years can be told from chance on {names}.", names=names)
    rest = say("; on {names} no change can be told from chance", names=names) if still else ""
    return say("Answers {listed}{rest}.", listed=say(", those ").join(parts), rest=rest)


def standing_out(learning: Learning) -> tuple[str, ...]:
    """What a reader must not miss, the largest first within each kind."""
    return (
        *_large_gaps(learning.district_gaps("principal")),
        *_clear_changes(learning),
        *_low_schools(learning.indicators, learning.report_year),
        *_associations(learning.associations),
        *unreached(learning.spreads),
        *fading(learning.adoption, learning.report_year),
        *followers(learning.spreads),
    )


def _large_gaps(rows: Sequence[GapRow]) -> list[str]:
    large = [row for row in rows if (row.gap or 0) >= LARGE_GAP and (row.ci_low or 0) > 0]
    if not large:
        return []
    parts = [
        f"{driver_in_sentence(row.driver)} {points(row.gap)} ({interval(row.ci_low, row.ci_high)})"
        for row in sorted(large, key=lambda row: -(row.gap or 0))
    ]
    return [
        say(
            "Principals and assistant principals see their schools brighter than their own"
            " teachers do: they rate {parts} higher. What leaders hear may not be what teachers"
            " live.",
            parts=listed(parts),
        )
    ]


def _clear_changes(learning: Learning) -> list[str]:
    found = []
    for driver in DRIVERS:
        row = learning.change(driver)
        if (
            row
            and is_clear(row.ci_low, row.ci_high)
            and row.p_value_bh is not None
            and row.p_value_bh < ALPHA
        ):
            change = row.change_per_year or 0
            caution = say("; but {note}", note=row.note) if row.note else ""
            moved = say("grown") if change > 0 else say("fallen")
            found.append(
                say(
                    "{driver_name} has {moved} by {points} a year ({size_interval}) from"
                    " {first_year} to {last_year}, within the same schools and roles{caution}.",
                    driver_name=driver_name(driver),
                    moved=moved,
                    points=points(abs(change)),
                    size_interval=_size_interval(row),
                    first_year=school_year(row.first_year or 0),
                    last_year=school_year(row.last_year or 0),
                    caution=caution,
                )
            )
    return found


def _size_interval(row: ChangeRow) -> str:
    """Interval of the size of a clear change, whichever its direction."""
    low, high = sorted((abs(row.ci_low or 0), abs(row.ci_high or 0)))
    return interval(low, high)


def _low_schools(indicators: Sequence[IndicatorRow], year: int) -> list[str]:
    """Schools that are low on most of the drivers, with all of these."""
    low: dict[tuple[str, str], set[str]] = defaultdict(set)
    for row in indicators:
        if _is_of_school(row, year) and row.status == "concern":
            low[row.school_name or "", row.school_id or ""].add(row.indicator.removeprefix("driver_"))
    return [
        say(
            "At {name} teachers answer lower than in the other schools of the level on {value}.",
            name=name,
            value=listed([driver_in_sentence(driver) for driver in DRIVERS if driver in found]),
        )
        for (name, _), found in sorted(low.items(), key=lambda item: (-len(item[1]), item[0]))
        if len(found) >= DRIVERS_LOW
    ]


def _is_of_school(row: IndicatorRow, year: int) -> bool:
    is_driver = row.indicator.removeprefix("driver_") in DRIVERS
    return is_driver and row.school_id is not None and row.school_year == year and row.value is not None


def school_sentences(indicators: Sequence[IndicatorRow], year: int) -> tuple[str, ...]:
    """Schools whose teachers answer clearly higher or lower, by driver."""
    sentences = []
    for driver in DRIVERS:
        rows = [row for row in indicators if row.indicator == f"driver_{driver}" and _is_of_school(row, year)]
        parts = [
            say("{word} at {names}", word=word, names=listed(names))
            for word, status in ((say("lower"), "concern"), (say("higher"), "strength"))
            if (names := sorted(row.school_name or "" for row in rows if row.status == status))
        ]
        if parts:
            sentences.append(f"{driver_name(driver)}: {'; '.join(parts)}.")
    return tuple(sentences)


def _associations(rows: Sequence[AssociationRow]) -> list[str]:
    return [
        say(
            "In schools and years in which teachers answer higher on {driver_in_sentence},"
            " students grow {words} in {subject_in_sentence} ({slope_sd} SD of student scores for"
            " one SD of schools' answers, {interval}). They go together; which leads to which,"
            " this does not say.",
            driver_in_sentence=driver_in_sentence(row.driver),
            words=say("more") if (row.slope_sd or 0) > 0 else say("less"),
            subject_in_sentence=terms.subject_in_sentence(row.academic_subject),
            slope_sd=signed(row.slope_sd, 3),
            interval=interval(row.ci_low, row.ci_high),
        )
        for row in rows
        if is_told(row)
    ]


def association_sentence(rows: Sequence[AssociationRow]) -> str:
    """What can be said of growth over all drivers and subjects."""
    asked = [row for row in rows if row.slope_sd is not None]
    if not asked:
        return say("How the drivers go with growth of students cannot be told.")
    n = len(_associations(asked))
    if n == 0:
        return say(
            "In none of the drivers can growth be told to go with teachers' answers, as far"
            " as this many schools can show ({max} schools).",
            max=count(max(row.n_schools for row in asked)),
        )
    return say(
        "In {n} of {n_asked} comparisons growth goes with teachers' answers, more than by chance.",
        n=n,
        n_asked=len(asked),
    )


def association_title(rows: Sequence[AssociationRow]) -> str:
    """Title of the picture of growth."""
    names = [
        say(
            "{driver_in_sentence} in {subject_in_sentence}",
            driver_in_sentence=driver_in_sentence(row.driver),
            subject_in_sentence=terms.subject_in_sentence(row.academic_subject),
        )
        for row in rows
        if is_told(row)
    ]
    if not names:
        return say("No driver can be told to go with growth")
    return say("Growth goes with {names}", names=listed(names))


def is_told(row: AssociationRow) -> bool:
    """Whether an association can be told from chance, after all were asked about."""
    is_unlikely = row.p_value_bh is not None and row.p_value_bh < ALPHA
    return is_unlikely and is_clear(row.ci_low, row.ci_high)


def role_title(rows: Sequence[ScoreRow]) -> str:
    """Title of the picture of roles: which role answers highest in most drivers."""
    best: dict[str, int] = defaultdict(int)
    for driver in DRIVERS:
        of_driver = [row for row in rows if row.driver == driver]
        if len(of_driver) > 1:
            best[max(of_driver, key=lambda row: row.mean_score or 0).role] += 1
    if not best:
        return say("Mean answers on the four drivers")
    role, n = max(best.items(), key=lambda item: (item[1], item[0]))
    n_drivers = len({row.driver for row in rows})
    return say(
        "{role_names} answer highest on {n} of {n_drivers}",
        role_names=capitalised(say(ROLE_NAMES[role])),
        n=n,
        n_drivers=counted(n_drivers, "driver"),
    )


def gap_title(rows: Sequence[GapRow]) -> str:
    """Title of the picture of gaps."""
    shown = [row for row in rows if row.gap is not None]
    higher = sum((row.ci_low or 0) > 0 for row in shown)
    if higher == 0:
        return say("Principals against the teachers of their own schools: no driver is clearly higher")
    return say(
        "Principals answer higher than the teachers of their own schools on {higher} of {n_shown} drivers",
        higher=higher,
        n_shown=len(shown),
    )


def change_title(rows: Sequence[ChangeRow]) -> str:
    """Title of the picture of years."""
    rising = [row.driver for row in rows if (row.ci_low or 0) > 0]
    falling = [row.driver for row in rows if (row.ci_high or 0) < 0]
    parts = [
        f"{listed([driver_in_sentence(driver) for driver in found])} {one if len(found) == 1 else many}"
        for one, many, found in ((say("rises"), say("rise"), rising), (say("falls"), say("fall"), falling))
        if found
    ]
    return (
        capitalised(say("{parts} over the years", parts=listed(parts)))
        if parts
        else say("No driver clearly rises or falls")
    )
