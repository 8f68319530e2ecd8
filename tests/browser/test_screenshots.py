"""The pictures of the README: always the same, of the window alone, and a line where a page is missing."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.browser import screenshots
from tests.browser.screenshots import PICTURES, NothingToPictureError, main, take_screenshots

playwright_api = pytest.importorskip("playwright.sync_api")
pytestmark = [
    pytest.mark.skipif(not screenshots.CHROMIUM.exists(), reason="no chromium at /usr/bin/chromium"),
]
MOVING = "<style>@keyframes m { to { margin-left: 9em } } h1 { animation: m 1s infinite }</style>"


@pytest.fixture(scope="module")
def browser() -> Iterator[object]:
    with playwright_api.sync_playwright() as playwright:
        launched = playwright.chromium.launch(
            executable_path=str(screenshots.CHROMIUM), args=screenshots.ARGUMENTS
        )
        yield launched
        launched.close()


@pytest.fixture
def report(tmp_path: Path) -> Path:
    for name in ("index", "pd/coaching", "pd/index", "schools/0002", "schools/0001", "schools/index"):
        page = tmp_path / "report" / f"{name}.html"
        page.parent.mkdir(parents=True, exist_ok=True)
        page.write_text(f"<title>{name}</title>{MOVING}<h1>{name}</h1><p style='height: 5000px'>")
    return tmp_path / "report"


def test_three_pictures_of_the_window_are_the_same_each_time(browser, report: Path, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    taken = [take_screenshots(browser, report, tmp_path / name) for name in "ab"]
    assert [path.name for path in taken[0]] == list(PICTURES)
    first, second = ([path.read_bytes() for path in paths] for paths in taken)
    assert first == second
    assert len(set(first)) == 3
    for png in first:
        # width and height stand after the signature and the head of the first chunk
        assert (int.from_bytes(png[16:20]), int.from_bytes(png[20:24])) == (1000, 1440)


def test_the_school_is_the_first_and_never_the_list(report: Path) -> None:
    assert screenshots._page(report, PICTURES["school.png"]).name == "0001.html"


def test_a_missing_page_is_named_and_nothing_is_written(browser, report: Path, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    (report / "pd" / "coaching.html").unlink()
    with pytest.raises(NothingToPictureError, match=r"pd/coaching\.html: there is no such page; make demo"):
        take_screenshots(browser, report, tmp_path / "images")
    assert not (tmp_path / "images").exists()


def test_a_missing_browser_is_said_in_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(screenshots, "CHROMIUM", Path("/nowhere/chromium"))
    assert main([]) == "/nowhere/chromium: there is no such browser; install Chromium"
