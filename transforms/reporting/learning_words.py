"""What the page of a system that learns says, each sentence from numbers by a rule."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from transforms.improvement.learning_indicators import LARGE_GAP
from transforms.reporting import terms
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
        return (
            "How teachers answer on the four drivers of a school system that learns (trust, leadership,"
            f" capacity building, collaboration) cannot be shown for {school_year(year)}."
        )
    ordered = sorted(rows, key=lambda row: -(row.mean_score or 0))
    highest, lowest = ordered[0], ordered[-1]
    if decimal(highest.mean_score) == decimal(lowest.mean_score):
        names = listed([driver_in_sentence(row.driver) for row in rows])
        return f"Teachers' mean answer on {names} is {of_five(highest.mean_score)}."
    return (
        f"Of the drivers of a school system that learns, teachers answer highest on"
        f" {driver_in_sentence(highest.driver)} ({of_five(highest.mean_score)}) and lowest on"
        f" {driver_in_sentence(lowest.driver)} ({of_five(lowest.mean_score)})."
    )


def of_five(mean: float | None) -> str:
    """A mean answer on the scale from 1 to 5."""
    return f"{decimal(mean, 1)} of 5"


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
        return (
            "No gap between principals and the teachers of their own schools can be told from chance on"
            f" {listed([driver_in_sentence(row.driver) for row in shown])}."
        )
    parts = [
        _which(word, found, len(shown), word == "higher" or not brighter)
        for word, found in (("higher", brighter), ("lower", darker))
        if found
    ]
    return f"Principals and assistant principals answer {listed(parts)}."


def _which(word: str, rows: Sequence[GapRow], n_shown: int, is_first: bool) -> str:
    than = " than the teachers of their own schools" if is_first else ""
    most = max(rows, key=lambda row: abs(row.gap or 0))
    by = f"(by {points(abs(most.gap or 0))})"
    if len(rows) == 1:
        return f"{word}{than} on {driver_in_sentence(most.driver)} {by}"
    if len(rows) == n_shown == len(DRIVERS):
        names = "all four drivers"
    else:
        names = listed([driver_in_sentence(row.driver) for row in rows])
    return f"{word}{than} on {names}, most on {driver_in_sentence(most.driver)} {by}"


def points(value: float | None) -> str:
    """Points of the scale: 1 point, 0.52 points."""
    text = decimal(value)
    return f"{text} {'point' if text == '1.00' else 'points'}"


def change_sentence(rows: Sequence[ChangeRow]) -> str:
    """Which drivers rise or fall over the years, and which do not clearly."""
    if not rows:
        return ""
    moving = [row for row in rows if is_clear(row.ci_low, row.ci_high)]
    still = [row for row in rows if row not in moving]
    parts = [
        f"on {driver_in_sentence(row.driver)} have {'risen' if (row.change_per_year or 0) > 0 else 'fallen'}"
        f" by {points(abs(row.change_per_year or 0))} a year since {school_year(row.first_year or 0)}"
        for row in moving
    ]
    names = listed([driver_in_sentence(row.driver) for row in still]) if still else ""
    if not parts:
        return f"No change over the years can be told from chance on {names}."
    rest = f"; on {names} no change can be told from chance" if still else ""
    return f"Answers {', those '.join(parts)}{rest}."


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
        "Principals and assistant principals see their schools brighter than their own teachers do: they"
        f" rate {listed(parts)} higher. What leaders hear may not be what teachers live."
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
            caution = f"; but {row.note}" if row.note else ""
            moved = "grown" if change > 0 else "fallen"
            found.append(
                f"{driver_name(driver)} has {moved} by {points(abs(change))} a year"
                f" ({_size_interval(row)}) from {school_year(row.first_year or 0)} to"
                f" {school_year(row.last_year or 0)}, within the same schools and roles{caution}."
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
        f"At {name} teachers answer lower than in the other schools of the level on"
        f" {listed([driver_in_sentence(driver) for driver in DRIVERS if driver in found])}."
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
            f"{word} at {listed(names)}"
            for word, status in (("lower", "concern"), ("higher", "strength"))
            if (names := sorted(row.school_name or "" for row in rows if row.status == status))
        ]
        if parts:
            sentences.append(f"{driver_name(driver)}: {'; '.join(parts)}.")
    return tuple(sentences)


def _associations(rows: Sequence[AssociationRow]) -> list[str]:
    return [
        f"In schools and years in which teachers answer higher on {driver_in_sentence(row.driver)}, students"
        f" grow {'more' if (row.slope_sd or 0) > 0 else 'less'} in"
        f" {terms.subject_in_sentence(row.academic_subject)} ({signed(row.slope_sd, 3)} SD of student scores"
        f" for one SD of schools' answers, {interval(row.ci_low, row.ci_high)}). They go together; which"
        " leads to which, this does not say."
        for row in rows
        if is_told(row)
    ]


def association_sentence(rows: Sequence[AssociationRow]) -> str:
    """What can be said of growth over all drivers and subjects."""
    asked = [row for row in rows if row.slope_sd is not None]
    if not asked:
        return "How the drivers go with growth of students cannot be told."
    n = len(_associations(asked))
    if n == 0:
        return (
            "In none of the drivers can growth be told to go with teachers' answers, as far as this many"
            f" schools can show ({count(max(row.n_schools for row in asked))} schools)."
        )
    return f"In {n} of {len(asked)} comparisons growth goes with teachers' answers, more than by chance."


def association_title(rows: Sequence[AssociationRow]) -> str:
    """Title of the picture of growth."""
    names = [
        f"{driver_in_sentence(row.driver)} in {terms.subject_in_sentence(row.academic_subject)}"
        for row in rows
        if is_told(row)
    ]
    if not names:
        return "No driver can be told to go with growth"
    return f"Growth goes with {listed(names)}"


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
        return "Mean answers on the four drivers"
    role, n = max(best.items(), key=lambda item: (item[1], item[0]))
    n_drivers = len({row.driver for row in rows})
    return f"{capitalised(ROLE_NAMES[role])} answer highest on {n} of {counted(n_drivers, 'driver')}"


def gap_title(rows: Sequence[GapRow]) -> str:
    """Title of the picture of gaps."""
    shown = [row for row in rows if row.gap is not None]
    higher = sum((row.ci_low or 0) > 0 for row in shown)
    if higher == 0:
        return "Principals against the teachers of their own schools: no driver is clearly higher"
    return (
        f"Principals answer higher than the teachers of their own schools on {higher} of {len(shown)} drivers"
    )


def change_title(rows: Sequence[ChangeRow]) -> str:
    """Title of the picture of years."""
    rising = [row.driver for row in rows if (row.ci_low or 0) > 0]
    falling = [row.driver for row in rows if (row.ci_high or 0) < 0]
    parts = [
        f"{listed([driver_in_sentence(driver) for driver in found])} {one if len(found) == 1 else many}"
        for one, many, found in (("rises", "rise", rising), ("falls", "fall", falling))
        if found
    ]
    return capitalised(f"{listed(parts)} over the years") if parts else "No driver clearly rises or falls"
