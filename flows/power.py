"""``pdeval power``: what next year needs, from the published build."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from flows.console import plain, shown_path
from flows.folders import Warehouse
from transforms.errors import UsageError

if TYPE_CHECKING:
    from flows.settings import StudySettings
    from transforms.designs.power import Plan


def plans_of_study(
    settings: StudySettings, effect_sd: float, *, pd_type: str | None = None, subject: str | None = None
) -> list[Plan]:
    """Plans by PD type and academic subject, of all or of the named ones.

    Raises UsageError where the effect is no effect, nothing is published, or a name is not in the build.
    """
    import duckdb

    from transforms.designs.power import plans
    from transforms.warehouse import open_database

    if not (math.isfinite(effect_sd) and effect_sd > 0.0):
        raise UsageError(f"--effect {effect_sd:g}: should be a number of standard deviations above 0")
    database = Warehouse(settings.warehouse_folder).published
    if not database.exists():
        raise UsageError(
            f"{settings.study.name}: nothing is published in {shown_path(settings.warehouse_folder)};"
            f" pdeval run {shown_path(settings.folder)} comes first"
        )
    with open_database(database, is_read_only=True) as connection:
        try:
            found = plans(connection, effect_sd)
        except (duckdb.CatalogException, duckdb.BinderException) as error:
            raise UsageError(
                f"{settings.study.name}: the published build is of an earlier version;"
                f" pdeval run {shown_path(settings.folder)} comes first"
            ) from error
    _check_name("--pd-type", pd_type, (plan.pd_type for plan in found))
    _check_name("--subject", subject, (plan.academic_subject for plan in found))
    return [
        plan for plan in found if pd_type in (None, plan.pd_type) and subject in (None, plan.academic_subject)
    ]


def _check_name(option: str, name: str | None, known: Iterable[str]) -> None:
    names = sorted(set(known))
    if name is not None and name not in names:
        raise UsageError(f"{option} {name}: the published build has {', '.join(names) or 'none'}")


def power_text(settings: StudySettings, plans: Sequence[Plan]) -> str:
    """A line of figures for each plan, and the sentence that says what they mean."""
    if not plans:
        return f"{settings.study.name}: the published build has no PD type to plan for"
    lines = [f"{'PD TYPE':<24} {'SUBJECT':<14} {'NEEDED':>7} {'OF':>6} {'LAST YEAR':>10} {'HOURS':>8}"]
    for plan in plans:
        figures = (plan.teachers_needed, plan.n_teachers, plan.n_participants, plan.hours_needed)
        needed, n_teachers, n_now, hours = ("-" if value is None else f"{value:,.0f}" for value in figures)
        lines.append(
            f"{plain(plan.pd_type):<24} {plain(plan.academic_subject):<14} {needed:>7} {n_teachers:>6}"
            f" {n_now:>10} {hours:>8}"
        )
        lines.append(f"    {plain(sentence(plan))}")
    return "\n".join(lines)


def sentence(plan: Plan) -> str:
    """What a plan says, in words."""
    if plan.reason:
        return f"cannot be planned: {plan.reason}."
    now = "none or all took part last year"
    if plan.detectable_sd is not None:
        now = f"the {plan.n_participants:,} of last year find {plan.detectable_sd:.3f} SD"
    return (
        f"{plan.teachers_needed:,} of {plan.n_teachers:,} teachers, {plan.mean_hours:.1f} hours each, find an"
        f" effect of {plan.effect_sd:g} SD with a power of 80 %; {now}."
    )


def power_facts(settings: StudySettings, plans: Sequence[Plan]) -> dict[str, Any]:
    """The JSON object of ``pdeval power``."""
    return {
        "study": settings.study.name,
        "database": str(Warehouse(settings.warehouse_folder).published),
        "power": 0.8,
        "plans": [{**asdict(plan), "sentence": sentence(plan)} for plan in plans],
    }
