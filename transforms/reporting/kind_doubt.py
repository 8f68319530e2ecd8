"""Sections of a PD type's page on doubt: for whom growth differs, and what speaks against the estimates."""

from __future__ import annotations

from collections.abc import Sequence

from transforms.reporting import evidence_words, terms
from transforms.reporting.catalogue import say
from transforms.reporting.evidence_charts import DESIGNS, love_picture
from transforms.reporting.evidence_figures import LOVE_CAPTION, SPECIFICATIONS_CAPTION
from transforms.reporting.evidence_rows import DifferenceRow, SensitivityRow
from transforms.reporting.evidence_tables import (
    balance_table,
    sensitivity_table,
    specifications_table,
    tested_differences_table,
)
from transforms.reporting.kind_differences import (
    clearest_sentence,
    differences_picture,
    differences_title,
    is_told_apart,
)
from transforms.reporting.kind_growth import ways
from transforms.reporting.kind_power import findable_picture, findable_title
from transforms.reporting.kind_rows import Kind
from transforms.reporting.kind_tables import trials_table
from transforms.reporting.kind_words import failed_placebos, is_more_than_chance
from transforms.reporting.numerals import counted, decimal, listed, percent, signed
from transforms.reporting.picture import Picture
from transforms.reporting.rows import EffectRow
from transforms.reporting.sections import Section
from transforms.reporting.specification_chart import specification_picture
from transforms.reporting.words import verdict


def for_whom_section(kind: Kind) -> Section:
    """Tests of differences between subgroups; drawn are those of the design that answers first."""
    tested = [row for row in kind.evidence.differences if row.p_value is not None]
    if not tested:
        return Section("for-whom", say("For whom: no estimate"), paragraphs=(_untested(kind),))
    drawn = _of_main(tested, kind.main)
    clear = sum(map(is_told_apart, tested))
    said = (
        say(
            "Over all ways to compare, {clear} of {n_tested_differences} can be told from zero"
            " once all that were tested are counted.",
            clear=clear,
            n_tested_differences=counted(len(tested), "tested difference"),
        )
        if clear
        else say(
            "Over all ways to compare, none of {n_tested_differences} can be told from zero. That"
            " is no proof that it is the same for all.",
            n_tested_differences=counted(len(tested), "tested difference"),
        )
    )
    return Section(
        "for-whom",
        say(
            "For whom: {clear} of {n_tested_differences} told apart",
            clear=clear or say("none"),
            n_tested_differences=counted(len(tested), "tested difference"),
        ),
        paragraphs=tuple(
            filter(
                None,
                (
                    say(
                        "“It works for these and not for those” needs a test of the difference; a"
                        " clear estimate in one group and an unclear one in another is none."
                    ),
                    said,
                    clearest_sentence(tested),
                ),
            )
        ),
        pictures=(
            Picture(
                "kind-groups",
                differences_title(drawn),
                differences_picture(drawn, "kind-groups"),
                say(
                    "Growth of the named group with it, less that of the others, with its 95%"
                    " interval. ◆ told apart once all tested differences are counted, ○ not."
                    " Dimensions of more than two groups stand in the table alone."
                ),
            ),
        ),
        tables=(tested_differences_table(tested),),
    )


def _of_main(rows: Sequence[DifferenceRow], main: Sequence[EffectRow]) -> list[DifferenceRow]:
    answered = {(row.design, row.contrast) for row in main}
    return [row for row in rows if (row.design, row.contrast) in answered]


def _untested(kind: Kind) -> str:
    if all(row.is_refused for row in kind.whole):
        return say("No estimate: without a number for all students there is none to take apart by groups.")
    return say("No estimate: no two groups had enough teachers to compare.")


def against_section(kind: Kind) -> Section:
    """What speaks against the estimates: placebo, balance, other ways to fit, what could be found at all."""
    estimated = [row for row in kind.whole if not row.is_refused]
    if not estimated:
        return Section(
            "against",
            say("What speaks against it: no estimate"),
            paragraphs=(say("No estimate: there is no number to speak against."),),
        )
    trials = kind.evidence.calibrations
    return Section(
        "against",
        say("What speaks against it{against_title}", against_title=_against_title(kind)),
        paragraphs=tuple(
            filter(
                None,
                (evidence_words.placebo_sentence(kind.whole), _robustness(kind), *_not_checked(kind)),
            )
        ),
        pictures=(
            Picture(
                "kind-findable",
                findable_title(kind),
                findable_picture(ways(kind), trials, "kind-findable"),
                say(
                    "Bar: differences that would be missed more often than 1 time in 5, from a"
                    " trial of each way to compare on this study's own data; in brackets the"
                    " smallest that it finds. ● the difference found. A finding of nothing inside"
                    " the bar is no proof of nothing."
                ),
            ),
            *_love_pictures(kind),
            *_specification_pictures(kind),
        ),
        tables=(
            trials_table(trials),
            sensitivity_table(kind.evidence.sensitivities, kind.whole),
            balance_table(kind.evidence.baselines),
            specifications_table(kind.evidence.specifications),
        ),
    )


def _against_title(kind: Kind) -> str:
    parts = []
    if is_more_than_chance(kind):
        parts.append(say("growth differed already before"))
    if any(row.is_struck_out for row in kind.whole):
        parts.append(say("a way to compare is struck out"))
    if failed_placebos(kind) and not parts:
        return say(": no more than chance would give")
    is_checked = any(row.placebo_p_value is not None for row in kind.whole) or bool(
        kind.evidence.calibrations
    )
    if parts:
        return f": {listed(parts)}"
    return f": {say('no check failed') if is_checked else say('little could be checked')}"


def _robustness(kind: Kind) -> str:
    """Robustness values of the strongest design that has them, explained (Cinelli and Hazlett 2020)."""
    known = {row.effect_id: row for row in kind.evidence.sensitivities if row.robustness_value is not None}
    rows = [row for row in ways(kind) if row.effect_id in known]
    design = next((name for name in DESIGNS if any(row.design == name for row in rows)), "")
    clear = [row for row in rows if row.design == design and verdict(row).is_clear]
    if rows and not clear:
        return say(
            "An estimate that cannot be told from zero needs nothing unrecorded to explain"
            " it; the table has what it would take for each."
        )
    said = [_robust(known[row.effect_id], row) for row in clear]
    if not said:
        return ""
    return say(
        "Robustness value ({design_name}), the share of what is left of both taking part and"
        " growth that something unrecorded would have to explain to bring the estimate to"
        " zero: {listed}.",
        design_name=terms.design_name(design).lower(),
        listed="; ".join(said),
    )


def _robust(row: SensitivityRow, effect: EffectRow) -> str:
    said = say(
        "{robustness_value} in {subject_in_sentence}",
        robustness_value=percent(row.robustness_value),
        subject_in_sentence=terms.subject_in_sentence(effect.academic_subject),
    )
    if row.benchmark_covariate and row.benchmark_estimate_sd is not None:
        said += say(
            " (something as strong as {benchmark_covariate} would leave"
            " {benchmark_estimate_sd} of {estimate_sd} SD)",
            benchmark_covariate=row.benchmark_covariate,
            benchmark_estimate_sd=signed(row.benchmark_estimate_sd),
            estimate_sd=signed(effect.estimate_sd),
        )
    if row.leave_one_out_low_sd is not None:
        low, high = decimal(row.leave_one_out_low_sd), decimal(row.leave_one_out_high_sd)
        said += say(", {low} to {high} SD with one school left out", low=low, high=high)
    return said


def _not_checked(kind: Kind) -> tuple[str, ...]:
    """What could not be tried, each with its reason."""
    found = []
    if not any(row.design == "matched" for row in kind.evidence.baselines):
        found.append(say("Balance before the PD: no estimate: teachers could not be matched."))
    if not kind.evidence.specifications:
        found.append(say("Other ways to fit: no estimate: none was fitted for this kind of PD."))
    if not kind.evidence.calibrations:
        found.append(say("Trial on this study's own data: no estimate: no way to compare was tried."))
    return tuple(found)


def _love_pictures(kind: Kind) -> tuple[Picture, ...]:
    matched = [row for row in kind.evidence.baselines if row.design == "matched"]
    found = []
    for index, subject in enumerate(dict.fromkeys(row.academic_subject for row in matched)):
        rows = [row for row in matched if row.academic_subject == subject]
        picture_id = f"kind-balance-{index}"
        title = evidence_words.balance_title(rows)
        found.append(Picture(picture_id, title, love_picture(rows, picture_id), say(LOVE_CAPTION)))
    return tuple(found)


def _specification_pictures(kind: Kind) -> tuple[Picture, ...]:
    found = []
    drawn = [row for row in kind.evidence.specifications if row.contrast == "participated"]
    for index, subject in enumerate(dict.fromkeys(row.academic_subject for row in drawn)):
        rows = [row for row in drawn if row.academic_subject == subject]
        picture_id = f"kind-specifications-{index}"
        title = evidence_words.specifications_title(rows)
        found.append(
            Picture(picture_id, title, specification_picture(rows, picture_id), say(SPECIFICATIONS_CAPTION))
        )
    return tuple(found)
