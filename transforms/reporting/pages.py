"""The pages of the report beside the first: where each lies, what the menu calls it, what makes it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum

import duckdb

from transforms.reporting.balance_page import balance_page
from transforms.reporting.catalogue import say
from transforms.reporting.chain_page import chain_page
from transforms.reporting.comparisons_page import comparisons_page
from transforms.reporting.connected_page import connected_page
from transforms.reporting.cost_page import cost_page
from transforms.reporting.decisions_page import decisions_page
from transforms.reporting.evidence_page import evidence_page
from transforms.reporting.growth_page import growth_page
from transforms.reporting.history_page import history_page
from transforms.reporting.kind_page import kind_pages
from transforms.reporting.leadership_page import leadership_page
from transforms.reporting.learning_page import learning_page
from transforms.reporting.methods_page import methods_page
from transforms.reporting.paths import DICTIONARY, FIND, GLOSSARY
from transforms.reporting.quality_page import quality_page
from transforms.reporting.reach_page import reach_page
from transforms.reporting.rows import Build, Report
from transforms.reporting.school_page import school_pages
from transforms.reporting.sections import SectionPage
from transforms.reporting.standard_page import standard_page
from transforms.reporting.surveys_page import surveys_page
from transforms.reporting.validation import validation_page


class Group(Enum):
    """A group of the menu, in its order."""

    YEAR = "This year"
    KINDS = "Kinds of PD"
    SCHOOLS = "Schools"
    PRACTICE = "People and practice"
    EVIDENCE = "Evidence"
    DATA = "Data and words"


@dataclass(frozen=True)
class Place:
    """A page in the menu."""

    path: str
    label: str
    group: Group


def _of_build(
    page: Callable[[duckdb.DuckDBPyConnection, Build], SectionPage],
) -> Callable[[duckdb.DuckDBPyConnection, Report], SectionPage]:
    return lambda connection, report: page(connection, report.build)


def _checks_page(_connection: duckdb.DuckDBPyConnection, report: Report) -> SectionPage:
    return validation_page(
        report.build.study_name, say("Build {build_id}", build_id=report.build.build_id), report.validation
    )


# A page reads its own tables; it shows aggregates only.
PAGES: dict[Place, Callable[[duckdb.DuckDBPyConnection, Report], SectionPage]] = {
    Place("decisions.html", "What to do next", Group.YEAR): _of_build(decisions_page),
    Place("history.html", "Since the last report", Group.YEAR): _of_build(history_page),
    Place("reach.html", "Whom PD reached", Group.KINDS): reach_page,
    Place("chain.html", "From reaction to growth", Group.PRACTICE): _of_build(chain_page),
    Place("surveys.html", "Teachers’ voice", Group.PRACTICE): _of_build(surveys_page),
    Place("balance.html", "Balance and coherence", Group.PRACTICE): _of_build(balance_page),
    Place("learning.html", "A system that learns", Group.PRACTICE): _of_build(learning_page),
    Place("leadership.html", "Leadership pipeline", Group.PRACTICE): _of_build(leadership_page),
    Place("connected.html", "Connected learning", Group.PRACTICE): _of_build(connected_page),
    Place("standard.html", "The standard", Group.PRACTICE): _of_build(standard_page),
    Place("cost.html", "What it cost", Group.PRACTICE): _of_build(cost_page),
    Place("comparisons.html", "Each comparison", Group.EVIDENCE): comparisons_page,
    Place("evidence.html", "Evidence behind them", Group.EVIDENCE): evidence_page,
    Place("growth.html", "Student growth", Group.EVIDENCE): growth_page,
    Place("methods.html", "Methods", Group.DATA): methods_page,
    Place("quality.html", "What came in", Group.DATA): quality_page,
    Place("validation.html", "Data checks", Group.DATA): _checks_page,
}

# Pages of one kind, one for each thing; the menu leads to their list only.
FAMILIES: tuple[Callable[[duckdb.DuckDBPyConnection, Report], dict[str, SectionPage]], ...] = (
    kind_pages,
    school_pages,
)

# Pages that the menu names but a family makes, or that have a template of their own.
OTHER_PLACES = (
    Place("index.html", "The year on one page", Group.YEAR),
    Place("pd/index.html", "All kinds", Group.KINDS),
    Place("schools/index.html", "All schools", Group.SCHOOLS),
    Place(GLOSSARY, "Words used", Group.DATA),
    Place(DICTIONARY, "Data dictionary", Group.DATA),
    Place(FIND, "Find", Group.DATA),
)


def site_pages(connection: duckdb.DuckDBPyConnection, report: Report) -> dict[str, SectionPage]:
    """Each page by its path from the root of the site."""
    pages = {place.path: page(connection, report) for place, page in PAGES.items()}
    for family in FAMILIES:
        pages |= family(connection, report)
    return pages


def menu() -> list[tuple[str, list[Place]]]:
    """The groups of the menu with their pages."""
    places = [*OTHER_PLACES, *PAGES]
    grouped = [(group, [place for place in places if place.group is group]) for group in Group]
    return [(group.value, of_group) for group, of_group in grouped if of_group]
