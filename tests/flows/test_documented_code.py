"""What the documentation tells a reader to type works."""

from __future__ import annotations

import re
import shlex
import sys
from pathlib import Path

import pytest

from flows import cli
from flows.folders import Warehouse
from tests.flows.pipeline import built
from transforms.simulate import DistrictPlan, simulate_district

ROOT = Path(__file__).parents[2]
LINKS = re.compile(r"\]\((?!https?:|#|doi:)([^)#]+)[^)]*\)")
DOCUMENTS = sorted(
    path for path in (ROOT / "README.md", *ROOT.glob("docs/**/*.md"), *ROOT.glob("examples/**/*.md"))
)


def _blocks(document: Path, language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", document.read_text(encoding="utf-8"), flags=re.DOTALL)


def test_the_evaluators_first_queries_are_answered(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    simulate_district(DistrictPlan(n_students=300, n_years=3), tmp_path)
    built(tmp_path).close()
    (candidate,) = (tmp_path / "warehouse/builds").glob("*.duckdb")
    (code,) = _blocks(ROOT / "docs/for-evaluators.md", "python")
    names: dict[str, object] = {}
    exec(code.replace("demo/warehouse/pdeval.duckdb", str(candidate)), names)
    assert "study" in names
    Warehouse(tmp_path / "warehouse").published.write_bytes(candidate.read_bytes())
    _ask_what_evaluators_are_told_to(tmp_path, monkeypatch)


def _ask_what_evaluators_are_told_to(study: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (commands,) = _blocks(ROOT / "docs/for-evaluators.md", "sh")
    monkeypatch.chdir(study)
    for command in commands.splitlines():
        monkeypatch.setattr(sys, "argv", shlex.split(command.replace(" demo ", f" {study} ")))
        with pytest.raises(SystemExit) as ended:
            cli.main()
        assert (command, ended.value.code or 0) == (command, 0)
    assert (study / "effects.parquet").exists()


def test_the_models_of_the_estimation_guide_are_fitted(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    simulate_district(DistrictPlan(n_students=1000, n_years=3), tmp_path)
    built(tmp_path).close()
    (candidate,) = (tmp_path / "warehouse/builds").glob("*.duckdb")
    names: dict[str, object] = {}
    for code in _blocks(ROOT / "docs/estimation.md", "python"):
        exec(code.replace("demo/warehouse/pdeval.duckdb", str(candidate)), names)
    printed = capsys.readouterr().out
    assert "CR2 by school_id" in printed
    assert "coaching_hours" in printed
    assert "reliability" in printed


def test_the_targets_that_the_readme_names_are_in_the_makefile() -> None:
    targets = set(
        re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), flags=re.MULTILINE)
    )
    named = set(
        re.findall(
            r"^\$ make ([a-z-]+)", (ROOT / "README.md").read_text(encoding="utf-8"), flags=re.MULTILINE
        )
    )
    assert named == {"demo", "test"}
    assert named | {"lint", "test-slow", "bench", "clean"} <= targets


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_links_between_documents_lead_somewhere(document: Path) -> None:
    missing = [
        link
        for link in LINKS.findall(document.read_text(encoding="utf-8"))
        if not (document.parent / link).exists()
    ]
    assert missing == []
