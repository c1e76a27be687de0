"""A campaign file, what it says, and where its data lie: what every step of the work is given."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from passerelle.campaign import Campaign, load_campaign
from passerelle.identity import Pseudonyms
from passerelle.keys import study_key
from passerelle.lake import Lake, lake_under
from passerelle.legal import refuse_unread

LOCK_WAIT = timedelta(hours=2)
"""How long a job that must be done waits for another run on the same lake."""


@dataclass(frozen=True, slots=True)
class Job:
    """One campaign to work on."""

    campaign_file: Path
    campaign: Campaign
    lake: Lake

    @property
    def pseudonyms(self) -> Pseudonyms:
        """Pseudonyms under the study's key. Raises UsageError where it is missing or another."""
        return study_key(self.lake, self.campaign)

    def may_take_in(self, *, asks: bool = True) -> None:
        """See to what comes before anybody's data: the legal gate, the key, the papers. Under the lake's lock.

        `asks`: servers are asked. Raises UsageError where the campaign file leaves a question open, or as `pseudonyms`.
        """
        refuse_unread(self.campaign, self.campaign_file, asks=asks)
        study_key(self.lake, self.campaign)
        from flows.papers import keep_papers

        keep_papers(self.lake, self.campaign)


def open_job(campaign_file: Path, lake_folder: Path | None = None, as_of: datetime | None = None) -> Job:
    """The job of `campaign_file`; `lake_folder` and `as_of` win over what the file says.

    Raises UsageError for a campaign file that is not as it should be, or a file where the lake's folder should be.
    """
    flags = {"lake": lake_folder, "as_of": as_of}
    campaign = load_campaign(campaign_file, **{name: value for name, value in flags.items() if value is not None})
    return Job(campaign_file, campaign, lake_under(campaign.lake, campaign.name))
