"""What is wrong in a study.toml: first what types tell, then what only the contract tells."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel

from expectations.contract import REQUIRED_ENTITIES
from expectations.entities import ENTITIES
from flows.branding import problems_of_report
from flows.problems import KeyPath, Problem, nearest, shown
from flows.recommendation_problems import problems_of_recommendation
from flows.source_problems import problems_of_source
from transforms.sources.source import Source

if TYPE_CHECKING:
    from flows.settings import StudySettings

_SECRET = re.compile(
    r"(?<![a-z])(pseudonym|(api)?key|secret|password|passwd|pwd|token|credential)s?(?![a-z])"
)
_EXPECTED = {
    "string_type": "text in quotes",
    "int_type": "a whole number",
    "int_from_float": "a whole number",
    "float_type": "a number",
    "bool_type": "true or false",
    "tuple_type": "a list in brackets",
    "dict_type": "a table",
    "model_type": "a table",
}
_PATTERNS = {
    "warehouse": 'should be a size such as "1500MB"',
    "report": 'should be a colour such as "#0c5c66"',
    "pd_types": "should be lower-case letters, digits and _, beginning with a letter",
}


def problems_of_types(errors: Sequence[Mapping[str, Any]], document: Mapping[str, Any]) -> list[Problem]:
    """Pydantic's errors in the user's words; unknown keys first, for a typo also makes a missing key."""
    ordered = sorted(errors, key=lambda error: error["type"] != "extra_forbidden")
    told: dict[KeyPath, Problem] = {}
    for error in ordered:
        if not _is_echo(error):
            problem = _problem_of_type(error, document)
            told.setdefault(problem.key_path, problem)
    return list(told.values())


def _is_echo(error: Mapping[str, Any]) -> bool:
    """Whether the error only follows from another: a list is too short once its bad items are gone."""
    return error["type"] == "default_factory_not_called" or (
        error["type"] == "too_short" and bool(error["input"])
    )


def _problem_of_type(error: Mapping[str, Any], document: Mapping[str, Any]) -> Problem:
    kind, value, key_path = error["type"], error["input"], _existing(error["loc"], document)
    if kind == "missing":
        return Problem((*key_path, error["loc"][-1]), "is missing")
    if kind == "extra_forbidden":
        return Problem(key_path, _unknown_key(key_path))
    if kind == "literal_error":
        allowed = re.findall(r"'([^']*)'", error["ctx"]["expected"])
        return Problem(key_path, f"{shown(value)} is not permitted{nearest(str(value), allowed)}")
    if key_path[2:3] == ("constants",):
        return Problem(key_path, f"expected text, a number, true or false, got {shown(value)}")
    if kind in _EXPECTED:
        return Problem(key_path, f"expected {_EXPECTED[kind]}, got {shown(value)}")
    return Problem(key_path, f"{_plain(kind, error['msg'], key_path)}, got {shown(value)}")


def _plain(kind: str, message: str, key_path: KeyPath) -> str:
    if kind == "string_pattern_mismatch":
        return _PATTERNS[str(key_path[0])]
    if kind in ("too_short", "string_too_short"):
        return "should not be empty"
    if kind == "int_parsing":
        return "should be a whole number"
    return message.replace("Input should", "should", 1)


def _existing(location: Sequence[str | int], document: Any) -> KeyPath:
    """The part of pydantic's location that stands in the document: it appends names of union members."""
    found: list[str | int] = []
    for part in location:
        try:
            document = document[part]
        except (KeyError, TypeError):
            break
        found.append(part)
    return tuple(found)


def _unknown_key(key_path: KeyPath) -> str:
    name = str(key_path[-1])
    if _SECRET.search(name.lower()):
        return (
            "secrets do not belong in study.toml; remove it and set PDEVAL_PSEUDONYM_KEY in the environment"
        )
    return f"unknown key{nearest(name, _known_keys(key_path))}"


def _known_keys(key_path: KeyPath) -> Iterable[str]:
    from flows import settings  # it imports this module

    if len(key_path) == 1:
        return settings.StudyFile.model_fields
    is_nested = len(key_path) > 2
    tables: dict[str, type[BaseModel]] = {
        "study": settings.Study,
        "warehouse": settings.WarehouseTable,
        "source": Source,
        "pd_types": settings.PdType,
        "gate": settings.Gate,
        "model": settings.Model,
        "cost": settings.Cost,
        "growth": settings.AssessmentLink if is_nested and key_path[1] == "link" else settings.Growth,
        "report": settings.ReportTable,
        "disclosure": settings.DisclosureTable,
        "recommendation": settings.RecommendationRule if is_nested else settings.RecommendationTable,
    }
    return tables[str(key_path[0])].model_fields


def problems_of_study(settings: StudySettings) -> list[Problem]:
    """What types cannot tell: years, entities, canonical columns and values, queries, required entities."""
    problems = [
        *_problems_of_years(settings),
        *_problems_of_shares(settings),
        *_problems_of_covariates(settings),
        *_problems_of_growth(settings),
        *_problems_of_links(settings),
        *_problems_of_prices(settings),
        *problems_of_recommendation(settings.recommendation),
        *problems_of_report(settings.report, settings.folder),
        *_problems_of_sources(settings),
    ]
    # One misspelt entity would also be reported as a missing one.
    return problems or list(_problems_of_required_entities(settings.source))


def _problems_of_sources(settings: StudySettings) -> Iterator[Problem]:
    pd_types = tuple(settings.connected_by_pd_type)
    for number, source in enumerate(settings.source):
        for problem in problems_of_source(source, settings.folder, pd_types):
            yield Problem(("source", number, *problem.key_path), problem.text)


def _problems_of_years(settings: StudySettings) -> Iterator[Problem]:
    study = settings.study
    if len(set(study.school_years)) < len(study.school_years):
        yield Problem(("study", "school_years"), "names a year twice")
    if study.report_year not in study.school_years:
        years = ", ".join(map(str, study.school_years))
        yield Problem(("study", "report_year"), f"{study.report_year} is none of the school_years ({years})")


def _problems_of_shares(settings: StudySettings) -> Iterator[Problem]:
    for entity in settings.gate.quarantined_share_by_entity:
        if entity not in ENTITIES:
            key_path = ("gate", "quarantined_share_by_entity", entity)
            yield Problem(key_path, f"unknown entity{nearest(entity, ENTITIES)}")


def _problems_of_covariates(settings: StudySettings) -> Iterator[Problem]:
    if len(set(settings.model.covariates)) < len(settings.model.covariates):
        yield Problem(("model", "covariates"), "names a covariate twice")


def _problems_of_growth(settings: StudySettings) -> Iterator[Problem]:
    growth = settings.growth
    if len(set(growth.windows)) < len(growth.windows):
        yield Problem(("growth", "windows"), "names a window twice")
    for subject, priors in growth.prior_subjects.items():
        if priors[0] != subject or len(set(priors)) < len(priors):
            text = f"should begin with {shown(subject)} and name each subject once"
            yield Problem(("growth", "prior_subjects", subject), text)
    for year in growth.baseline_years:
        if year not in settings.study.school_years:
            years = ", ".join(map(str, settings.study.school_years))
            yield Problem(("growth", "baseline_years"), f"{year} is none of the school_years ({years})")
    if growth.norms is None:
        return
    if growth.baseline_years:
        yield Problem(("growth", "norms"), "and baseline_years are two baselines; remove one")
    elif not (settings.folder / growth.norms).is_file():
        yield Problem(("growth", "norms"), f"{shown(growth.norms)}: there is no such file")


def _problems_of_links(settings: StudySettings) -> Iterator[Problem]:
    ended: set[str] = set()
    for number, link in enumerate(settings.growth.link):
        if link.from_assessment == link.to_assessment:
            yield Problem(("growth", "link", number), "links an assessment to itself")
        if link.from_assessment in ended:
            key_path = ("growth", "link", number, "from_assessment")
            yield Problem(key_path, f"{shown(link.from_assessment)} is linked twice")
        ended.add(link.from_assessment)


def _problems_of_prices(settings: StudySettings) -> Iterator[Problem]:
    """A price year and an index need each other; the index has the price year and all years of the study."""
    cost = settings.cost
    if cost.price_year is None:
        if cost.price_index:
            yield Problem(("cost", "price_index"), "has no meaning without price_year")
        return
    if not cost.price_index:
        yield Problem(("cost", "price_year"), "needs [cost.price_index], a price level by school year")
        return
    wanted = sorted({cost.price_year, *settings.study.school_years} - set(cost.price_index))
    if wanted:
        years = ", ".join(map(str, wanted))
        yield Problem(("cost", "price_index"), f"has no price level for {years}")


def _problems_of_required_entities(sources: Sequence[Source]) -> Iterator[Problem]:
    present = {source.entity for source in sources}
    for alternatives in REQUIRED_ENTITIES:
        if not present & set(alternatives):
            yield Problem(("source",), f"every study needs a [[source]] of {' or '.join(alternatives)}")
