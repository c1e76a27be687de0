"""How a Prefect flow is run from the command: settings first, the lock before Prefect, our own errors out again."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from passerelle.errors import UsageError

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


def campaign_folder(campaign: str) -> dict[str, str]:
    """Step of `prefect deploy`: the folder that holds the file `campaign`, in which runs will work.

    It is ``PASSERELLE_HOME``, which may be a folder of the worker's machine, else the present one; that one must hold
    the file, or every run of the deployment would fail. Raises UsageError where it does not.
    """
    told = os.environ.get("PASSERELLE_HOME")
    folder = Path(told or Path.cwd()).absolute()
    if not told and not (folder / campaign).is_file():
        raise UsageError(
            en=f"{folder} has no {campaign}; deploy from the campaign file's folder, or set $PASSERELLE_HOME to it",
            fr=f"{folder} ne contient pas {campaign} ; déployez depuis le dossier du fichier de campagne, ou "
            "indiquez-le par $PASSERELLE_HOME",
        )
    return {"directory": str(folder)}


def run_weekly(job: Job, vault: Path | None = None, *, traces: bool = False) -> Published:
    """Run the weekly flow on `job`. Two starting at once never start two servers: the lock comes first.

    So do the legal gate and the key: who lacks one is told before a server is started. `traces`: show those of errors
    too.
    """
    prepare()
    with job.lake.lock():
        job.may_take_in(asks=vault is None)
        from flows.prefect_console import leave_errors_to_the_command
        from flows.weekly import weekly

        if not traces:
            leave_errors_to_the_command()
        return weekly(campaign=str(job.campaign_file), lake=str(job.campaign.lake), vault=str(vault) if vault else None)
