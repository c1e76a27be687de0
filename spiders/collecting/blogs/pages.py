"""A page of a blog: the post on it, its comments by JSON-LD and by markup, and what else it names."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from urllib.parse import urljoin

from parsel import Selector

from spiders.asking.bodies import as_html
from spiders.collecting.blogs.entries import Written, address, page_of, united
from spiders.collecting.blogs.linked import linked_in
from spiders.collecting.blogs.markup import comments_in

_FEEDS = 'link[rel~="alternate"][type="application/atom+xml"], link[rel~="alternate"][type="application/rss+xml"]'
OF_COMMENTS = re.compile(r"comment", re.IGNORECASE)
_LEADING = re.compile(r"\s*(\d{1,6})\b(?!\s*[/.:-]\s*\d)")
_AUTHORS = (
    "meta[name=author]::attr(content)",
    "article [itemprop=author] [itemprop=name]::text",
    "article [itemprop=author]::text",
    "article [rel~=author]::text",
    ".author .fn::text",
    ".entry-meta .author::text",
)
_TIMES = (
    'meta[property="article:published_time"]::attr(content)',
    "article [itemprop=datePublished]::attr(datetime)",
    "[itemprop=datePublished]::attr(content)",
    "article time[datetime]::attr(datetime)",
    "time.published::attr(datetime)",
    "abbr.published::attr(title)",
)
_TEXTS = ("[itemprop=articleBody]", ".entry-content", ".post-body", ".post-content", ".e-content", "article", "main")
_NO_TEXT = re.compile(r"<(script|style|section|form|aside|nav)\b.*?</\1\s*>", re.DOTALL | re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class BlogPage:
    """What a page shows. `count` is how many comments it says it has; `feeds` and `comment_feeds` are those it names.

    `endpoints` take its webmentions; `more` are the pages of its other comments; `selected` is the page itself.
    """

    post: Written
    count: int | None
    feeds: tuple[str, ...]
    comment_feeds: tuple[str, ...]
    endpoints: tuple[str, ...]
    more: tuple[str, ...]
    selected: Selector

    @property
    def is_all(self) -> bool:
        """Whether every comment stands on it, as far as it says."""
        return not self.more and sum(one.kind != "link" for one in self.post.comments) >= (self.count or 0)


def read_page(body: bytes, content_type: str, url: str) -> BlogPage:
    """The page that is known as `url`, whatever it calls itself. Raises ValueError for what is no page."""
    page = as_html(body, content_type)
    post, linked, count = linked_in(page, url)
    comments = united([*comments_in(page.root, url), *linked])
    shown = sum(one.kind != "link" for one in comments)
    links = feeds_named(page, url)
    found = _shown_post(page, url).filled(post) if post else _shown_post(page, url)
    total = count if count is not None else _said_count(page, url)
    return BlogPage(
        post=replace(found, comments=comments, replies=total if total is not None else shown or None),
        count=total,
        feeds=tuple(href for href, title in links if not OF_COMMENTS.search(title + href)),
        comment_feeds=tuple(href for href, title in links if _is_feed_of(href, title, url)),
        endpoints=tuple(address(one, url) for one in page.css('[rel~="webmention"]::attr(href)').getall()),
        more=_more(page, url),
        selected=page,
    )


def feeds_named(page: Selector, url: str) -> list[tuple[str, str]]:
    """The feeds that a page names: address and title."""
    named = [(address(one.attrib.get("href", ""), url), one.attrib.get("title", "")) for one in page.css(_FEEDS)]
    return [(href, title) for href, title in named if href]


def _shown_post(page: Selector, url: str) -> Written:
    keywords = page.css("meta[name=keywords]::attr(content)").get("").split(",")
    article = page.css('meta[property="article:tag"]::attr(content)').getall()
    linked = [one.xpath("string()").get("") for one in page.css('a[rel~="tag"]')]
    title = page.css('meta[property="og:title"]::attr(content)').get() or page.css("h1").xpath("string()").get()
    return Written(
        id=url,
        at=_first(page, _TIMES),
        edited=page.css('meta[property="article:modified_time"]::attr(content)').get(""),
        by=_first(page, _AUTHORS),
        title=(title or page.css("title::text").get("")).strip(),
        text=next((_NO_TEXT.sub("", one.get()) for path in _TEXTS for one in page.css(path)[:1]), ""),
        tags=tuple(filter(None, (one.strip() for one in (*keywords, *article, *linked)))),
        language=page.css("html::attr(lang)").get(""),
    )


def _first(page: Selector, paths: tuple[str, ...]) -> str:
    return next((found.strip() for path in paths if (found := page.css(path).get("")).strip()), "")


def _said_count(page: Selector, url: str) -> int | None:
    """How many comments the page says it has, in a number before a word about them."""
    told = [page.css(f"[itemprop=commentCount]::{part}").get("") for part in ("attr(content)", "text")]
    told += [one.xpath("string()").get("") for one in page.css('a[href$="#comments"]') if _is_here(one, url)]
    told += [one.xpath("string()").get("") for one in page.css("#comments > h2, #comments > h3, #comments > h4")[:1]]
    return next((int(found[1]) for text in told if (found := _LEADING.match(text))), None)


def _is_here(link: Selector, url: str) -> bool:
    return page_of(address(link.attrib.get("href", ""), url)) == url


def _is_feed_of(href: str, title: str, url: str) -> bool:
    """Whether a feed is that of this page's comments."""
    return href != url and (href.startswith(url) or (bool(OF_COMMENTS.search(title + href)) and ":" in title))


def _more(page: Selector, url: str) -> tuple[str, ...]:
    """The other pages of the list of comments; none where it is all here."""
    around = "#comments, .comments-area, .comment-navigation, .comments-pagination"
    links = page.css(around).css('a[href*="comment-page-"]::attr(href), a[href*="cpage="]::attr(href)').getall()
    whole = [page_of(urljoin(url, link)) for link in links if page_of(address(link, url)) == url]
    return tuple(dict.fromkeys(whole))
