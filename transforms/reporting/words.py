"""One estimate in words, by rules that a test holds.

The rules: an association is never called an effect; an interval with zero in it "cannot be told
apart from no difference"; what stands apart alone but not among all comparisons made is said so;
fewer than four degrees of freedom are judged no further; the teachers and schools that carry a
number stand beside it; a refused estimate gives its reason and no number.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum
from statistics import NormalDist
from typing import Protocol

from transforms.reporting import terms
from transforms.reporting.catalogue import noted, say
from transforms.reporting.numerals import counted, decimal, interval, interval_decimals, signed
from transforms.reporting.rows import EffectRow

ALPHA = 0.05
# What a reason counts: "2 teachers with aligned hours, fewer than 10".
_FEW = re.compile(r"\b(\d+) ([a-z][a-z0-9 ]*), fewer than (\d+)")
_ORDINALS = {0: noted("{n}th"), 1: noted("{n}st"), 2: noted("{n}nd"), 3: noted("{n}rd")}
MINIMUM_DF = 4  # below it the t quantile swings so much that an interval says little (Tipton 2015)
SMALL_BELOW, LARGE_FROM = 0.05, 0.20  # Kraft (2020), Educational Researcher 49(4), table 2


class Verdict(Enum):
    """How sure a comparison can be."""

    REFUSED = noted("not available")
    TOO_FEW_SCHOOLS = noted("too few schools to judge")
    NOT_TOLD_APART = noted("cannot be told apart from no difference")
    NOT_AMONG_ALL = noted("not clear once all comparisons are counted")
    LOWER = noted("lower growth")
    HIGHER = noted("higher growth")

    @property
    def is_clear(self) -> bool:
        """Whether the direction can be told."""
        return self in (Verdict.LOWER, Verdict.HIGHER)


@dataclass(frozen=True)
class Reading:
    """One comparison in words: a headline, then sentences in the order in which they are read."""

    verdict: Verdict
    headline: str
    sentences: tuple[str, ...]
    tier: str


class Judged(Protocol):
    """What a verdict rests on: an estimate with its 95 % interval."""

    @property
    def is_refused(self) -> bool: ...
    @property
    def estimate_sd(self) -> float | None: ...
    @property
    def ci_low(self) -> float | None: ...
    @property
    def ci_high(self) -> float | None: ...
    @property
    def df(self) -> float | None: ...
    @property
    def p_value_bh(self) -> float | None: ...


class Compared(Judged, Protocol):
    """A judged estimate that knows what was compared."""

    @property
    def pd_type(self) -> str: ...
    @property
    def academic_subject(self) -> str: ...
    @property
    def contrast(self) -> str | None: ...


def verdict(row: Judged) -> Verdict:
    """Judge one estimate; an interval that touches zero contains it."""
    if row.is_refused or row.ci_low is None or row.ci_high is None or row.estimate_sd is None:
        return Verdict.REFUSED
    if row.df is not None and row.df < MINIMUM_DF:
        return Verdict.TOO_FEW_SCHOOLS
    if row.ci_low <= 0 <= row.ci_high:
        return Verdict.NOT_TOLD_APART
    if row.p_value_bh is not None and row.p_value_bh >= ALPHA:
        return Verdict.NOT_AMONG_ALL
    return Verdict.HIGHER if row.estimate_sd > 0 else Verdict.LOWER


def comparison_name(row: Compared) -> str:
    """The compared kind of PD and subject, within a sentence: "coaching in mathematics"."""
    return say(
        "{pd_type_in_sentence} in {subject_in_sentence}",
        pd_type_in_sentence=terms.pd_type_in_sentence(row.pd_type),
        subject_in_sentence=terms.subject_in_sentence(row.academic_subject),
    )


def refusal_reason(row: EffectRow) -> str:
    """Why a row has no number, as the model said it, without a full stop and without counting a few."""
    return without_few(
        (row.note or say("the model gave no number")).removeprefix("refused:").strip().rstrip(".")
    )


def without_few(reason: str) -> str:
    """A reason that counts people where they are too few says of how many they are fewer instead."""
    return _FEW.sub(
        lambda found: say("fewer than {n} {who}", n=found[3], who=found[2]),
        reason,
    )


def read_effect(row: EffectRow) -> Reading:
    """Put one row into words."""
    judged = verdict(row)
    if judged is Verdict.REFUSED:
        return Reading(
            judged,
            say(
                "{name_first}: not available: {refusal_reason}.",
                name_first=_name_first(row),
                refusal_reason=refusal_reason(row),
            ),
            (),
            "",
        )
    parts = (difference(row), in_scale_points(row), carried_by(row), size(row, judged), limit(row, judged))
    return Reading(
        judged, headline(row, judged), tuple(part for part in parts if part), terms.tier_name(row.essa_tier)
    )


def headline(row: EffectRow, judged: Verdict) -> str:
    """The verdict on one estimated row as one sentence."""
    name, first = comparison_name(row), _name_first(row)
    direction = say("higher") if (row.estimate_sd or 0) > 0 else say("lower")
    goes = say("go") if terms.is_plural(row.pd_type) else say("goes")
    sentences = {
        Verdict.HIGHER: say("{first} {goes} with higher growth.", first=first, goes=goes),
        Verdict.LOWER: say("{first} {goes} with lower growth.", first=first, goes=goes),
        Verdict.NOT_TOLD_APART: say("{first} cannot be told apart from no difference.", first=first),
        Verdict.NOT_AMONG_ALL: say(
            "Taken alone, {name} {goes} with {direction} growth; once all comparisons made are"
            " counted, this cannot be told apart from no difference.",
            name=name,
            goes=goes,
            direction=direction,
        ),
        Verdict.TOO_FEW_SCHOOLS: say("{first} cannot be judged: too few schools tell about it.", first=first),
    }
    return sentences[judged]


def difference(row: EffectRow) -> str:
    """The estimate and its interval; a direction only where the interval leaves one."""
    if row.estimate_sd is None or row.ci_low is None or row.ci_high is None:
        return ""
    places = interval_decimals(row.ci_low, row.ci_high)
    bounds = say("95% interval {interval}", interval=interval(row.ci_low, row.ci_high, places))
    subject = _what_is_compared(row)
    versus = "" if row.contrast == "per_10_hours" else say(" than that of others")
    if row.ci_low <= 0 <= row.ci_high or verdict(row) is Verdict.TOO_FEW_SCHOOLS:
        return say(
            "{subject} differed by {estimate_sd} SD ({bounds}).",
            subject=subject,
            estimate_sd=signed(row.estimate_sd, places),
            bounds=bounds,
        )
    direction = say("higher") if row.estimate_sd > 0 else say("lower")
    amount = decimal(abs(row.estimate_sd), places)
    return say(
        "{subject} was {amount} SD {direction}{versus} ({bounds}), {in_percentiles}.",
        subject=subject,
        amount=amount,
        direction=direction,
        versus=versus,
        bounds=bounds,
        in_percentiles=in_percentiles(row.estimate_sd),
    )


def estimate_with_interval(row: Judged) -> str:
    """The figures of one estimated row: +0.08 (0.02 to 0.14)."""
    places = interval_decimals(row.ci_low or 0, row.ci_high or 0)
    return f"{signed(row.estimate_sd, places)} ({interval(row.ci_low, row.ci_high, places)})"


def in_scale_points(row: EffectRow) -> str:
    """The same in points of the test, where the fit has one scale; empty elsewhere."""
    if row.estimate_scale_points is None:
        return ""
    points = say(
        "In points of the test: {estimate_scale_points}",
        estimate_scale_points=decimal(row.estimate_scale_points, 1),
    )
    if not row.std_error_scale_points or not row.std_error or row.ci_low is None or row.ci_high is None:
        return f"{points}."
    points_per_sd = row.std_error_scale_points / row.std_error
    bounds = interval(row.ci_low * points_per_sd, row.ci_high * points_per_sd, 1)
    error = decimal(row.std_error_scale_points, 1)
    return say(
        "{points} (standard error {error}; 95% interval {bounds}).", points=points, error=error, bounds=bounds
    )


def carried_by(row: EffectRow) -> str:
    """The teachers and schools whose participation the number rests on."""
    if row.n_participants is None:
        return ""
    teachers = counted(row.n_participants, terms.participant_noun(row.pd_type))
    schools = (
        say(" in {n_schools}", n_schools=counted(row.n_participant_schools, "school"))
        if row.n_participant_schools
        else ""
    )
    return say(
        "{teachers}{schools} {words} this.",
        teachers=teachers,
        schools=schools,
        words=say("carries") if row.n_participants == 1 else say("carry"),
    )


def size(row: EffectRow, judged: Verdict) -> str:
    """The size against Kraft's bins; only for clear differences between taking part and not."""
    if not judged.is_clear or row.contrast == "per_10_hours" or row.estimate_sd is None:
        return ""
    magnitude = abs(row.estimate_sd)
    word = (
        say("small") if magnitude < SMALL_BELOW else say("medium") if magnitude < LARGE_FROM else say("large")
    )
    return say(
        "Among randomised studies of school programmes this size counts as {word} (Kraft 2020).", word=word
    )


def limit(row: EffectRow, judged: Verdict) -> str:
    """What the number does not say."""
    if judged is Verdict.TOO_FEW_SCHOOLS:
        return say(
            "With fewer than four degrees of freedom the interval is unreliable; this is no"
            " evidence of an effect."
        )
    if not judged.is_clear:
        return say("This is no evidence of an effect, and no proof that there is none.")
    if row.design == "lottery":
        return say("Places were drawn by lot, so the difference can be put down to the offer.")
    return say("This is an association: teachers were not assigned at random, so it does not show a cause.")


def _what_is_compared(row: EffectRow) -> str:
    subject = terms.subject_in_sentence(row.academic_subject)
    pd_type = terms.pd_type_in_sentence(row.pd_type)
    if row.contrast == "per_10_hours":
        return say(
            "With each 10 more hours of {pd_type}, growth in {subject}", pd_type=pd_type, subject=subject
        )
    if row.contrast == "offered":
        return say(
            "Growth in {subject} of students whose teachers were offered {pd_type}",
            subject=subject,
            pd_type=pd_type,
        )
    return say(
        "Growth in {subject} of students whose teachers took part in {pd_type}",
        subject=subject,
        pd_type=pd_type,
    )


def _name_first(row: EffectRow) -> str:
    return say(
        "{pd_type_name} in {subject_in_sentence}",
        pd_type_name=terms.pd_type_name(row.pd_type),
        subject_in_sentence=terms.subject_in_sentence(row.academic_subject),
    )


def in_percentiles(difference_sd: float) -> str:
    """A difference as the way of a student from the middle of all students."""
    rank = round(100 * NormalDist().cdf(difference_sd))
    is_teen = 10 <= rank % 100 <= 20
    ordinal = "{n}th" if is_teen else _ORDINALS.get(rank % 10, "{n}th")
    return say(
        "about the distance from the 50th to the {rank} percentile of students", rank=say(ordinal, n=rank)
    )
