"""How a Prefect flow is run from the command: settings first, the lock before Prefect, our own errors out again."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flows.job import Job
    from flows.publish import Published

SETTINGS = {
    "PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS": "300",
    "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
    "PREFECT_LOGGING_LEVEL": "WARNING",
    "DO_NOT_TRACK": "1",
    "GX_ANALYTICS_ENABLED": "false",
}


def prepare() -> None:
    """Set what Prefect and Great Expectations read when imported; what the user has set wins."""
    for name, value in SETTINGS.items():
        os.environ.setdefault(name, value)


def run_weekly(job: Job, vault: Path | None = None) -> Published:
    """Run the weekly flow on `job`. Two starting at once never start two servers: the lock comes first.

    So does the key: who has lost it is told before a server is started.
    """
    prepare()
    with job.lake.lock():
        job.settle_key()
        from flows.weekly import weekly

        return weekly(campaign=str(job.campaign_file), lake=str(job.campaign.lake), vault=str(vault) if vault else None)
