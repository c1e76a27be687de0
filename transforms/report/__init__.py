"""The weekly report: `ReleaseData` in, its public `Edition` and a self-contained `ReleasePage` a language out.

Rules of wording: docs/report_wording.md.
"""

from transforms.report.alternatives import sensitivity_tables
from transforms.report.cells import public_indicators
from transforms.report.data import CALLS, REVISIONS, CampaignFacts, Provenance, Quality, ReleaseData
from transforms.report.edition import Edition, public_edition
from transforms.report.page import ReleasePage, compose
from transforms.report.papers import Paper, Processing, render_paper
from transforms.report.sensitivity import GRID, render_sensitivity
from transforms.report.thinning import HISTORY, THINNING
from transforms.report.unanswered import mature_calls, unanswered_episodes

__all__ = [
    "CALLS",
    "GRID",
    "HISTORY",
    "REVISIONS",
    "THINNING",
    "CampaignFacts",
    "Edition",
    "Paper",
    "Processing",
    "Provenance",
    "Quality",
    "ReleaseData",
    "ReleasePage",
    "compose",
    "mature_calls",
    "public_edition",
    "public_indicators",
    "render_paper",
    "render_sensitivity",
    "sensitivity_tables",
    "unanswered_episodes",
]
