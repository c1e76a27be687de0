"""How many examples a property is tried on: few where the code alone decides, many where chance explores."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from hypothesis import HealthCheck, settings

TIMES = 50


def examples(number: int, suppress_health_check: Sequence[HealthCheck] = (), **more: Any) -> settings:
    """Settings for `number` examples; fifty times as many under the profile ``explore``. No clock decides."""
    times = TIMES if settings.get_current_profile_name() == "explore" else 1
    return settings(
        max_examples=number * times,
        suppress_health_check=[HealthCheck.too_slow, *suppress_health_check],
        **more,
    )
