"""The list of all kinds of PD: a picture, a table of one row a kind, and a card that leads to each page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from transforms.reporting import terms
from transforms.reporting.catalogue import noted, say
from transforms.reporting.charts import comparisons_picture
from transforms.reporting.cost_words import money
from transforms.reporting.decision_words import ACTION_TITLES
from transforms.reporting.kind_rows import Kinds
from transforms.reporting.numerals import NO_NUMBER, counted, listed, percent, school_year
from transforms.reporting.paths import pd_type_path
from transforms.reporting.picture import Picture
from transforms.reporting.rows import EffectRow
from transforms.reporting.school_tables import TOO_FEW
from transforms.reporting.sections import Card, Section, SectionPage
from transforms.reporting.tables import READS_AS, DataTable, make_table
from transforms.reporting.words import Verdict, estimate_with_interval, read_effect, refusal_reason, verdict

ByType = Mapping[str, Sequence[EffectRow]]
_TONES = {Verdict.HIGHER: "higher", Verdict.LOWER: "lower"}


def kinds_index(kinds: Kinds) -> SectionPage:
    """All kinds of PD side by side."""
    report = kinds.report
    by_type = {
        name: [row for row in kinds.main if row.pd_type == name]
        for name in sorted(kinds.pd_types, key=terms.pd_type_name)
    }
    return SectionPage(
        title=say("Kinds of professional development"),
        study_name=report.build.study_name,
        year=school_year(report.build.report_year),
        sentences=(
            say(
                "{n_kinds} of professional development (PD) {words} on record; {found}.",
                n_kinds=counted(len(by_type), "kind"),
                words=say("is") if len(by_type) == 1 else say("are"),
                found=_found(by_type),
            ),
            say(
                "Each has a page: what it is, whom it reached, what goes with it, how sure that"
                " is, what it cost, what to do next."
            ),
        ),
        sections=(_glance(kinds, by_type), _pages(kinds, by_type)) if by_type else (),
        missing=_missing(by_type),
    )


def _found(by_type: ByType) -> str:
    rows = [row for rows in by_type.values() for row in rows]
    said = []
    for judged, word in ((Verdict.HIGHER, say("higher")), (Verdict.LOWER, say("lower"))):
        names = [_name(row) for row in rows if verdict(row) is judged]
        if names:
            said.append(say("growth is clearly {word} with {names}", word=word, names=listed(names)))
    return say(" and ").join(said) or say("for none of them can a difference in growth be told from zero")


def _name(row: EffectRow) -> str:
    return f"{terms.pd_type_in_sentence(row.pd_type)} ({terms.subject_in_sentence(row.academic_subject)})"


def _glance(kinds: Kinds, by_type: ByType) -> Section:
    estimated = [row for row in kinds.main if not row.is_refused]
    clear = sum(verdict(row).is_clear for row in estimated)
    how = terms.design_name(estimated[0].design).lower() if estimated else ""
    return Section(
        "all",
        say("All kinds at a glance"),
        open_tables=(_glance_table(kinds, by_type),),
        pictures=(
            Picture(
                "kinds-comparisons",
                say(
                    "{clear} of {n_comparisons} can be told from zero",
                    clear=clear,
                    n_comparisons=counted(len(estimated), "comparison"),
                ),
                comparisons_picture(estimated, "kinds-comparisons"),
                say(
                    "Difference in student growth, with its 95% interval: {how}. ▲ higher growth,"
                    " ▼ lower growth, ○ not clear, alone or once all comparisons are counted.",
                    how=how,
                ),
            ),
        ),
        note=say(
            "Growth is in standard deviations (SD) of students' scores with its 95% interval; these are"
            " associations except where places were drawn by lot. Tier: how strong the evidence is by the"
            " Every Student Succeeds Act (ESSA), 1 the strongest; where none is named, none is reached."
            " Cost: of a student whose teacher took part."
        ),
    )


def _glance_table(kinds: Kinds, by_type: ByType) -> DataTable:
    subjects = list(dict.fromkeys(row.academic_subject for rows in by_type.values() for row in rows))
    growth = "".join(
        say("{subject}, SD", subject=terms.subject_name(subject)) + noted(" #|Reads as|")
        for subject in subjects
    )
    return make_table(
        say("Reach, growth, cost and action by kind of PD"),
        f"Kind of PD|Teachers reached #|{growth}Cost a student #|The rules say",
        [_cells(kinds, name, rows, subjects) for name, rows in by_type.items()],
    )


def _cells(kinds: Kinds, pd_type: str, rows: Sequence[EffectRow], subjects: Sequence[str]) -> tuple[str, ...]:
    growth: list[str] = []
    for subject in subjects:
        growth += _growth_cells(next((row for row in rows if row.academic_subject == subject), None))
    cost = next((row for row in kinds.costs.types if row.pd_type == pd_type), None)
    return (
        terms.pd_type_name(pd_type),
        _reach(kinds, pd_type),
        *growth,
        say(NO_NUMBER) if cost is None else money(cost.cost_per_student, kinds.costs.currency),
        _action(kinds, pd_type) or say("nothing"),
    )


def _growth_cells(row: EffectRow | None) -> tuple[str, str]:
    if row is None or row.is_refused:
        return say(NO_NUMBER), say("no estimate")
    tier = "" if row.essa_tier is None else say(", tier {essa_tier}", essa_tier=row.essa_tier)
    return estimate_with_interval(row), f"{say(READS_AS[verdict(row)])}{tier}"


def _reach(kinds: Kinds, pd_type: str) -> str:
    year = kinds.report.build.report_year
    row = next(
        (r for r in kinds.report.district_reach if (r.pd_type, r.school_year) == (pd_type, year)), None
    )
    if row is None:
        return "0%"
    return say(TOO_FEW) if row.share is None else percent(row.share)


def _action(kinds: Kinds, pd_type: str) -> str:
    return next((row.action for row in kinds.decisions.recommendations if row.pd_type == pd_type), "")


def _pages(kinds: Kinds, by_type: ByType) -> Section:
    return Section(
        "pages",
        say("Each kind on its page"),
        cards=tuple(_card(kinds, name, rows) for name, rows in by_type.items()),
    )


def _card(kinds: Kinds, pd_type: str, rows: Sequence[EffectRow]) -> Card:
    estimated = [row for row in rows if not row.is_refused]
    said = tuple(read_effect(row).headline for row in estimated)
    reasons = "; ".join(dict.fromkeys(refusal_reason(row) for row in rows))
    action = _action(kinds, pd_type)
    tones = [_TONES[verdict(row)] for row in estimated if verdict(row).is_clear]
    return Card(
        terms.pd_type_name(pd_type),
        said
        or (
            say("No estimate: {reasons}.", reasons=reasons or say("it was not compared with student growth")),
        ),
        note=say("The rules say: {action_titles}.", action_titles=say(ACTION_TITLES[action]).lower())
        if action
        else "",
        tone=tones[0] if len(set(tones)) == 1 else "",
        href=pd_type_path(pd_type),
    )


def _missing(by_type: ByType) -> tuple[str, ...]:
    return () if by_type else (say("Nobody has attended PD on record, so there is no kind of it to show."),)
