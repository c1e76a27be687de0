"""Which page a Link header leads to, in the forms that servers and proxies were seen to send."""

from __future__ import annotations

import pytest

from passerelle.vault.model import kept_headers
from spiders.asking.links import Paging, on_our_base, paging, related

BASE = "https://ville.test"
PATH = "/api/v1/timelines/tag/emploi"
URL = f"{BASE}{PATH}?limit=40"
OLDER = f"{URL}&max_id=7"
NEWER = f"{URL}&min_id=40"


@pytest.mark.parametrize(
    "header",
    [
        f'<{OLDER}>; rel="next", <{NEWER}>; rel="prev"',
        f'<{NEWER}>; rel="prev", <{OLDER}>; rel="next"',
        f"<{OLDER}>; rel=next",
        f'<{OLDER}>; rel="last next"',
        f'<{OLDER}>; rel="NEXT"',
        f'<{OLDER}>; Rel="next"',
        f'<{OLDER}> ; title="a, b; c=\\"d" ; rel = "next"',
        f"<{OLDER}>; title*=ISO-8859-1''suite%E9; rel=next",
        f'<{OLDER}>; rel=next; title*="nonsense"',
        f'</style.css>; rel=preload; as=style; crossorigin; nopush, <{OLDER}>; rel="next"',
        f'<{OLDER}>; rel="next"; crossorigin',
        f"<{PATH}?limit=40&max_id=7>; rel=next",
        "<?limit=40&max_id=7>; rel=next",
        f'<http://ville.test{PATH}?limit=40&max_id=7>; rel="next"',
        f'<https://Ville.Test:443{PATH}?limit=40&max_id=7>; rel="next"',
        f'<https://ville.test.:3000{PATH}?limit=40&max_id=7>; rel="next"',
        f'<http://localhost:8080{PATH}?limit=40&max_id=7>; rel="next"',
        f'<https://x:y@web{PATH}?limit=40&max_id=7>; rel="next"',
        f'<{OLDER.replace("&", "&amp;")}>; rel="next"',
        f'garbage, <{OLDER}>; rel="next"',
        f',, <{OLDER}>; rel="next",',
        f'<{OLDER}#top>; rel="next"',
    ],
)
def test_the_next_page_is_found_and_stays_on_our_server(header: str) -> None:
    assert paging([header], URL, BASE) == Paging(OLDER, is_paged=True)


def test_a_comma_inside_the_target_separates_nothing() -> None:
    assert paging([f'<{OLDER}&any[]=a,b>; rel="next"'], URL, BASE).next_url == f"{OLDER}&any[]=a,b"


def test_several_headers_are_one() -> None:
    headers = [f'<{BASE}/wp-json/>; rel="https://api.w.org/"', f"<{NEWER}>; rel=prev", f"<{OLDER}>; rel=next"]
    assert paging(headers, URL, BASE).next_url == OLDER


@pytest.mark.parametrize(
    "header",
    [
        '<https://autre.test/elsewhere?max_id=7>; rel="next"',
        f'<{NEWER}>; rel="next", <{OLDER}>; rel="prev"',  # exchanged
        f'<{URL}&since_id=40>; rel="next"',
        f'<{OLDER}; rel="next"',
        f'{OLDER}; rel="next"',
        f'<{OLDER}>; rel=next" ; "',
        '<javascript:next()>; rel="next"',
        '<http://[::1>; rel="next"',
        f'<https://ville.test:99999{PATH}?max_id=7>; rel="next"',
        '<>; rev="next"',
    ],
)
def test_a_next_page_that_cannot_be_followed_is_unclear_and_never_the_end(header: str) -> None:
    found = paging([header], URL, BASE)
    assert (found.next_url, found.is_unclear) == (None, True)


@pytest.mark.parametrize(
    "headers",
    [
        [],
        [""],
        ["</style.css>; rel=preload; as=style"],
        [f'<{BASE}/wp-json/>; rel="https://api.w.org/"'],
        [f'<{OLDER}>; rel="next"; anchor="/another/list"'],
        ['<https://w3.test/next-steps>; rel="help"'],
    ],
)
def test_links_of_another_kind_say_nothing_of_the_list(headers: list[str]) -> None:
    assert paging(headers, URL, BASE) == Paging()


def test_a_previous_page_alone_speaks_of_the_list() -> None:
    assert paging([f'<{NEWER}>; rel="prev"'], URL, BASE) == Paging(None, is_paged=True)


@pytest.mark.parametrize("raw", ["é".encode(), b"\xe9"])
def test_raw_bytes_in_a_link_are_read_as_text(raw: bytes) -> None:
    [(_, kept)] = kept_headers({"link": [b"<https://ville.test/tag/" + raw + b'?max_id=7>; rel="next"']})
    found = paging([kept], "https://ville.test/tag/%C3%A9?limit=40", BASE)
    assert found.next_url == "https://ville.test/tag/%C3%A9?max_id=7"


def test_both_spellings_of_a_name_are_one() -> None:
    base = "https://xn--mnchen-3ya.test"
    assert on_our_base("http://münchen.test/x", base) == f"{base}/x"
    assert on_our_base("http://m%C3%BCnchen.test/x", base) == f"{base}/x"


def test_another_port_is_another_server_but_in_a_link() -> None:
    assert on_our_base("http://127.0.0.1:9/x", "http://127.0.0.1:8000") is None
    assert on_our_base("http://127.0.0.1/x", "http://127.0.0.1:8000") == "http://127.0.0.1:8000/x"


@pytest.mark.parametrize(
    "header",
    [
        '<https://ville.test/wp-json/>; rel="https://api.w.org/"',
        '</a,b>; rel="preload", <https://ville.test/wp-json/>; title="API"; rel="https://api.w.org/"; type="x"',
    ],
)
def test_a_link_is_found_by_its_relation(header: str) -> None:
    assert related([header], "https://api.w.org/") == "https://ville.test/wp-json/"
    assert related([header], "next") == related(["nonsense"], "next") == ""
