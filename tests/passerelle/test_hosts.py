"""Which hosts are refused before anything is asked."""

from __future__ import annotations

import pytest

from passerelle.errors import UsageError
from passerelle.hosts import base_url


@pytest.mark.parametrize(
    ("host", "base"),
    [
        ("mastodon.social", "https://mastodon.social"),
        ("Ville.Test:8443", "https://ville.test:8443"),
        ("localhost:3000", "http://localhost:3000"),
        ("127.0.0.1:80", "http://127.0.0.1:80"),
        ("[::1]:80", "http://[::1]:80"),
        ("München.test:8443", "https://xn--mnchen-3ya.test:8443"),
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
        "１０.0.0.8",  # full-width digits
        "ville.test／api",
        "-ville.test",
        "",
    ],
)
def test_what_is_no_public_host_is_refused(host: str) -> None:
    with pytest.raises(UsageError, match="refused"):
        base_url(host)
