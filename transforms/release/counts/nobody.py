"""Tables that count nobody, each with the reason why."""

from __future__ import annotations

from transforms.release.cells import Declared

NOBODY = Declared(
    (),
    without_persons={
        "report.adoption": "counts schools, not persons",
        "report.adoption_spread": "counts schools and how many took a type up; odds and hours are of schools",
        "report.climate_growth": "slopes across schools and numbers of schools and school years",
        "report.cost_assumption": "rates and rules that costs rest on",
        "report.intake": "counts rows of files, not persons",
        "report.recommendation_rule": "the wording of rules",
        "report.rejected_by_rule": "counts rows of files by rule; examples never hold a value",
        "report.school_successor": "whether a school has a principal and a successor; no number of persons",
        "report.self_assessment": "what a school says of itself beside other schools",
        "report.self_assessment_practice": "counts schools by the level that they give themselves",
    },
)
