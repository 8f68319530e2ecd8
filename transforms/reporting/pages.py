"""The pages of the report beside the first: where each lies, what the menu calls it, what makes it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum

import duckdb

from transforms.reporting.balance_page import balance_page
from transforms.reporting.catalogue import noted, say, say_each
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

    YEAR = noted("This year")
    KINDS = noted("Kinds of PD")
    SCHOOLS = noted("Schools")
    PRACTICE = noted("People and practice")
    EVIDENCE = noted("Evidence")
    DATA = noted("Data and words")


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
    Place("decisions.html", noted("What to do next"), Group.YEAR): _of_build(decisions_page),
    Place("history.html", noted("Since the last report"), Group.YEAR): _of_build(history_page),
    Place("reach.html", noted("Whom PD reached"), Group.KINDS): reach_page,
    Place("chain.html", noted("From reaction to growth"), Group.PRACTICE): _of_build(chain_page),
    Place("surveys.html", noted("Teachers’ voice"), Group.PRACTICE): _of_build(surveys_page),
    Place("balance.html", noted("Balance and coherence"), Group.PRACTICE): _of_build(balance_page),
    Place("learning.html", noted("A system that learns"), Group.PRACTICE): _of_build(learning_page),
    Place("leadership.html", noted("Leadership pipeline"), Group.PRACTICE): _of_build(leadership_page),
    Place("connected.html", noted("Connected learning"), Group.PRACTICE): _of_build(connected_page),
    Place("standard.html", noted("The standard"), Group.PRACTICE): _of_build(standard_page),
    Place("cost.html", noted("What it cost"), Group.PRACTICE): _of_build(cost_page),
    Place("comparisons.html", noted("Each comparison"), Group.EVIDENCE): comparisons_page,
    Place("evidence.html", noted("Evidence behind them"), Group.EVIDENCE): evidence_page,
    Place("growth.html", noted("Student growth"), Group.EVIDENCE): growth_page,
    Place("methods.html", noted("Methods"), Group.DATA): methods_page,
    Place("quality.html", noted("What came in"), Group.DATA): quality_page,
    Place("validation.html", noted("Data checks"), Group.DATA): _checks_page,
}

# Pages of one kind, one for each thing; the menu leads to their list only.
FAMILIES: tuple[Callable[[duckdb.DuckDBPyConnection, Report], dict[str, SectionPage]], ...] = (
    kind_pages,
    school_pages,
)

# Pages that the menu names but a family makes, or that have a template of their own.
OTHER_PLACES = (
    Place("index.html", noted("The year on one page"), Group.YEAR),
    Place("pd/index.html", noted("All kinds"), Group.KINDS),
    Place("schools/index.html", noted("All schools"), Group.SCHOOLS),
    Place(GLOSSARY, noted("Words used"), Group.DATA),
    Place(DICTIONARY, noted("Data dictionary"), Group.DATA),
    Place(FIND, noted("Find"), Group.DATA),
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
    return [(say(group.value), say_each(of_group)) for group, of_group in grouped if of_group]
