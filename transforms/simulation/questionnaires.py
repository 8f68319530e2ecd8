"""The district's questionnaires: items of the feedback and the climate survey."""

from __future__ import annotations

from dataclasses import dataclass

SCALE = (1, 5)
BAD_ITEM = "F3"  # worded against its scale, but not marked as reverse scored


@dataclass(frozen=True)
class Item:
    """One item. ``is_worded_against``: a high answer means little of the construct."""

    item_id: str
    wording: str
    construct: str
    evaluation_level: str
    response_type: str = "likert"
    is_worded_against: bool = False
    is_reverse_scored: bool = False


FEEDBACK_ITEMS = (
    Item("R1", "The content was relevant to what I teach.", "relevance", "reaction"),
    Item("R2", "The examples came from classrooms like mine.", "relevance", "reaction"),
    Item("U1", "I learned something that I did not know before.", "usefulness", "learning"),
    Item("U2", "The time was well spent.", "usefulness", "reaction"),
    Item("F1", "The facilitator made room for questions.", "facilitation", "reaction"),
    Item("F2", "The session was well prepared.", "facilitation", "reaction"),
    Item(BAD_ITEM, "The session felt rushed.", "facilitation", "reaction", is_worded_against=True),
    Item("I1", "I will use this in the next two weeks.", "intent_to_apply", "use"),
    Item(
        "I2", "I do not expect to change anything in my teaching.", "intent_to_apply", "use",
        is_worded_against=True, is_reverse_scored=True,
    ),
    Item("T1", "What should we keep, and what should we change?", "", "reaction", "text"),
)  # fmt: skip

CLIMATE_ITEMS = (
    Item("TR1", "Teachers in this school trust each other.", "trust", "organization_support"),
    Item("TR2", "I can say when something does not work.", "trust", "organization_support"),
    Item("TR3", "The principal keeps promises.", "trust", "organization_support"),
    Item("TR4", "Colleagues respect each other's expertise.", "trust", "organization_support"),
    Item("LE1", "Leaders visit classrooms and talk about instruction.", "leadership", "organization_support"),
    Item("LE2", "Leaders set clear goals for teaching.", "leadership", "organization_support"),
    Item("LE3", "Teachers have a say in decisions.", "leadership", "organization_support"),
    Item("LE4", "Leaders protect time for planning.", "leadership", "organization_support"),
    Item("CB1", "I get the help that I need to improve.", "capacity_building", "organization_support"),
    Item(
        "CB2",
        "Professional learning builds on what we did before.",
        "capacity_building",
        "organization_support",
    ),
    Item("CB3", "New teachers are well supported.", "capacity_building", "organization_support"),
    Item("CH1", "What I learn in PD fits what my school works on.", "coherence", "organization_support"),
    Item("CH2", "The district's PD adds up.", "coherence", "organization_support"),
    Item("CO1", "We plan lessons together.", "collaboration", "use"),
    Item("CO2", "We look at student work together.", "collaboration", "use"),
    Item("CO3", "We watch each other teach.", "collaboration", "use"),
    Item("CO4", "Meetings change what we do in class.", "collaboration", "use"),
    Item("ROLE", "What is your role?", "", "organization_support", "choice"),
    Item("TX1", "What would help you most next year?", "", "organization_support", "text"),
)

ROLE_CHOICES = ("teacher", "instructional_coach", "principal", "assistant_principal", "central_office")
COMMENTS = (
    "More time to try it out with my grade team, please.",
    "The examples were good; the slides were not.",
    "Keep the practice sessions, drop the lecture.",
    "It came too late in the year to use.",
    'I would call it "nice to know", nothing more.',
    "Best session this year.",
    "Coverage for my class fell through again.",
    "Please align this with the units we teach.",
    "I'd like somebody to watch me teach it.",
    "Too many initiatives at once; pick one.",
)
NAMED_COMMENTS = (
    "{name} made all the difference.",
    "Please thank {name} for staying late with us.",
    "I felt judged by {name} in front of my colleagues.",
)
