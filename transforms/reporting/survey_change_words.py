"""What the page of surveys says of changes."""

from __future__ import annotations

from collections.abc import Sequence

from transforms.reporting.catalogue import say
from transforms.reporting.numerals import decimal, interval, listed, school_year, signed
from transforms.reporting.survey_rows import ChangeRow, SurveyReport
from transforms.reporting.survey_words import construct_in_sentence


def change_sentences(report: SurveyReport) -> list[str]:
    """What rose or fell from the first year to the last, and from the year before; what stayed."""
    return [
        sentence
        for title in dict.fromkeys(row.title for row in report.changes)
        for sentence in _changes_of(title, report)
    ]


def _changes_of(title: str, report: SurveyReport) -> list[str]:
    rows = [
        row
        for row in report.changes
        if row.title == title
        and row.change_kind == "year_over_year"
        and row.later_year == report.year
        and row.change is not None
    ]
    sentences = []
    for years in sorted({(row.first_year, row.later_year) for row in rows}):
        of_years = [row for row in rows if (row.first_year, row.later_year) == years]
        clear = [row for row in of_years if row.direction in ("rose", "fell")]
        since = say("from {years} to {years_2}", years=school_year(years[0]), years_2=school_year(years[1]))
        sentences += [change_sentence(row) for row in clear]
        still = sorted({construct_in_sentence(row.construct) for row in of_years if row not in clear})
        if still:
            sentences.append(
                say(
                    "{title}: no clear change {since} in {still}.",
                    title=title,
                    since=since,
                    still=listed(still),
                )
            )
    return sentences


def chance_note(rows: Sequence[ChangeRow]) -> str:
    """How to read clear changes among many comparisons; empty where there are few."""
    told = [row for row in rows if row.direction in ("rose", "fell", "no_clear_change")]
    if len(told) < 10:
        return ""
    clear = sum(row.direction != "no_clear_change" for row in told)
    return say(
        "Of {n_told} comparisons {clear} {words} clear. Where nothing changed, one in twenty"
        " looks clear by chance: an interval that barely leaves out zero is a hint, no more.",
        n_told=len(told),
        clear=clear,
        words=say("is") if clear == 1 else say("are"),
    )


def change_sentence(row: ChangeRow) -> str:
    """One clear change, with its interval and who is compared with whom."""
    what = f"{row.title}: {construct_in_sentence(row.construct)} {row.direction}"
    people = say("the same people") if row.comparison == "matched" else say("different or unknown people")
    if row.change_kind == "year_over_year":
        when = say(
            "from {first_year} to {later_year}",
            first_year=school_year(row.first_year),
            later_year=school_year(row.later_year),
        )
    else:
        when = say("from the first to the last survey") + (
            say(" about the same activity") if row.change_kind == "activity" else say(" of the year")
        )
    return say(
        "{what} from {mean_first} to {mean_later} {when} ({change}, 95% interval {interval}; {people}).",
        what=what,
        mean_first=decimal(row.mean_first),
        mean_later=decimal(row.mean_later),
        when=when,
        change=signed(row.change),
        interval=interval(row.ci_low, row.ci_high, None),
        people=people,
    )
