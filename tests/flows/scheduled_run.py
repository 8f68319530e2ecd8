"""A scheduled study with light stages, on the server that PREFECT_API_URL names. Argument: folder."""

from __future__ import annotations

import sys
from pathlib import Path

from flows import nightly
from flows.scheduled import scheduled_study
from tests.flows import light_stages
from tests.flows.killed_run import set_by_name

if __name__ == "__main__":
    light_stages.write_study(Path(sys.argv[1]), "7")
    nightly.intake_fingerprint = light_stages.fingerprint
    light_stages.lighten(set_by_name)
    print(scheduled_study(sys.argv[1]))
