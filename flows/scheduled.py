"""The flow that a Prefect deployment schedules: one study, named by its folder."""

from __future__ import annotations

from pathlib import Path

from prefect import flow

from flows.nightly import run_study
from flows.settings import load_settings


@flow(name="scheduled study", flow_run_name="{study}", persist_result=False)
def scheduled_study(study: str, data: str | None = None) -> str:
    """Run the study in folder ``study``; return what became of it: published or unchanged.

    ``data`` is the folder that source paths are relative to. Errors are those of ``run_study``; they
    make the flow run Failed, with their one line as its message.
    """
    settings = load_settings(Path(study), Path(data) if data else None)
    return run_study(settings).record.state
