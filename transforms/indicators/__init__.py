"""Indicators: a study in; it cut by week (`Frames`), the weekly table, ranks and revisions out.

What each indicator is stands in `catalogue`, how it is computed and how sure it is in docs/methods.md.
"""

from transforms.indicators.changes import change_table
from transforms.indicators.design import design_effects
from transforms.indicators.frames import Frames, cut_study
from transforms.indicators.ranks import broker_ranks
from transforms.indicators.revisions import compare_releases
from transforms.indicators.weekly import weekly_indicators

__all__ = [
    "Frames",
    "broker_ranks",
    "change_table",
    "compare_releases",
    "cut_study",
    "design_effects",
    "weekly_indicators",
]
