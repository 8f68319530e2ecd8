"""Units of numbers whose declaration names none, because the kind of number or the table says it.

First what is special to a table, then what a name means everywhere.
"""

from __future__ import annotations

import re

from expectations.contract import Kind

_SCALE = "points of the answer scale"
_RATING = "points of the rubric"
_INDICATOR = "that of the indicator (estimates.indicator_definition)"

# Pattern of schema.table.column and its unit; the first that matches counts.
_UNITS = tuple(
    (re.compile(pattern), unit)
    for pattern, unit in (
        (r".*\.(.*_)?p_values?(_\w+)?|.*\.\w+_p|.*\.statistic_p", "probability"),
        (r".*\.df(_\w+)?", "degrees of freedom"),
        (r".*\.(\w+_)?tier", "tier, 1 to 4"),
        (r".*\.n_\w+|.*\.\w+_n_priors", "count"),
        (r".*\.(\w+_)?(number|line|rank|priority)", "position"),
        (r".*\.(f_)?statistic|.*\.condition_number", "test statistic, without a unit"),
        (r".*\.(hedges_g|baseline_g_max)", "standard deviations"),
        (r".*\.robustness_value", "share"),
        (r".*\.tau2", "squared standard deviations of student scores"),
        (r".*\.percentile", "percentile"),
        (r".*\.(\w+_)?(correlation|rest_r)|.*growth_stability\.ci_\w+", "correlation, -1 to 1"),
        (r".*\.survey_response\.ci_\w+", "share"),
        (r".*\.(alpha|omega|scale_alpha|alpha_\w+|spearman_brown)", "reliability, up to 1"),
        (r".*\.survival_model\.ci_\w+", "hazard ratio"),
        (r".*\.survival_model\.(coefficient|std_error)", "logarithm of the hazard ratio"),
        (r".*adoption_spread\.ci_\w+|.*\.(\w*ratio\w*|e_value\w*|bound)", "ratio"),
        (r".*\.(icc\d?|\w*r_wg|agreement)", "share"),
        (r".*\.baseline\.difference_\w+", "that of the column unit"),
        (r".*\.guskey_chain\.\w+", "that of the column unit"),
        (r".*\.guskey_observation\.\w+|core\.observation\.\w+", _RATING),
        (r".*\.next_question\.\w+", "that of the column unit"),
        (r".*\.recommendation_condition\.\w+", "that of the measure"),
        (r".*\.(indicator|standard_measure|self_assessment_check)\.\w+|history\.indicator\.\w+", _INDICATOR),
        (r".*\.survey_\w+\.\w+", _SCALE),
        (r".*\.(need|fit)", "points, 1 to 5"),
        (r"core\.self_assessment\.rating", "points, 1 to 4"),
        (r"core\.pd_cost\.quantity", "that of the column unit"),
        (r".*\.value_added_model\.prior_coefficient\w*", "standard deviations per standard deviation"),
    )
)  # fmt: skip


def unit_of(table: str, column: str, kind: Kind, declared: str = "") -> str:
    """The unit of a column of ``table`` (schema.name): as declared, else by its place and name.

    Empty for what is no number. ValueError for a number of which nobody says what it is counted in.
    """
    if declared or kind not in (Kind.INTEGER, Kind.NUMBER):
        return declared
    name = f"{table}.{column}"
    for pattern, unit in _UNITS:
        if pattern.fullmatch(name):
            return unit
    raise ValueError(f"{name} is a number without a unit: declare one")
