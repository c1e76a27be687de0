"""The weekly report: exact counts are told (`disclosure`), a `ReleaseData` is gathered from what is told, its `Edition`
makes a self-contained `ReleasePage` a language.

Rules of wording: docs/report_wording.md; of disclosure: docs/disclosure.md.
"""

from transforms.report.data import REVISIONS, CampaignFacts, Provenance, Quality, ReleaseData
from transforms.report.disclosure import EXACT, PUBLIC, RULE, Told, issue_of, tell
from transforms.report.doubts import GRID, HISTORY, THINNING, sensitivity_tables
from transforms.report.edition import Edition, edition_of
from transforms.report.groups import HelpNetwork, groups_of, told_groups
from transforms.report.page import ReleasePage, compose
from transforms.report.papers import Paper, Processing, render_paper
from transforms.report.public_indicators import PUBLIC_INDICATORS, circumstances_of, public_indicators
from transforms.report.quality import told_quality
from transforms.report.sensitivity import render_sensitivity
from transforms.report.truth import Truth, gather_truth
from transforms.report.unanswered import unanswered_episodes

__all__ = [
    "EXACT",
    "GRID",
    "HISTORY",
    "PUBLIC",
    "PUBLIC_INDICATORS",
    "REVISIONS",
    "RULE",
    "THINNING",
    "CampaignFacts",
    "Edition",
    "HelpNetwork",
    "Paper",
    "Processing",
    "Provenance",
    "Quality",
    "ReleaseData",
    "ReleasePage",
    "Told",
    "Truth",
    "circumstances_of",
    "compose",
    "edition_of",
    "gather_truth",
    "groups_of",
    "issue_of",
    "public_indicators",
    "render_paper",
    "render_sensitivity",
    "sensitivity_tables",
    "tell",
    "told_groups",
    "told_quality",
    "unanswered_episodes",
]
