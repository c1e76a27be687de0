"""Weekly indicators: what each is, how it is computed and how sure it is stands in docs/methods.md."""

from transforms.indicators.pictures import SURVIVAL, survival_curve
from transforms.indicators.ranks import broker_ranks
from transforms.indicators.revisions import compare_releases
from transforms.indicators.weekly import weekly_indicators

__all__ = [
    "SURVIVAL",
    "broker_ranks",
    "compare_releases",
    "survival_curve",
    "weekly_indicators",
]
