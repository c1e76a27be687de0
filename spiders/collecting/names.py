"""What a server's own ids stand for, under identities that hold everywhere."""

from __future__ import annotations

from collections.abc import MutableMapping
from dataclasses import dataclass, field
from typing import ClassVar
from urllib.parse import urlsplit


@dataclass(slots=True)
class LocalNames:
    """A server's own ids and what they stand for; learnt from all that it shows.

    `posts`: native id -> URI; `accounts`: local id -> identity; `authors`: native id -> identity of who wrote it, where
    an answer does not say whom it answers. `domain` completes a bare name. `parents` (URI -> URI)
    is what another server told of who answers what. `tags` are the campaign's hashtags, folded.
    """

    platform: ClassVar[str]
    host: str
    domain: str
    posts: MutableMapping[str, str] = field(default_factory=dict)
    accounts: dict[str, str] = field(default_factory=dict)
    authors: dict[str, str] = field(default_factory=dict)
    parents: dict[str, str] = field(default_factory=dict)
    tags: frozenset[str] = frozenset()

    def post(self, native: str) -> str:
        """The URI of a post by the server's id; an identity made of host and id while the URI is unknown."""
        return self.posts.get(native) or self.stand_in(native)

    def knows(self, native: str) -> bool:
        """Whether the post's URI is known."""
        return native in self.posts

    def shown_as(self, native: str) -> str:
        """What other posts hold of this one where its URI is not known; nothing where that is never so."""
        return self.stand_in(native)

    def is_own(self, uri: str) -> bool:
        """Whether the post of that URI was written on this server, so that what it says of it is the author's word."""
        is_nameless = uri.startswith(self.stand_in(""))  # nobody else could name it either
        return is_nameless or urlsplit(uri).netloc.lower() in {self.host.lower(), self.domain.lower()}

    def stand_in(self, native: str) -> str:
        """What names a post of this server whose URI is not known."""
        return f"{self.platform}:{self.host}/{native}"
