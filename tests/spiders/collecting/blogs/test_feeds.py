"""Feeds in the versions and states in which blogs serve them."""

from __future__ import annotations

from pathlib import Path

import pytest

from spiders.asking.bodies import MARKUP
from spiders.collecting.blogs.feeds import as_feed, atom_of

ATOM = '<feed xmlns="http://www.w3.org/2005/Atom" xmlns:thr="http://purl.org/syndication/thread/1.0">{}</feed>'
RSS = '<?xml version="1.0" encoding="{0}"?><rss version="2.0"><channel><title>L’écho</title>{1}</channel></rss>'


def test_what_a_comment_answers_is_an_address_or_the_id_of_another() -> None:
    answered = '<entry><id>tag:x,c{0}</id><link href="http://x.test/p#c{0}"/><thr:in-reply-to ref="{1}"/></entry>'
    told = [("1", "tag:x,p"), ("2", "tag:x,c1"), ("3", "http://x.test/?p=1#comment-9")]
    feed = as_feed(ATOM.format("".join(answered.format(*one) for one in told)).encode(), "application/atom+xml")
    page = "http://x.test/p"
    assert [(one.on, one.parent) for one in feed.entries] == [
        (page, ""),  # an id that nothing here has: the post's, or an older comment's
        (page, f"{page}#c1"),
        (page, f"{page}#comment-9"),
    ]


@pytest.mark.parametrize("encoding", ["windows-1252", "utf-8", "utf-16"])
def test_words_are_read_in_the_encoding_that_the_feed_names(encoding: str) -> None:
    item = "<item><title>Le réseau « vrai »</title><link>http://x.test/a?utm_source=rss</link></item>"
    [entry] = as_feed(RSS.format(encoding, item).encode(encoding), "text/xml").entries
    assert (entry.title, entry.id) == ("Le réseau « vrai »", "http://x.test/a")


@pytest.mark.parametrize(
    ("author", "name"),
    [
        ("redaction@vieux-site.example (Rédaction)", "Rédaction"),
        ("Jean Dupont &lt;jean@x.test&gt;", "Jean Dupont"),
        ("jean@x.test", ""),
        ("Jean Dupont", "Jean Dupont"),
    ],
)
def test_a_mail_address_is_no_name(author: str, name: str) -> None:
    item = f"<item><link>http://x.test/a</link><author>{author}</author></item>"
    [entry] = as_feed(RSS.format("utf-8", item).encode(), "").entries
    assert entry.by == name
    assert "@" not in repr(entry)


def test_a_feed_that_is_cut_gives_what_came() -> None:
    body = RSS.format("utf-8", "<item><link>http://x.test/1</link></item>").encode()
    assert next(one.id for one in as_feed(body[:-20] + b"<item><tit", "").entries) == "http://x.test/1"


def test_no_file_of_this_machine_is_read(tmp_path: Path) -> None:
    path = tmp_path / "feed.xml"
    path.write_text(RSS.format("utf-8", "<item><link>http://x.test/1</link></item>"), "utf-8")
    with pytest.raises(ValueError, match="no feed"):
        as_feed(str(path).encode(), "")


@pytest.mark.parametrize(
    ("body", "wrong"), [(b"<html><p>Bonjour</html>", MARKUP), (b"", "no feed"), (b"{}", "no feed")]
)
def test_what_is_no_feed_is_said(body: bytes, wrong: str) -> None:
    with pytest.raises(ValueError, match=wrong):
        as_feed(body, "text/html")


def test_entities_of_its_own_are_not_expanded() -> None:
    bomb = '<!DOCTYPE rss [<!ENTITY a "aaaa"><!ENTITY b SYSTEM "file:///etc/hostname">]>'
    body = f'{bomb}<rss version="2.0"><channel><item><link>http://x.test/1</link><title>&a;&b;</title></item></channel></rss>'
    assert "aaaa" not in repr(as_feed(body.encode(), ""))


def test_where_the_atom_form_of_a_comment_feed_is() -> None:
    assert atom_of("https://x.test/p/feed/") == "https://x.test/p/feed/atom/"
    assert atom_of("https://x.test/feed/rss2/comments/1") == "https://x.test/feed/atom/comments/1"
    assert atom_of("https://x.test/?feed=rss2&p=1") == "https://x.test/?feed=atom&p=1"
    assert atom_of("https://x.test/comments.xml") == ""
