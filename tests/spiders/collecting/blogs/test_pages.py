"""Pages of blogs: what is a comment, what it answers, whose it is."""

from __future__ import annotations

import pytest

from spiders.collecting.blogs.entries import Written, address, rehomed
from spiders.collecting.blogs.pages import read_page

URL = "https://x.test/a/"


def comments(body: str, head: str = "") -> tuple[Written, ...]:
    page = f'<html lang="fr"><head>{head}</head><body>{body}</body></html>'
    return read_page(page.encode(), "text/html; charset=utf-8", URL).post.comments


def linked(block: str) -> str:
    return f'<script type="application/ld+json">{block}</script>'


COMMENT = '{"@type": "Comment", "@id": "#c1", "text": "Oui", "dateCreated": "2014-02-03T08:00:00Z", "author": "Ali"}'
POST = f'{{"@type": "BlogPosting", "comment": [{COMMENT}]}}'


@pytest.mark.parametrize(
    "block",
    [
        POST,
        f"\ufeff{POST}",
        f"/* dit */ {POST}",
        f"<!-- {POST} -->",
        POST.replace("]}", ",],}"),
        f"[{POST}]",
        f'{{"@graph": [{POST}]}}',
    ],
)
def test_json_ld_is_read_however_it_is_dressed(block: str) -> None:
    [comment] = comments("", linked("{broken") + linked(block))
    assert (comment.id, comment.parent, comment.by, comment.text) == (f"{URL}#c1", URL, "Ali", "Oui")


def test_json_ld_and_markup_of_one_comment_are_one() -> None:
    told = '<ul><li class="comment" id="c1"><b class="fn">Ali</b><div class="comment-text"><p>Oui</p></div></li></ul>'
    [comment] = comments(told, linked(POST))
    assert (comment.text, comment.at) == ("<p>Oui</p>", "2014-02-03T08:00:00Z")


@pytest.mark.parametrize(
    ("markup", "anchor"),
    [
        ('<li class="comment even" id="comment-7">{}</li>', "comment-7"),
        ('<li id="li-comment-7"><div id="comment-7" class="comment-body">{}</div></li>', "comment-7"),
        ('<article class="comment" id="div-comment-7">{}</article>', "comment-7"),
        ('<div class="comment" id="c7">{}</div>', "c7"),
        ('<div class="u-comment h-cite"><a class="u-url" href="/a/#c7">lien</a>{}</div>', "c7"),
        ('<div itemscope itemtype="http://schema.org/Comment" id="reponse">{}</div>', "reponse"),
        ('<div itemscope itemtype="https://schema.org/Comment" itemid="https://x.test/a/#c7">{}</div>', "c7"),
        ('<dl><dt id="c7">{}</dt><dd>Oui</dd></dl>', "c7"),
    ],
)
def test_what_is_a_comment_says_so_itself(markup: str, anchor: str) -> None:
    inner = (
        '<cite class="fn p-author">Ali B.</cite> le 3 février 2014 à 9h00<div class="comment-text e-content">Oui</div>'
    )
    [comment] = comments(markup.format(inner))
    assert (comment.id, comment.by, comment.at) == (f"{URL}#{anchor}", "Ali B.", "3 février 2014 à 9h00")
    assert "Oui" in comment.text


@pytest.mark.parametrize(
    "markup", ['<div id="comments"></div>', '<div class="comments-link">3</div>', '<p id="c7">x</p>']
)
def test_what_only_looks_like_one_is_none(markup: str) -> None:
    assert comments(markup) == ()


def test_a_pingback_is_a_link_of_a_site() -> None:
    [link] = comments('<li class="pingback" id="comment-9">Pingback : <a href="https://y.test/">Y</a></li>')
    assert link.kind == "link"


def test_where_a_page_says_that_its_comments_go_on_they_are_not_all_here() -> None:
    more = '<nav class="comment-navigation"><a href="/a/comment-page-2/#comments">Suite</a></nav>'
    page = read_page(f'<html><body><li class="comment" id="c1">x</li>{more}</body></html>'.encode(), "", URL)
    assert (page.more, page.is_all) == (("https://x.test/a/comment-page-2/",), False)


@pytest.mark.parametrize("named", ["#c1", "/a/#c1", "http://x.test/a/#c1", "https://www.x.test/a#c1"])
def test_a_page_is_known_by_one_address_however_it_is_written(named: str) -> None:
    [comment] = comments("", linked(POST.replace("#c1", named)))
    assert (comment.id, comment.on, comment.parent) == (f"{URL}#c1", URL, URL)
    written = Written(id="http://x.test/a#c2", on="http://x.test/a", parent="http://x.test/a#c1")
    assert rehomed(written, URL) == Written(id=f"{URL}#c2", on=URL, parent=f"{URL}#c1")
    assert rehomed(written, "https://x.test/b/") == written


def test_an_address_is_whole_and_does_not_say_how_one_came() -> None:
    assert address("/a?p=1&utm_source=x&fbclid=2#c1", "https://É.test/b") == "https://xn--9ca.test/a?p=1#c1"
    assert address("/a/comment-page-3/#comment-4", "https://x.test") == "https://x.test/a/#comment-4"
    assert [address(odd) for odd in ("", "mailto:a@b.c", "javascript:x", "http://[", "//")] == [""] * 5


def test_a_page_of_nothing_but_nesting_costs_little() -> None:
    deep = "".join(f'<div class="comment" id="c{n}">' for n in range(300))
    assert len(comments(deep)) > 100
