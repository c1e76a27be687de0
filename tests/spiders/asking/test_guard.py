"""What is refused whatever a name server or a campaign file says."""

from __future__ import annotations

import pytest

from passerelle.errors import UsageError
from spiders.asking.guard import ForbiddenAddressError, _public, hashtag_path

INSIDE = ("10.1.2.3", "127.0.0.1", "169.254.169.254", "100.64.0.1", "0.0.0.1", "224.0.0.1", "::1", "fd00::1", "fe80::1",
          "::ffff:10.0.0.1", "2002:a00:1::1", "64:ff9b::a00:1", "2001:0:a00:1::1", "ff02::1")  # fmt: skip


@pytest.mark.parametrize("address", INSIDE)
def test_a_public_name_may_not_lead_inside(address: str) -> None:
    with pytest.raises(ForbiddenAddressError, match=address):
        _public(address, "ville.test")


@pytest.mark.parametrize("address", ["93.184.216.34", "2606:4700::1", "64:ff9b::808:808", "::ffff:8.8.8.8"])
def test_a_public_address_passes(address: str) -> None:
    assert _public(address, "ville.test") == address


@pytest.mark.parametrize("tag", ["x" * 300, "../../admin", "a/b", "a?b", "a b", "", "a\x00b", "a%2e"])
def test_what_is_no_hashtag_is_refused(tag: str) -> None:
    with pytest.raises(UsageError, match="no hashtag"):
        hashtag_path(tag)


def test_a_hashtag_in_any_script_is_quoted() -> None:
    assert hashtag_path("Emploi_été") == "Emploi_%C3%A9t%C3%A9"
