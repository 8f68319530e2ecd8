"""What the pages of PD types are made from: the rows of all of them, and of one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from typing import Protocol, TypeVar

import duckdb

from transforms.designs.main_design import main_comparisons
from transforms.reporting.chain_rows import ChainReport, read_chain
from transforms.reporting.cost_rows import CostReport, read_costs
from transforms.reporting.decision_rows import Decisions, read_decisions
from transforms.reporting.evidence_rows import CalibrationRow, EvidenceReport
from transforms.reporting.fill import filled
from transforms.reporting.learning_rows import AdoptionRow
from transforms.reporting.rows import DistrictReachRow, EffectRow, ReachRow, Report, Unavailable


@dataclass(frozen=True)
class ProfileRow:
    """One row of report.pd_type_profile: shares are of hours, None where nothing is on record."""

    pd_type: str
    school_year: int
    is_connected: bool | None
    n_activities: int | None
    n_people: int | None
    hours: float | None
    planned_hours: float | None
    district_share: float | None
    school_share: float | None
    teacher_share: float | None
    curriculum_linked_share: float | None
    mandatory_share: float | None
    research_based_share: float | None
    has_small_part: bool
    is_suppressed: bool


@dataclass(frozen=True)
class Kinds:
    """The rows behind the pages of all PD types."""

    report: Report
    main: tuple[EffectRow, ...]
    profiles: tuple[ProfileRow, ...]
    adoption: tuple[AdoptionRow, ...]
    chain: ChainReport
    costs: CostReport
    decisions: Decisions

    @property
    def pd_types(self) -> tuple[str, ...]:
        """PD types with hours or with a comparison, in the order of their codes."""
        reached = {row.pd_type for row in self.report.district_reach}
        compared = {row.pd_type for row in self.report.effects}
        return tuple(sorted(reached | compared | {row.pd_type for row in self.profiles}))


@dataclass(frozen=True)
class Kind:
    """The rows of one PD type; ``main`` are the comparisons that the report answers with.

    ``calibrations`` are those of the type itself where a design was tried on it alone, else of all types.
    ``unavailable`` are the topics that the whole build could not look at.
    """

    pd_type: str
    report_year: int
    titles: tuple[str, ...]
    effects: tuple[EffectRow, ...]
    main: tuple[EffectRow, ...]
    profiles: tuple[ProfileRow, ...]
    district_reach: tuple[DistrictReachRow, ...]
    reach: tuple[ReachRow, ...]
    adoption: tuple[AdoptionRow, ...]
    evidence: EvidenceReport
    chain: ChainReport
    costs: CostReport
    decisions: Decisions
    unavailable: tuple[Unavailable, ...]

    @property
    def profile(self) -> ProfileRow | None:
        """What the type was like in the report year; None where nobody attended."""
        return next((row for row in self.profiles if row.school_year == self.report_year), None)

    @property
    def whole(self) -> tuple[EffectRow, ...]:
        """Comparisons of all students, refused ones too."""
        return tuple(row for row in self.effects if row.subgroup == "all")


def read_kinds(connection: duckdb.DuckDBPyConnection, report: Report) -> Kinds:
    """Read what the pages of PD types show beside ``report``."""
    return Kinds(
        report,
        main_comparisons(report.effects),
        filled(connection, ProfileRow, _select(ProfileRow, "report.pd_type_profile")),
        filled(connection, AdoptionRow, _select(AdoptionRow, "report.adoption")),
        read_chain(connection),
        read_costs(connection, report.build.report_year),
        read_decisions(connection),
    )


def _select(row: type, table: str) -> str:
    names = ", ".join(field.name for field in fields(row))
    return " ".join(("select", names, "from", table, "order by pd_type, school_year"))


def kind_of(kinds: Kinds, pd_type: str) -> Kind:
    """The rows of one PD type."""
    report = kinds.report
    effects = _of(report.effects, pd_type)
    return Kind(
        pd_type=pd_type,
        report_year=report.build.report_year,
        titles=tuple(title for of_type, title in report.activity_titles if of_type == pd_type),
        effects=effects,
        main=_of(kinds.main, pd_type),
        profiles=_of(kinds.profiles, pd_type),
        district_reach=_of(report.district_reach, pd_type),
        reach=_of(report.reach, pd_type),
        adoption=_of(kinds.adoption, pd_type),
        evidence=_evidence_of(report.evidence, pd_type, {row.effect_id for row in effects}),
        chain=replace(
            kinds.chain,
            links=_of(kinds.chain.links, pd_type),
            breaks=_of(kinds.chain.breaks, pd_type),
            observations=_of(kinds.chain.observations, pd_type),
            themes=_of(kinds.chain.themes, pd_type),
        ),
        costs=replace(
            kinds.costs,
            types=_of(kinds.costs.types, pd_type),
            all_years=_of(kinds.costs.all_years, pd_type),
            ingredients=_of(kinds.costs.ingredients, pd_type),
            ratios=_of(kinds.costs.ratios, pd_type),
        ),
        decisions=replace(
            kinds.decisions,
            recommendations=_of(kinds.decisions.recommendations, pd_type),
            reviews=_of(kinds.decisions.reviews, pd_type),
            questions=_of(kinds.decisions.questions, pd_type),
        ),
        unavailable=report.unavailable,
    )


def _evidence_of(evidence: EvidenceReport, pd_type: str, effect_ids: set[str]) -> EvidenceReport:
    return replace(
        evidence,
        periods=_of(evidence.periods, pd_type),
        checks=tuple(row for row in evidence.checks if row.effect_id in effect_ids),
        baselines=_of(evidence.baselines, pd_type),
        dose_points=_of(evidence.dose_points, pd_type),
        dose_terms=_of(evidence.dose_terms, pd_type),
        calibrations=_calibrations(evidence.calibrations, pd_type),
        sensitivities=tuple(row for row in evidence.sensitivities if row.effect_id in effect_ids),
        specifications=_of(evidence.specifications, pd_type),
        differences=_of(evidence.differences, pd_type),
    )


def _calibrations(rows: Sequence[CalibrationRow], pd_type: str) -> tuple[CalibrationRow, ...]:
    """The trials of each design, without a planted effect: of the type alone where there were such."""
    found: dict[tuple[str, str, str], CalibrationRow] = {}
    for row in rows:
        key = (row.design, row.academic_subject, row.contrast)
        if row.planted_sd == 0 and (row.pd_type == pd_type or (row.pd_type == "all" and key not in found)):
            found[key] = row
    return tuple(found.values())


class _OfType(Protocol):
    @property
    def pd_type(self) -> str: ...


_Row = TypeVar("_Row", bound=_OfType)


def _of(rows: Sequence[_Row], pd_type: str) -> tuple[_Row, ...]:
    return tuple(row for row in rows if row.pd_type == pd_type)
