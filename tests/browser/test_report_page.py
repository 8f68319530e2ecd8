"""The report in a real Chromium: opens from disk, asks for nothing, stands at every width, prints."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.unit.reporting.made_up_build import BUILD_ID
from tests.unit.reporting.made_up_district import HOSTILE, district_build, hostile_build
from tests.unit.reporting.made_up_evidence import add_evidence
from tests.unit.reporting.made_up_growth import add_growth
from transforms.reporting.site import render_report

CHROMIUM = Path("/usr/bin/chromium")
ARGUMENTS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip

playwright_api = pytest.importorskip("playwright.sync_api")
pytestmark = [
    pytest.mark.skipif(not CHROMIUM.exists(), reason="no chromium at /usr/bin/chromium"),
    pytest.mark.xdist_group("browser"),
]


@pytest.fixture(scope="module")
def browser() -> Iterator[object]:
    with playwright_api.sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=str(CHROMIUM), args=ARGUMENTS)
        yield launched
        launched.close()


@pytest.fixture(scope="module")
def district(tmp_path_factory: pytest.TempPathFactory) -> Path:
    names = [
        "Alder Creek",
        "Dr. Martin Luther King Junior Memorial Elementary School",
        "Cedar Grove",
        "Dogwood",
    ]
    return render_report(district_build(names), tmp_path_factory.mktemp("district"), BUILD_ID)


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return render_report(hostile_build(), tmp_path_factory.mktemp("hostile"), BUILD_ID)


@pytest.fixture(scope="module")
def growth(tmp_path_factory: pytest.TempPathFactory) -> Path:
    names = [f"School {number:02} of a long name" for number in range(30)]
    connection = district_build(names)
    add_growth(connection, [*names, *HOSTILE])
    report = render_report(connection, tmp_path_factory.mktemp("growth"), BUILD_ID)
    return report.with_name("growth.html")


@pytest.fixture(scope="module")
def evidence(tmp_path_factory: pytest.TempPathFactory) -> Path:
    connection = district_build(["Alder Creek", "Birch Hill"])
    add_evidence(connection)
    report = render_report(connection, tmp_path_factory.mktemp("evidence"), BUILD_ID)
    return report.with_name("evidence.html")


def opened(browser, page: Path, width: int = 1200, **context):  # type: ignore[no-untyped-def]
    """The page, and what it asked for and complained of while it opened."""
    tab = browser.new_context(viewport={"width": width, "height": 900}, **context).new_page()
    requests: list[str] = []
    complaints: list[str] = []
    tab.on("request", lambda request: requests.append(request.url))
    tab.on("console", lambda message: complaints.append(message.text))
    tab.on("pageerror", lambda error: complaints.append(str(error)))
    tab.on("dialog", lambda dialog: (complaints.append(dialog.message), dialog.dismiss()))
    tab.goto(page.as_uri())
    return tab, requests, complaints


def test_a_page_opens_from_disk_and_asks_for_nothing_else(browser, district: Path) -> None:  # type: ignore[no-untyped-def]
    _, requests, complaints = opened(browser, district)
    assert requests == [district.as_uri()]
    assert complaints == []


def test_no_text_from_the_data_runs_as_script(browser, hostile: Path) -> None:  # type: ignore[no-untyped-def]
    for page in (hostile, hostile.with_name("validation.html")):
        tab, requests, complaints = opened(browser, page)
        assert requests == [page.as_uri()]
        assert complaints == []
        assert tab.title() != "broken"


@pytest.mark.parametrize("width", [320, 360, 768, 1200, 1920])
@pytest.mark.parametrize("name", ["index.html", "validation.html"])
def test_no_width_makes_the_page_scroll_sideways(browser, district: Path, width: int, name: str) -> None:  # type: ignore[no-untyped-def]
    tab, _, _ = opened(browser, district.with_name(name), width)
    assert tab.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize(("width", "shown", "hidden"), [(360, "narrow", "wide"), (1200, "wide", "narrow")])
def test_each_picture_shows_in_the_drawing_made_for_the_width(  # type: ignore[no-untyped-def]
    browser, district: Path, width: int, shown: str, hidden: str
) -> None:
    tab, _, _ = opened(browser, district, width)
    assert tab.locator(f"figure svg.{shown}:visible").count() == 5
    assert tab.locator(f"figure svg.{hidden}:visible").count() == 0


@pytest.mark.parametrize("width", [800, 1000, 1200])
def test_figures_beside_a_picture_are_whole_where_the_readers_font_is_wider(  # type: ignore[no-untyped-def]
    browser, district: Path, width: int
) -> None:
    tab, _, _ = opened(browser, district, width)
    # the pictures are measured with one font and read with another, up to a tenth wider
    tab.add_style_tag(content="figure svg text { letter-spacing: 0.08em }")
    svgs = tab.locator("figure svg.wide")
    assert svgs.count() > 0
    assert set(svgs.evaluate_all("all => all.map(one => getComputedStyle(one).overflow)")) == {"visible"}
    ends = tab.locator("figure svg.wide text").evaluate_all(
        "all => all.map(one => one.getBoundingClientRect().right)"
    )
    assert max(ends) <= width
    assert tab.evaluate("document.documentElement.scrollWidth") <= width


def test_picture_text_is_at_least_11_pixels_on_a_phone(browser, district: Path) -> None:  # type: ignore[no-untyped-def]
    tab, _, _ = opened(browser, district, 360)
    smallest = tab.evaluate(
        "Math.min(...[...document.querySelectorAll('svg.narrow')].flatMap(svg =>"
        " [...svg.querySelectorAll('text')].map(text => parseFloat(getComputedStyle(text).fontSize)"
        " * svg.getBoundingClientRect().width / svg.viewBox.baseVal.width)))"
    )
    assert smallest >= 11


def test_the_content_is_all_there_without_javascript(browser, district: Path) -> None:  # type: ignore[no-untyped-def]
    tab, _, _ = opened(browser, district, java_script_enabled=False)
    assert tab.locator("text=212 coached teachers in 31 schools carry this").first.is_visible()
    assert tab.locator("table:visible").count() == tab.locator("table").count()


def test_the_keyboard_reaches_every_link_and_scrolling_table(browser, district: Path) -> None:  # type: ignore[no-untyped-def]
    tab, _, _ = opened(browser, district)
    stops = tab.locator("a, [tabindex='0']").count()
    reached = set()
    for _ in range(stops):
        tab.keyboard.press("Tab")
        reached.add(tab.evaluate("[...document.querySelectorAll('*')].indexOf(document.activeElement)"))
    assert len(reached) == stops


def test_on_paper_nothing_is_wider_than_the_sheet_and_the_wide_drawing_is_used(
    browser, district: Path
) -> None:  # type: ignore[no-untyped-def]
    tab, _, _ = opened(browser, district, 816)  # US Letter at 96 pixels an inch
    tab.emulate_media(media="print")
    assert tab.evaluate("document.documentElement.scrollWidth") <= 816
    assert tab.locator("figure svg.wide:visible").count() == 5
    assert tab.locator("nav:visible").count() == 0
    assert tab.evaluate("getComputedStyle(document.querySelector('tbody tr')).breakInside") == "avoid"
    assert tab.pdf(format="Letter").startswith(b"%PDF")


@pytest.mark.parametrize("width", [400, 1280])
def test_page_of_growth_shows_its_pictures_and_does_not_scroll_sideways(  # type: ignore[no-untyped-def]
    browser, growth: Path, width: int
) -> None:
    tab, requests, complaints = opened(browser, growth, width)
    assert requests == [growth.as_uri()]
    assert complaints == []
    shown = "narrow" if width == 400 else "wide"
    # status and growth; spread in schools, in PD types, and curves in two subjects
    assert tab.locator(f"figure svg.{shown}:visible").count() == 7
    assert tab.evaluate("document.documentElement.scrollWidth") <= width
    tab.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
    assert tab.locator("table:visible").count() == tab.locator("table").count() == 7
    assert tab.evaluate("document.documentElement.scrollWidth") <= width
    tab.goto(growth.with_name("index.html").as_uri())
    tab.locator("#growth a[href='growth.html']").click()
    assert tab.url == growth.as_uri()


def test_hostile_names_of_schools_are_text_on_the_page_of_growth(browser, growth: Path) -> None:  # type: ignore[no-untyped-def]
    tab, _, complaints = opened(browser, growth)
    assert complaints == []
    assert tab.title() != "broken"
    assert tab.locator("script, img, iframe").count() == 0
    tab.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
    assert tab.get_by_text(HOSTILE[0], exact=True).first.is_visible()


def test_tables_of_the_page_of_growth_are_on_paper_though_closed(browser, growth: Path) -> None:  # type: ignore[no-untyped-def]
    tab, _, _ = opened(browser, growth, 816)
    tab.emulate_media(media="print")
    heights = tab.locator("details table").evaluate_all(
        "all => all.map(one => one.getBoundingClientRect().height)"
    )
    assert min(heights) > 40
    assert tab.evaluate("document.documentElement.scrollWidth") <= 816


@pytest.mark.parametrize("width", [320, 400, 1280])
def test_page_of_evidence_shows_its_pictures_and_does_not_scroll_sideways(  # type: ignore[no-untyped-def]
    browser, evidence: Path, width: int
) -> None:
    tab, requests, complaints = opened(browser, evidence, width)
    assert requests == [evidence.as_uri()]
    assert complaints == []
    shown = "wide" if width == 1280 else "narrow"
    figures = tab.locator("figure").count()
    assert figures >= 10
    assert tab.locator(f"figure svg.{shown}:visible").count() == figures
    tab.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
    assert tab.evaluate("document.documentElement.scrollWidth") <= width
    tab.goto(evidence.with_name("index.html").as_uri())
    tab.locator("#comparisons a[href='evidence.html']").click()
    assert tab.url == evidence.as_uri()
