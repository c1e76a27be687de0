"""Which addresses are refused, and under what name."""

from __future__ import annotations

import ipaddress

import pytest

from passerelle.addresses import inside, is_odd
from passerelle.errors import UsageError
from passerelle.hosts import base_url

KINDS = {
    "a private address": ["10.0.0.8", "172.31.255.255", "192.168.1.1", "fc00::1", "fd12:3456::1", "fec0::1",
                          "64:ff9b::a00:1", "::ffff:10.0.0.8"],
    "this machine": ["127.0.0.1", "127.255.0.9", "0.0.0.1", "0.1.2.3", "::1", "::", "::ffff:127.0.0.1",
                     "64:ff9b::7f00:1"],
    "a cloud's metadata": ["169.254.169.254", "169.254.170.2", "100.100.100.200", "168.63.129.16", "192.0.0.192",
                           "fd00:ec2::254", "::ffff:169.254.169.254", "64:ff9b::a9fe:a9fe"],
    "a link-local address": ["169.254.1.1", "fe80::1", "fe80::1%eth0"],
    "a carrier's inner address": ["100.64.0.1", "100.127.255.254"],
    "a multicast address": ["224.0.0.1", "239.255.255.250", "ff02::1"],
    "an address that a gateway translates": ["2002:a00:1::1", "2002:808:808::1", "2001:0:a00:1::1", "2001::1",
                                             "64:ff9b:1::a00:1", "64:ff9b:1:ffff::8", "::a00:1", "::8.8.8.8",
                                             "192.88.99.1", "2606:4700::5efe:10.0.0.1"],
    "a reserved address": ["192.0.2.1", "198.18.0.1", "198.51.100.7", "203.0.113.9", "240.0.0.1", "255.255.255.255",
                           "2001:db8::1", "2001:20::1", "3fff::1", "100::1", "5f00::1", "4000::1"],
}  # fmt: skip
PUBLIC = ["93.184.216.34", "8.8.8.8", "172.32.0.1", "100.128.0.1", "2606:4700::1", "2a00:1450::1", "64:ff9b::808:808",
          "::ffff:8.8.8.8", "2a01:e00::200:5efe:808:808"]  # fmt: skip
ODD = ["2130706433", "017700000001", "0177.0.0.1", "0x7f.1", "0x7f000001", "0X7F.0.0.1", "127.1", "127.0.1",
       "1.2.3.4.5",        "134744072", "8.8.2056", "127.0.0.01", "127.1.", "ville.0x", "ville.7"]  # fmt: skip


@pytest.mark.parametrize(("kind", "address"), [(kind, one) for kind, many in KINDS.items() for one in many])
def test_each_kind_of_inner_address_is_refused_by_its_name(kind: str, address: str) -> None:
    found = inside(ipaddress.ip_address(address))
    assert found is not None
    assert found[0] == kind


@pytest.mark.parametrize("address", PUBLIC)
def test_public_addresses_are_asked(address: str) -> None:
    assert inside(ipaddress.ip_address(address)) is None


@pytest.mark.parametrize("name", [*ODD, "１２７.1", "127。1", "２１３０７０６４３３"])
def test_forms_that_programs_read_differently_are_refused_even_of_public_addresses(name: str) -> None:
    with pytest.raises(UsageError, match="an address in an unusual form"):
        base_url(name)


@pytest.mark.parametrize("name", ["ville.test", "8.8.8.8", "8.8.8.8.", "7.ville.test", "0x7f.ville", "ville7", "3com"])
def test_names_with_numbers_in_them_are_names(name: str) -> None:
    assert not is_odd(name)


@pytest.mark.parametrize(
    "host", ["[fe80::1%eth0]", "[::1%1]", "[64:ff9b::a00:1]", "[2002:a00:1::]", "10.0.0.8.", "127.0.0.1."]
)
def test_literals_are_refused_where_they_are_written(host: str) -> None:
    with pytest.raises(UsageError, match="is refused"):
        base_url(host)
