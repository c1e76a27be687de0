"""The campaign file: one TOML file says what is collected, why, and how it is measured.

Order of precedence: flags, then environment (``PASSERELLE__SECTION__KEY``), then the file, then defaults.
"""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any, Literal

from pydantic import Field, ValidationError, field_validator
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from passerelle.campaign.mapping import Mapping
from passerelle.campaign.reading import explained, names_in, text_of, toml_of
from passerelle.campaign.sections import Analysis, Collect, Source
from passerelle.campaign.values import Moment, Names, hashtag, known_zone
from passerelle.identity import fold_hashtag


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
    purpose: str = Field(description="Why these data are processed; while it is empty nothing is collected")
    legal_basis: str = Field(description="Article of the GDPR and what makes it apply; empty: nothing is collected")
    retention_days: int = Field(ge=0, description="How long rows are kept (days); 0: nothing is collected")
    contact: str = Field(description="Where people can object: an address or https page; empty: nothing is collected")
    controller: str = Field("", description="Who is responsible for the processing: name and address")
    licence: str = Field("CC-BY-4.0", description="Licence of the public report")
    as_of: Moment | None = Field(None, description="What happened later is not looked at")
    coverage_start: Moment | None = Field(None, description="Imported archives hold everything from here on")
    organisers: Names = Field((), description="Handles of those who run the campaign: a list, or a file of one a line")
    bots: Names = Field((), description="Handles of known bots: a list, or a file of one a line")
    uncovered_accounts: Names = Field((), description="Accounts whose history was not collected: a list, or a file")
    same_person: tuple[tuple[str, ...], ...] = Field(
        (), description="Accounts of one person: a list of lists of handles, each with its platform or server"
    )
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
        return tuple(hashtag(tag) for tag in tags)

    @field_validator("time_zone")
    @classmethod
    def _zone(cls, name: str) -> str:
        return known_zone(name)

    @property
    def folded_hashtags(self) -> frozenset[str]:
        """The campaign's hashtags as they stand in `posts.hashtags`."""
        return frozenset(fold_hashtag(tag) for tag in self.hashtags)


def load_campaign(path: Path, **overrides: Any) -> Campaign:
    """Read and check the campaign file at `path`; `overrides` (flags) win over everything.

    Raises UsageError, with the line, for a missing file, broken TOML, or a missing, unknown or wrong key.
    """
    text = text_of(path)
    values = toml_of(path, text)
    try:
        values = {key: names_in(path, key, value) for key, value in values.items()}
        campaign = Campaign(**values, sha256=hashlib.sha256(text.encode()).hexdigest())
        return campaign.model_copy(update=overrides) if overrides else campaign
    except ValidationError as error:
        raise explained(path, text, error) from None


__all__ = ["Analysis", "Campaign", "Collect", "Mapping", "Source", "load_campaign"]
