"""Tables in which readers may add up what no link declares, each with what: their verdict is no pass."""

from __future__ import annotations

from transforms.release.cells import Declared

OPEN = Declared(
    (),
    open_questions={
        "report.adoption": "students behind an adoption's growth are not declared",
        "report.cost_equity": "which schools make up a third of them is not declared",
        "report.growth_caution": "the share of a group that other tables count is not declared",
        "report.indicator": "those of a group who are not among its numerator are not declared",
        "report.percentile_curve": "students of a norm group, which is large, are not declared beside others",
        "report.recommendation": "shares in whole percents within its text are not declared",
        "report.school_adoption": "students behind an adoption's growth are not declared",
        "report.school_successor": "whether there is a successor tells of a school's one principal",
        "report.survey_response": "responses of a school beside those of its roles are not declared",
        "report.survey_scale": "who was invited and did not answer is not declared",
        "report.survey_theme": "what the other themes leave is not declared; a rule of its own hides two",
        "report.survival_median": "who of a group had no event is not declared",
    },
)
