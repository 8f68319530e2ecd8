"""What was fitted, in words and as a formula: rows of estimates.model."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from transforms.designs.adjusted_model import AdjustedModel
from transforms.designs.panel import TeacherPanel
from transforms.designs.regressions import Regression

_LEVEL_INDICATOR = re.compile(r"^(grade|term|assessment)=")
_PANEL = {
    "event_study": (
        "growth_sd ~ ATT(first year of PD_TYPE, school_year), never and not yet treated teachers as"
        " comparison, averaged over those who took part",
        "Callaway and Sant'Anna (2021), each teacher-year one observation",
        "influence functions summed by school, t with schools - 1 degrees of freedom",
    ),
    "matched": (
        "growth_sd ~ started PD_TYPE + growth of the year before + prior_mean_sd + years_experience"
        " + school's mean prior + school's growth of the year before + school_year",
        "entropy balancing on the terms after the first (Hainmueller 2012) from weights of students, then"
        " weighted least squares",
        "influence functions summed by school, t with schools - 1 degrees of freedom",
    ),
    "lottery": (
        "growth_sd ~ offered PD_TYPE (or hours and taking part, instrumented by the offer) + prior_mean_sd"
        " | cohort and block",
        "least squares for the offer, two-stage least squares for taking part, weights of students",
        "by teacher, who is the unit of assignment",
    ),
}


def regression_record(found: Regression, academic_subject: str) -> Mapping[str, object] | None:
    """The row of a regression design, where a model was fitted."""
    model = found.model
    if model is None:
        return None
    if isinstance(model, AdjustedModel):
        levels = "/".join(name for name in reversed(model.sums.group_names))
        absorbed, estimator = f" + (1 | {levels})", "linear mixed model by REML, from sums"
    else:
        absorbed, estimator = " | teacher in school", "least squares with absorbed fixed effects, from sums"
    return {
        "design": found.design,
        "academic_subject": academic_subject,
        "contrast": found.contrast,
        "formula": f"score_sd ~ {' + '.join(_terms(model.fit.names))}{absorbed}",
        "estimator": f"{estimator}, weights roster_weight",
        "standard_errors": f"{model.robust.name}, Satterthwaite degrees of freedom",
        "frame": "frames.growth_analysis where is_design_window",
        "n_rows": model.fit.n_rows,
        "n_columns": len(model.fit.names),
    }


def panel_record(design: str, contrast: str, panel: TeacherPanel) -> Mapping[str, object]:
    """The row of a design that compares teacher-years; its formula is the same for each PD type."""
    formula, estimator, standard_errors = _PANEL[design]
    return {
        "design": design,
        "academic_subject": panel.academic_subject,
        "contrast": contrast,
        "formula": formula,
        "estimator": f"{estimator}; growth_sd is less what the other PD types go with (type_coefficient)",
        "standard_errors": standard_errors,
        "frame": "estimates.teacher_year_growth",
        "n_rows": len(panel.growth_sd),
        "n_columns": 1,
    }


def _terms(names: Sequence[str]) -> list[str]:
    """Columns in their order; the indicators of a factor are one term with their number."""
    terms: list[str] = []
    for name in names:
        found = _LEVEL_INDICATOR.match(name)
        if name == "intercept":
            continue
        if not found:
            terms.append(name)
            continue
        factor = {"grade": "grade by school_year"}.get(found[1], found[1])
        number = sum(other.startswith(f"{found[1]}=") for other in names)
        term = f"{factor} ({number} indicators)"
        if term not in terms:
            terms.append(term)
    return terms
