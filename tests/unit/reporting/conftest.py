"""Pages rendered once for the tests that read them."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.unit.reporting.made_up_build import BUILD_ID, star_build
from tests.unit.reporting.made_up_district import district_build, hostile_build
from transforms.reporting.site import render_report


@pytest.fixture(scope="session")
def district_page(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The report of a made-up district."""
    return render_report(
        district_build(["Alder Creek", "Birch Hill", "Cedar Grove", "Dogwood"]),
        tmp_path_factory.mktemp("district"),
        BUILD_ID,
    )


@pytest.fixture(scope="session")
def star_page(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The report of the Tennessee STAR example."""
    return render_report(star_build(), tmp_path_factory.mktemp("star"), BUILD_ID)


@pytest.fixture(scope="session")
def hostile_page(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The report of a district whose every text is an attack."""
    return render_report(hostile_build(), tmp_path_factory.mktemp("hostile"), BUILD_ID)
