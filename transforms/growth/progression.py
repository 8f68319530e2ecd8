"""Norm groups: students whose scores went through the same subjects, terms and grades."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace

COHORT, BASELINE = "cohort", "baseline"


@dataclass(frozen=True, order=True)
class Step:
    """One score of a progression: how many school years before the outcome, and of what."""

    years_back: int
    term: str
    academic_subject: str
    grade_level: int

    def name(self, school_year: int | None) -> str:
        """``2024/ela_3``, with the term unless it is spring; ``year-1/ela_3`` where no year is meant."""
        back = f"-{self.years_back}" if self.years_back else ""
        year = f"year{back}" if school_year is None else str(school_year - self.years_back)
        term = "" if self.term == "spring" else f" {self.term}"
        return f"{year}{term}/{self.academic_subject}_{self.grade_level}"


@dataclass(frozen=True, order=True)
class Progression:
    """What the members of a norm group have in common; ``steps`` are their priors, the most recent first."""

    assessment_id: str
    academic_subject: str
    growth_window: str
    term: str
    grade_level: int
    steps: tuple[Step, ...]

    @property
    def outcome(self) -> Step:
        """The score whose growth it is."""
        return Step(0, self.term, self.academic_subject, self.grade_level)

    def with_priors(self, n_priors: int) -> Progression:
        """The same with the ``n_priors`` most recent priors only."""
        return replace(self, steps=self.steps[:n_priors])

    def name(self, school_year: int | None) -> str:
        """Name of the norm group, the oldest score first."""
        return "; ".join(step.name(school_year) for step in (*reversed(self.steps), self.outcome))


@dataclass(frozen=True)
class Path:
    """Students of one school year with one whole progression."""

    path_number: int
    progression: Progression
    school_year: int
    n_students: int


@dataclass(frozen=True)
class NormGroup:
    """Paths that begin with the same priors. ``school_years`` are those of the outcomes that set the norm.

    ``reference`` is cohort (one school year) or baseline.
    """

    reference: str
    progression: Progression
    school_years: tuple[int, ...]
    paths: tuple[int, ...]
    n_students: int

    @property
    def name(self) -> str:
        """The name in ``norm_group``."""
        return self.progression.name(self.school_years[0] if self.reference == COHORT else None)


def cohort_groups(paths: tuple[Path, ...]) -> tuple[NormGroup, ...]:
    """Norm groups of each school year and number of priors."""
    members: dict[tuple[Progression, int], list[Path]] = defaultdict(list)
    for path in paths:
        for n_priors in range(1, len(path.progression.steps) + 1):
            members[path.progression.with_priors(n_priors), path.school_year].append(path)
    return tuple(
        _group(COHORT, progression, (year,), found) for (progression, year), found in sorted(members.items())
    )


def baseline_groups(paths: tuple[Path, ...], school_years: tuple[int, ...]) -> tuple[NormGroup, ...]:
    """Norm groups of the outcomes of all ``school_years`` together."""
    members: dict[Progression, list[Path]] = defaultdict(list)
    for path in paths:
        if path.school_year in school_years:
            for n_priors in range(1, len(path.progression.steps) + 1):
                members[path.progression.with_priors(n_priors)].append(path)
    return tuple(
        _group(BASELINE, progression, tuple(sorted(school_years)), found)
        for progression, found in sorted(members.items())
    )


def _group(
    reference: str, progression: Progression, school_years: tuple[int, ...], paths: list[Path]
) -> NormGroup:
    numbers = tuple(sorted(path.path_number for path in paths))
    return NormGroup(reference, progression, school_years, numbers, sum(path.n_students for path in paths))
