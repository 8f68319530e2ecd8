"""The table of rules that stands where a study has none of its own, and what a study may set."""

from __future__ import annotations

from dataclasses import dataclass

from transforms.improvement.rules import Condition, Rule, closed


@dataclass(frozen=True)
class Thresholds:
    """What the default rules compare with.

    ``effect_sd`` is the smallest difference worth having, in SD of student scores. The four probabilities
    rise from unlikely to sure. ``value_per_001_sd`` is what .01 SD of one student is worth in the study's
    currency; None: the median cost of .01 SD of the study's own types.
    """

    effect_sd: float = 0.02
    unlikely_probability: float = 0.10
    pause_probability: float = 0.25
    likely_probability: float = 0.80
    sustain_probability: float = 0.90
    sure_probability: float = 0.95
    evidence_tier: int = 3
    reach_share: float = 0.60
    reaction_share: float = 0.50
    equity_ratio: float = 0.80
    value_ratio: float = 0.50
    value_per_001_sd: float | None = None


def default_rules(limits: Thresholds) -> tuple[Rule, ...]:
    """The ordered table; the first rule that applies gives the action. It ends in a rule for the rest.

    A higher probability never leads to a more cautious action while all else stays the same.
    """
    positive = "probability_positive"
    above = "probability_above_threshold"
    likely = Condition(positive, ">=", limits.likely_probability)
    return (
        Rule(
            "numbers fail their check",
            "study",
            (Condition("struck_out", ">=", 1),),
            "Effects planted into this study's own data did not come back: its numbers guide no decision.",
        ),
        Rule(
            "differed before",
            "study",
            (Condition("placebo_p", "<", 0.05),),
            "Growth differed already in the year before, when the PD cannot have been the reason.",
        ),
        Rule(
            "designs disagree",
            "study",
            (
                Condition(above, "<=", limits.pause_probability),
                Condition("any_design_tier", "<=", limits.evidence_tier),
            ),
            "The strongest comparison finds little in it, another clearly finds more: settle which is right.",
        ),
        Rule(
            "goes with lower growth",
            "stop",
            (Condition(positive, "<=", limits.unlikely_probability / 2),),
            "Growth is very likely lower with it.",
        ),
        Rule(
            "too little to matter",
            "stop",
            (Condition(above, "<=", limits.unlikely_probability),),
            "It very likely makes less difference than is worth having.",
        ),
        Rule(
            "probably too little",
            "pause",
            (Condition(above, "<=", limits.pause_probability),),
            "It probably makes less difference than is worth having; hold it until there is reason to go on.",
        ),
        Rule(
            "misses who needs it",
            "adapt",
            (likely, Condition("equity_ratio_high", "<", limits.equity_ratio)),
            "It likely goes with higher growth, but reaches high-poverty schools or novices clearly less.",
        ),
        Rule(
            "gains are uneven",
            "adapt",
            (likely, Condition("subgroup_p", "<", 0.05)),
            "It likely goes with higher growth, but clearly less so for students who have less already.",
        ),
        Rule(
            "participants dislike it",
            "adapt",
            (likely, Condition("reaction_high", "<", limits.reaction_share)),
            "It likely goes with higher growth, but those who attend clearly think little of it.",
        ),
        Rule(
            "costs too much",
            "adapt",
            (likely, Condition("value_ratio", "<", limits.value_ratio)),
            "It likely goes with higher growth, but at a cost that other PD does not need for the same.",
        ),
        Rule(
            "sure, and room to grow",
            "scale",
            (
                Condition(positive, ">=", limits.sure_probability),
                Condition(above, ">=", limits.likely_probability),
                Condition("worst_subject_probability", ">=", 0.5),
                Condition("evidence_tier", "<=", limits.evidence_tier),
                Condition("reach_share", "<=", limits.reach_share),
                Condition("reaction_low", ">=", limits.reaction_share, is_where_known=True),
            ),
            "Growth is very likely higher with it, by enough to matter, and many teachers are not reached.",
        ),
        Rule(
            "good as it is",
            "sustain",
            (Condition(positive, ">=", limits.sustain_probability), Condition(above, ">=", 0.5)),
            "Growth is likely higher with it; keep it as it is.",
        ),
        Rule(
            "promising",
            "adapt",
            (likely,),
            "Growth is likely higher with it, but maybe not by enough: change dose or form, then look again.",
        ),
        Rule(
            "not known yet",
            "study",
            (),
            "What is known does not settle it either way: find out more before deciding.",
        ),
    )


@dataclass(frozen=True)
class Recommendation:
    """``[recommendation]`` of a study: thresholds, and own rules in place of the default table."""

    thresholds: Thresholds = Thresholds()
    own_rules: tuple[Rule, ...] = ()

    @property
    def rules(self) -> tuple[Rule, ...]:
        """The table in use, with a rule for the rest at its end."""
        return closed(self.own_rules or default_rules(self.thresholds))
