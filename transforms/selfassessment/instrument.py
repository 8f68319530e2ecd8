"""The instrument: practices of professional learning, each in four levels that a school can recognise.

Said once here; the forms, the reader, the page and the documentation take it from here. After a change of
a practice or level raise ``FORM_VERSION``: ratings on two wordings are not one series.
"""

from __future__ import annotations

from dataclasses import dataclass

FORM = "pdeval_self_assessment"
FORM_VERSION = 1
LEVELS = (1, 2, 3, 4)
LEVEL_NAMES = ("Not yet", "Beginning", "Regular", "How we work")


@dataclass(frozen=True)
class Practice:
    """One practice; ``levels`` describe levels 1 to 4 in what somebody in the school would see."""

    id: str
    title: str
    question: str
    levels: tuple[str, str, str, str]
    evidence: str


PRACTICES: tuple[Practice, ...] = (
    Practice(
        "coherent_curriculum",
        "Coherent curriculum",
        "Is professional learning about the units that teachers teach next?",
        (
            "Sessions are on general topics. Teachers work out alone what they mean for their own units.",
            "Some sessions use the adopted materials, mostly as examples. Planning the next units is left to"
            " each teacher.",
            "Most sessions work on units that are taught in the coming weeks; teachers leave with lessons"
            " they"
            " will teach.",
            "Teachers study each unit together before they teach it, do its tasks themselves, and go back"
            " to it"
            " afterwards to change what did not work.",
        ),
        "Agendas that name the unit; annotated unit plans; notes from after the unit",
    ),
    Practice(
        "time_to_collaborate",
        "Time to collaborate",
        "Do teachers of the same grade or subject plan together?",
        (
            "Teachers plan alone. Team meetings, where they are held, are about organisation.",
            "Teams meet now and then; what they do with the time depends on who is there.",
            "Every team meets at least once a month, with an agenda about teaching and notes of what was"
            " agreed.",
            "Every team meets every week on the same cycle: plan, teach, look at what students made, adjust."
            " The meeting is not cancelled for other business.",
        ),
        "Timetable with team time; agendas and notes of three meetings in a row",
    ),
    Practice(
        "feedback_to_teachers",
        "Feedback to teachers",
        "Is every teacher seen teaching, and told something useful soon after?",
        (
            "Teachers are observed for evaluation alone, and hear of it weeks later or not at all.",
            "Some teachers, often new ones, are coached or get feedback; most are not.",
            "Every teacher is observed at least once in each half of the year and gets feedback with one"
            " next step"
            " within two weeks.",
            "Observation, feedback and a second visit belong together for every teacher; coaches and"
            " colleagues"
            " take part, and teachers ask for it.",
        ),
        "Dates of observations and of feedback; coaching log; next steps agreed and looked at again",
    ),
    Practice(
        "use_of_evidence",
        "Use of evidence",
        "Do teachers look at student work and results together, and change what they teach next?",
        (
            "Results are reported to teachers. Nobody asks what follows from them.",
            "Teams look at test results a few times a year; student work is seldom on the table.",
            "Teams look at student work or short checks at least once a month and agree on what to teach"
            " again.",
            "Teams bring student work to nearly every meeting, test what they changed, and keep what worked.",
        ),
        "Student work with notes on it; a reteaching plan and what came of it",
    ),
    Practice(
        "sustained_learning",
        "Learning that lasts",
        "Does a topic stay long enough for practice to change?",
        (
            "Each session is on another topic; nothing comes back.",
            "A topic is taken up again once, without time to try it out in between.",
            "The school keeps to one or two topics for at least a semester: teachers learn, try out and"
            " come back.",
            "A topic lasts a year or longer and adds up to more than two school days a teacher, with"
            " coaching in"
            " between, until it can be seen in most classrooms.",
        ),
        "Plan of the year's topics; list of sessions by topic; hours per teacher",
    ),
    Practice(
        "time_for_learning",
        "Time for professional learning",
        "Is time for learning in the working day, and kept for it?",
        (
            "Learning takes place after hours or on single days; other business takes the time.",
            "Some time is in the timetable, but it is often cancelled.",
            "Each month has time for learning within working hours that is kept in most months.",
            "Each week has time for learning within working hours. It is kept, covered by substitutes where"
            " needed, and leaders take part.",
        ),
        "Timetable; list of cancelled meetings; how classes are covered",
    ),
    Practice(
        "shared_leadership",
        "Shared leadership",
        "Do teachers lead the learning of their colleagues?",
        (
            "The principal or the district decides on topics and leads the sessions.",
            "Some teachers are asked to present; they have neither time nor training for it.",
            "Each team has a teacher who leads it, with time for preparation and somebody to turn to.",
            "Teacher leaders choose topics with the principal, lead most of the learning, and others are"
            " being"
            " prepared to follow them.",
        ),
        "Names of team leaders; their release time; how topics were chosen",
    ),
    Practice(
        "follow_up",
        "Follow-up and evaluation",
        "Does anybody check whether the learning is used and helps?",
        (
            "Attendance is recorded; nothing else is asked.",
            "Participants are asked at the end whether they liked it.",
            "Participants are asked what they learned and, weeks later, what they use; leaders look for it in"
            " classrooms.",
            "Use and student results are looked at for each topic, and what does not help is changed or"
            " dropped.",
        ),
        "Survey with results; walkthrough notes on the topic; a decision that followed",
    ),
    Practice(
        "differentiated_learning",
        "Learning that fits the teacher",
        "Does what teachers learn depend on what they need?",
        (
            "Everybody attends the same sessions.",
            "There are choices, but they have nothing to do with what teachers need.",
            "New teachers, special educators and teachers of multilingual learners have learning of their"
            " own;"
            " others choose by a goal agreed with a leader.",
            "Each teacher has a goal from classroom evidence, learning that fits it, and looks back at it"
            " with"
            " somebody during the year.",
        ),
        "Goals of teachers; list of offers by role; plan for new teachers",
    ),
    Practice(
        "partnership_with_families",
        "Partnership with families",
        "Do teachers learn to work with families on what children learn?",
        (
            "Families are informed at set dates. It is no topic of professional learning.",
            "Single sessions have been about families; each teacher does what he or she thinks right.",
            "Teachers learn together how to talk with families about learning, and do it with most families.",
            "Families take part in planning such learning; teachers compare what they hear and change how"
            " they"
            " teach because of it.",
        ),
        "Agenda of a session; record of conversations; a change that came from families",
    ),
)

BY_ID = {practice.id: practice for practice in PRACTICES}
_BY_NAME = {name.casefold(): practice for practice in PRACTICES for name in (practice.id, practice.title)}


def practice_called(name: str) -> Practice | None:
    """The practice of the instrument with this title or id, whatever its case; None for another one."""
    return _BY_NAME.get(" ".join(name.split()).casefold())
