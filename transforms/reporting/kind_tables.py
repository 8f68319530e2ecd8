"""The tables of a PD type's page that no other page has, and the others without its name in each row."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from transforms.reporting import terms
from transforms.reporting.catalogue import noted, say, say_each
from transforms.reporting.evidence_rows import CalibrationRow
from transforms.reporting.kind_charts import started
from transforms.reporting.kind_rows import Kind, ProfileRow
from transforms.reporting.learning_rows import AdoptionRow
from transforms.reporting.numerals import NO_NUMBER, count, decimal, percent, school_year, signed
from transforms.reporting.rows import EffectRow, ReachRow
from transforms.reporting.school_tables import TOO_FEW
from transforms.reporting.tables import READS_AS, DataTable, make_table
from transforms.reporting.words import Verdict, estimate_with_interval, refusal_reason, verdict

_KIND_COLUMNS = (noted("PD"), noted("Kind of PD"))


def of_one_kind(table: DataTable) -> DataTable:
    """``table`` without its column of kinds of PD, which says the same in each row of one kind's page."""
    names = say_each(_KIND_COLUMNS)
    kept = [place for place, column in enumerate(table.columns) if column.title not in names]
    if not kept or len(kept) == len(table.columns):
        return table
    return replace(
        table,
        columns=tuple(table.columns[place] for place in kept),
        rows=tuple(tuple(row[place] for place in kept) for row in table.rows),
    )


def ways_table(rows: Sequence[EffectRow], calibrations: Sequence[CalibrationRow]) -> DataTable:
    """Each way to compare with what it finds, how strong it is, or why it has no number or is struck out."""
    return make_table(
        say("What each way to compare finds"),
        "Compared|Subject|Growth, SD (95% interval) #|Reads as|Evidence tier|What Works Clearinghouse"
        "|Teachers in PD #",
        [
            (
                f"{terms.design_name(row.design)}{(say(', offered') if row.contrast == 'offered' else '')}",
                terms.subject_name(row.academic_subject),
                say(NO_NUMBER) if row.is_refused else estimate_with_interval(row),
                _reads_as(row, calibrations),
                "none" if row.essa_tier is None else say("Tier {essa_tier}", essa_tier=row.essa_tier),
                row.wwc_rating or say("not rated"),
                say(NO_NUMBER) if row.is_refused else count(row.n_participants),
            )
            for row in rows
        ],
    )


def _reads_as(row: EffectRow, calibrations: Sequence[CalibrationRow]) -> str:
    judged = verdict(row)
    if judged is Verdict.REFUSED:
        return say("no estimate: {refusal_reason}", refusal_reason=refusal_reason(row))
    if not row.is_struck_out:
        return say(READS_AS[judged])
    return say("struck out: {why_struck}", why_struck=_why_struck(row, calibrations))


def _why_struck(row: EffectRow, calibrations: Sequence[CalibrationRow]) -> str:
    trials = [
        trial
        for trial in calibrations
        if trial.is_struck_out
        and (trial.design, trial.academic_subject) == (row.design, row.academic_subject)
    ]
    covered = [trial.coverage for trial in trials if trial.coverage is not None]
    if not covered:
        return say("its intervals failed on this study's own data")
    return say("only {min} of its 95% intervals held a known effect", min=percent(min(covered)))


def trials_table(rows: Sequence[CalibrationRow]) -> DataTable:
    """How each design did when nothing was there to find, and what it would have found."""
    return make_table(
        say("Each way to compare, tried on this study's own data"),
        "Compared|Subject|Contrast|Tried on|95% intervals that held the known effect #|Bias, SD #"
        "|Smallest difference found 4 times in 5, SD #",
        [
            (
                f"{terms.design_name(row.design)}{(say(', struck out') if row.is_struck_out else '')}",
                terms.subject_name(row.academic_subject),
                terms.contrast_name(row.contrast),
                say("all kinds") if row.pd_type == "all" else say("this kind"),
                percent(row.coverage),
                signed(row.bias_sd, 3),
                decimal(row.minimum_detectable_sd),
            )
            for row in rows
        ],
    )


def profile_table(rows: Sequence[ProfileRow]) -> DataTable:
    """What the type was like, year by year."""
    return make_table(
        say("What it was, by school year"),
        "Year|Activities #|People #|Hours #|Planned hours #|By the district #|By schools #|By teachers #"
        "|Linked to the curriculum #|Mandatory #|Research base strong or moderate #",
        [
            (school_year(row.school_year), *_profile_cells(row))
            for row in sorted(rows, key=lambda row: row.school_year)
        ],
    )


def _profile_cells(row: ProfileRow) -> tuple[str, ...]:
    if row.is_suppressed:
        return (say(TOO_FEW),) * 10
    shares = started(row)
    return (
        count(row.n_activities),
        count(row.n_people),
        decimal(row.hours, 0),
        decimal(row.planned_hours, 1),
        *(percent(share) if sum(shares) else _hidden(row) for share in shares),
        *(
            _hidden(row) if share is None else percent(share)
            for share in (row.curriculum_linked_share, row.mandatory_share, row.research_based_share)
        ),
    )


def _hidden(row: ProfileRow) -> str:
    """A share that is missing: hidden where parts are of few people, else not on record."""
    return (
        say("{too_few} or not on record", too_few=say(TOO_FEW))
        if row.has_small_part
        else say("not on record")
    )


def schools_table(rows: Sequence[ReachRow]) -> DataTable:
    """The share of each school's teachers reached."""
    return make_table(
        say("Share of each school's teachers reached"),
        "School|Teachers reached #|Teachers #|Share #|Hours each #",
        [
            (
                row.school,
                say(TOO_FEW) if row.n_participants is None else count(row.n_participants),
                say(TOO_FEW) if row.n_teachers is None else count(row.n_teachers),
                say(TOO_FEW) if row.share is None else percent(row.share),
                say(TOO_FEW) if row.hours_per_participant is None else decimal(row.hours_per_participant, 1),
            )
            for row in sorted(rows, key=lambda row: row.school)
        ],
    )


def adoption_table(rows: Sequence[AdoptionRow]) -> DataTable:
    """In how many schools it has taken hold, year by year."""
    return make_table(
        say("Schools where it has taken hold"),
        "Year|Schools #|It has taken hold in #|Share #|New in the year #|Lived in the year #",
        [
            (
                school_year(row.school_year),
                count(row.n_schools),
                count(row.n_adopted),
                percent(row.share),
                count(row.n_new),
                count(row.n_practising),
            )
            for row in sorted(rows, key=lambda row: row.school_year)
        ],
    )


def hours_table(kind: Kind) -> DataTable:
    """Hours by school year with what was decided in it."""
    decided: dict[int, list[str]] = {}
    for review in kind.decisions.reviews:
        decided.setdefault(review.school_year, []).append(review.action)
    return make_table(
        say("Hours and decisions, by school year"),
        "Year|Hours #|Decided",
        [
            (
                school_year(row.school_year),
                say(TOO_FEW) if row.hours is None else decimal(row.hours, 0),
                ", ".join(decided.get(row.school_year, [say("nothing on record")])),
            )
            for row in sorted(kind.district_reach, key=lambda row: row.school_year)
        ],
    )
