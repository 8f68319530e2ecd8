"""The placebo outcome beside each estimate: growth in the year before, which the PD cannot have changed."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from functools import partial

from transforms.designs.effect import Effect
from transforms.designs.lottery import fit_lottery
from transforms.designs.lottery_sample import LotteryOffers
from transforms.designs.matched import fit_matched
from transforms.designs.number import number
from transforms.designs.panel import DesignEstimate, DesignRefusedError, TeacherPanel
from transforms.designs.panel_designs import PanelFindings
from transforms.designs.placebo import lagged_panel, placebo_estimates
from transforms.designs.regressions import CONTRASTS, REGRESSIONS
from transforms.designs.settings import DesignSettings
from transforms.estimation.errors import EstimationError

_Placebo = tuple[float, float, float]


def with_placebos(
    effects: Iterable[Effect], panel: TeacherPanel, findings: PanelFindings, settings: DesignSettings
) -> list[Effect]:
    """The rows with estimate, standard error and p-value of the placebo, where there is one.

    Regressions, ``matched`` and lotteries are fitted again to the growth of the year before; the event
    study has the mean of its leads. A row whose placebo the data cannot bear keeps none.
    """
    found = {**_regression_placebos(panel), **_panel_placebos(panel, findings, settings)}
    return [_with(effect, found) if effect.estimate_sd is not None else effect for effect in effects]


def _with(effect: Effect, found: dict[tuple[str, str, str], _Placebo]) -> Effect:
    placebo = found.get((effect.design, effect.contrast, effect.pd_type))
    if placebo is None:
        return effect
    return replace(effect, placebo_sd=placebo[0], placebo_std_error=placebo[1], placebo_p_value=placebo[2])


def _regression_placebos(panel: TeacherPanel) -> dict[tuple[str, str, str], _Placebo]:
    placebos = {}
    for design in REGRESSIONS:
        for contrast in CONTRASTS:
            try:
                found = placebo_estimates(panel, contrast, design)
            except (DesignRefusedError, EstimationError):
                continue
            for pd_type, row in found.items():
                placebos[design, contrast, pd_type] = (row.estimate_sd, row.std_error, row.p_value)
    return placebos


def _panel_placebos(
    panel: TeacherPanel, findings: PanelFindings, settings: DesignSettings
) -> dict[tuple[str, str, str], _Placebo]:
    placebos = {}
    before = lagged_panel(panel)
    for (design, contrast, at), found in findings.estimates.items():
        if not isinstance(found, DesignEstimate):
            continue
        placebo: _Placebo | None = None
        if design == "event_study":
            placebo = findings.mean_leads.get(at)
        elif design == "matched":
            placebo = _tested(partial(_matched, before, at, settings))
        elif contrast == "offered":
            placebo = _tested(partial(_offered, before, at, findings.offers[at], settings))
        if placebo is not None:
            placebos[design, contrast, panel.types[at]] = placebo
    return placebos


def _matched(panel: TeacherPanel, at: int, settings: DesignSettings) -> DesignEstimate:
    return fit_matched(panel, at, settings.minimum_teachers).estimate


def _offered(panel: TeacherPanel, at: int, offers: LotteryOffers, settings: DesignSettings) -> DesignEstimate:
    return fit_lottery(panel, at, offers, settings.minimum_teachers).offered


def _tested(fit: Callable[[], DesignEstimate]) -> _Placebo | None:
    try:
        found = fit()
    except DesignRefusedError:
        return None
    told = number(found.estimate_sd, found.std_error, found.df)
    return None if told is None else (told.estimate_sd, told.std_error, told.p_value)
