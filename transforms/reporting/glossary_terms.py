"""The technical words of the report, each in words that need no other."""

from __future__ import annotations

from dataclasses import replace

from transforms.reporting.catalogue import say, say_each
from transforms.reporting.glossary_entry import Term
from transforms.reporting.glossary_school_terms import SCHOOL_TERMS
from transforms.reporting.glossary_study_terms import STUDY_TERMS

TERMS = (*SCHOOL_TERMS, *STUDY_TERMS)


def spoken_terms() -> tuple[Term, ...]:
    """The terms in the language that is spoken."""
    return tuple(
        replace(term, name=say(term.name), definition=say(term.definition), forms=say_each(term.forms))
        for term in TERMS
    )
