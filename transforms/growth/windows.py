"""Growth windows: from which term to which, and which earlier administrations are priors of the outcome."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass

SUBJECTS = ("mathematics", "ela", "science", "social_studies", "other")


@dataclass(frozen=True)
class PriorSlot:
    """Where one prior of an outcome is to be found: so many school years before it, in a term and subject."""

    growth_window: str
    academic_subject: str
    prior_number: int
    prior_subject: str
    years_back: int
    prior_term: str


@dataclass(frozen=True)
class EquipercentileLink:
    """An assessment whose last year is linked to the first year of its successor."""

    from_assessment: str
    to_assessment: str
    first_school_year: int


@dataclass(frozen=True)
class GrowthFrames:
    """What the frames of growth need of the study's settings."""

    slots: tuple[PriorSlot, ...]
    links: tuple[EquipercentileLink, ...]

    @property
    def parameters(self) -> dict[str, object]:
        """Values that the SQL of the frames binds."""
        return {
            "prior_slots": [asdict(slot) for slot in self.slots],
            "link_from": [link.from_assessment for link in self.links],
            "link_to": [link.to_assessment for link in self.links],
            "link_first_school_year": [link.first_school_year for link in self.links],
        }


def prior_slots(
    windows: Sequence[str], maximum_priors: int, prior_subjects: Mapping[str, Sequence[str]]
) -> tuple[PriorSlot, ...]:
    """Slots of every window and outcome subject, numbered from the most recent administration backwards.

    ``maximum_priors`` counts administrations; each has one slot for each subject that ``prior_subjects``
    names for the outcome's subject, in that order (the subject itself where it names none).
    """
    return tuple(
        PriorSlot(window, subject, number, prior_subject, years_back, term)
        for window in windows
        for subject in SUBJECTS
        for number, (years_back, term, prior_subject) in enumerate(
            _places(window, maximum_priors, prior_subjects.get(subject, (subject,))), start=1
        )
    )


def _places(window: str, maximum_priors: int, subjects: Sequence[str]) -> Iterator[tuple[int, str, str]]:
    first, _, last = window.partition("_to_")
    # a window inside a school year begins in it, and goes on with the springs before
    administrations = [(0, first)] if first != last else [(1, first)]
    before = "spring" if first != last else first
    administrations += [(administrations[-1][0] + back, before) for back in range(1, maximum_priors)]
    for years_back, term in administrations:
        for subject in subjects:
            yield years_back, term, subject
