"""What the designs control for, and what they ask of the data."""

from __future__ import annotations

from dataclasses import dataclass

COVARIATES = ("is_english_learner", "is_swd", "is_economically_disadvantaged", "is_gifted", "is_female")
ALPHA = 0.05
# Standard errors by school; below it there is nothing to take a variance over.
MINIMUM_SCHOOLS = 5
# Below 4 the t approximation of CR2 tests is not reliable (Pustejovsky and Tipton 2018).
RELIABLE_DF = 4.0


@dataclass(frozen=True)
class DesignSettings:
    """What the models hold. Defaults are the designs as documented; a study may state simpler ones."""

    prior_degree: int = 3
    covariates: tuple[str, ...] = COVARIATES
    has_context_means: bool = True
    has_school_split: bool = True
    minimum_teachers: int = 10
    calibration_draws: int = 200
