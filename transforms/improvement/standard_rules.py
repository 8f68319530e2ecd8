"""The standard for professional learning as rules: seven principles, their measures, the steps of each.

The principles follow the common core of Learning Forward's Standards for Professional Learning (2022) and of
Desimone (2009), Educational Researcher 38(3): coherence, research base, alignment with goals, growth of
educators and of students, fit to different needs, continuous improvement. The steps are conventions of this
project, printed wherever a score is.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Measure:
    """An indicator and the values that earn 1, 2, 3 and 4 points; descending where less is better."""

    indicator: str
    steps: tuple[float, float, float, float]
    category: str = "all"

    @property
    def is_less_better(self) -> bool:
        """Whether a lower value earns more points."""
        return self.steps[0] > self.steps[-1]

    def points(self, value: float) -> int:
        """Points of ``value``: how many of the four steps it reaches."""
        if self.is_less_better:
            return sum(value <= step for step in self.steps)
        return sum(value >= step for step in self.steps)

    @property
    def text(self) -> str:
        """The rule in words, as ``1 from 0.2, 2 from 0.4, 3 from 0.6, 4 from 0.8``."""
        word = "up to" if self.is_less_better else "from"
        return ", ".join(f"{points} {word} {step:g}" for points, step in enumerate(self.steps, 1))


@dataclass(frozen=True)
class Principle:
    """One principle: what it asks, and what is measured for it."""

    name: str
    label: str
    statement: str
    measures: tuple[Measure, ...]


PRINCIPLES = (
    Principle(
        "coherence",
        "Coherence",
        "Learning adds up: most hours are job-embedded and sustained, and go to few priorities.",
        (
            Measure("connected_hours_share", (0.2, 0.4, 0.6, 0.8)),
            Measure("hours_on_top_two_priorities", (0.2, 0.35, 0.5, 0.65)),
        ),
    ),
    Principle(
        "research_base",
        "Research base",
        "What is offered rests on research, and the catalogue says on which.",
        (
            Measure("research_based_hours", (0.2, 0.4, 0.6, 0.8)),
            Measure("research_recorded_hours", (0.5, 0.7, 0.9, 1.0)),
        ),
    ),
    Principle(
        "alignment",
        "Alignment with goals",
        "Hours serve the goals that the district and the school have set.",
        (Measure("hours_on_priorities", (0.2, 0.4, 0.6, 0.8)),),
    ),
    Principle(
        "educator_growth",
        "Educator growth",
        "Educators say that they learn, and observers see it.",
        (
            Measure("learning_reported", (0.5, 0.6, 0.7, 0.8)),
            Measure("rating_change", (0.0, 0.05, 0.1, 0.2)),
        ),
    ),
    Principle(
        "student_growth",
        "Student growth",
        "Hours go to kinds of PD that go with student growth here.",
        (Measure("hours_with_evidence", (0.1, 0.25, 0.5, 0.75)),),
    ),
    Principle(
        "differentiation",
        "Differentiation",
        "Schools and teachers can choose what fits their needs, and new teachers get support of their own.",
        (
            Measure("hours_chosen_locally", (0.1, 0.2, 0.3, 0.4)),
            Measure("novices_mentored", (0.25, 0.5, 0.75, 0.9)),
        ),
    ),
    Principle(
        "continuous_improvement",
        "Continuous improvement",
        "Participants are asked, teachers get feedback in time, decisions are reviewed when they are due.",
        (
            Measure("hours_surveyed", (0.25, 0.5, 0.75, 0.9)),
            Measure("feedback_in_time", (0.25, 0.5, 0.75, 0.9)),
            Measure("decisions_reviewed", (0.25, 0.5, 0.75, 0.9)),
        ),
    ),
)
