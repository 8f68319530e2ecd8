"""Two reports beside each other in words, by rules that a test holds.

A changed verdict is called a change of what can be told, never one of the effect; no difference between two
estimates is judged; a value's change is said only where its interval leaves out zero among all that were
looked at, or where everybody was counted.
"""

from __future__ import annotations

from collections.abc import Sequence

from transforms.history.settings_changes import changed_settings
from transforms.improvement.decision_review import GROWN, HALVED, KEPT
from transforms.reporting import terms
from transforms.reporting.catalogue import noted, say
from transforms.reporting.history_changes import (
    NOTABLE_RATIO,
    NOTABLE_SHARE,
    ComparisonPair,
    IndicatorChange,
    RecommendationPair,
)
from transforms.reporting.history_rows import History, ReportRow
from transforms.reporting.numerals import (
    NO_NUMBER,
    capitalised,
    count,
    counted,
    decimal,
    interval_decimals,
    listed,
    percent,
    school_year,
    signed,
)
from transforms.reporting.words import Verdict, comparison_name, estimate_with_interval

MOST_NAMED = 3
# each with its singular and plural verb
_THEN = {
    Verdict.HIGHER: (noted("went with higher growth"), noted("went with higher growth")),
    Verdict.LOWER: (noted("went with lower growth"), noted("went with lower growth")),
    Verdict.NOT_TOLD_APART: (
        noted("was not told apart from no difference"),
        noted("were not told apart from no difference"),
    ),
    Verdict.NOT_AMONG_ALL: (
        noted("was clear alone but not once all comparisons were counted"),
        noted("were clear alone but not once all comparisons were counted"),
    ),
    Verdict.TOO_FEW_SCHOOLS: (
        noted("could not be judged (too few schools)"),
        noted("could not be judged (too few schools)"),
    ),
    Verdict.REFUSED: (noted("had no number"), noted("had no number")),
    None: (noted("was not looked at"), noted("were not looked at")),
}
_NOW = {
    Verdict.HIGHER: (noted("now goes with higher growth"), noted("now go with higher growth")),
    Verdict.LOWER: (noted("now goes with lower growth"), noted("now go with lower growth")),
    Verdict.NOT_TOLD_APART: (
        noted("now cannot be told apart from no difference"),
        noted("now cannot be told apart from no difference"),
    ),
    Verdict.NOT_AMONG_ALL: (
        noted("now is clear alone but not once all comparisons are counted"),
        noted("now are clear alone but not once all comparisons are counted"),
    ),
    Verdict.TOO_FEW_SCHOOLS: (
        noted("now cannot be judged (too few schools)"),
        noted("now cannot be judged (too few schools)"),
    ),
    Verdict.REFUSED: (noted("now has no number"), noted("now have no number")),
    None: (noted("is no longer looked at"), noted("are no longer looked at")),
}
_OVERLAPS = {
    "within": noted("each estimate lies within the interval of the other"),
    "overlap": noted("the two intervals overlap"),
    "apart": noted(
        "the two intervals do not overlap, which more data alone seldom bring about: see what"
        " changed in data and method"
    ),
    "": "",
}
NO_CHANGE_OF_EFFECT = noted(
    "A changed reading is a change of what can be told, not of what the PD does: an interval"
    " that just holds zero and one that just leaves it out are nearly the same."
)
NO_TEST = noted(
    "The same teachers' earlier years are in both estimates. So they are not independent, the"
    " error of their difference is not known, and whether they differ is not tested."
)
_NOW_READS = {
    "strength": noted("a strength"),
    "typical": noted("typical"),
    "concern": noted("a concern"),
}
_FOLLOWED = {
    "yes": noted("yes"),
    "no": noted("no"),
    "cannot_tell": noted("cannot be told"),
    "in_progress": noted("in progress"),
    "too_early": noted("too early"),
}


def report_name(history: History) -> str:
    """The last report within a sentence: "the report of 2022–23"."""
    if history.then is None:
        return ""
    if history.is_same_year:
        return say("the build before it, of the same year ({date_of})", date_of=date_of(history.then))
    return say("the report of {report_year}", report_year=school_year(history.then.report_year))


def date_of(report: ReportRow) -> str:
    """The day on which a report was published, in UTC."""
    when = report.published_at
    return say("day not known") if when is None else f"{when.day} {when:%B %Y}"


def history_sentences(
    history: History,
    pairs: Sequence[ComparisonPair],
    recommendations: Sequence[RecommendationPair],
    changes: Sequence[IndicatorChange],
) -> tuple[str, ...]:
    """The answer: what reads otherwise; what came of what was recommended and which values changed; how far
    to trust it."""
    if history.then is None:
        reason = history.reason or say("no earlier report is remembered")
        return (
            say("This is the first report that the published database remembers: {reason}.", reason=reason),
            say("The next one will be held against it."),
        )
    told = " ".join(filter(None, (action_sentence(recommendations), value_sentence(changes))))
    method = (
        say(" Data or method changed as well: read that section first.")
        if has_other_method(history, changes)
        else ""
    )
    return tuple(
        filter(None, (reading_sentence(history, pairs), told, f"{say(NO_CHANGE_OF_EFFECT)}{method}"))
    )


def reading_sentence(history: History, pairs: Sequence[ComparisonPair]) -> str:
    """How many comparisons read otherwise; a single one by name."""
    asked = [pair for pair in pairs if pair.then is not None and pair.now is not None]
    since = report_name(history)
    if not asked:
        return say("No comparison of {since} can be held against one of this report.", since=since)
    changed = [pair for pair in asked if not pair.is_same_reading]
    if not changed:
        return say("{of_all} as in {since}.", of_all=_of_all(len(asked)), since=since)
    reads = say("reads") if len(changed) == 1 else say("read")
    head = say(
        "Of {n_comparisons}, {n_changed} {reads} otherwise than in {since}",
        n_comparisons=counted(len(asked), "comparison"),
        n_changed=count(len(changed)),
        reads=reads,
        since=since,
    )
    return f"{head}: {_clauses(changed[0])}." if len(changed) == 1 else f"{head}."


def _of_all(n: int) -> str:
    return say("The one comparison reads") if n == 1 else say("All {n} comparisons read", n=n)


def _clauses(pair: ComparisonPair) -> str:
    then, now = pair.verdicts
    number = int(terms.is_plural(pair.row.pd_type))
    return say(
        "{comparison_name} {then} and {now}",
        comparison_name=comparison_name(pair.row),
        then=say(_THEN[then][number]),
        now=say(_NOW[now][number]),
    )


def pair_sentence(pair: ComparisonPair) -> str:
    """One comparison whose reading changed, with both estimates."""
    sentence = capitalised(_clauses(pair))
    if not pair.has_both or pair.then is None or pair.now is None:
        return f"{sentence}."
    estimates = say(
        "{estimate_with_interval} then, {estimate_with_interval_2} now",
        estimate_with_interval=estimate_with_interval(pair.then),
        estimate_with_interval_2=estimate_with_interval(pair.now),
    )
    return f"{sentence}: {estimates}; {say(_OVERLAPS[pair.overlap])}."


def pair_title(history: History, pairs: Sequence[ComparisonPair]) -> str:
    """What to see in the picture of comparisons then and now."""
    drawn = [pair for pair in pairs if pair.has_both]
    changed = sum(not pair.is_same_reading for pair in drawn)
    if changed:
        reads = say("reads") if changed == 1 else say("read")
        of = counted(len(drawn), "comparison")
        return say(
            "{changed} of {of} {reads} otherwise than in {report_name}",
            changed=changed,
            of=of,
            reads=reads,
            report_name=report_name(history),
        )
    apart = sum(pair.overlap == "apart" for pair in drawn)
    if apart:
        return say(
            "{of_all} as before; {n_pairs} of intervals do not overlap",
            of_all=_of_all(len(drawn)),
            n_pairs=counted(apart, "pair"),
        )
    return say("{of_all} as before, and then and now overlap everywhere", of_all=_of_all(len(drawn)))


def reading(judged: Verdict | None) -> str:
    """A verdict as a cell."""
    return say("not looked at") if judged is None else say(judged.value)


def action_sentence(pairs: Sequence[RecommendationPair]) -> str:
    """What was recommended then: how far hours went that way, and what is recommended otherwise now."""
    asked = [pair for pair in pairs if pair.then is not None]
    if not asked:
        return ""
    parts = []
    seen = [pair for pair in asked if pair.followed is not None and pair.followed.code in ("yes", "no")]
    if seen:
        went = sum(pair.followed is not None and pair.followed.code == "yes" for pair in seen)
        parts.append(
            say(
                "Of {n_recommendations} that would show in hours, hours went as recommended for {words}.",
                n_recommendations=counted(len(seen), "recommendation"),
                words=say("none") if not went else count(went),
            )
        )
    other = [pair for pair in asked if pair.is_other_action]
    if other:
        named = [_other_action(pair) for pair in other]
        shown = f": {listed(named)}" if len(named) <= MOST_NAMED else ""
        parts.append(
            say(
                "{n_other} of {n_recommendations} {words} another now{shown}.",
                n_other=count(len(other)),
                n_recommendations=counted(len(asked), "recommendation"),
                words=say("is") if len(other) == 1 else say("are"),
                shown=shown,
            )
        )
    else:
        parts.append(say("Every recommendation is as it was."))
    return " ".join(parts)


def _other_action(pair: RecommendationPair) -> str:
    then, now = (row.action if row else None for row in (pair.then, pair.now))
    return say(
        "{pd_type_in_sentence} ({then}, now {now})",
        pd_type_in_sentence=terms.pd_type_in_sentence(pair.pd_type),
        then=then,
        now=now,
    )


def action_points(pairs: Sequence[RecommendationPair]) -> tuple[str, ...]:
    """Each type recommended otherwise, with the reasons of both reports."""
    return tuple(
        say(
            "{pd_type_name}: {action} then, {action_2} now. Then: {sentence} Now: {sentence_2}",
            pd_type_name=terms.pd_type_name(pair.pd_type),
            action=pair.then.action,
            action_2=pair.now.action,
            sentence=_sentence(pair.then.reasons),
            sentence_2=_sentence(pair.now.reasons),
        )
        for pair in pairs
        if pair.is_other_action and pair.then is not None and pair.now is not None
    )


def _sentence(text: str | None) -> str:
    return f"{text.rstrip('.')}." if text else say("no reason given.")


def decided(pair: RecommendationPair) -> str:
    """What was decided since about a type, and whether it was acted on."""
    said = [
        say(
            "{action} in {school_year}; acted on: {followed}",
            action=row.action,
            school_year=school_year(row.school_year),
            followed=say(_FOLLOWED[row.acted_on]),
        )
        for row in pair.decisions
    ]
    return "; ".join(said) or say("nothing on record")


def followed(pair: RecommendationPair) -> str:
    """Whether hours went as recommended; the reason where that cannot be told."""
    if pair.followed is None:
        return say(NO_NUMBER)
    code = pair.followed.code
    return (
        say(_FOLLOWED[code]) if code in ("yes", "no") else f"{say(_FOLLOWED[code])}: {pair.followed.reason}"
    )


def hours_text(hours: float | None) -> str:
    """Hours of a year; what is not there is hidden, or of a year without any hours on file."""
    return say("not shown") if hours is None else decimal(hours, 0)


def value_sentence(changes: Sequence[IndicatorChange]) -> str:
    """How many values of the district changed clearly, the first of them by name."""
    if not changes:
        return ""
    told = [change for change in changes if change.is_told]
    if not told:
        return say(
            "Of {n_values} of the district in both reports, none changed clearly.",
            n_values=counted(len(changes), "value"),
        )
    named = [change_clause(change) for change in told[:MOST_NAMED]]
    rest = say(", and {n_told} more", n_told=count(len(told) - MOST_NAMED)) if len(told) > MOST_NAMED else ""
    return say(
        "Of {n_values} of the district in both reports, {n_told} changed clearly: {listed}{rest}.",
        n_values=counted(len(changes), "value"),
        n_told=count(len(told)),
        listed="; ".join(named),
        rest=rest,
    )


def change_clause(change: IndicatorChange) -> str:
    """A value then and now within a sentence: "novices with a mentor, 61% then and 68% now"."""
    return say(
        "{lower_first}, {written} then and {written_2} now",
        lower_first=lower_first(indicator_name(change)),
        written=written(change, change.base.value),
        written_2=written(change, change.now.value),
    )


def lower_first(text: str) -> str:
    """The text within a sentence; abbreviations stay as they are."""
    return text if text[1:2].isupper() else text[:1].lower() + text[1:]


def indicator_name(change: IndicatorChange) -> str:
    """Label, and what the value is of where that is not everything."""
    label = change.now.label or terms.plain(change.now.indicator)
    if change.now.category == "all":
        return label
    return f"{label}: {terms.pd_type_in_sentence(change.now.category).replace('_', ' ')}"


def written(change: IndicatorChange, value: float | None) -> str:
    """A value in its unit."""
    if value is None:
        return say(NO_NUMBER)
    return percent(value) if change.is_share else decimal(value, 0 if abs(value) >= 100 else 2)


def difference_text(change: IndicatorChange) -> str:
    """The change, with its interval where there is one; points of a share."""
    factor, unit = (100.0, say(" points")) if change.is_share else (1.0, "")
    found = change.difference
    if found is None:
        places = 1 if change.is_share else 2
        return f"{signed(factor * change.change, places)}{unit}"
    places = 1 if change.is_share else interval_decimals(found.low, found.high)
    low, high = (decimal(factor * end, places) for end in (found.low, found.high))
    return say(
        "{factor}{unit} ({low} to {high})",
        factor=signed(factor * found.value, places),
        unit=unit,
        low=low,
        high=high,
    )


def followed_rule() -> str:
    """When hours count as moved as recommended."""
    return say(
        "As recommended: after scale, hours or reach are up by {grown:.0%} or more; after stop or pause,"
        " hours are down by {halved:.0%} or more; after sustain, hours are within {kept:.0%} of what they"
        " were; adapt and study do not show in hours. Why hours changed is not known from this.",
        grown=GROWN,
        halved=HALVED,
        kept=KEPT,
    )


def indicator_rule() -> str:
    """When a value is said to have changed."""
    return say(
        "A change is said where both years have an interval and the interval of the difference leaves out"
        " zero after all values looked at are counted (adjusted p-value below 0.05); or where everybody was"
        " counted, so that there is nothing uncertain, and it comes to {points:.0f} points of a share or"
        " {ratio:.0%} of another value. Where the same people are in both years the intervals are too wide"
        " rather than too narrow.",
        points=NOTABLE_SHARE * 100,
        ratio=NOTABLE_RATIO,
    )


def change_reading(change: IndicatorChange) -> str:
    """What may be said of a change."""
    if change.difference is not None:
        if not change.is_told:
            return say("cannot be told")
        return say("higher") if change.difference.value > 0 else say("lower")
    if not change.is_counted:
        return say("cannot be told: one year without interval")
    if change.change == 0.0:
        return say("the same")
    return say(
        "counted, {words}{words_2}",
        words=say("higher") if change.change > 0 else say("lower"),
        words_2="" if change.is_told else say(" by little"),
    )


def how_sure(change: IndicatorChange) -> str:
    """What a clear change rests on, and what the indicator's own rule now says."""
    ground = say("everybody counted") if change.difference is None else say("interval leaves out 0")
    if change.base.status != change.now.status and change.now.status in _NOW_READS:
        status = say(_NOW_READS[change.now.status])
        return say("{ground}; now {status}", ground=ground, status=status)
    return ground


def method_points(history: History, changes: Sequence[IndicatorChange]) -> tuple[str, ...]:
    """What is another in data and method than it was in the last report."""
    return _method_changes(history, changes) or (
        say(
            "None found: the same version, settings and kinds of sources, and the same values of"
            " the last report's year."
        ),
    )


def has_other_method(history: History, changes: Sequence[IndicatorChange]) -> bool:
    """Whether anything in data or method is another than it was."""
    return bool(_method_changes(history, changes))


def _method_changes(history: History, changes: Sequence[IndicatorChange]) -> tuple[str, ...]:
    then, now = history.then, history.now
    if then is None or now is None:
        return ()
    names = changed_settings(then.settings, now.settings)
    points = [
        _versions(then, now),
        say("Set differently in study.toml: {names}.", names=listed(names)) if names else "",
        _led_otherwise(history),
        *_entities(history),
        _revised(history, changes),
    ]
    return tuple(point for point in points if point)


def _versions(then: ReportRow, now: ReportRow) -> str:
    told = [
        say(
            "{what} {before} then, {after} now",
            what=what,
            before=before or say("not known"),
            after=after or say("not known"),
        )
        for what, before, after in (
            ("pdeval", then.pdeval_version, now.pdeval_version),
            (say("tables of version"), then.schema_version, now.schema_version),
        )
        if before != after
    ]
    return say("Another version: {listed}. Definitions may differ.", listed="; ".join(told)) if told else ""


def _led_otherwise(history: History) -> str:
    if history.is_led_alike or history.then is None or history.now is None:
        return ""
    before, after = (_lead(report) for report in (history.then, history.now))
    return say(
        "The last report led with another comparison: {before} then, {after} now. Below, the"
        " comparison of then is held against the same one now, so that like stands beside"
        " like.",
        before=before,
        after=after,
    )


def _lead(report: ReportRow) -> str:
    if not report.design:
        return say("none")
    return f"“{terms.design_name(report.design)}”, {terms.contrast_name(report.contrast or '')}"


def _entities(history: History) -> list[str]:
    then, now = set(history.entities_then), set(history.entities_now)
    new, gone = (
        [lower_first(terms.plain(entity)) for entity in sorted(names)] for names in (now - then, then - now)
    )
    return [
        say("New kinds of sources: {new}.", new=listed(new)) if new else "",
        say("No longer there: {gone}.", gone=listed(gone)) if gone else "",
    ]


def _revised(history: History, changes: Sequence[IndicatorChange]) -> str:
    revised = [change for change in changes if change.is_revised]
    if not revised or history.then is None:
        return ""
    named = [
        say(
            "{lower_first} ({written} as reported, {written_2} today)",
            lower_first=lower_first(indicator_name(change)),
            written=written(change, change.then.value),
            written_2=written(change, change.base.value),
        )
        for change in revised[:MOST_NAMED]
    ]
    rest = (
        say(" and {n_revised} more", n_revised=len(revised) - MOST_NAMED) if len(revised) > MOST_NAMED else ""
    )
    return say(
        "{n_values} of {report_year} come out otherwise from today's data and definitions:"
        " {listed}{rest}. Changes below are counted from today's.",
        n_values=counted(len(revised), "value"),
        report_year=school_year(history.then.report_year),
        listed=", ".join(named),
        rest=rest,
    )


def turned_away(report: ReportRow) -> str:
    """Rows turned away with their share."""
    if report.rows_turned_away is None:
        return say(NO_NUMBER)
    share = report.rows_turned_away / report.rows_read if report.rows_read else 0.0
    return f"{count(report.rows_turned_away)} ({percent(share)})"
