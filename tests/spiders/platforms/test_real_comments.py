"""Comments that real people left on two blogs, where they lie beside the repository: all of them, in their places."""

from __future__ import annotations

import gzip
import html
import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

from passerelle.records import CoverageRecord, PostRecord
from spiders.collecting.guests import is_nobody
from tests.spiders.crawling import KEEP, Crawled, campaign_file, crawl
from tests.spiders.odd_server import Given, OddServer

HOST, TAG = "carnet.test", "essai"


def unzipped(path: Path) -> str:
    return gzip.decompress(path.read_bytes()).decode()


def collected(pages: Mapping[str, str], feed: str, folder: Path) -> Crawled:
    """A crawl of a blog that has that feed and those pages."""

    def given(path: str, query: dict[str, str], base: str) -> Given:
        if path == "/feed/":
            return 200, {"content-type": "application/rss+xml"}, feed.encode()
        return (200, {"content-type": "text/html; charset=utf-8"}, pages[path].encode()) if path in pages else None

    with OddServer(given) as server:
        campaign = campaign_file(folder, HOST, TAG, kind="weblog", collect="first_days = 9900\nmax_pages = 50")
        words = ("--connect", server.address, "--clock", "2026-11-22T06:00:00Z")
        return crawl(campaign, folder / "lake", *words, settings=(KEEP,))


def feed_of(items: Iterator[str]) -> str:
    """An RSS feed under the hashtag."""
    return f'<rss version="2.0" xmlns:slash="http://purl.org/rss/1.0/modules/slash/"><channel>{"".join(items)}</channel></rss>'


def item(path: str, date: str, replies: int) -> str:
    link = f"<link>https://{HOST}{escape(path)}</link><pubDate>{date}</pubDate><category>{TAG}</category>"
    return f"<item><title>Un billet</title>{link}<slash:comments>{replies}</slash:comments></item>"


def posts_of(done: Crawled) -> dict[str, PostRecord]:
    return {one.post: one for one in done.records if isinstance(one, PostRecord)}


def test_fifteen_years_of_french_comments(shared_data: Path, tmp_path: Path) -> None:
    told: dict[str, list[Any]] = json.loads(unzipped(shared_data / "blog-comments-fr" / "comments.json.gz"))
    pages = {f"/{path}/": page_of(comments) for path, comments in told.items()}
    days = {path: "-".join(re.search(r"(\d{4})/(\d\d)/(\d\d)", path).groups()) for path in told}
    feed = feed_of(item(f"/{path}/", f"{days[path]}T00:00:00Z", len(comments)) for path, comments in told.items())
    done = collected(pages, feed, tmp_path)
    assert done.code == 0, done.err

    posts = posts_of(done)
    comments = {one.rpartition("#")[2]: post for one, post in posts.items() if "#" in one}
    assert (len(comments), len(posts) - len(comments)) == (868, 182)
    raw = {one["id"]: one for comments in told.values() for one in comments}
    assert {one: (post.created_at, post.reply_to) for one, post in comments.items()} == {
        one["id"]: (datetime.fromisoformat(one["date"]).astimezone(UTC), f"https://{HOST}/{path}/")
        for path, comments in told.items()
        for one in comments
    }, "flat: each answers its post"
    assert all(plain(comments[one].text) == plain(raw[one]["content"]) for one in raw), "no entity is lost"

    # 265 spellings are 257 names by letter case, and 43 comments that nobody signed
    assert len({one["author"]["name"] for one in raw.values()}) == 265
    nobody = {one for one in raw if is_nobody(raw[one]["author"]["name"])}
    assert (len(nobody), len({post.author for post in comments.values()})) == (43, 300)
    owner = {comments[one].author for one in raw if raw[one]["author"]["name"] == "Nicolas Hoizey"}
    assert len(owner) == 1, "with http or https before the address of his blog"

    # the offset is wrong in winter: what was written is kept, nobody can tell the clock that wrote it
    winter = [one for one in raw.values() if one["date"][5:7] in ("11", "12", "01", "02")]
    assert (len(winter), {one["date"][-6:] for one in winter}) == (360, {"+02:00"})
    threads = [one for one in done.records if isinstance(one, CoverageRecord) and one.scope == "thread"]
    assert (len(threads), sum(one.got for one in threads)) == (182, 868)
    assert all(one.complete for one in threads)


def page_of(comments: list[Any]) -> str:
    """The page as the blog has it: one list, in the order of the file."""
    return f'<html lang="fr"><body><article>Un billet</article><ol>{"".join(map(shown, comments))}</ol></body></html>'


def shown(comment: Any) -> str:
    author, name = comment["author"], html.escape(comment["author"]["name"])
    signed = f'<a href="{html.escape(author["url"])}">{name}</a>' if author.get("url") else name
    time = f'<time datetime="{comment["date"]}">ce jour-là</time>'
    said = f'<cite class="fn">{signed}</cite> {time}<div class="comment-text">{comment["content"]}</div>'
    return f'<li class="comment" id="{comment["id"]}">{said}</li>'


def plain(text: str) -> str:
    return "".join(html.unescape(re.sub(r"<[^>]*>", "", text)).split())


def test_a_saved_page_in_five_levels_says_what_it_lacks(shared_data: Path, tmp_path: Path) -> None:
    saved = unzipped(shared_data / "html-comments" / "netzpolitik.org.abmahnungen.html.gz")
    path = "/2016/die-cider-connection-abmahnungen-gegen-nutzer-von-creative-commons-bildern/"
    page = saved.replace("https://netzpolitik.org/", f"https://{HOST}/")
    done = collected({path: page}, feed_of(iter([item(path, "2016-06-23T14:14:51Z", 91)])), tmp_path)
    assert done.code == 0, done.err

    posts = posts_of(done)
    comments = {one: post for one, post in posts.items() if "#" in one}
    assert len(comments) == 74, "each stands twice in the markup"

    def level(post: PostRecord) -> int:
        return 1 if post.reply_to == f"https://{HOST}{path}" else 1 + level(comments[post.reply_to or ""])

    assert Counter(map(level, comments.values())) == {1: 36, 2: 17, 3: 10, 4: 7, 5: 4}
    assert saved.count("Antworten</a>") == 70
    assert not any("Antworten" in post.text for post in comments.values()), "buttons are no speech"
    assert min(post.created_at for post in comments.values()) - datetime(2016, 6, 23, 15, tzinfo=UTC) < timedelta(1)
    [thread] = [one for one in done.records if isinstance(one, CoverageRecord) and one.scope == "thread" and one.got]
    assert (thread.got, thread.expected, thread.reason) == (74, 91, "missing_replies")
