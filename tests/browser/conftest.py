"""One made-up site with every page, drawn once for all tests that open it."""

from __future__ import annotations

import fcntl
import os
from pathlib import Path

import pytest

from tests.unit.reporting.made_up_build import BUILD_ID
from tests.unit.reporting.made_up_whole import whole_build
from transforms.reporting.site import render_report


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a site with every page, the same for all workers of a run."""
    if "PYTEST_XDIST_WORKER" not in os.environ:
        return _drawn(tmp_path_factory.mktemp("site"))
    folder = tmp_path_factory.getbasetemp().parent / "site"
    folder.mkdir(exist_ok=True)
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        return folder / "drawn" if (folder / "drawn").exists() else _drawn(folder / "drawn")


def _drawn(folder: Path) -> Path:
    render_report(whole_build(), folder, BUILD_ID)
    return folder


@pytest.fixture(scope="session")
def kinds(site: Path) -> list[Path]:
    """One page of every kind: each page of the site's root, the largest and the list in each folder."""
    found = sorted(site.glob("*.html"))
    for folder in sorted({page.parent for page in site.rglob("*.html")} - {site}):
        single = (page for page in folder.glob("*.html") if page.name != "index.html")
        found += [folder / "index.html", max(single, key=lambda page: page.stat().st_size)]
    return [page for page in found if page.exists()]
