"""What the page of surveys says, each sentence by a rule from numbers."""

from __future__ import annotations

from collections.abc import Sequence

from transforms.reporting import terms
from transforms.reporting.numerals import (
    capitalised,
    counted,
    decimal,
    interval,
    listed,
    percent,
    school_year,
)
from transforms.reporting.survey_rows import (
    AggregationRow,
    ResponseRow,
    ScaleRow,
    SurveyReport,
)

RELIABILITY_WORDS = {
    "excellent": "excellent: its items hang together very closely",
    "good": "good: its items hang together closely",
    "adequate": "adequate: its items hang together",
    "low": "low: its items hang together loosely; take the mean as a hint",
    "not_reported": "its items do not hang together: no mean is reported",
    "unknown": "not known",
}
VERDICT_WORDS = {
    "clear": "schools can be told apart by their means",
    "caution": "means of schools are rough: large differences only",
    "not_supported": "schools cannot be told apart by their means: none are shown",
    "unknown": "cannot be judged: no school means are shown",
}
LOW_RESPONSE = 0.50
MOST_NAMED = 3


def construct_name(code: str) -> str:
    """Name of a construct at the beginning of a line."""
    return terms.plain(code)


def construct_in_sentence(code: str) -> str:
    """Name of a construct within a sentence."""
    name = construct_name(code)
    return name[:1].lower() + name[1:]


def reliability(row: ScaleRow) -> str:
    """How far a scale can be trusted, in plain words."""
    words = RELIABILITY_WORDS[row.rating]
    return f"{words} ({row.note})" if row.rating == "unknown" and row.note else words


def mean_with_interval(row: ScaleRow) -> str:
    """3.61 (3.55 to 3.67) of 5; why there is none."""
    if row.mean is None:
        return "hidden" if row.is_suppressed else "not reported"
    ends = f" ({interval(row.ci_low, row.ci_high, 2)})" if row.ci_low is not None else ""
    return f"{decimal(row.mean)}{_of_most(row)}{ends}"


def _of_most(row: ScaleRow) -> str:
    return "" if row.scale_max is None else f" of {row.scale_max:g}"


def rate_with_interval(row: ResponseRow) -> str:
    """60% (95% interval 57% to 63%)."""
    return f"{percent(row.response_rate)} (95% interval {percent(row.ci_low)} to {percent(row.ci_high)})"


def main_responses(report: SurveyReport) -> list[ResponseRow]:
    """Questionnaires of the year, and surveys that rate nothing; those with most responses first."""
    whole = [row for row in report.responses if row.group_kind == "all" and row.basis == "invited"]
    pooled = {row.questionnaire_id for row in whole if row.survey_id is None}
    kept = [row for row in whole if row.survey_id is None or row.questionnaire_id not in pooled]
    return sorted(kept, key=lambda row: (-(row.n_responses or 0), row.title or ""))


def overall_sentence(report: SurveyReport) -> str:
    """How many invitations to surveys of the year were answered, over the surveys that know."""
    rows = [row for row in main_responses(report) if row.response_rate is not None and row.n_invited]
    year = school_year(report.year or 0)
    n_surveys = sum(row.n_surveys or 1 for row in main_responses(report))
    if not rows:
        answered = sum(row.n_responses or 0 for row in main_responses(report))
        return (
            f"{counted(answered, 'response')} to {counted(n_surveys, 'survey')} came in in {year}; how many"
            " were"
            " invited is not known."
        )
    invited, answered = (
        sum(n or 0 for n in column)
        for column in zip(*((r.n_invited, r.n_responses) for r in rows), strict=True)
    )
    several = f"{counted(invited, 'invitation')} to {counted(n_surveys, 'survey')}"
    return f"{answered:,} of {several} in {year} were answered ({percent(answered / invited)})."


def response_sentences(report: SurveyReport) -> list[str]:
    """How many answered, a sentence a questionnaire, three at most."""
    rows = main_responses(report)
    said = [_response_sentence(row) for row in rows[:MOST_NAMED]]
    more = len(rows) - len(said)
    return [*said, f"{counted(more, 'other questionnaire')} in the table."] if more else said


def _response_sentence(row: ResponseRow) -> str:
    if row.is_suppressed:
        return f"{row.title}: too few people were invited to show how many answered."
    several = f" ({counted(row.n_surveys, 'survey')} with the same items)" if (row.n_surveys or 1) > 1 else ""
    if row.response_rate is None:
        return f"{row.title}{several}: {counted(row.n_responses, 'response')}; {row.note}."
    people = "invitations" if several else "people invited"
    return (
        f"{row.title}{several}: {counted(row.n_responses, 'response')} from {row.n_invited or 0:,} {people},"
        f" {rate_with_interval(row)}."
    )


def extremes_sentence(rows: Sequence[ScaleRow]) -> str:
    """Highest and lowest construct of a questionnaire, if their intervals are apart; else they are alike.

    Empty where fewer than two constructs, or constructs on different scales, can be shown.
    """
    shown = [row for row in rows if row.mean is not None and row.ci_low is not None]
    if len(shown) < 2 or len({(row.scale_min, row.scale_max) for row in shown}) > 1:
        return ""
    low, *_, high = sorted(shown, key=lambda row: row.mean or 0)
    title = rows[0].questionnaire_title
    if (high.ci_low or 0) > (low.ci_high or 0):
        return (
            f"{title}: rated highest is {construct_in_sentence(high.construct)}, {_mean_in_sentence(high)};"
            " lowest"
            f" {construct_in_sentence(low.construct)}, {_mean_in_sentence(low)}."
        )
    names = listed([construct_in_sentence(row.construct) for row in shown])
    span = f"{decimal(low.mean)} to {decimal(high.mean)}{_of_most(high)}"
    return f"{title}: {names} are rated alike, {span}; their 95% intervals overlap."


def _mean_in_sentence(row: ScaleRow) -> str:
    ends = f"95% interval {interval(row.ci_low, row.ci_high, 2)}"
    return f"{decimal(row.mean)}{_of_most(row)} ({ends})"


def not_shown_sentence(rows: Sequence[ScaleRow]) -> str:
    """Scales of a questionnaire that its picture leaves out, and why."""
    unreported = [construct_in_sentence(row.construct) for row in rows if not row.is_reported]
    hidden = [construct_in_sentence(row.construct) for row in rows if row.is_suppressed and row.is_reported]
    said = []
    if unreported:
        said.append(f"{capitalised(listed(unreported))}: not shown, as the items do not hang together.")
    if hidden:
        said.append(f"{capitalised(listed(hidden))}: hidden, as too few answered.")
    return " ".join(said)


def low_response_sentences(report: SurveyReport) -> list[str]:
    """Questionnaires that fewer than half answered, and schools that answered clearly less than all."""
    sentences = [
        f"{row.title}: fewer than half answered, {rate_with_interval(row)}. What the others think is not"
        " known."
        for row in main_responses(report)
        if row.response_rate is not None and row.response_rate < LOW_RESPONSE
    ]
    for whole in main_responses(report):
        behind = _schools_behind(report, whole)
        if behind:
            named = listed([f"{row.group_value} {percent(row.response_rate)}" for row in behind[:MOST_NAMED]])
            more = (
                f" and {counted(len(behind) - MOST_NAMED, 'more school')}" if len(behind) > MOST_NAMED else ""
            )
            sentences.append(
                f"{whole.title}: clearly fewer answered than in the district as a whole"
                f" ({percent(whole.response_rate)}) at {named}{more}."
            )
    return sentences


def _schools_behind(report: SurveyReport, whole: ResponseRow) -> list[ResponseRow]:
    """Schools whose interval lies below the rate of all."""
    rows = [
        row
        for row in report.responses
        if row.group_kind == "school"
        and row.questionnaire_id == whole.questionnaire_id
        and row.ci_high is not None
        and whole.response_rate is not None
        and row.ci_high < whole.response_rate
    ]
    return sorted(rows, key=lambda row: (row.response_rate or 0, row.group_value))


def weights_sentence(rows: Sequence[ScaleRow]) -> str:
    """How much weighting for who did not answer moves the means; empty where there are no weights."""
    moved = [
        abs(row.weighted_mean - row.known_mean)
        for row in rows
        if row.weighted_mean is not None and row.known_mean is not None and row.mean is not None
    ]
    if not moved:
        return ""
    most = max(moved)
    size = "every mean by less than 0.01" if most < 0.005 else f"no mean by more than {decimal(most)}"
    return (
        "Where respondents are known, their answers were also weighted so that roles, levels of school and"
        " new"
        f" teachers count as they were invited: this moves {size}."
    )


def aggregation_sentences(rows: Sequence[AggregationRow]) -> list[str]:
    """What may be said of schools, constructs with one verdict together."""
    sentences = []
    for title in dict.fromkeys(row.questionnaire_title for row in rows):
        for verdict, words in VERDICT_WORDS.items():
            names = [
                construct_in_sentence(row.construct)
                for row in rows
                if row.questionnaire_title == title and row.verdict == verdict
            ]
            if names:
                sentences.append(f"{title}, {listed(names)}: {words}.")
    return sentences
