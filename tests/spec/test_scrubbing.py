"""Rules of scrubbing: what an open answer may name, and what stands in its place."""

from __future__ import annotations

import pytest

from transforms.surveys.known_persons import StaffName, known_persons
from transforms.surveys.scrubbing import scrub

KNOWN = known_persons(
    [
        StaffName("Grace", "Miller", "kate.miller@rb.org"),
        StaffName("José", "Núñez-O'Hara"),
        StaffName("May", "Young"),
        StaffName("Will", "van der Berg"),
        StaffName("Ed", "Müller"),
        StaffName("小明", "王"),
        StaffName("Bo", "Day"),
        StaffName(None, "Castañeda"),
    ],
    ids=["E1023", "912345", "7", "T-9"],
)

CASES = {
    # one name
    "Grace made all the difference.": "[name] made all the difference.",
    "grace helped me": "[name] helped me",
    "THANK GRACE": "THANK [name]",
    "the Miller method": "the [name] method",
    "ask castaneda": "ask [name]",
    "CASTAN\u0303EDA helped": "[name] helped",  # n and a combining tilde
    "Mueller and Muller": "[name] and [name]",  # Müller without its umlaut
    "Bo came": "[name] came",
    # both orders, joined, initials
    "Grace Miller stayed": "[name] stayed",
    "Miller, Grace stayed": "[name] stayed",
    "G. Miller stayed": "[name] stayed",
    "G Miller, J.R. Miller and JR Miller": "[name] and [name]",
    "Miller G. stayed": "[name]. stayed",
    "GraceMiller, grace_miller, gracemiller, gmiller2": "[name]",
    "Nunez O'Hara, NÚÑEZ O’HARA, O Hara": "[name]",
    "O&#39;Hara said": "[name] said",
    "Gr\u00adace said": "[name] said",  # a soft hyphen inside
    "问王小明老师": "问[name]老师",
    # possessives and plurals
    "Grace's slides": "[name]'s slides",
    "Miller’s and the Millers' room": "[name]’s and the [name]' room",
    # names that are common words: gone too, but for function words and words of schooling in lower case
    "young teachers need grace": "[name] teachers need [name]",
    "May helped us": "[name] helped us",
    "we may need a day": "we may need a day",
    "may young was kind": "[name] was kind",
    "I will use this. Will is great.": "I will use this. [name] is great.",
    "will van der berg spoke of the van": "[name] spoke of the van",
    "special ed and Ed": "special ed and [name]",
    # names of nobody on the staff: after a title, beside a name
    "Ms. Smithers and mr burns": "Ms. [name] and mr [name]",
    "Dr. Anna Schmidt helped": "Dr. [name] helped",
    "coach Taylor helped. The coach. We liked it.": "coach [name] helped. The coach. We liked it.",
    "Principal Skinner spoke": "Principal [name] spoke",
    "Grace Hopkins came": "[name] came",
    "I thank Grace. We want more.": "I thank [name]. We want more.",
    # a nickname that only the e-mail address has
    "kate was kind": "[name] was kind",
    # addresses, numbers, ids
    "write to kate.miller@rb.org now": "write to [contact] now",
    "at jo (at) rb (dot) org": "at [contact]",
    "jo at rb dot org": "[contact]",
    "see https://x.org/a?b=1 or www.x.org or x.org/a": "see [contact] or [contact] or [contact]",
    "follow @gm_teach": "follow [contact]",
    "call (555) 123-4567 x12 or +1 555.123.4567": "call [contact] or [contact]",
    "ext. 4512": "[contact]",
    "my number is 5551234567": "my number is [contact]",
    "E1023, e1023, 912345, T-9": "[contact], [contact], [contact], [contact]",
    "S-10234, 123-45-6789": "[contact], [contact]",
    # what is none of these stays
    "3rd grade, K12, 2024-25, 100%, 7 of us, 1:1": "3rd grade, K12, 2024-25, 100%, 7 of us, 1:1",
    "2023-2024 went well, e.g. the units": "2023-2024 went well, e.g. the units",
    "I miss planning time with my team": "I miss planning time with my team",
    "More time to try it out,\n  please.": "More time to try it out, please.",
    "": "",
}


@pytest.mark.parametrize("text", CASES)
def test_scrubbed(text: str) -> None:
    assert scrub(text, KNOWN) == CASES[text]


def test_scrubbing_twice_changes_nothing() -> None:
    once = [scrub(text, KNOWN) for text in CASES]
    assert [scrub(text, KNOWN) for text in once] == once


def test_without_names_only_addresses_numbers_and_titled_names_go() -> None:
    nobody = known_persons([])
    assert (
        scrub("Grace wrote to a@b.org about Ms. Young", nobody) == "Grace wrote to [contact] about Ms. [name]"
    )


def test_a_word_that_many_addresses_share_names_an_office_and_nobody() -> None:
    # "lanyard" in 6 addresses (more than 5, and more than a twentieth) is no name; "zed" in one is
    shared = [StaffName(None, None, f"lanyard.{n}@rb.org") for n in range(6)]
    known = known_persons([*shared, StaffName(None, None, "zed@rb.org")])
    assert scrub("zed lost the lanyard", known) == "[name] lost the lanyard"


def test_what_stands_in_a_name_field_without_being_a_name_is_kept_in_lower_case() -> None:
    known = known_persons([StaffName("TBD", "vacant"), StaffName("Jr.", "Teacher")])
    assert scrub("the teacher post is vacant", known) == "the teacher post is vacant"
