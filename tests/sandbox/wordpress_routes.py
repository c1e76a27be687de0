"""What a WordPress blog of an invented world says: posts under a tag, threads of comments by members and guests."""

from __future__ import annotations

import html
from datetime import UTC, datetime
from typing import Any

from tests.sandbox.catalogue import Catalogue, shown, tags_of
from tests.sandbox.routes import Found, Query
from tests.sandbox.stock import HASHTAG
from tests.sandbox.world import Post, World

_API = "/wp-json/wp/v2/"
_TAG = 7
ROBOTS = "User-agent: *\nDisallow: /wp-admin/\nAllow: /wp-admin/admin-ajax.php\n"


class Blog(World):
    """A world that is the blog of a town: who ever wrote a post is a member, all others are guests."""

    served_at: str | None = None

    @property
    def host(self) -> str:
        """Where the blog is collected: at home, unless its server has another address."""
        return self.served_at or self.people[0].instance

    def is_member(self, number: int) -> bool:
        """Whether somebody has an account."""
        return any(post.author == number and post.reply_to is None for post in self.posts)

    def identity(self, number: int) -> str:
        """The canonical identity a collector finds for somebody."""
        name = str(number + 1) if self.is_member(number) else f"guest/{self.people[number].name.casefold()}"
        return f"wordpress:{self.host}/{name}"

    def uri(self, post: Post) -> str:
        """The address of a post, or that of a comment below it."""
        page = self.page(post)
        address = f"https://{self.people[0].instance}/{page.time:%Y/%m}/appel-{page.number + 1}/"
        return address if page is post else f"{address}#comment-{post.number + 1}"

    def page(self, post: Post) -> Post:
        """The post at the top."""
        while post.reply_to is not None:
            post = self.posts[post.reply_to]
        return post


class BlogRoutes:
    """Answers paths from a catalogue as of a moment."""

    limit_headers = "X-RateLimit"

    def __init__(self, catalogue: Catalogue, home: str) -> None:
        assert isinstance(catalogue.world, Blog)
        self._world = catalogue.world
        self._members = {post.author for post in self._world.posts if post.reply_to is None}

    def answer(self, path: str, query: Query, now: datetime, host: str) -> Found:
        """What the blog says to GET `path`."""
        if path == "/robots.txt":
            return Found(ROBOTS)
        if path == "/":
            link = {"Link": '</wp-json/>; rel="https://api.w.org/"'}
            return Found("<!DOCTYPE html><html><body><h1>Carnet</h1></body></html>", headers=link)
        kind, _, number = path.removeprefix(_API).partition("/")
        if not path.startswith(_API) or kind not in ("tags", "posts", "comments"):
            return Found({"code": "rest_no_route", "message": "No route", "data": {"status": 404}}, status=404)
        if kind == "tags":
            return Found([{"id": _TAG, "name": HASHTAG, "slug": HASHTAG.lower(), "count": 1}])
        return self._one(kind, int(number), now) if number else self._list(kind, query, now)

    def _one(self, kind: str, number: int, now: datetime) -> Found:
        post = self._world.posts[number - 1] if 0 < number <= len(self._world.posts) else None
        if post is None or not shown(post, now) or (post.reply_to is None) != (kind == "posts"):
            code = "rest_post_invalid_id" if kind == "posts" else "rest_comment_invalid_id"
            return Found({"code": code, "message": "Invalid ID.", "data": {"status": 404}}, status=404)
        return Found(self._written(post))

    def _list(self, kind: str, query: Query, now: datetime) -> Found:
        there = [p for p in self._world.posts if (p.reply_to is None) == (kind == "posts") and shown(p, now)]
        chosen = sorted((p for p in there if self._wanted(p, query)), key=lambda p: p.time)
        if query.get("order") != "asc":
            chosen.reverse()
        limit, page = int(query.get("per_page", 10)), int(query.get("page", 1))
        pages = max(1, -(-len(chosen) // limit))
        if page > pages:
            told = {"code": f"rest_{kind[:-1]}_invalid_page_number", "data": {"status": 400}}
            return Found(told, status=400)
        headers = {"X-WP-Total": str(len(chosen)), "X-WP-TotalPages": str(pages)}
        return Found([self._written(p) for p in chosen[(page - 1) * limit : page * limit]], headers=headers)

    def _wanted(self, post: Post, query: Query) -> bool:
        if "tags" in query:
            return str(_TAG) in query["tags"].split(",") and HASHTAG.lower() in tags_of(post.text)
        if "search" in query:
            return query["search"].lower() in post.text.lower()
        if "post" in query:
            return str(self._world.page(post).number + 1) in query["post"].split(",")
        parents = query.get("parent", "0").split(",")
        return post.reply_to is not None and str(post.reply_to + 1) in parents

    def _written(self, post: Post) -> dict[str, Any]:
        common = {
            "id": post.number + 1,
            "date_gmt": _stamp(post.time),
            "link": self._world.uri(post),
            "content": {"rendered": f"<p>{html.escape(post.text, quote=False)}</p>\n", "protected": False},
            "author": post.author + 1 if post.author in self._members else 0,
        }
        if post.reply_to is None:
            tags = [_TAG] if HASHTAG.lower() in tags_of(post.text) else []
            edited = _stamp(post.time)
            return common | {"modified_gmt": edited, "status": "publish", "type": "post", "tags": tags} | {
                "title": {"rendered": ""}, "comment_status": "open", "slug": f"appel-{post.number + 1}",
            }  # fmt: skip
        page, parent = self._world.page(post), self._world.posts[post.reply_to]
        return common | {
            "post": page.number + 1,
            "parent": 0 if parent is page else parent.number + 1,
            "author_name": html.escape(self._world.people[post.author].name),
            "author_url": "",
            "status": "approved",
            "type": "comment",
        }


def _stamp(time: datetime) -> str:
    return time.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S")
