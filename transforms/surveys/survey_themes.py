"""Open answers of a build to rows of estimates.survey_theme and estimates.survey_theme_choice."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from transforms.surveys.answer_words import WordUse, use_of_words
from transforms.surveys.quotes import Answer, Quote, QuoteRules, choose_quote
from transforms.surveys.themes import OTHER, ThemeRules, Themes, find_themes

ALL_TYPES = "all"


@dataclass(frozen=True)
class OpenAnswer:
    """One scrubbed answer: to which question, in which school year, about which PD type, by whom."""

    question: str
    school_year: int
    pd_type: str | None
    respondent: str
    text: str


@dataclass(frozen=True)
class _Group:
    """Rows of one school year (none: all) and PD type (or all)."""

    school_year: int | None
    pd_type: str

    def holds(self, answer: OpenAnswer) -> bool:
        return self.school_year in (None, answer.school_year) and self.pd_type in (ALL_TYPES, answer.pd_type)


def theme_records(
    answers: Sequence[OpenAnswer],
    seed: int,
    rules: ThemeRules | None = None,
    quote_rules: QuoteRules | None = None,
) -> tuple[list[dict[str, object]], list[dict[str, object]]]:
    """Rows of estimates.survey_theme and of estimates.survey_theme_choice.

    Answers to one question are grouped over all surveys; then counted by school year and PD type.
    """
    use = use_of_words([answer.text for answer in answers], [answer.respondent for answer in answers])
    by_question: dict[str, list[OpenAnswer]] = defaultdict(list)
    for answer in answers:
        by_question[answer.question].append(answer)
    counted: list[dict[str, object]] = []
    choices: list[dict[str, object]] = []
    for question, given in sorted(by_question.items()):
        themes = find_themes([a.text for a in given], [a.respondent for a in given], seed, rules)
        choices += _choice_records(question, themes)
        for group in _groups(given):
            counted += _group_records(question, group, given, themes, use, quote_rules or QuoteRules())
    return counted, choices


def _groups(answers: Sequence[OpenAnswer]) -> list[_Group]:
    years = [None, *sorted({answer.school_year for answer in answers})]
    types = [ALL_TYPES, *sorted({answer.pd_type for answer in answers if answer.pd_type})]
    return [_Group(year, pd_type) for year in years for pd_type in types]


def _group_records(
    question: str,
    group: _Group,
    answers: Sequence[OpenAnswer],
    themes: Themes,
    use: WordUse,
    quote_rules: QuoteRules,
) -> Iterator[dict[str, object]]:
    members: Mapping[int, list[Answer]] = {number: [] for number in range(len(themes.top_words) + 1)}
    for place, answer in enumerate(answers):
        if group.holds(answer):
            weight = float(themes.weight_of_answer[place])
            members[int(themes.theme_of_answer[place])].append(Answer(answer.text, answer.respondent, weight))
    n_all = sum(len(found) for found in members.values())
    if not n_all:
        return
    for number, found in members.items():
        is_theme = number != OTHER
        quote = choose_quote(found, use, quote_rules) if is_theme else Quote(None, "no quote: not one theme")
        yield {
            "wording": question,
            "school_year": group.school_year,
            "pd_type": group.pd_type,
            "theme_number": number,
            "top_words": ", ".join(themes.top_words[number - 1]) if is_theme else None,
            "n_answers": len(found),
            "n_respondents": len({answer.respondent for answer in found}),
            "n_answers_in_all": n_all,
            "share": len(found) / n_all,
            "quote": quote.text,
            "note": quote.reason or None if is_theme else _note_of_rest(themes),
        }


def _note_of_rest(themes: Themes) -> str:
    return themes.reason or "answers that belong to no theme clearly"


def _choice_records(question: str, themes: Themes) -> Iterator[dict[str, object]]:
    for found in themes.agreements:
        yield {
            "wording": question,
            "n_themes": found.n_themes,
            "agreement": found.agreement,
            "is_chosen": found.n_themes == themes.n_fitted,
        }
