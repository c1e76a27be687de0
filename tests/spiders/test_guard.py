"""Which hosts and hashtags are refused before anything is asked."""

from __future__ import annotations

import pytest

from passerelle.errors import UsageError
from spiders.guard import ForbiddenAddressError, _public, base_url, hashtag_path


@pytest.mark.parametrize(
    ("host", "base"),
    [
        ("mastodon.social", "https://mastodon.social"),
        ("Ville.Test:8443", "https://ville.test:8443"),
        ("localhost:3000", "http://localhost:3000"),
        ("127.0.0.1:80", "http://127.0.0.1:80"),
        ("[::1]:80", "http://[::1]:80"),
    ],
)
def test_https_everywhere_but_on_this_machine(host: str, base: str) -> None:
    assert base_url(host) == base


@pytest.mark.parametrize(
    "host",
    [
        "169.254.169.254",
        "10.0.0.8",
        "192.168.1.1:80",
        "[::ffff:10.0.0.8]",
        "[fd00::1]",
        "0.0.0.0",  # noqa: S104
        "http://ville.test",
        "ville.test/api",
        "user@ville.test",
        "ville.test#x",
        "file:///etc/passwd",
        "../x",
        "ville test",
        "-ville.test",
        "",
    ],
)
def test_what_is_no_public_host_is_refused(host: str) -> None:
    with pytest.raises(UsageError, match="refused"):
        base_url(host)


@pytest.mark.parametrize("address", ["10.1.2.3", "127.0.0.1", "169.254.169.254", "100.64.0.1"])
def test_a_public_name_may_not_lead_inside(address: str) -> None:
    with pytest.raises(ForbiddenAddressError, match=address):
        _public(address, "ville.test")


def test_a_public_address_passes() -> None:
    assert _public("93.184.216.34", "ville.test") == "93.184.216.34"


@pytest.mark.parametrize("tag", ["x" * 300, "../../admin", "a/b", "a?b", "a b", "", "a\x00b", "a%2e"])
def test_what_is_no_hashtag_is_refused(tag: str) -> None:
    with pytest.raises(UsageError, match="no hashtag"):
        hashtag_path(tag)


def test_a_hashtag_in_any_script_is_quoted() -> None:
    assert hashtag_path("Emploi_été") == "Emploi_%C3%A9t%C3%A9"
