"""The counts of persons in the report's tables and what readers know of how they add up, by topic."""

from __future__ import annotations

from transforms.release.counts.balance import BALANCE
from transforms.release.counts.cost import COST
from transforms.release.counts.growth import GROWTH
from transforms.release.counts.indicators import INDICATORS
from transforms.release.counts.leadership import LEADERSHIP
from transforms.release.counts.links import LINKS
from transforms.release.counts.nobody import NOBODY
from transforms.release.counts.open import OPEN
from transforms.release.counts.reach import REACH
from transforms.release.counts.responses import RESPONSES
from transforms.release.counts.surveys import SURVEYS

REPORT_COUNTS = (
    REACH + GROWTH + SURVEYS + RESPONSES + INDICATORS + COST + BALANCE + LEADERSHIP + LINKS + NOBODY + OPEN
)
