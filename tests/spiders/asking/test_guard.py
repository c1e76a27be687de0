"""What is refused whatever a name server or a campaign file says."""

from __future__ import annotations

import pytest

from passerelle.errors import UsageError
from spiders.asking.guard import ForbiddenAddressError, _public, hashtag_path


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
