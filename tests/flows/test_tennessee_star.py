"""The real study of examples/, where its data are at hand."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from flows.settings import load_settings
from tests.flows.pipeline import KEY, built
from tests.unit.designs.growth_frames import regressed
from transforms.designs.settings import DesignSettings
from transforms.loading.pseudonyms import pseudonym

ROOT = Path(__file__).parents[2]
DATA = Path(os.environ.get("PDEVAL_SHARED_DATA", ROOT.parent / "shared" / "data")) / "tennessee_star_grade2"


@pytest.mark.skipif(
    not DATA.is_dir(), reason="Project STAR's public use file is not here; see examples/tennessee_star"
)
def test_in_service_training_in_project_star(tmp_path: Path) -> None:
    study = tmp_path / "tennessee_star"
    shutil.copytree(ROOT / "examples" / "tennessee_star", study, ignore=shutil.ignore_patterns("warehouse"))
    model = load_settings(study).model
    connection = built(study, DATA)
    effects, _ = regressed(connection, DesignSettings(**model.model_dump()))
    found = {(row.academic_subject, row.contrast): row for row in effects}

    # a mixed model with school and teacher effects and the prior score: about 1.2 (3.3) and 3.5 (4.0) points
    for subject, points, std_error in (("ela", 1.3, 3.3), ("mathematics", 3.5, 4.0)):
        row = found[subject, "participated"]
        scale = row.estimate_scale_points / row.estimate_sd
        assert row.estimate_scale_points == pytest.approx(points, abs=0.05)
        assert row.std_error_model * scale == pytest.approx(std_error, abs=0.05)
        assert (row.n_participants, row.n_participant_schools) == (54, 13)
        assert row.ci_low < 0 < row.ci_high
        assert "dose cannot be told" in str(found[subject, "per_10_hours"].note)

    stray = connection.execute(
        "select distinct source_line, rule from quarantine.rejected_row where entity = 'student'"
    ).fetchall()
    assert stray == [(6842, "missing")]  # 6,840 pupils below the header, then the all-empty row
    assert connection.execute("select count(*) from core.student").fetchall() == [(6840,)]
    known = connection.execute(
        "select count(*) from core.staff where staff_id = ?", [pseudonym(KEY, "staff", "17029510")]
    )
    assert known.fetchall() == [(1,)]
    connection.close()
