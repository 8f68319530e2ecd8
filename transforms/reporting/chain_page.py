"""The page "From reaction to growth": Guskey's chain by PD type, and what teachers wrote."""

from __future__ import annotations

from collections.abc import Sequence

import duckdb

from transforms.reporting import chain_words, terms
from transforms.reporting.catalogue import noted, say
from transforms.reporting.chain_charts import matrix_picture, observation_picture, theme_picture
from transforms.reporting.chain_rows import (
    LEVEL_NAMES,
    LEVELS,
    ChainReport,
    LinkRow,
    ObservationRow,
    ThemeRow,
    read_chain,
)
from transforms.reporting.numerals import count, decimal, interval, percent, school_year, signed
from transforms.reporting.picture import Picture
from transforms.reporting.rows import Build
from transforms.reporting.sections import Section, SectionPage
from transforms.reporting.tables import DataTable, make_table

_ASKED = {
    "reaction": noted("Did those who took part like it?"),
    "learning": noted("Do they say that they learned something?"),
    "organization_support": noted("Does the school support them?"),
    "use_reported": noted("Do they say that they use it, or will?"),
    "use_observed": noted(
        "Do ratings of their lessons rise afterwards, more than those of teachers not in it?"
    ),
    "student_outcomes": noted("Do their students grow more?"),
}
_MATRIX_CAPTION = noted(
    "Filled circle: the link holds; cross: it fails; open circle: unclear; dash: not shown."
    " The heavy line stands where the chain breaks or stops. Answers run from 0, the lowest"
    " possible, to 1, the highest; observed use is a change in ratings; growth is in standard"
    " deviations (SD) of student scores."
)
_OBSERVATION_CAPTION = noted(
    "Mark: change in ratings from the year before a teacher first took part to the year after,"
    " less the change of teachers not yet in it over the same months; line: 95% interval. An"
    " interval with 0 in it shows no change. Teachers were not assigned at random, and raters"
    " may know who took part."
)
_OBSERVATION_COLUMNS = noted(
    "PD|Took part: before #|After #|Not in it: before #|After #|Difference (95% interval) #|Took part #"
    "|Not in it #|Remark"
)
_SOURCES = (
    "Guskey, T. R. (2000). Evaluating Professional Development. Corwin Press.",
    "Kraft, M. A. (2020). Interpreting effect sizes of education interventions. Educational Researcher"
    " 49(4).",
    "Lee, D. D., and Seung, H. S. (1999). Learning the parts of objects by non-negative matrix"
    " factorization. Nature 401.",
    "Greene, D., O'Callaghan, D., and Cunningham, P. (2014). How many topics? Stability analysis for"
    " topic models. ECML PKDD.",
)


def chain_page(connection: duckdb.DuckDBPyConnection, build: Build) -> SectionPage:
    """The page from report.guskey_chain, guskey_observation, survey_theme and estimates.guskey_break."""
    report = read_chain(connection)
    sections = (
        _chain(report),
        _one_by_one(report),
        _observed(report),
        _themes(report, build.report_year),
    )
    return SectionPage(
        title=say("From reaction to growth"),
        study_name=build.study_name,
        year=school_year(build.report_year),
        sentences=chain_words.answer(report.breaks),
        sections=tuple(section for section in sections if section is not None),
        stands_out=(*chain_words.stands_out(report.breaks, report.links), *_loudest(report.themes)),
        missing=_missing(report),
        sources=_SOURCES,
    )


def _chain(report: ChainReport) -> Section | None:
    if not report.breaks:
        return None
    picture = Picture(
        "chain-matrix",
        chain_words.matrix_title(report.breaks),
        matrix_picture(report.links, report.breaks, "chain-matrix"),
        say(_MATRIX_CAPTION),
    )
    return Section(
        "chain",
        say("How far the evidence goes"),
        paragraphs=(
            say(
                "Thomas Guskey's levels order what can be known about professional development. A"
                " link holds when its whole 95% interval is on the right side of a line set in"
                " advance. All years together."
            ),
        ),
        pictures=(picture,),
        tables=(_criteria(report.links), links_table(report.links), _by_year(report.links)),
        note=(
            say(
                "Surveys that promise anonymity are counted and never joined to persons. Where no"
                " survey about a kind of PD asks for support, the climate surveys of"
                " participants' schools stand in."
            )
        ),
    )


def _one_by_one(report: ChainReport) -> Section | None:
    if not report.breaks:
        return None
    points = tuple(chain_words.sentence(row, report.links) for row in report.breaks)
    return Section("kinds", say("Each kind of PD"), points=points)


def _criteria(links: Sequence[LinkRow]) -> DataTable:
    found = dict.fromkeys((row.level, row.criterion) for row in links if row.school_year is None)
    ordered = sorted(found, key=lambda pair: LEVELS.index(pair[0]))
    rows = [(say(LEVEL_NAMES[level]), say(_ASKED[level]), criterion) for level, criterion in ordered]
    return make_table(
        say("What each link asks, and when it holds"), "Link|Question|Rule", rows, is_prose=True
    )


def links_table(links: Sequence[LinkRow]) -> DataTable:
    """Every link over all years with its value, what it rests on, and whether it holds."""
    rows = sorted(
        (row for row in links if row.school_year is None),
        key=lambda row: (terms.pd_type_name(row.pd_type), LEVELS.index(row.level), row.academic_subject),
    )
    return make_table(
        say("All links, all years"),
        "PD|Link|Value (95% interval) #|People #|Surveys #|Holds|Rests on|Remark",
        [
            (
                terms.pd_type_name(row.pd_type),
                _link_name(row),
                _cell(row),
                count(row.n_persons),
                count(row.n_surveys),
                row.holds,
                _basis(row),
                row.note or "",
            )
            for row in rows
        ],
    )


def _link_name(row: LinkRow) -> str:
    name = say(LEVEL_NAMES[row.level])
    return (
        name
        if row.academic_subject == "all"
        else f"{name}, {terms.subject_in_sentence(row.academic_subject)}"
    )


def _cell(row: LinkRow) -> str:
    if row.value is None:
        return say("not shown")
    if row.ci_low is None:
        return chain_words.figure(row)
    return f"{chain_words.figure(row)} ({chain_words.bounds(row)})"


def _basis(row: LinkRow) -> str:
    if row.level != "student_outcomes" or not row.basis:
        return row.basis or ""
    design, _, contrast = row.basis.partition(", ")
    return f"{terms.design_name(design)}, {terms.contrast_name(contrast)}"


def _by_year(links: Sequence[LinkRow]) -> DataTable:
    levels = LEVELS[:4]
    by_key = {(row.pd_type, row.school_year, row.level): row for row in links if row.school_year is not None}
    keys = sorted({(name, year) for name, year, _ in by_key if year is not None})
    rows = [
        (
            terms.pd_type_name(name),
            school_year(year),
            *(_cell(by_key[name, year, level]) if (name, year, level) in by_key else "" for level in levels),
        )
        for name, year in keys
    ]
    titles = "|".join(f"{say(LEVEL_NAMES[level])} #" for level in levels)
    return make_table(say("What surveys said, by school year"), f"PD|Year|{titles}", rows)


def _observed(report: ChainReport) -> Section | None:
    svg = observation_picture(report.observations, "observed-change")
    if not svg:
        return None
    return Section(
        "observed",
        say("What observers saw before and after"),
        pictures=(
            Picture("observed-change", observed_title(report.observations), svg, say(_OBSERVATION_CAPTION)),
        ),
        tables=(_observation_table(report.observations),),
    )


def observed_title(rows: Sequence[ObservationRow]) -> str:
    """What to see: for which kinds ratings rose or fell more than elsewhere, judged among all kinds."""
    clear = [row for row in rows if row.p_value_bh is not None and row.p_value_bh < 0.05]
    rose = [terms.pd_type_in_sentence(row.pd_type) for row in clear if (row.ci_low or 0) > 0]
    fell = [terms.pd_type_in_sentence(row.pd_type) for row in clear if (row.ci_high or 0) < 0]
    if not rose and not fell:
        return say("For no kind of PD did ratings change clearly more than those of teachers not in it")
    parts = []
    if rose:
        parts.append(say("rose more after {rose}", rose=chain_words.listed(rose)))
    if fell:
        parts.append(say("fell after {fell}", fell=chain_words.listed(fell)))
    return say("Ratings {listed}, against teachers not in it", listed=say(" and ").join(parts))


def _observation_table(rows: Sequence[ObservationRow]) -> DataTable:
    return make_table(
        say("Observed ratings before and after"),
        _OBSERVATION_COLUMNS,
        [
            (
                terms.pd_type_name(row.pd_type),
                decimal(row.participants_before),
                decimal(row.participants_after),
                decimal(row.comparison_before),
                decimal(row.comparison_after),
                say("not shown")
                if row.difference is None
                else f"{signed(row.difference)} ({interval(row.ci_low, row.ci_high)})",
                count(row.n_participants),
                count(row.n_comparison),
                row.note or "",
            )
            for row in rows
        ],
    )


def _themes(report: ChainReport, year: int) -> Section | None:
    if not report.themes:
        return None
    questions = dict.fromkeys(row.wording for row in report.themes)
    pictures, tables = [], []
    for place, question in enumerate(questions):
        rows = [row for row in report.themes if row.wording == question]
        whole = [row for row in rows if row.school_year is None and row.pd_type == "all"]
        picture_id = f"themes-{place}"
        svg = theme_picture(whole, picture_id, question)
        if svg:
            pictures.append(Picture(picture_id, theme_title(question, whole), svg, _theme_caption(whole)))
        tables += [_theme_table(question, rows, year), _type_table(question, rows)]
    return Section(
        "themes",
        say("What teachers wrote"),
        paragraphs=(
            say(
                "Open answers, grouped by the words that go together. A theme is named by its"
                " weightiest words; answers are counted, not read. Names, addresses and numbers"
                " of persons were removed first."
            ),
        ),
        pictures=tuple(pictures),
        open_tables=(),
        tables=tuple(tables),
        note=(
            say(
                "A quote is shown where a theme has ten answers of five people or more, and only"
                " an answer without names and without words that few others use. English only;"
                " word forms are not joined; irony is not understood."
            )
        ),
    )


def theme_title(question: str, rows: Sequence[ThemeRow]) -> str:
    """The question with its largest theme that may be shown."""
    shown = [row for row in rows if row.share is not None and row.theme_number > 0]
    largest = max(shown, key=lambda row: (row.share or 0, -row.theme_number))
    return say(
        "“{question}” Most often: {top_words} ({share} of the answers)",
        question=question,
        top_words=largest.top_words,
        share=percent(largest.share),
    )


def _theme_caption(rows: Sequence[ThemeRow]) -> str:
    quotes = [f"“{row.quote}”" for row in rows if row.quote][:3]
    quoted = say(" In teachers' words: {listed}", listed=" ".join(quotes)) if quotes else ""
    return say(
        "All school years and kinds of PD together; each answer is counted in its main theme.{quoted}",
        quoted=quoted,
    )


def _theme_table(question: str, rows: Sequence[ThemeRow], year: int) -> DataTable:
    whole = [row for row in rows if row.pd_type == "all" and row.school_year is None]
    this_year = {row.theme_number: row for row in rows if row.pd_type == "all" and row.school_year == year}
    return make_table(
        say("Themes: {question}", question=question),
        f"Theme|Answers #|Share #|{school_year(year)} #|In a teacher's words|Remark",
        [
            (
                row.top_words or say("no theme"),
                _hidden_or(row, count(row.n_answers)),
                _hidden_or(row, percent(row.share)),
                _share_of(this_year.get(row.theme_number)),
                f"“{row.quote}”" if row.quote else "",
                row.note or "",
            )
            for row in whole
        ],
    )


def _hidden_or(row: ThemeRow, text: str) -> str:
    return say("hidden") if row.is_suppressed else text


def _share_of(row: ThemeRow | None) -> str:
    return say("no answers") if row is None else _hidden_or(row, percent(row.share))


def _type_table(question: str, rows: Sequence[ThemeRow]) -> DataTable:
    """The largest theme of each PD type over all years."""
    of_types = [
        row
        for row in rows
        if row.school_year is None and row.pd_type != "all" and row.theme_number > 0 and row.share is not None
    ]
    largest: dict[str, ThemeRow] = {}
    for row in of_types:
        if row.pd_type not in largest or (row.share or 0) > (largest[row.pd_type].share or 0):
            largest[row.pd_type] = row
    return make_table(
        say("Largest theme by kind of PD: {question}", question=question),
        "PD|Theme|Answers #|Share #|In a teacher's words",
        [
            (
                terms.pd_type_name(name),
                row.top_words or "",
                count(row.n_answers),
                percent(row.share),
                f"“{row.quote}”" if row.quote else "",
            )
            for name, row in sorted(largest.items())
        ],
    )


def _loudest(themes: Sequence[ThemeRow]) -> tuple[str, ...]:
    """The largest theme of each question that has several, with its quote where there is one."""
    told = []
    for question in dict.fromkeys(row.wording for row in themes):
        shown = [
            row
            for row in themes
            if row.wording == question and row.school_year is None and row.pd_type == "all"
            and row.theme_number > 0 and row.share is not None
        ]  # fmt: skip
        if len(shown) < 2:
            continue
        largest = max(shown, key=lambda row: (row.share or 0, -row.theme_number))
        words = f": “{largest.quote}”" if largest.quote else ""
        told.append(
            say(
                "Asked “{question}”, {share} wrote about {top_words}{words}",
                question=question,
                share=percent(largest.share),
                top_words=largest.top_words,
                words=words,
            )
        )
    return tuple(sentence if sentence.endswith(("”", ".")) else f"{sentence}." for sentence in told)


def _missing(report: ChainReport) -> tuple[str, ...]:
    reasons = dict.fromkeys(
        f"{say(LEVEL_NAMES[row.level])}: {row.note}"
        for row in report.links
        if row.school_year is None and row.note and row.note.startswith("not available")
    )
    return (*reasons, *report.unavailable)
