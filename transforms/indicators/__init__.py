"""Weekly indicators: what each is, how it is computed and how sure it is stands in docs/methods.md."""

from transforms.indicators.pictures import dose_response, survival_curve
from transforms.indicators.ranks import broker_ranks
from transforms.indicators.revisions import compare_releases, time_bounds
from transforms.indicators.weekly import weekly_indicators

__all__ = [
    "broker_ranks",
    "compare_releases",
    "dose_response",
    "survival_curve",
    "time_bounds",
    "weekly_indicators",
]
