"""The page of the standard for professional learning: seven principles, their scores, their rules."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import duckdb

from transforms.improvement.standard_rules import PRINCIPLES, Principle
from transforms.reporting.catalogue import noted, say
from transforms.reporting.fill import filled
from transforms.reporting.numerals import capitalised, count, counted, decimal, listed, school_year
from transforms.reporting.picture import Picture
from transforms.reporting.rows import Build
from transforms.reporting.sections import Section, SectionPage
from transforms.reporting.standard_chart import score_picture
from transforms.reporting.tables import DataTable, make_table

NOT_SHOWN = noted("not shown")
_LOW, _HIGH = 1.5, 3.0

_SCORES = """
select school_id, school_name, school_year, principle, score, score_low, score_high, n_measures_shown,
    n_measures, missing, is_suppressed
from report.standard_score order by school_name nulls first, school_id, school_year, principle
"""
_MEASURES = """
select measure.principle, definition.label, measure.steps, measure.value, measure.points, measure.note
from estimates.standard_measure as measure
left join estimates.indicator_definition as definition using (indicator)
where measure.school_id is null and measure.school_year = $report_year
    and (measure.n_persons is null or measure.n_persons >= 5)
order by measure.principle, measure.indicator
"""


@dataclass(frozen=True)
class ScoreRow:
    """One row of report.standard_score."""

    school_id: str | None
    school_name: str | None
    school_year: int
    principle: str
    score: float | None
    score_low: float | None
    score_high: float | None
    n_measures_shown: int
    n_measures: int
    missing: str | None
    is_suppressed: bool


@dataclass(frozen=True)
class MeasureRow:
    """One measure of the district in the report year."""

    principle: str
    label: str | None
    steps: str
    value: float | None
    points: int | None
    note: str | None


def standard_page(connection: duckdb.DuckDBPyConnection, build: Build) -> SectionPage:
    """Values of the page."""
    scores = filled(connection, ScoreRow, _SCORES)
    measures = filled(connection, MeasureRow, _MEASURES, {"report_year": build.report_year})
    district = [row for row in scores if row.school_id is None and row.school_year == build.report_year]
    by_principle = {row.principle: row for row in district}
    return SectionPage(
        title=say("Standard for professional learning"),
        study_name=build.study_name,
        year=school_year(build.report_year),
        sentences=standard_sentences(by_principle),
        stands_out=standing_out(by_principle, measures),
        sections=(
            _scores_section(by_principle, scores, build.report_year),
            _rules_section(measures),
            _schools_section(scores, build.report_year),
        ),
        missing=tuple(f"{_label(row.principle)}: {row.missing}." for row in district if row.missing),
        sources=(
            say("Learning Forward (2022). Standards for Professional Learning."),
            say(
                "Desimone, L. M. (2009). Improving impact studies of teachers' professional"
                " development. Educational Researcher 38(3)."
            ),
        ),
    )


def standard_sentences(by_principle: dict[str, ScoreRow]) -> tuple[str, ...]:
    """Where the district is strong, where it is weak, and what is not shown."""
    shown = [p for p in PRINCIPLES if p.name in by_principle and by_principle[p.name].score is not None]
    if not shown:
        return (say("None of the seven principles can be scored: the sources for it are missing."),)
    strong = [p for p in shown if _lowest(by_principle[p.name]) >= _HIGH]
    weak = [p for p in shown if _highest(by_principle[p.name]) <= _LOW]
    parts = [
        say("{n_shown} of seven principles can be scored.", n_shown=len(shown))
        if len(shown) < len(PRINCIPLES)
        else say("All seven principles can be scored.")
    ]
    if strong:
        parts.append(say("Strong (3 points of 4 or more): {names}.", names=_names(strong)))
    if weak:
        parts.append(say("Weak (1.5 points or fewer): {names}.", names=_names(weak)))
    if not strong and not weak:
        parts.append(say("None is clearly strong and none clearly weak."))
    absent = [p for p in PRINCIPLES if p not in shown]
    if absent:
        names = f"{capitalised(_names(absent))} {(say('is') if len(absent) == 1 else say('are'))}"
        parts.append(say("{names} not shown, for want of evidence; that is not a zero.", names=names))
    return tuple(parts)


def _lowest(row: ScoreRow) -> float:
    return row.score if row.score_low is None else row.score_low  # type: ignore[return-value]


def _highest(row: ScoreRow) -> float:
    return row.score if row.score_high is None else row.score_high  # type: ignore[return-value]


def _names(principles: Sequence[Principle]) -> str:
    return listed([principle.label.lower() for principle in principles])


def _label(name: str) -> str:
    return next((p.label for p in PRINCIPLES if p.name == name), name)


def standing_out(by_principle: dict[str, ScoreRow], measures: Sequence[MeasureRow]) -> tuple[str, ...]:
    """Measures of the district without a single point, each with its value."""
    return tuple(
        say(
            "{label}: {label_2} stands at {value} and earns no point ({steps}).",
            label=_label(row.principle),
            label_2=(row.label or "").lower(),
            value=decimal(row.value),
            steps=row.steps,
        )
        for row in measures
        if row.points == 0 and row.principle in by_principle
    )


def _scores_section(by_principle: dict[str, ScoreRow], rows: Sequence[ScoreRow], year: int) -> Section:
    of_district = [row for row in rows if row.school_id is None]
    return Section(
        id="scores",
        title=say("The seven principles"),
        paragraphs=(
            say(
                "Each principle has one to three measures. A measure earns 0 to 4 points by"
                " printed steps; the score of a principle is the mean of the points of the"
                " measures that are there. A measure that nobody supplied is not shown and not"
                " counted."
            ),
        ),
        points=tuple(f"{p.label}: {p.statement}" for p in PRINCIPLES),
        pictures=(
            Picture(
                "standard-scores",
                _picture_title(by_principle),
                score_picture(
                    [
                        (p.label, by_principle[p.name].score, *_ends(by_principle[p.name]))
                        for p in PRINCIPLES
                        if p.name in by_principle
                    ],
                    "standard-scores",
                ),
                say(
                    "Mark: score of the district. Line: what the score would be at the two ends"
                    " of the measures' 95% intervals; no line where everybody was counted."
                ),
            ),
        ),
        tables=(_years_table(of_district, year),),
    )


def _ends(row: ScoreRow) -> tuple[float | None, float | None]:
    return row.score_low, row.score_high


def _picture_title(by_principle: dict[str, ScoreRow]) -> str:
    scored = [(row.score, _label(row.principle)) for row in by_principle.values() if row.score is not None]
    if not scored:
        return say("No principle can be scored")
    best, worst = max(scored), min(scored)
    if best[0] == worst[0]:
        return say("All principles stand at {best} of 4 points", best=decimal(best[0], 1))
    return say(
        "Highest: {best}, {best_2} of 4 points; lowest: {worst}, {worst_2}",
        best=best[1].lower(),
        best_2=decimal(best[0], 1),
        worst=worst[1].lower(),
        worst_2=decimal(worst[0], 1),
    )


def _score_text(row: ScoreRow | None) -> str:
    if row is None or row.score is None:
        return say("too few") if row is not None and row.is_suppressed else say(NOT_SHOWN)
    return decimal(row.score, 1)


def _years_table(rows: Sequence[ScoreRow], year: int) -> DataTable:
    years = sorted({row.school_year for row in rows if row.school_year <= year})
    cells = {(row.principle, row.school_year): row for row in rows}
    headers = "|".join(f"{school_year(one)} #" for one in years)
    return make_table(
        say("Scores of the district by year"),
        f"Principle|{headers}" if years else "Principle",
        [(p.label, *(_score_text(cells.get((p.name, one))) for one in years)) for p in PRINCIPLES],
    )


def _rules_section(measures: Sequence[MeasureRow]) -> Section:
    return Section(
        id="rules",
        title=say("Rules and evidence"),
        paragraphs=(
            say(
                "The value of each measure for the district, the steps that turn it into points,"
                " and the points. The steps are conventions, the same for every district."
            ),
        ),
        open_tables=(
            make_table(
                say("Measures behind the scores"),
                "Principle|Measure|Value #|Points for|Points #",
                [
                    (
                        _label(row.principle),
                        row.label or say("measure without a source"),
                        decimal(row.value),
                        row.steps,
                        say(NOT_SHOWN) if row.points is None else count(row.points),
                    )
                    for row in _in_order(measures)
                ],
                is_prose=True,
            ),
        ),
    )


def _in_order(measures: Sequence[MeasureRow]) -> list[MeasureRow]:
    places = {principle.name: place for place, principle in enumerate(PRINCIPLES)}
    return sorted(measures, key=lambda row: places[row.principle])


def _schools_section(rows: Sequence[ScoreRow], year: int) -> Section:
    of_schools = [row for row in rows if row.school_id is not None and row.school_year == year]
    schools = list(dict.fromkeys((row.school_id, row.school_name) for row in of_schools))
    names = [name for _, name in schools]
    cells = {(row.school_id, row.principle): row for row in of_schools}
    table = make_table(
        say("Scores of schools"),
        "School|" + "|".join(f"{p.label} #" for p in PRINCIPLES),
        [
            (
                f"{name} ({school})" if names.count(name) > 1 else str(name),
                *(_score_text(cells.get((school, p.name))) for p in PRINCIPLES),
            )
            for school, name in schools
        ],
    )
    return Section(
        id="schools",
        title=say("Schools"),
        paragraphs=(
            say(
                "{n_schools} with at least one measure of its own. Where a measure is of too few"
                " people it is hidden. A school has fewer measures than the district.",
                n_schools=counted(len(schools), "school"),
            ),
        ),
        tables=(table,),
    )
