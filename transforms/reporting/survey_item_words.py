"""What the page of surveys says of items that do not fit their scale."""

from __future__ import annotations

from transforms.reporting.catalogue import say
from transforms.reporting.numerals import counted, decimal
from transforms.reporting.survey_rows import ItemRow, ScaleRow, SurveyReport
from transforms.reporting.survey_words import construct_in_sentence, construct_name


def flagged_items(report: SurveyReport) -> list[ItemRow]:
    return [row for row in report.items if row.flag != "none"]


def item_sentence(row: ItemRow) -> str:
    """What is wrong with a flagged item, what it does to its scale, and what to do."""
    survey = row.questionnaire_title + (f", {counted(row.n_surveys, 'survey')}" if row.n_surveys > 1 else "")
    scale = construct_in_sentence(row.construct or "")
    where = say(
        "“{wording}” (item {item_id} of {survey})", wording=row.wording, item_id=row.item_id, survey=survey
    )
    if row.flag == "cannot_tell_which":
        return say(
            "{where} and the other items of {scale} go against each other: one is worded"
            " against the scale, but the answers cannot tell which. Read the wordings and"
            " mark the right one with is_reverse_scored.",
            where=where,
            scale=scale,
        )
    if row.flag == "weak":
        return say(
            "{where} hangs together with the rest of {scale} hardly at all (correlation"
            " {item_rest_r}). Without it the scale's reliability would be {alpha_without}"
            " instead of {scale_alpha}. Check its wording, or leave it out of the scale.",
            where=where,
            scale=scale,
            item_rest_r=decimal(row.item_rest_r),
            alpha_without=decimal(row.alpha_without),
            scale_alpha=decimal(row.scale_alpha),
        )
    marked = (
        say("It is marked as reverse scored, perhaps by mistake: check is_reverse_scored")
        if row.is_reverse_scored
        else say("It seems worded against the scale but not marked as reverse scored: set is_reverse_scored")
    )
    return say(
        "{where} goes against its scale, {scale}: those who rate the other items high rate it"
        " low (correlation {item_rest_r}). {marked} in the survey_item source, or leave the"
        " item out. {turned_words}",
        where=where,
        scale=scale,
        item_rest_r=decimal(row.item_rest_r),
        marked=marked,
        turned_words=_turned_words(row),
    )


def _turned_words(row: ItemRow) -> str:
    now = decimal(row.scale_alpha)
    lost = say(", and no mean is reported") if row.scale_alpha is not None and row.scale_alpha < 0.5 else ""
    return say(
        "As it stands the scale's reliability (alpha) is {now}{lost}; turned round it would"
        " be {alpha_turned}, without the item {alpha_without}.",
        now=now,
        lost=lost,
        alpha_turned=decimal(row.alpha_turned),
        alpha_without=decimal(row.alpha_without),
    )


def unreported_sentence(row: ScaleRow) -> str:
    """A scale below the least reliability for which no item is to blame."""
    return say(
        "{construct_name} in {questionnaire_title} is not reported: its items do not hang"
        " together (alpha {alpha}), and no single item explains it.",
        construct_name=construct_name(row.construct),
        questionnaire_title=row.questionnaire_title,
        alpha=decimal(row.alpha),
    )
