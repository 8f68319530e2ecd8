"""The technical words of the report, each in words that need no other."""

from __future__ import annotations

from transforms.reporting.glossary_school_terms import SCHOOL_TERMS
from transforms.reporting.glossary_study_terms import STUDY_TERMS

TERMS = (*SCHOOL_TERMS, *STUDY_TERMS)
