"""The simulated district of ``pdeval simulate`` and ``pdeval demo``; other files are never written over."""

from __future__ import annotations

import json
import math
import shutil
from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from flows.console import Terminal, is_interactive, shown_path
from transforms.errors import UsageError

if TYPE_CHECKING:
    from transforms.simulate import DistrictPlan, SimulatedDistrict

TRUTH = "truth.json"  # written last: a folder that has it was made by a simulation that finished


def plan_of(
    n_students: int, n_years: int, seed: int, effects: Iterable[str] = (), selection: float | None = None
) -> DistrictPlan:
    """The plan that the options ask for; ``effects`` as ``pd_type=sd`` win over the default ones."""
    from transforms.simulate import DistrictPlan

    default = DistrictPlan()
    return DistrictPlan(
        n_students=n_students,
        n_years=n_years,
        seed=seed,
        effects={**default.effects, **dict(map(_effect, effects))},
        selection=default.selection if selection is None else selection,
    )


def _effect(text: str) -> tuple[str, float]:
    pd_type, _, number = text.partition("=")
    try:
        effect_sd = float(number)
    except ValueError:
        effect_sd = math.nan
    if not math.isfinite(effect_sd):
        raise UsageError(
            f"--effect {text}: give a PD type and a number of standard deviations, as coaching=0.10"
        )
    return pd_type, effect_sd


def ensure_district(plan: DistrictPlan, folder: Path, terminal: Terminal, *, is_without_input: bool) -> None:
    """Simulate into ``folder`` unless a district of the same plan is there already."""
    if _plan_in(folder) == _comparable(plan):
        terminal.report_progress("simulate", f"{shown_path(folder)} holds this district already")
    else:
        write_district(plan, folder, terminal, is_without_input=is_without_input)


def write_district(
    plan: DistrictPlan, folder: Path, terminal: Terminal, *, is_without_input: bool
) -> SimulatedDistrict:
    """Simulate into ``folder``; asks before a simulated district is written over, refuses other files."""
    from transforms.simulate import simulate_district

    _make_room(folder, is_without_input=is_without_input)
    terminal.report_progress("simulate", f"{plan.n_students:,} students, {plan.n_years} school years")
    return simulate_district(plan, folder)


def _make_room(folder: Path, *, is_without_input: bool) -> None:
    if folder.exists() and not folder.is_dir():
        raise UsageError(f"{shown_path(folder)} is a file; give a new folder")
    if not folder.exists() or not any(folder.iterdir()):
        return
    shown = shown_path(folder)
    if _plan_in(folder) is None:
        raise UsageError(f"{shown} has files that no finished simulation made; give a new folder")
    if is_without_input or not is_interactive():
        raise UsageError(f"{shown} holds a simulated district; remove it or give a new folder")
    typer.confirm(f"{shown} holds a simulated district. Write over it?", abort=True, err=True)
    _remove_district(folder)


def _remove_district(folder: Path) -> None:
    """Remove what a simulation writes, so that no file of the old plan feeds the new study."""
    for made in (folder / TRUTH, folder / "truth_teachers.csv", folder / "study.toml"):
        made.unlink(missing_ok=True)
    shutil.rmtree(folder / "exports", ignore_errors=True)


def _plan_in(folder: Path) -> dict[str, object] | None:
    """The plan of the district in ``folder``; None where no simulation finished."""
    try:
        truth = json.loads((folder / TRUTH).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    plan = truth.get("plan") if isinstance(truth, dict) else None
    return plan if isinstance(plan, dict) and (folder / "study.toml").is_file() else None


def _comparable(plan: DistrictPlan) -> dict[str, object]:
    """The plan as it comes back from truth.json."""
    comparable: dict[str, object] = json.loads(json.dumps(asdict(plan)))
    return comparable
