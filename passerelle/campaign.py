"""The campaign file: one TOML file says what is collected, why, and how it is measured.

Order of precedence: flags, then environment (``PASSERELLE__SECTION__KEY``), then the file, then defaults.
"""

from __future__ import annotations

import codecs
import hashlib
import os
import re
import tomllib
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationError,
    WithJsonSchema,
    field_validator,
)
from pydantic_core import PydanticCustomError
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from passerelle.errors import UsageError, french_reason
from passerelle.hashtags import is_hashtag
from passerelle.hosts import base_url
from passerelle.identity import ascii_domain, fold_hashtag
from passerelle.platforms import PLATFORMS
from passerelle.reasons import reason

Names = Annotated[
    tuple[str, ...],
    WithJsonSchema({"anyOf": [{"type": "array", "items": {"type": "string"}}, {"type": "string"}]}),
]


def _with_zone(value: object) -> object:
    """A date or a time without zone in the file is UTC."""
    if isinstance(value, date) and not isinstance(value, datetime):
        value = datetime(value.year, value.month, value.day)  # noqa: DTZ001
    return value.replace(tzinfo=UTC) if isinstance(value, datetime) and value.tzinfo is None else value


Moment = Annotated[AwareDatetime, BeforeValidator(_with_zone)]
_NAME_LISTS = ("organisers", "bots", "uncovered_accounts")
_BESIDE = ("labels", "key_file")


def _known_kind(name: str) -> str:
    if name not in PLATFORMS:
        expected = " or ".join(f"'{known}'" for known in PLATFORMS)
        raise PydanticCustomError("literal_error", "write {expected}", {"expected": expected})
    return name


Kind = Annotated[str, AfterValidator(_known_kind), WithJsonSchema({"type": "string", "enum": list(PLATFORMS)})]
_KINDS = "; ".join(f"{row.name} ({row.what[0]})" for row in PLATFORMS.values())


class Source(BaseModel):
    """A server to collect from."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    kind: Kind = Field(description=f"Which platform: {_KINDS}")
    host: str = Field(description="Host name, with port if needed; https unless it is a loopback address")
    token_variable: str | None = Field(None, description="Environment variable that holds the access token")
    operator_agreed: bool = Field(False, description="The operator agreed to collection despite robots.txt")

    @field_validator("host")
    @classmethod
    def _host(cls, host: str) -> str:
        known = ascii_domain(host)  # one spelling: a source written in another is not collected afresh
        try:
            base_url(known)
        except UsageError:
            raise PydanticCustomError("host", "'{host}' is no public host", {"host": host[:60]}) from None
        return known


class Mapping(BaseModel):
    """Columns of a CSV or JSONL file of your own; every value is the name of a column in the file."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    platform: str = Field("import", description="Name given to the platform (not a column)")
    post: str = Field(description="Column of the post's id")
    author: str = Field(description="Column of the author's id")
    created_at: str = Field(description="Column of the time")
    time_format: str = Field("iso", description="iso, unix (seconds), unix_ms, or a strptime pattern")
    time_zone: str | None = Field(None, description="IANA zone of times that name none; UTC where it is not said")
    text_format: Literal["auto", "plain", "html"] = Field(
        "auto", description="How the text is written; auto: as HTML where a text has its tags"
    )
    encoding: str | None = Field(None, description="Character set of the file; recognised where it is not said")
    one_author: bool = Field(False, description="All rows are by one account (else that is taken for a mistake)")
    text: str | None = None
    language: str | None = None
    hashtags: str | None = None
    mentions: str | None = None
    author_handle: str | None = None
    author_bio: str | None = None
    reply_to: str | None = None
    reply_to_author: str | None = None
    root: str | None = None
    repost_of: str | None = None
    repost_of_author: str | None = None
    quote_of: str | None = None
    quote_of_author: str | None = None
    captured_at: str | None = None
    followers: str | None = None
    replies: str | None = None
    reposts: str | None = None
    quotes: str | None = None
    favourites: str | None = None
    list_separator: str = Field(" ", min_length=1, description="What separates hashtags and mentions inside a cell")

    @field_validator("time_format")
    @classmethod
    def _format(cls, form: str) -> str:
        is_pattern = re.search(r"%[YyGcxs]", form) and not re.search(r"%[cxX]", form)
        if form not in ("iso", "unix", "unix_ms") and (not is_pattern or ("%p" in form and "%H" in form)):
            raise PydanticCustomError("time_format", "'{form}' is no time format", {"form": form[:60]})
        return form

    @field_validator("time_zone")
    @classmethod
    def _zone(cls, name: str | None) -> str | None:
        return name if name is None else _known_zone(name)

    @field_validator("encoding")
    @classmethod
    def _encoding(cls, name: str | None) -> str | None:
        try:
            codecs.getincrementaldecoder(name or "utf-8")().decode(b"")
        except (LookupError, TypeError):
            raise PydanticCustomError("encoding", "'{name}' is no character set", {"name": (name or "")[:40]}) from None
        return name


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
    delay_seconds: float = Field(0.5, ge=0, description="Pause between requests where a server states no limit")
    indexable: Literal["history", "all"] = Field(
        "history", description="What a profile's 'indexable: false' refuses: the person's history, or all they wrote"
    )
    timeout_seconds: int = Field(30, ge=1, description="How long to wait for an answer")


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


class Campaign(BaseSettings):
    """One campaign. `load_campaign` reads it from a file."""

    model_config = SettingsConfigDict(extra="forbid", frozen=True, env_prefix="PASSERELLE__", env_nested_delimiter="__")

    name: str = Field(pattern=r"^[a-z0-9][a-z0-9_-]{0,62}$", description="Short name, used for folders")
    title: str = Field("", description="Title shown in the report")
    hashtags: tuple[str, ...] = Field(min_length=1, description="Hashtags collected, with or without #")
    lookalikes: tuple[str, ...] = Field((), description="Hashtags that are not ours though they look so")
    lexicon: Literal["job_search", "sales_prospecting", "reputation", "founding"] = "job_search"
    languages: tuple[Literal["fr", "en"], ...] = Field(("fr", "en"), description="Languages of the report")
    time_zone: str = Field("Europe/Paris", description="IANA zone in which weeks begin")
    purpose: str = Field(min_length=10, description="Why these data are processed")
    legal_basis: str = Field(min_length=3, description="Legal basis, for instance article 6(1)(f) GDPR")
    retention_days: int = Field(ge=1, description="How long rows are kept (days)")
    contact: str = Field(min_length=5, description="Where people can write to, to opt out")
    licence: str = Field("CC-BY-4.0", description="Licence of the public report")
    as_of: Moment | None = Field(None, description="What happened later is not looked at")
    coverage_start: Moment | None = Field(None, description="Imported archives hold everything from here on")
    organisers: Names = Field((), description="Handles of those who run the campaign: a list, or a file of one a line")
    bots: Names = Field((), description="Handles of known bots: a list, or a file of one a line")
    uncovered_accounts: Names = Field((), description="Accounts whose history was not collected: a list, or a file")
    deny_instances: tuple[str, ...] = Field((), description="Servers whose posts are never kept, subdomains included")
    labels: Path | None = Field(None, description="CSV post_id,label[,beneficiary]: human coding overrides")
    sources: tuple[Source, ...] = ()
    mappings: dict[str, Mapping] = Field(default_factory=dict, description="Column mappings for your own files")
    collect: Collect = Collect()
    analysis: Analysis = Analysis()
    lake: Path = Field(Path("data"), description="Folder under which data/<name> is kept")
    key_file: Path | None = Field(None, description="File of the secret pseudonym key; made when a lake begins")
    sha256: str = Field("", exclude=True, json_schema_extra={"readOnly": True})

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Environment goes before the file, whose content comes as init values."""
        return env_settings, init_settings

    @field_validator("hashtags", "lookalikes")
    @classmethod
    def _hashtags(cls, tags: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(_hashtag(tag) for tag in tags)

    @field_validator("time_zone")
    @classmethod
    def _zone(cls, name: str) -> str:
        return _known_zone(name)

    @property
    def folded_hashtags(self) -> frozenset[str]:
        """The campaign's hashtags as they stand in `posts.hashtags`."""
        return frozenset(fold_hashtag(tag) for tag in self.hashtags)


def _known_zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise PydanticCustomError("time_zone", "'{name}' is no time zone", {"name": name}) from None
    return name


def _hashtag(tag: str) -> str:
    plain = tag.lstrip("#＃")
    if not is_hashtag(plain):
        raise PydanticCustomError("hashtag", "'{tag}' is no hashtag", {"tag": plain[:40]})
    return plain


def load_campaign(path: Path, **overrides: Any) -> Campaign:
    """Read and check the campaign file at `path`; `overrides` (flags) win over everything.

    Raises UsageError, with the line, for a missing file, broken TOML, or a missing, unknown or wrong key.
    """
    text = _read(path)
    values = _toml(path, text)
    try:
        values = {key: _names(path, key, value) for key, value in values.items()}
        campaign = Campaign(**values, sha256=hashlib.sha256(text.encode()).hexdigest())
        return campaign.model_copy(update=overrides) if overrides else campaign
    except ValidationError as error:
        raise _explain(path, text, error) from None


def _read(path: Path, named_by: str = "") -> str:
    """The text of the campaign file, or of the file that its key `named_by` names."""
    try:
        return path.read_text("utf-8")
    except OSError as error:
        en, fr = "the campaign file", "fichier de campagne"
        hint = ("`passerelle init` writes a new one", "`passerelle init` en écrit un")
        if named_by:
            en, fr = f"the file that '{named_by}' names", f"fichier que nomme « {named_by} »"
            hint = ("check the path", "vérifiez le chemin")
        raise UsageError(
            en=f"{path}: cannot read {en} ({error.strerror}); {hint[0]}",
            fr=f"{path} : {fr} illisible ({french_reason(error)}) ; {hint[1]}",
        ) from None
    except UnicodeDecodeError:
        raise UsageError(
            en=f"{path}: not UTF-8 text; save it as UTF-8", fr=f"{path} : pas du texte UTF-8 ; enregistrez-le en UTF-8"
        ) from None


def _toml(path: Path, text: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise UsageError(en=f"{path}: not valid TOML: {error}", fr=f"{path} : TOML incorrect (« {error} »)") from None


def _names(path: Path, key: str, value: Any) -> Any:
    """A list of names given as a file: one a line, ``#`` begins a comment. Other files: beside the campaign file."""
    if key in _BESIDE and isinstance(value, str):
        return path.parent / Path(value).expanduser()
    if key not in _NAME_LISTS or not isinstance(value, str):
        return value
    lines = _read(path.parent / value, named_by=key).splitlines()
    return [name for line in lines if (name := line.partition(" #")[0].strip()) and not name.startswith("# ")]


def _explain(path: Path, text: str, error: ValidationError) -> UsageError:
    first = error.errors()[0]
    where = ".".join(str(part) for part in first["loc"]) or "campaign"
    line = _line_of(text, first["loc"])
    place = f"{path}, line {line}" if line else str(path)
    endroit = f"{path}, ligne {line}" if line else str(path)
    variable = "__".join(["PASSERELLE", *(str(part).upper() for part in first["loc"])])
    if variable in {name.upper() for name in os.environ}:
        place = endroit = f"${variable}"
    if first["type"] == "missing":
        return UsageError(
            en=f"{place}: '{where}' is missing; see `passerelle init` for what it says",
            fr=f"{endroit} : « {where} » manque ; `passerelle init` montre ce qu'il doit dire",
        )
    if first["type"] == "extra_forbidden":
        return UsageError(
            en=f"{place}: unknown key '{where}'; the keys are listed in campaigns/campaign.schema.json",
            fr=f"{endroit} : clé inconnue « {where} » ; les clés sont dans campaigns/campaign.schema.json",
        )
    en, fr = reason(first)
    return UsageError(en=f"{place}: '{where}': {en}", fr=f"{endroit} : « {where} » : {fr}")


def _line_of(text: str, loc: tuple[int | str, ...]) -> int | None:
    """The line on which the key at `loc` stands, or its table's heading."""
    names = [part for part in loc if isinstance(part, str)]
    index = next((part for part in loc if isinstance(part, int)), 0)
    table, seen, heading = "", -1, None
    for number, line in enumerate(text.splitlines(), 1):
        if found := re.match(r"\s*\[+\s*([^\]]+?)\s*\]+", line):
            table = found[1]
            seen += table == (names[0] if names else "")
            heading = number if table == ".".join(names[:-1]) and seen in (index, -1) else heading
        elif found := re.match(r"\s*([\w\"-]+)\s*=", line):
            key = ".".join(filter(None, (table, found[1].strip('"'))))
            if key in (".".join(names), names[0] if len(loc) == 1 else "") and (seen in (index, -1) or not table):
                return number
    return heading
