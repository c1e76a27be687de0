"""The weekly report: `ReleaseData` in, one self-contained page a language out (rules: docs/report_wording.md)."""

from transforms.report.alternatives import sensitivity_tables
from transforms.report.cells import public_indicators
from transforms.report.data import CALLS, REVISIONS, CampaignFacts, Provenance, Quality, ReleaseData
from transforms.report.digest import digest
from transforms.report.page import figure_tables, headline_text, key_points, render
from transforms.report.sensitivity import GRID, render_sensitivity
from transforms.report.thinning import HISTORY, THINNING
from transforms.report.unanswered import mature_calls

__all__ = [
    "CALLS",
    "GRID",
    "HISTORY",
    "REVISIONS",
    "THINNING",
    "CampaignFacts",
    "Provenance",
    "Quality",
    "ReleaseData",
    "digest",
    "figure_tables",
    "headline_text",
    "key_points",
    "mature_calls",
    "public_indicators",
    "render",
    "render_sensitivity",
    "sensitivity_tables",
]
