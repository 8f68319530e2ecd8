"""The reference page of the self-assessment, from the code.

``python -m transforms.selfassessment.document > docs/reference/self-assessment.md``
"""

from __future__ import annotations

import sys
from collections.abc import Iterator

from transforms.improvement.next_steps import RULES, STEPS_A_SCHOOL
from transforms.improvement.observables import MINIMUM_SCHOOLS, OBSERVABLES
from transforms.improvement.settings import MINIMUM_STAFF
from transforms.selfassessment.instrument import BY_ID, FORM_VERSION, LEVEL_NAMES, LEVELS, PRACTICES

_HEAD = """# The self-assessment

Made from the code (`python -m transforms.selfassessment.document`); a test holds it to the code.

A school rates each practice on four levels: it reads them and chooses the one that describes it now; where
two fit, the lower one. [`pdeval form`](cli.md#what-form-writes) writes the form of each school; what comes
back is a source with [`format = "self_assessment_form"`](study-toml.md#self-assessment-forms). This is
version {version} of the form.

## Practices and levels
"""
_CHECKS = """
## Ratings beside what is on record

A rating of 3 or more is *above the records* where the school's record is below the floor, or below the lower
quartile of the schools compared. A rating of 2 or less is *below the records* where the record is above their
upper quartile and not below the floor. Compared are all schools of the same level and year, the school itself
among them, where there are {minimum}; else all schools, where there are {minimum}; else the floor alone
decides. A record of fewer than {people} people is not compared. Neither verdict says which of the two is
wrong.

| practice | indicator | floor | because |
|---|---|---|---|
"""
_STEPS = """
Practices that are not in this table have nothing on record that would show them.

## Next steps

The rules are tried by priority, then in this order; a practice gets one step, a school {most} at most. A rule
that names no practice takes the one with the lowest rating. A step is where to begin a conversation, not a
finding about causes.

| rule | priority | where it applies | step |
|---|---|---|---|
"""


def document() -> Iterator[str]:
    """The page, piece by piece."""
    yield _HEAD.format(version=FORM_VERSION)
    for practice in PRACTICES:
        yield f"\n### {practice.title}\n\n{practice.question} (`{practice.id}`)\n\n"
        for level, name, text in zip(LEVELS, LEVEL_NAMES, practice.levels, strict=True):
            yield f"{level}. **{name}.** {text}\n"
        yield f"\nWhat shows it: {practice.evidence[:1].lower()}{practice.evidence[1:]}.\n"
    yield _CHECKS.format(minimum=MINIMUM_SCHOOLS, people=MINIMUM_STAFF)
    for row in OBSERVABLES:
        floor = f"{row.number(row.floor)} {row.unit}"
        yield f"| {BY_ID[row.practice].title} | `{row.indicator}` | {floor} | {row.why} |\n"
    yield _STEPS.format(most=STEPS_A_SCHOOL)
    for rule in sorted(RULES, key=lambda rule: rule.priority):
        yield f"| `{rule.name}` | {rule.priority} | {rule.condition} | {rule.step} |\n"


if __name__ == "__main__":
    sys.stdout.write("".join(document()))
