"""One script of this package may run on a page, and nothing else."""

from __future__ import annotations

import base64
import hashlib
import re
from pathlib import Path

import pytest

from tests.unit.reporting.made_up_build import BUILD_ID
from tests.unit.reporting.made_up_pages import PAGE, made_up_site
from tests.unit.reporting.page_reader import elements
from transforms.reporting.content_hash import content_hash
from transforms.reporting.site import render_validation_page

FORBIDDEN = (
    "innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(", "Function(", "fetch(",
    "import(", "XMLHttpRequest", "localStorage", "document.cookie",
)  # fmt: skip


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    with pytest.MonkeyPatch.context() as monkeypatch:
        folder = tmp_path_factory.mktemp("made-up")
        made_up_site(monkeypatch, folder, {"made.html": PAGE, "schools/s1.html": PAGE})
    refused = render_validation_page("Riverbend", BUILD_ID, [], folder / "refused" / "validation.html")
    return [*folder.rglob("*.html"), refused]


def scripts(page: Path) -> list[str]:
    return re.findall(r"<script[^>]*>(.*?)</script>", page.read_text(encoding="utf-8"), re.DOTALL)


def test_the_policy_of_every_page_allows_its_one_script_by_the_hash_of_its_text(pages: list[Path]) -> None:
    assert len(pages) > 6
    for page in pages:
        (script,) = scripts(page)
        digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
        (policy,) = (
            element.attributes["content"]
            for element in elements(page)
            if element.attributes.get("http-equiv") == "Content-Security-Policy"
        )
        rules = dict(rule.strip().split(" ", 1) for rule in policy.split(";"))
        assert rules["default-src"] == "'none'"
        assert rules["script-src"] == f"'sha256-{digest}'"


def test_no_element_brings_a_script_of_its_own(pages: list[Path]) -> None:
    for page in pages:
        for element in elements(page):
            assert not [name for name in element.attributes if name.startswith("on")]
            assert "src" not in element.attributes
            assert not element.attributes.get("href", "").strip().lower().startswith("javascript:")


def test_the_script_is_small_and_makes_neither_code_nor_markup_of_text(pages: list[Path]) -> None:
    (script,) = scripts(pages[0])
    assert len(script.encode()) < 8_000
    assert not [way for way in FORBIDDEN if way in script]


def test_another_text_has_another_hash() -> None:
    assert content_hash("a") != content_hash("b")
    assert re.fullmatch(r"sha256-[A-Za-z0-9+/]{43}=", content_hash("a"))
