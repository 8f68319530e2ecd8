"""What the comparison allows for, from the settings that the build was made with."""

from __future__ import annotations

import json
from collections.abc import Mapping

from transforms.reporting import terms
from transforms.reporting.catalogue import noted, say
from transforms.reporting.numerals import listed

_PRIOR_POWERS = {
    1: noted("the earlier score"),
    2: noted("the earlier score and its square"),
    3: noted("the earlier score up to its cube"),
}


def model_sentences(settings: str) -> tuple[str, ...]:
    """Sentences on the controls of the design ``adjusted``; ``settings`` is meta.build.settings, JSON."""
    model = json.loads(settings).get("model")
    return (_controls(model), _split(model)) if model else ()


_DESIGNS = {
    "adjusted": noted(
        "The comparison is a linear mixed model with random intercepts for teachers within schools,"
        " estimated by restricted maximum likelihood; intervals use standard errors clustered by"
        " school (CR2) with Satterthwaite degrees of freedom. It is correlational: it can reach"
        " Tier 3 of the Every Student Succeeds Act (ESSA) and does not meet the standards of the"
        " What Works Clearinghouse, whatever its numbers."
    ),
    "within_teacher": noted(
        "The comparison is of the years of the same teacher: least squares with fixed effects of"
        " teacher in school and of grade by year; intervals use standard errors clustered by school"
        " (CR2) with Satterthwaite degrees of freedom. It is correlational: it can reach Tier 3 of"
        " the Every Student Succeeds Act (ESSA) and does not meet the standards of the What Works"
        " Clearinghouse, whatever its numbers."
    ),
    "event_study": noted(
        "The comparison is of teachers before and after they first take part, with teachers who"
        " have not started (Callaway and Sant'Anna 2021); intervals use standard errors by school."
        " As a quasi-experiment it can reach Tier 2 of the Every Student Succeeds Act (ESSA)."
    ),
    "matched": noted(
        "The comparison is of teachers in the year they start with others, weighted to be alike"
        " before (entropy balancing); intervals use standard errors by school. As a"
        " quasi-experiment it can reach Tier 2 of the Every Student Succeeds Act (ESSA)."
    ),
    "lottery": noted(
        "The comparison is of teachers who were offered a place by lot with those who were not. As"
        " an experiment it can reach Tier 1 of the Every Student Succeeds Act (ESSA)."
    ),
}


def design_sentence(design: str) -> str:
    """How the comparison of the first page is made, and how far its evidence can reach."""
    return say(_DESIGNS.get(design, noted("No comparison gave a number.")))


def _controls(model: Mapping[str, object]) -> str:
    covariates = model.get("covariates")
    names = [_covariate(str(name)) for name in covariates] if isinstance(covariates, list) else []
    controls = [say(_PRIOR_POWERS[int(str(model["prior_degree"]))]), *names]
    if model["has_context_means"]:
        controls.append(say("class and school means of earlier scores"))
    return say(
        "This study's model allows for {value}, where the data have them.",
        value=listed([*controls, "grade", "year"]),
    )


def _split(model: Mapping[str, object]) -> str:
    if model["has_school_split"]:
        return say(
            "Teachers are compared with those of the same school; differences between schools are noted."
        )
    return say("Teachers are compared within and between schools.")


def _covariate(name: str) -> str:
    """A covariate as words: ``is_swd`` is "students with disabilities"."""
    known = {
        "is_english_learner": say("English learners"),
        "is_swd": say("students with disabilities"),
        "is_economically_disadvantaged": say("economic disadvantage"),
        "is_gifted": say("gifted programmes"),
        "is_female": "sex",
    }
    return known.get(name) or terms.plain(name).lower()
