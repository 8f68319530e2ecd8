"""Pooling of estimates against the published meta-analysis of Raudenbush (1985), as metafor has it."""

from __future__ import annotations

import numpy as np
import pytest

from transforms.designs.heterogeneity import _mean, between_variance

# Effects of teacher expectancy on pupils' IQ: standardised differences and their variances (19 studies).
EFFECTS = np.array(
    [0.03, 0.12, -0.14, 1.18, 0.26, -0.06, -0.02, -0.32, 0.27, 0.80, 0.54, 0.18, -0.02, 0.23, -0.18, -0.06,
     0.30, 0.07, -0.07]
)  # fmt: skip
VARIANCES = np.array(
    [0.0156, 0.0216, 0.0279, 0.1391, 0.1362, 0.0106, 0.0106, 0.0484, 0.0269, 0.0630, 0.0912, 0.0497, 0.0835,
     0.0841, 0.0253, 0.0279, 0.0193, 0.0088, 0.0303]
)  # fmt: skip


def test_mean_and_its_error_with_the_published_variance_between_studies() -> None:
    # metafor's rma by REML: .0837 (.0516), tau² .0188
    mean, *_ = _mean(EFFECTS, np.diag(VARIANCES), 0.0188)
    assert mean == pytest.approx(0.0837, abs=1e-4)
    weights = 1 / (VARIANCES + 0.0188)
    assert weights.sum() ** -0.5 == pytest.approx(0.0516, abs=1e-4)


def test_variance_between_studies_solves_paule_and_mandel_s_equation() -> None:
    tau2 = between_variance(EFFECTS, np.diag(VARIANCES))
    weights = 1 / (VARIANCES + tau2)
    mean = weights @ EFFECTS / weights.sum()
    # the generalised Q statistic equals its degrees of freedom
    assert weights @ (EFFECTS - mean) ** 2 == pytest.approx(18, abs=1e-4)
    # moments weigh the one large effect more than likelihood does, which gives .0188
    assert tau2 == pytest.approx(0.0518, abs=1e-4)
