"""The tables of a campaign file: where to collect, how politely, how it is measured."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, WithJsonSchema, field_validator, model_validator
from pydantic_core import PydanticCustomError

from passerelle.errors import UsageError
from passerelle.hosts import base_url, is_loopback
from passerelle.identity import ascii_domain
from passerelle.platforms import PLATFORMS, row_name


def _known_kind(name: str) -> str:
    if row_name(name) not in PLATFORMS:
        expected = " or ".join(f"'{known}'" for known in PLATFORMS)
        raise PydanticCustomError("literal_error", "write {expected}", {"expected": expected})
    return row_name(name)


_NAMES = [name for row in PLATFORMS.values() for name in (row.name, *row.also)]
Kind = Annotated[str, AfterValidator(_known_kind), WithJsonSchema({"type": "string", "enum": _NAMES})]


_KINDS = "; ".join(f"{row.name} ({row.what[0]})" for row in PLATFORMS.values())


_BUDGETS = "; ".join(
    f"{row.name}: {', '.join(f'{one.name} ({one.what[0]})' for one in row.allowances)}"
    for row in PLATFORMS.values()
    if row.allowances
)


class Source(BaseModel):
    """A server to collect from."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    kind: Kind = Field(description=f"Which platform: {_KINDS}")
    host: str = Field(description="Host name, with port if needed; https unless it is a loopback address")
    token_variable: str | None = Field(None, description="Environment variable that holds the access token")
    operator_agreed: bool = Field(False, description="The operator agreed to collection despite robots.txt")
    stream: str | None = Field(None, description="Host of the stream that --stream hears, where it is another one")
    budget: dict[str, Annotated[float, Field(ge=0, allow_inf_nan=False)]] = Field(
        default_factory=dict, description=f"What may be spent, where another amount than usual: {_BUDGETS}"
    )

    @property
    def streams(self) -> tuple[str, ...]:
        """The servers of its stream, in the order in which they are tried; none where the platform has no stream."""
        known = PLATFORMS[self.kind].streams
        if not known or self.stream:
            return (self.stream,) if known and self.stream else ()
        return (self.host,) if self.host in known or is_loopback(self.host.rpartition(":")[0] or self.host) else known

    @model_validator(mode="after")
    def _known_budget(self) -> Self:
        known = [one.name for one in PLATFORMS[self.kind].allowances]
        for name in self.budget:
            if name not in known:
                facts = {"name": name[:40], "kind": self.kind, "known": ", ".join(known) or "-"}
                raise PydanticCustomError("budget", "{kind} has no budget '{name}'; there are: {known}", facts)
        return self

    @field_validator("stream")
    @classmethod
    def _stream(cls, host: str | None) -> str | None:
        return None if host is None else cls._host(host)

    @field_validator("host")
    @classmethod
    def _host(cls, host: str) -> str:
        known = ascii_domain(host)  # one spelling: a source written in another is not collected afresh
        try:
            base_url(known)
        except UsageError:
            raise PydanticCustomError("host", "'{host}' is no public host", {"host": host[:60]}) from None
        return known


class Collect(BaseModel):
    """How far and how politely to collect."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    user_agent: str = Field("passerelle/0.1 (research)", description="Who we say we are; `contact` is added")
    first_days: int = Field(84, ge=1, description="How far back the first collection goes (days)")
    history_days: int = Field(
        98, ge=0, description="Participants' public timelines before their first act: window + follow-up (days)"
    )
    follow_up_days: int = Field(8, ge=1, description="How long engagement with a post is re-checked (days)")
    recheck_hours: tuple[int, ...] = Field((24, 72, 168), description="Ages at which engagement is re-checked (hours)")
    max_pages: int = Field(500, ge=1, description="Pages a timeline may have before it is cut (and said to be)")
    share_of_limit: float = Field(0.8, gt=0, le=1, description="Share of a server's rate limit that is used")
    history_refresh_days: int = Field(7, ge=1, description="A participant's timeline is read again after (days)")
    history_max_pages: int = Field(25, ge=1, description="Pages of a participant's timeline that are read")
    threads: bool = Field(True, description="Follow the threads of posts")
    homes: bool = Field(
        True, description="Ask people's own servers for what the source does not show: replies, times of reposts"
    )
    reposters: bool = Field(True, description="Ask who reposted a post")
    favourites: bool = Field(True, description="With --stream: hear who favourited a post, most of what passes by")
    delay_seconds: float = Field(0.5, ge=0, description="Pause between requests where a server states no limit")
    indexable: Literal["history", "all"] = Field(
        "history", description="What a profile's 'indexable: false' refuses: the person's history, or all they wrote"
    )
    timeout_seconds: int = Field(30, ge=1, description="How long to wait for an answer")
    at_once: int = Field(6, ge=1, description="Sources collected side by side; each host is asked by one at a time")


class Analysis(BaseModel):
    """Parameters of the measures; the defaults are those of docs/methods.md."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    window_days: int = Field(84, ge=1, description="History before a call (days)")
    strong_days: int = Field(4, ge=2, description="Distinct days of contact that a strong tie needs")
    episode_days: int = Field(14, ge=1, description="Calls within this many days are one episode")
    follow_up_hours: int = Field(168, ge=1, description="Follow-up of a call (hours)")
    bootstrap_draws: int = Field(2000, ge=100)
    null_draws: int = Field(999, ge=99)
    seed: int = 20150926
