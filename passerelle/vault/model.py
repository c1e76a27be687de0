"""What the vault holds: runs and attempts."""

from __future__ import annotations

import json
import string
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from urllib.parse import quote

from passerelle.platforms import LIMIT_PARTS, PLATFORMS, UNSAID

# The only headers of an answer that spiders need; nothing else reaches the disk.
KEPT_HEADERS = (
    "content-type",
    "date",
    "link",
    "location",
    "retry-after",
    *dict.fromkeys(
        name
        for platform in PLATFORMS.values()
        for name in (*(platform.limits + part for part in LIMIT_PARTS), *platform.headers)
    ),
)
_LISTS = ("link",)  # of the others the first value counts, should there be several
_VISIBLE = string.punctuation + " "


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """One request and what came of it: an answer (`status`), or a `failure` in one word with its `detail`.

    `ordinal` counts, from 0, the attempts of one run that share a `fingerprint`. `body` is decoded of any
    Content-Encoding.
    """

    url: str
    fingerprint: str
    ordinal: int
    captured_at: datetime
    status: int = 0
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""
    failure: str | None = None
    detail: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RunInfo:
    """What a run's file opens with.

    `after` is the run whose crawl state it began from: empty for a source's first, None where a file does not say.
    `left_out` names preliminaries that this recording does not hold. `streamed`: it was told as things happened.
    """

    run_id: str
    source: str
    clock: datetime
    campaign_hash: str = ""
    cursors: Mapping[str, object] = field(default_factory=dict)
    left_out: tuple[str, ...] = ()
    after: str | None = None
    platform: str = UNSAID
    streamed: bool = False

    def fields(self, part: int) -> dict[str, str]:
        """The fields of the ``warcinfo`` record of this run's `part` (1 unless the run was restarted)."""
        return {
            "software": "passerelle",
            "format": "WARC File Format 1.1",
            "run": self.run_id,
            "source": self.source,
            "clock": warc_date(self.clock),
            "campaign": self.campaign_hash,
            "cursors": json.dumps(self.cursors, ensure_ascii=True, sort_keys=True),
            "left-out": " ".join(self.left_out),
            "part": str(part),
            **({} if self.after is None else {"after": self.after}),
            **({} if self.platform == UNSAID else {"platform": self.platform}),
            **({"streamed": "yes"} if self.streamed else {}),
        }

    @classmethod
    def parse(cls, fields: Mapping[str, str]) -> RunInfo:
        """The run that `fields` tell of. Raises KeyError or ValueError where they are not ours."""
        return cls(
            run_id=fields["run"],
            source=fields["source"],
            clock=parse_warc_date(fields["clock"]),
            campaign_hash=fields.get("campaign", ""),
            cursors=json.loads(fields["cursors"]),
            left_out=tuple(fields.get("left-out", "").split()),
            after=fields.get("after"),
            platform=fields.get("platform", UNSAID),
            streamed="streamed" in fields,
        )


def kept_headers(headers: Mapping[str, Sequence[bytes]]) -> tuple[tuple[str, str], ...]:
    """Of an answer's `headers` (lower-case names), those that may be kept, by name, in ASCII."""
    return tuple((name, _value(name, headers[name])) for name in KEPT_HEADERS if headers.get(name))


def _value(name: str, values: Sequence[bytes]) -> str:
    kept = values if name in _LISTS else values[:1]
    return ", ".join(_ascii(value).strip() for value in kept)


def _ascii(value: bytes) -> str:
    """`value` with what is no visible ASCII percent-encoded as UTF-8: the same live, in the vault and in a replay."""
    try:
        text = value.decode("utf-8")
    except UnicodeDecodeError:
        text = value.decode("latin-1")
    return quote(text, safe=_VISIBLE)


def warc_date(moment: datetime) -> str:
    """`moment` as WARC-Date, to the microsecond."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def parse_warc_date(text: str) -> datetime:
    """The moment that a WARC-Date states, with or without a fraction."""
    return datetime.fromisoformat(text.replace("Z", "+00:00")).astimezone(UTC)
