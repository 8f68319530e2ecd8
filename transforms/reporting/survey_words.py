"""What the page of surveys says, each sentence by a rule from numbers."""

from __future__ import annotations

from collections.abc import Sequence

from transforms.reporting import terms
from transforms.reporting.catalogue import noted, say, say_each
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
    "excellent": noted("excellent: its items hang together very closely"),
    "good": noted("good: its items hang together closely"),
    "adequate": noted("adequate: its items hang together"),
    "low": noted("low: its items hang together loosely; take the mean as a hint"),
    "not_reported": noted("its items do not hang together: no mean is reported"),
    "unknown": noted("not known"),
}
VERDICT_WORDS = {
    "clear": noted("schools can be told apart by their means"),
    "caution": noted("means of schools are rough: large differences only"),
    "not_supported": noted("schools cannot be told apart by their means: none are shown"),
    "unknown": noted("cannot be judged: no school means are shown"),
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
    words = say(RELIABILITY_WORDS[row.rating])
    return f"{words} ({row.note})" if row.rating == "unknown" and row.note else words


def mean_with_interval(row: ScaleRow) -> str:
    """3.61 (3.55 to 3.67) of 5; why there is none."""
    if row.mean is None:
        return say("hidden") if row.is_suppressed else say("not reported")
    ends = f" ({interval(row.ci_low, row.ci_high, 2)})" if row.ci_low is not None else ""
    return f"{decimal(row.mean)}{_of_most(row)}{ends}"


def _of_most(row: ScaleRow) -> str:
    return "" if row.scale_max is None else say(" of {scale_max:g}", scale_max=row.scale_max)


def rate_with_interval(row: ResponseRow) -> str:
    """60% (95% interval 57% to 63%)."""
    return say(
        "{response_rate} (95% interval {ci_low} to {ci_high})",
        response_rate=percent(row.response_rate),
        ci_low=percent(row.ci_low),
        ci_high=percent(row.ci_high),
    )


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
        return say(
            "{n_responses} to {n_surveys} came in in {year}; how many were invited is not known.",
            n_responses=counted(answered, "response"),
            n_surveys=counted(n_surveys, "survey"),
            year=year,
        )
    invited, answered = (
        sum(n or 0 for n in column)
        for column in zip(*((r.n_invited, r.n_responses) for r in rows), strict=True)
    )
    several = say(
        "{n_invitations} to {n_surveys}",
        n_invitations=counted(invited, "invitation"),
        n_surveys=counted(n_surveys, "survey"),
    )
    return say(
        "{answered:,} of {several} in {year} were answered ({answered_2}).",
        answered=answered,
        several=several,
        year=year,
        answered_2=percent(answered / invited),
    )


def response_sentences(report: SurveyReport) -> list[str]:
    """How many answered, a sentence a questionnaire, three at most."""
    rows = main_responses(report)
    said = [_response_sentence(row) for row in rows[:MOST_NAMED]]
    more = len(rows) - len(said)
    return (
        [
            *said,
            say(
                "{n_other_questionnaires} in the table.",
                n_other_questionnaires=counted(more, "other questionnaire"),
            ),
        ]
        if more
        else said
    )


def _response_sentence(row: ResponseRow) -> str:
    if row.is_suppressed:
        return say("{title}: too few people were invited to show how many answered.", title=row.title)
    several = (
        say(" ({n_surveys} with the same items)", n_surveys=counted(row.n_surveys, "survey"))
        if (row.n_surveys or 1) > 1
        else ""
    )
    if row.response_rate is None:
        return f"{row.title}{several}: {counted(row.n_responses, 'response')}; {row.note}."
    people = "invitations" if several else say("people invited")
    return say(
        "{title}{several}: {n_responses} from {n_invited:,} {people}, {rate_with_interval}.",
        title=row.title,
        several=several,
        n_responses=counted(row.n_responses, "response"),
        n_invited=row.n_invited or 0,
        people=people,
        rate_with_interval=rate_with_interval(row),
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
        return say(
            "{title}: rated highest is {construct_in_sentence}, {mean_in_sentence}; lowest"
            " {construct_in_sentence_2}, {mean_in_sentence_2}.",
            title=title,
            construct_in_sentence=construct_in_sentence(high.construct),
            mean_in_sentence=_mean_in_sentence(high),
            construct_in_sentence_2=construct_in_sentence(low.construct),
            mean_in_sentence_2=_mean_in_sentence(low),
        )
    names = listed([construct_in_sentence(row.construct) for row in shown])
    span = say(
        "{mean} to {mean_2}{of_most}",
        mean=decimal(low.mean),
        mean_2=decimal(high.mean),
        of_most=_of_most(high),
    )
    return say(
        "{title}: {names} are rated alike, {span}; their 95% intervals overlap.",
        title=title,
        names=names,
        span=span,
    )


def _mean_in_sentence(row: ScaleRow) -> str:
    ends = say("95% interval {interval}", interval=interval(row.ci_low, row.ci_high, 2))
    return f"{decimal(row.mean)}{_of_most(row)} ({ends})"


def not_shown_sentence(rows: Sequence[ScaleRow]) -> str:
    """Scales of a questionnaire that its picture leaves out, and why."""
    unreported = [construct_in_sentence(row.construct) for row in rows if not row.is_reported]
    hidden = [construct_in_sentence(row.construct) for row in rows if row.is_suppressed and row.is_reported]
    said = []
    if unreported:
        said.append(
            say(
                "{unreported}: not shown, as the items do not hang together.",
                unreported=capitalised(listed(unreported)),
            )
        )
    if hidden:
        said.append(say("{hidden}: hidden, as too few answered.", hidden=capitalised(listed(hidden))))
    return " ".join(said)


def low_response_sentences(report: SurveyReport) -> list[str]:
    """Questionnaires that fewer than half answered, and schools that answered clearly less than all."""
    sentences = [
        say(
            "{title}: fewer than half answered, {rate_with_interval}. What the others think is not known.",
            title=row.title,
            rate_with_interval=rate_with_interval(row),
        )
        for row in main_responses(report)
        if row.response_rate is not None and row.response_rate < LOW_RESPONSE
    ]
    for whole in main_responses(report):
        behind = _schools_behind(report, whole)
        if behind:
            named = listed([f"{row.group_value} {percent(row.response_rate)}" for row in behind[:MOST_NAMED]])
            more = (
                say(" and {n_more_schools}", n_more_schools=counted(len(behind) - MOST_NAMED, "more school"))
                if len(behind) > MOST_NAMED
                else ""
            )
            sentences.append(
                say(
                    "{title}: clearly fewer answered than in the district as a whole"
                    " ({response_rate}) at {named}{more}.",
                    title=whole.title,
                    response_rate=percent(whole.response_rate),
                    named=named,
                    more=more,
                )
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
    size = (
        say("every mean by less than 0.01")
        if most < 0.005
        else say("no mean by more than {most}", most=decimal(most))
    )
    return say(
        "Where respondents are known, their answers were also weighted so that roles, levels"
        " of school and new teachers count as they were invited: this moves {size}.",
        size=size,
    )


def aggregation_sentences(rows: Sequence[AggregationRow]) -> list[str]:
    """What may be said of schools, constructs with one verdict together."""
    sentences = []
    for title in dict.fromkeys(row.questionnaire_title for row in rows):
        for verdict, words in say_each(VERDICT_WORDS).items():
            names = [
                construct_in_sentence(row.construct)
                for row in rows
                if row.questionnaire_title == title and row.verdict == verdict
            ]
            if names:
                sentences.append(f"{title}, {listed(names)}: {words}.")
    return sentences
