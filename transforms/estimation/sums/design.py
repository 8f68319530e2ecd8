"""What is summed: the columns of a model as SQL expressions, the groups they are summed by, the weight."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Literal, get_args

from sql import quoted_identifier
from transforms.estimation.errors import EstimationError, check_option

WeightKind = Literal["frequency", "precision"]
INTERCEPT = "intercept"
# Between the columns of a group that is told apart by several.
INTERACTION = "^"
# A group of this name holds every row.
ALL_ROWS = "all rows"


@dataclass(frozen=True)
class Column:
    """A column of a model: ``sql`` is a numeric expression over the columns of the relation.

    Values stand in it as named placeholders ($name); ``parameters`` holds what is bound to them.
    """

    name: str
    sql: str
    parameters: Mapping[str, object] = field(default_factory=dict)

    @property
    def definition(self) -> str:
        """How the column is made: equal where the expression and all that is bound to it are equal."""
        return digest((self.sql, sorted(self.parameters.items())))


@dataclass(frozen=True)
class Terms:
    """The two sides of a formula. ``columns`` are without the intercept; ``absorbed`` are the columns of
    the relation, or several at once (``grade^year``), whose levels are fixed effects that get no coefficient
    (``y ~ x | teacher + grade^year``)."""

    response: Column
    columns: tuple[Column, ...]
    has_intercept: bool = True
    absorbed: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        check_names((INTERCEPT, *(column.name for column in self.columns), self.response.name))

    @classmethod
    def of_columns(cls, response: str, columns: Sequence[str]) -> Terms:
        """Columns of the relation as they are."""
        return cls(_as_it_is(response), tuple(_as_it_is(name) for name in columns))


@dataclass(frozen=True)
class Design:
    """Terms with the groups that they are summed by.

    ``groups`` are columns of the relation, or several of them at once (``grade^year``), from innermost to
    outermost. Matrices of products are kept by the groups of the level ``cluster`` (the outermost where it
    is None), or of all rows in one where it is ``ALL_ROWS``. Where ``groups`` is empty, ``ALL_ROWS`` is the
    only group.
    ``weight`` names a column of the relation. A frequency weight counts observations (2 equals two rows);
    a precision weight is inverse to the row's residual variance, and each row is one observation (as in
    the WLS of statsmodels and in lme4).
    """

    terms: Terms
    groups: tuple[str, ...]
    weight: str | None = None
    cluster: str | None = None
    weight_kind: WeightKind = "frequency"

    def __post_init__(self) -> None:
        check_option("weight_kind", self.weight_kind, get_args(WeightKind))
        if isinstance(self.groups, str):
            raise EstimationError(f'groups are several names: write ["{self.groups}"]')
        if self.cluster not in (None, ALL_ROWS, *self.groups):
            raise EstimationError(f"cluster {self.cluster} is not one of the groups {', '.join(self.groups)}")

    @classmethod
    def of_columns(
        cls,
        response: str,
        columns: Sequence[str],
        groups: Sequence[str],
        *,
        weight: str | None = None,
        cluster: str | None = None,
        weight_kind: WeightKind = "frequency",
    ) -> Design:
        """Columns of the relation as they are, by ``groups``."""
        return cls(Terms.of_columns(response, columns), tuple(groups), weight, cluster, weight_kind)


def level_of(group_name: str, group_names: Sequence[str]) -> int:
    """Position of a level, innermost 0; ``ALL_ROWS`` lies around them all. Or an EstimationError."""
    if group_name == ALL_ROWS and ALL_ROWS not in group_names:
        return len(group_names)
    if group_name not in group_names:
        raise EstimationError(f"no level {group_name} among {', '.join(group_names)} of the sums")
    return group_names.index(group_name)


def check_names(names: Sequence[str]) -> None:
    """Raise EstimationError where two columns have one name."""
    repeated = [name for name, times in Counter(names).items() if times > 1]
    if repeated:
        raise EstimationError(f"two columns of one name: {', '.join(repeated)}; rename one of them")


def _as_it_is(name: str) -> Column:
    return Column(name, f"CAST({quoted_identifier(name)} AS DOUBLE)")


def digest(value: object) -> str:
    """A short text that is equal for equal values (of text and numbers, in tuples and lists)."""
    return sha256(repr(value).encode()).hexdigest()[:16]
