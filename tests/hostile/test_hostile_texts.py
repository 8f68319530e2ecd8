"""Fifty attacks in every text, id and spare header of a study: the published site shows them as text."""

from __future__ import annotations

import csv
import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import openpyxl
import pytest

import transforms.reporting
from flows import nightly
from tests.browser.screenshots import ARGUMENTS, CHROMIUM
from tests.hostile.conftest import MiniStudy, Outcome, run_stages
from tests.hostile.hostile_district import Poison, hostile_district
from tests.hostile.hostile_strings import HOSTILE
from tests.unit.reporting.page_reader import elements
from transforms.reporting.svg import _ELEMENTS as PICTURE_ELEMENTS

# What the templates and the pictures are made of; an attack that became markup would add to them.
TEMPLATES = Path(transforms.reporting.__path__[0], "templates")
ELEMENTS = {name.lower() for name in PICTURE_ELEMENTS} | {
    name
    for template in TEMPLATES.glob("*.j2")
    for name in re.findall(r"<([a-z][a-z0-9]*)", template.read_text(encoding="utf-8"))
}
SAFE_NAME = re.compile(r"[A-Za-z0-9_-]+(\.[a-z]{2})?\.[a-z0-9]+|LICENSE")
_NUMBER = re.compile(r"[-+]?[\d.,]+%?")


@dataclass
class Seen:
    """What a page did in the browser beyond being read."""

    complaints: list[str] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)
    wide: dict[str, int] = field(default_factory=dict)
    text: str = ""


@dataclass(frozen=True)
class HostileStudy:
    """The study, which attacks it holds where, and what lay beside it before it ran."""

    study: MiniStudy
    poison: Poison
    site: Path

    @property
    def pages(self) -> list[Path]:
        """All pages of its site."""
        return sorted(self.site.rglob("*.html"))


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Iterator[HostileStudy]:
    """The hostile district, run and published once."""
    folder = tmp_path_factory.mktemp("hostile") / "study"
    poison = hostile_district(folder)
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("PDEVAL_PSEUDONYM_KEY", raising=False)
        patch.delenv("PDEVAL_DATA", raising=False)
        patch.setattr(nightly, "run_flow", run_stages)
        study = MiniStudy(folder)
        assert study.run() == Outcome(0)
    yield HostileStudy(study, poison, study.warehouse.latest_report.resolve())
    shutil.rmtree(folder)


@pytest.fixture(scope="module")
def seen(hostile: HostileStudy) -> Seen:
    """Every page opened on a phone, with all that can be opened in it."""
    playwright_api = pytest.importorskip("playwright.sync_api")
    if not CHROMIUM.exists():
        pytest.skip("no chromium at /usr/bin/chromium")
    found = Seen()
    with playwright_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=ARGUMENTS)
        tab = browser.new_context(viewport={"width": 360, "height": 800}).new_page()
        tab.on("request", lambda request: found.requests.append(request.url))
        tab.on("console", lambda message: found.complaints.append(message.text))
        tab.on("pageerror", lambda error: found.complaints.append(str(error)))
        tab.on("dialog", lambda dialog: (found.complaints.append(dialog.message), dialog.dismiss()))
        for page in hostile.pages:
            tab.goto(page.as_uri())
            tab.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
            # handlers of a pointer and of the focus would run now
            tab.evaluate(
                "document.querySelectorAll('main *').forEach("
                "one => ['mouseover', 'focus'].forEach(kind => one.dispatchEvent(new Event(kind))))"
            )
            name = str(page.relative_to(hostile.site))
            if tab.evaluate("'__pwned' in window"):
                found.complaints.append(f"{name}: an attack ran")
            if tab.evaluate("document.documentElement.scrollWidth") > 360:
                found.wide[name] = tab.evaluate("document.documentElement.scrollWidth")
            found.text += tab.evaluate("document.documentElement.textContent")
        browser.close()
    return found


def test_the_study_holds_fifty_attacks_each_in_many_fields_and_many_in_each_field(
    hostile: HostileStudy,
) -> None:
    used = hostile.poison.used
    assert len(HOSTILE) == 50
    assert {
        name for name, text in HOSTILE.items() if sum(text in field for field in used.values()) < 5
    } == set()
    # names of schools are few, and so are some lists
    assert sum(len(attacks) >= 5 for attacks in used.values()) >= 25


def test_no_attack_runs_complains_or_reaches_the_network(seen: Seen, hostile: HostileStudy) -> None:
    assert seen.complaints == []
    inside = (hostile.site.as_uri() + "/", "data:")
    assert [url for url in seen.requests if not url.startswith(inside)] == []
    assert len(seen.requests) >= len(hostile.pages) > 30


def test_attacks_do_reach_the_pages_as_text(seen: Seen) -> None:
    shown = {
        name for name, text in HOSTILE.items() if " ".join(text.split())[:40] in " ".join(seen.text.split())
    }
    assert len(shown) >= 30, sorted(set(HOSTILE) - shown)


def test_no_attack_makes_a_page_scroll_sideways(seen: Seen) -> None:
    assert seen.wide == {}


def test_no_attack_becomes_an_element_an_attribute_or_a_link(hostile: HostileStudy) -> None:
    for page in hostile.pages:
        found = elements(page)
        assert {element.name for element in found} <= ELEMENTS, page.name
        assert sum(element.name == "script" for element in found) <= 1, page.name
        for element in found:
            assert not any(name == "pwned" or name.startswith("on") for name in element.attributes), page.name
            for name in ("href", "src"):
                value = element.attributes.get(name, "#")
                assert value.startswith(("data:image/", "#")) or ":" not in value, (page.name, value[:80])
                assert element.name != "img" or value.startswith(("data:image/", "#"))


def test_every_link_leads_to_a_file_of_the_site(hostile: HostileStudy) -> None:
    for page in hostile.pages:
        for element in elements(page):
            target = element.attributes.get("href", "#").partition("#")[0]
            if target and not target.startswith("data:"):
                file = (page.parent / target).resolve()
                assert file.is_relative_to(hostile.site), target
                assert file.is_file(), target


def test_files_of_the_site_have_plain_names_that_differ_on_every_system(hostile: HostileStudy) -> None:
    files = [path.relative_to(hostile.site) for path in hostile.site.rglob("*") if path.is_file()]
    parts = {part for file in files for part in file.parts[:-1]}
    assert [file.name[:80] for file in files if not SAFE_NAME.fullmatch(file.name)] == []
    assert [part for part in parts if not re.fullmatch(r"[a-z0-9_-]+", part)] == []
    assert len({str(file).lower() for file in files}) == len(files)


def test_nothing_is_written_outside_the_warehouse(hostile: HostileStudy) -> None:
    folder = hostile.study.folder
    assert {path.name for path in folder.parent.iterdir()} == {folder.name}
    assert {path.name for path in folder.iterdir()} <= {
        "exports", "mappings", "study.toml", "truth.json", "truth_teachers.csv", "warehouse",
    }  # fmt: skip
    made = list(folder.parents[1].rglob("pwned"))
    assert [*made, *Path().glob("pwned")] == []


def test_no_cell_of_a_downloaded_table_is_a_formula(hostile: HostileStudy) -> None:
    tables = sorted(hostile.site.rglob("*.csv"))
    assert tables
    for table in tables:
        with table.open(encoding="utf-8-sig", newline="") as file:
            cells = [cell for row in csv.reader(file) for cell in row]
        live = [
            c for c in cells if c.lstrip()[:1] in tuple("=+-@") and c.strip() and not _NUMBER.fullmatch(c)
        ]
        assert live == [], table.name
    for workbook in sorted(hostile.site.rglob("*.xlsx")):
        for sheet in openpyxl.load_workbook(workbook):
            for row in sheet.iter_rows():
                for cell in row:
                    assert cell.data_type != "f", (workbook.name, cell.coordinate)
                    link = cell.hyperlink.target if cell.hyperlink else ""
                    assert not link or link.startswith("#") or ":" not in link
