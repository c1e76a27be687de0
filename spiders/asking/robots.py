"""What a server's robots.txt says (RFC 9309): which of the URLs that are really asked for, and how often."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Protocol

from protego import Protego

from passerelle.campaign import Campaign
from spiders.asking.answers import Answer

LONGEST_HOME_DELAY = 10.0  # seconds: a thread is no reason to wait longer between two questions to an author's server
_MOST_READ = 512 * 1024  # characters: who says more than this says it to nobody


@dataclass(frozen=True, slots=True)
class Rules:
    """The rules for `agent`: all is allowed where there are none (`parser` None)."""

    agent: str = ""
    parser: Protego | None = None
    all_agreed: bool = False

    def allow(self, url: str) -> bool:
        """Whether `url` may be asked for."""
        return self.all_agreed or self.parser is None or self.parser.can_fetch(url, self.agent)

    @property
    def delay(self) -> float:
        """Seconds between two requests that it asks for."""
        rate = self.parser and self.parser.request_rate(self.agent)
        per_request = rate.seconds / rate.requests if rate else 0.0
        return max(per_request, (self.parser and self.parser.crawl_delay(self.agent)) or 0.0)

    def only_delay(self) -> Rules:
        """The same pace, where the operator agreed to what the file forbids."""
        return replace(self, all_agreed=True)


class Obedient(Protocol):
    """What obeys the rules of the server that it asks."""

    rules: Rules

    async def text(self, path: str) -> Answer:
        """The answer with its body as text."""


async def read_rules(api: Obedient, campaign: Campaign) -> tuple[Rules, Answer]:
    """The rules of the server, which `api` obeys from now on, and the answer they stand in.

    No file forbids nothing; a server that cannot be asked (``SILENT``) forbids everything: the caller's to see to.
    """
    answer = await api.text("/robots.txt")
    # by our own name alone: a contact may hold the name of another robot
    agent = campaign.collect.user_agent
    parser = Protego.parse(answer.text[:_MOST_READ]) if answer.outcome == "ok" else None
    api.rules = Rules(agent, parser)
    return api.rules, answer


def user_agent(campaign: Campaign) -> str:
    """Who we say we are to servers: the campaign's name for us, and where to write to. ASCII."""
    name, contact = campaign.collect.user_agent, campaign.contact
    full = name if contact in name else f"{name} (contact: {contact})"
    return " ".join(full.encode("ascii", "backslashreplace").decode("ascii").split())
