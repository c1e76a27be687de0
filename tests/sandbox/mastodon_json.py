"""The JSON of the Mastodon API, field for field as a server of today writes it."""

from __future__ import annotations

import html
import re
from datetime import UTC, datetime, timedelta
from typing import Any

from tests.sandbox.catalogue import Catalogue, account_id, shown, tags_of
from tests.sandbox.world import Boost, Person, Post

Json = dict[str, Any]
_TOKEN = re.compile(r"\{@(\d+)\}|#(\w+)")


class Writer:
    """Writes statuses and accounts of a catalogue as of a moment, as the server `home` sees them."""

    def __init__(self, catalogue: Catalogue, now: datetime, home: str) -> None:
        self._catalogue = catalogue
        self._world = catalogue.world
        self._now = now
        self._home = home

    def status(self, item: Post | Boost, *, quoted: bool = False) -> Json:
        """A status; a repost is a wrapper with the original under `reblog`."""
        return self._wrapper(item) if isinstance(item, Boost) else self._post(item, quoted=quoted)

    def account(self, number: int) -> Json:
        """An account."""
        person = self._world.people[number]
        picture = f"https://{self._home}/avatars/original/missing.png"
        return {
            "id": account_id(number),
            "username": person.user,
            "acct": acct(person, self._home),
            "display_name": person.name,
            "locked": False,
            "bot": person.role == "bot",
            "discoverable": person.role != "refused",
            "indexable": person.indexable and person.role != "refused",
            "group": False,
            "created_at": stamp(datetime(2022, 11, 5, tzinfo=UTC) + timedelta(days=number % 700)),
            "note": f"<p>{self._html(person.note)}</p>" if person.note else "",
            "url": f"https://{person.instance}/@{person.user}",
            "uri": f"https://{person.instance}/users/{person.user}",
            "avatar": picture,
            "avatar_static": picture,
            "header": picture,
            "header_static": picture,
            "followers_count": person.followers,
            "following_count": person.followers // 2 + 20,
            "statuses_count": 300 + 7 * number,
            "last_status_at": None,
            "hide_collections": False,
            "noindex": person.role == "refused",
            "emojis": [],
            "roles": [],
            "fields": [],
        }

    def _post(self, post: Post, *, quoted: bool) -> Json:
        author = self._world.people[post.author]
        text, edited = self._text(post)
        parent = self._parent(post)
        counts = self._catalogue.counts(post.number, self._now)
        return self._frame(post.local_id, post.time, post.author) | {
            "in_reply_to_id": None if parent is None else str(parent.local_id),
            "in_reply_to_account_id": None if parent is None else account_id(parent.author),
            "language": post.language,
            "uri": self._world.uri(post),
            "url": f"https://{author.instance}/@{author.user}/{post.local_id}",
            "replies_count": counts.replies,
            "reblogs_count": counts.boosts,
            "favourites_count": counts.favourites,
            "edited_at": None if edited is None else stamp(edited),
            "content": f"<p>{self._html(text)}</p>",
            "media_attachments": [_picture(post, self._home)] if post.media else [],
            "mentions": [self._mention(number) for number in post.mentions],
            "tags": [{"name": tag, "url": f"https://{self._home}/tags/{tag}"} for tag in tags_of(text)],
            "quote": self._quote(post, quoted=quoted),
        }

    def _parent(self, post: Post) -> Post | None:
        """The post replied to; a server forgets it when it is deleted."""
        parent = None if post.reply_to is None else self._world.posts[post.reply_to]
        return parent if parent is not None and shown(parent, self._now) else None

    def _wrapper(self, boost: Boost) -> Json:
        uri = self._world.activity(boost)
        original = self._post(self._world.posts[boost.post], quoted=False)
        return self._frame(boost.local_id, boost.time, boost.actor) | {"uri": uri, "url": uri, "reblog": original}

    def _frame(self, local_id: int, time: datetime, author: int) -> Json:
        return {
            "id": str(local_id),
            "created_at": stamp(time),
            "in_reply_to_id": None,
            "in_reply_to_account_id": None,
            "sensitive": False,
            "spoiler_text": "",
            "visibility": "public",
            "language": None,
            "uri": "",
            "url": "",
            "replies_count": 0,
            "reblogs_count": 0,
            "favourites_count": 0,
            "edited_at": None,
            "content": "",
            "reblog": None,
            "account": self.account(author),
            "media_attachments": [],
            "mentions": [],
            "tags": [],
            "emojis": [],
            "quote": None,
            "card": None,
            "poll": None,
        }

    def _quote(self, post: Post, *, quoted: bool) -> Json | None:
        if post.quote_of is None:
            return None
        original = self._world.posts[post.quote_of]
        if quoted:
            return {"state": "accepted", "quoted_status_id": str(original.local_id)}
        return {"state": "accepted", "quoted_status": self._post(original, quoted=True)}

    def _text(self, post: Post) -> tuple[str, datetime | None]:
        edits = [(time, text) for time, text in post.edits if time <= self._now]
        return (edits[-1][1], edits[-1][0]) if edits else (post.text, None)

    def _mention(self, number: int) -> Json:
        person = self._world.people[number]
        url = f"https://{person.instance}/@{person.user}"
        return {"id": account_id(number), "username": person.user, "url": url, "acct": acct(person, self._home)}

    def _html(self, text: str) -> str:
        return _TOKEN.sub(self._entity, html.escape(text, quote=False))

    def _entity(self, found: re.Match[str]) -> str:
        if tag := found[2]:
            url = f"https://{self._home}/tags/{tag}"
            return f'<a href="{url}" class="mention hashtag" rel="tag">#<span>{tag}</span></a>'
        person = self._world.people[int(found[1])]
        url = f"https://{person.instance}/@{person.user}"
        link = f'<a href="{url}" class="u-url mention">@<span>{person.user}</span></a>'
        return f'<span class="h-card" translate="no">{link}</span>'


def acct(person: Person, home: str) -> str:
    """The `acct` of an account as the server `home` writes it: bare for its own."""
    return person.user if person.instance == home else f"{person.user}@{person.instance}"


def stamp(time: datetime) -> str:
    """ISO 8601 with milliseconds and Z."""
    return time.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _picture(post: Post, home: str) -> Json:
    url = f"https://{home}/media/{post.number}.png"
    return {
        "id": str(post.local_id + 1),
        "type": "image",
        "url": url,
        "preview_url": url,
        "remote_url": None,
        "preview_remote_url": None,
        "text_url": None,
        "meta": {"original": {"width": 600, "height": 848, "size": "600x848", "aspect": 0.7075}},
        "description": "CV en image",
        "blurhash": "U8RD1VV@^+-;~qIAM|x]_2aeNGj[",
    }
