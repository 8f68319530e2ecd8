"""Every design of a subject tried on its own data: rows of estimates.calibration."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from transforms.designs.calibration import calibrate_regressions
from transforms.designs.calibration_panels import Offers, calibrate_lottery, calibrate_panel
from transforms.designs.calibration_rows import Record
from transforms.designs.event_study import event_study_estimate
from transforms.designs.lottery import fit_lottery
from transforms.designs.matched import fit_matched
from transforms.designs.panel import BoolArray, DesignEstimate, TeacherPanel
from transforms.designs.panel_designs import PanelFindings
from transforms.designs.regressions import Regression
from transforms.designs.sample import DesignSample
from transforms.designs.settings import DesignSettings

_SCHOOLS_IN_TIME, _LEAST_DRAWS = 40, 50


def calibrated(
    sample: DesignSample,
    regressions: Sequence[Regression],
    panel: TeacherPanel,
    findings: PanelFindings,
    settings: DesignSettings,
) -> list[Record]:
    """Calibration of all designs; of lotteries that of the offer, which effects on compliers derive from."""
    n_draws = draws_of(settings.calibration_draws, sample.n_schools)
    rows = calibrate_regressions(sample, regressions, settings, n_draws)
    rows += calibrate_panel(
        panel,
        "event_study",
        "participated",
        lambda drawn, at: event_study_estimate(drawn, at, settings.minimum_teachers),
        n_draws,
    )
    rows += calibrate_panel(
        panel,
        "matched",
        "participated",
        lambda drawn, at: fit_matched(drawn, at, settings.minimum_teachers).estimate,
        n_draws,
    )
    return rows + _lotteries(panel, findings, settings, n_draws)


def draws_of(wanted: int, n_schools: int) -> int:
    """Draws of a study of ``n_schools``: as many as wanted up to 40 schools, fewer beyond, never below 50.

    A draw takes time with the schools; in a large district each tells more, and types are pooled.
    """
    return min(wanted, max(_LEAST_DRAWS, wanted * _SCHOOLS_IN_TIME // n_schools))


def _lotteries(
    panel: TeacherPanel, findings: PanelFindings, settings: DesignSettings, n_draws: int
) -> list[Record]:
    """Places drawn again among those drawn for; growth less the effect of the offer that was found."""
    cases = []
    for (design, contrast, at), found in findings.estimates.items():
        if design == "lottery" and contrast == "offered" and isinstance(found, DesignEstimate):
            growth = panel.growth_sd - found.estimate_sd * found.treated
            cases.append((at, findings.offers[at], replace(panel, growth_sd=growth)))

    def estimate(position: int, assigned: BoolArray) -> DesignEstimate:
        at, offers, cleaned = cases[position]
        drawn = replace(offers, is_offered=assigned)
        return fit_lottery(cleaned, at, drawn, settings.minimum_teachers).offered

    keys = {"design": "lottery", "academic_subject": panel.academic_subject, "contrast": "offered"}
    drawn = [Offers(offers.is_offered, offers.stratum) for _, offers, _ in cases]
    return calibrate_lottery(keys, drawn, estimate, n_draws)
