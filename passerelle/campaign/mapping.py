"""The table of a campaign file that says what the columns of a file mean."""

from __future__ import annotations

import codecs
import re
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, field_validator
from pydantic_core import PydanticCustomError

from passerelle.campaign.values import known_zone
from passerelle.platforms import row_name

TIME_FORMATS = ("iso", "unix", "unix_ms", "words")


class Mapping(BaseModel):
    """Columns of a file of your own: each key names one, or several with " | " between: the first filled counts.

    One that ends with " |" may be missing. In JSON a dotted path, which leads through lists too. Some keys are no
    columns, and say so.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    platform: Annotated[str, AfterValidator(row_name)] = Field(
        "import", description="Name given to the platform (not a column)"
    )
    post: str = Field(description="The post's id; where it is empty, author, time and words make its name")
    author: str = Field(description="The author's id; where it is empty, --account says whose file it is")
    author_within: str | None = Field(
        None, description="Page, group or thread in which the name in `author` is one person: it is no id, only a name"
    )
    unsigned: bool = Field(
        False, description="Rows that name no author are each by somebody else; else left out (not a column)"
    )
    created_at: str = Field(description="Column of the time")
    time_format: str = Field(
        "iso", description="iso, unix (seconds), unix_ms, words (5 octobre 2026 à 10:32), or a strptime pattern"
    )
    time_zone: str | None = Field(None, description="IANA zone of times that name none; UTC where it is not said")
    text_format: Literal["auto", "plain", "html"] = Field(
        "auto", description="How the text is written; auto: as HTML where a text has its tags"
    )
    encoding: str | None = Field(None, description="Character set of the file; recognised where it is not said")
    misread_as: str | None = Field(
        None, description="Character set in which the file's UTF-8 was read by mistake: texts are put right"
    )
    one_author: bool = Field(False, description="All rows are by one account (else that is taken for a mistake)")
    answers: bool = Field(
        False, description="Every row answers a post, one of another file or one that is not named (not a column)"
    )
    files: str | None = Field(None, description="Which files of an archive are read, as */posts/*.json (not a column)")
    rows: str | None = Field(None, description="In JSON: the list in which the rows are; without it, objects are rows")
    comments: str | None = Field(None, description="In JSON: a row's list of answers, rows of the same columns")
    title: str | None = Field(None, description="Title, which goes before the text")
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
    shared: str | None = Field(None, description="What a row passes on: a repost if it adds no words, else a quote")
    shared_author: str | None = None
    visibility: str | None = Field(None, description="Who may see the post; what is not public is not kept")
    public: tuple[str, ...] = Field(("public",), description="Values of `visibility` that mean everybody")
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
        if form not in TIME_FORMATS and (not is_pattern or ("%p" in form and "%H" in form)):
            raise PydanticCustomError("time_format", "'{form}' is no time format", {"form": form[:60]})
        return form

    @field_validator("time_zone")
    @classmethod
    def _zone(cls, name: str | None) -> str | None:
        return name if name is None else known_zone(name)

    @field_validator("encoding", "misread_as")
    @classmethod
    def _encoding(cls, name: str | None) -> str | None:
        try:
            codecs.getincrementaldecoder(name or "utf-8")().decode(b"")
        except (LookupError, TypeError):
            raise PydanticCustomError("encoding", "'{name}' is no character set", {"name": (name or "")[:40]}) from None
        return name
