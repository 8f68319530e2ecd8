"""The one script of the site in a real Chromium: it sorts and filters; without it nothing is missing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from tests.browser.screenshots import ARGUMENTS, CHROMIUM
from tests.browser.test_report_page import opened
from tests.unit.reporting.made_up_pages import PAGE, TABLE, made_up_site

playwright_api = pytest.importorskip("playwright.sync_api")
pytestmark = [
    pytest.mark.skipif(not CHROMIUM.exists(), reason="no chromium at /usr/bin/chromium"),
]


@pytest.fixture(scope="module")
def browser() -> Iterator[object]:
    with playwright_api.sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=str(CHROMIUM), args=ARGUMENTS)
        yield launched
        launched.close()


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Path:
    hostile = replace(PAGE, title='<img src=x onerror="document.title=1">')
    pages = {"made.html": PAGE, "schools/1.html": replace(PAGE, title="École Élan"), "pd/x.html": hostile}
    with pytest.MonkeyPatch.context() as monkeypatch:
        folder = tmp_path_factory.mktemp("made-up")
        made_up_site(monkeypatch, folder, pages)
    return folder / "made.html"


def first_column(tab) -> list[str]:  # type: ignore[no-untyped-def]
    return tab.locator("table").first.locator("tbody th").all_inner_texts()


@pytest.mark.parametrize(
    ("column", "ascending"),
    [
        ("Growth, SD", ["Birch", "Cedar", "Éclair", "alder"]),  # −0.05, 0.00, +0.07, too few
        ("Students", ["Birch", "Cedar", "Éclair", "alder"]),  # 98, 310, 1,234
        ("Share", ["Cedar", "Birch", "Éclair", "alder"]),  # under 1%, 9%, 12%
        ("Cost", ["Éclair", "Birch", "Cedar", "alder"]),  # $5.50, $12, $1,000
        ("Difference", ["Birch", "Cedar", "Éclair", "alder"]),  # by the estimate before its interval
        ("School", ["alder", "Birch", "Cedar", "Éclair"]),
    ],
)
def test_a_column_is_sorted_by_keyboard_words_last_and_back_again(  # type: ignore[no-untyped-def]
    browser, page: Path, column: str, ascending: list[str]
) -> None:
    tab, _, complaints = opened(browser, page)
    head = tab.locator("table").first.get_by_role("columnheader", name=column, exact=True)
    head.get_by_role("button").press("Enter")
    assert (first_column(tab), head.get_attribute("aria-sort")) == (ascending, "ascending")
    head.get_by_role("button").press("Enter")
    words_last = 3 if column != "School" else 4
    descending = [*reversed(ascending[:words_last]), *ascending[words_last:]]
    assert (first_column(tab), head.get_attribute("aria-sort")) == (descending, "descending")
    playwright_api.expect(tab.locator(".unseen")).to_have_text(f"Sorted by {column}, descending")
    head.get_by_role("button").press("Enter")
    assert (first_column(tab), head.get_attribute("aria-sort")) == ([row[0] for row in TABLE.rows], None)
    assert complaints == []


def test_one_column_at_a_time_says_that_it_is_sorted(browser, page: Path) -> None:  # type: ignore[no-untyped-def]
    tab, _, _ = opened(browser, page)
    for column in ("Students", "Cost"):
        tab.locator("table").first.get_by_role("button", name=column).click()
    assert tab.locator("[aria-sort]").all_inner_texts() == ["Cost"]


@pytest.mark.parametrize("typed", ["elan", "ÉLAN ecole"])
def test_typing_leaves_what_is_looked_for_and_says_how_many(browser, page: Path, typed: str) -> None:  # type: ignore[no-untyped-def]
    tab, requests, complaints = opened(browser, page.with_name("find.html"))
    box = tab.get_by_label("Find a page")
    box.fill(typed)
    assert tab.locator("[data-find] section li:visible a").all_inner_texts() == ["École Élan"]
    assert tab.locator("[data-find] nav li:visible").all_inner_texts() == ["E"]
    total = tab.locator("[data-find] section li").count()
    status = tab.locator(".find-field [role=status]")
    playwright_api.expect(status).to_have_text(f"1 of {total} found")
    box.press("ArrowDown")
    assert tab.evaluate("document.activeElement.textContent") == "École Élan"
    tab.keyboard.press("ArrowUp")
    box.press("Escape")
    assert tab.locator("[data-find] section li:visible").count() == total
    box.fill("nothing is called so")
    playwright_api.expect(status).to_have_text(f"None of {total} found")
    box.fill(typed)
    box.press("Enter")
    tab.wait_for_url("**/schools/1.html")
    assert complaints == []
    assert len(requests) == 2


def test_escape_closes_the_menu_and_leaves_the_reader_at_it(browser, page: Path) -> None:  # type: ignore[no-untyped-def]
    tab, _, _ = opened(browser, page)
    tab.get_by_text("All pages").click()
    tab.keyboard.press("Tab")
    tab.keyboard.press("Escape")
    assert tab.locator(".menu details[open]").count() == 0
    assert tab.evaluate("document.activeElement.textContent") == "All pages"


def test_another_script_does_not_run(browser, page: Path) -> None:  # type: ignore[no-untyped-def]
    text = page.read_text(encoding="utf-8")
    attacked = page.with_name("attacked.html")
    attacked.write_text(
        text.replace("</main>", "<script>document.title = 'broken'</script></main>"), encoding="utf-8"
    )
    tab, _, complaints = opened(browser, attacked)
    assert tab.title() != "broken"
    assert len(complaints) == 1
    assert "script-src" in complaints[0]
    assert tab.locator("th button").count() > 0


def test_without_the_script_all_is_there_and_no_control_is_dead(browser, page: Path) -> None:  # type: ignore[no-untyped-def]
    tab, _, _ = opened(browser, page.with_name("find.html"), java_script_enabled=False)
    assert tab.locator("button, input").count() == 0
    assert tab.get_by_role("link", name="École Élan").is_visible()
    assert tab.get_by_role("link", name="<img").is_visible()


@pytest.mark.parametrize("width", [320, 768, 1200])
@pytest.mark.parametrize("name", ["made.html", "find.html", "glossary.html"])
def test_no_width_makes_a_page_scroll_sideways(browser, page: Path, width: int, name: str) -> None:  # type: ignore[no-untyped-def]
    tab, _, _ = opened(browser, page.with_name(name), width)
    tab.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
    assert tab.evaluate("document.documentElement.scrollWidth") <= width


def test_sorting_is_at_hand_on_a_phone_and_its_targets_are_large_enough(browser, page: Path) -> None:  # type: ignore[no-untyped-def]
    tab, _, _ = opened(browser, page, 360)
    sizes = (
        tab.locator("table.stacking")
        .first.locator("button")
        .evaluate_all("all => all.map(one => one.getBoundingClientRect().height)")
    )
    assert min(sizes) >= 24
    tab.locator("table").first.get_by_role("button", name="Students").click()
    assert first_column(tab)[0] == "Birch"


def test_on_paper_there_are_no_controls_and_titles_of_columns_stay(browser, page: Path) -> None:  # type: ignore[no-untyped-def]
    tab, _, _ = opened(browser, page, 816)
    tab.emulate_media(media="print")
    assert tab.locator(".files:visible, .menu:visible, .back:visible").count() == 0
    head = tab.locator("table").first.locator("thead")
    assert head.evaluate("one => getComputedStyle(one).display") == "table-header-group"
    assert head.inner_text().strip().split("\t") == [column.title for column in TABLE.columns]
    # a button with a box of its own is not drawn again where the header repeats
    displays = head.locator("button").evaluate_all("all => all.map(one => getComputedStyle(one).display)")
    assert set(displays) == {"contents"}


def test_a_table_wider_than_its_frame_is_reached_by_keyboard_and_others_are_not(browser, page: Path) -> None:  # type: ignore[no-untyped-def]
    tab, _, _ = opened(browser, page)
    frame = tab.locator(".scroll:has(table.stacking)").first
    assert frame.get_attribute("tabindex") is None
    frame.evaluate("one => { one.style.width = '12rem'; }")
    playwright_api.expect(frame).to_have_attribute("tabindex", "0")
    assert (frame.get_attribute("role"), frame.get_attribute("aria-label")) == ("region", "Growth by school")
