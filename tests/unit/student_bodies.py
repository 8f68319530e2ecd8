"""Student bodies of one kind, for the parts of the simulated district."""

from __future__ import annotations

import numpy as np

from transforms.simulation import students


def body_of(n: int, *, grade: int = 8, true_score: float = 0.0) -> students.StudentBody:
    """Students of one grade, school and true score, in the district since last year."""
    no = np.zeros(n, dtype=bool)
    return students.StudentBody(
        number=np.arange(n),
        grade=np.full(n, grade),
        school=np.zeros(n, dtype=int),
        sex=np.zeros(n, dtype=int),
        is_english_learner=no,
        is_swd=no,
        is_economically_disadvantaged=no,
        is_gifted=no,
        is_new=no,
        true_score=np.full((n, 2), true_score),
    )
