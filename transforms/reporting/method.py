"""What the comparison allows for, from the settings that the build was made with."""

from __future__ import annotations

import json
from collections.abc import Mapping

from transforms.reporting import terms
from transforms.reporting.numerals import listed

_PRIOR_POWERS = {
    1: "the earlier score",
    2: "the earlier score and its square",
    3: "the earlier score up to its cube",
}


def model_sentences(settings: str) -> tuple[str, ...]:
    """Sentences on the controls of the design ``adjusted``; ``settings`` is meta.build.settings, JSON."""
    model = json.loads(settings).get("model")
    return (_controls(model), _split(model)) if model else ()


def _controls(model: Mapping[str, object]) -> str:
    covariates = model.get("covariates")
    names = [_covariate(str(name)) for name in covariates] if isinstance(covariates, list) else []
    controls = [_PRIOR_POWERS[int(str(model["prior_degree"]))], *names]
    if model["has_context_means"]:
        controls.append("class and school means of earlier scores")
    return f"This study's model allows for {listed([*controls, 'grade', 'year'])}, where the data have them."


def _split(model: Mapping[str, object]) -> str:
    if model["has_school_split"]:
        return "Teachers are compared with those of the same school; differences between schools are noted."
    return "Teachers are compared within and between schools."


def _covariate(name: str) -> str:
    """A covariate as words: ``is_swd`` is "students with disabilities"."""
    known = {
        "is_english_learner": "English learners",
        "is_swd": "students with disabilities",
        "is_economically_disadvantaged": "economic disadvantage",
        "is_gifted": "gifted programmes",
        "is_female": "sex",
    }
    return known.get(name) or terms.plain(name).lower()
