"""Which addresses the public internet does not lead to, each kind by its name; what is not known is refused."""

from __future__ import annotations

import ipaddress
import re

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Kind = tuple[str, str]

_PRIVATE: Kind = ("a private address", "une adresse privée")
_HERE: Kind = ("this machine", "cette machine")
_METADATA: Kind = ("a cloud's metadata", "les métadonnées d'un nuage")
_LINK: Kind = ("a link-local address", "une adresse de lien local")
_CARRIER: Kind = ("a carrier's inner address", "une adresse interne d'opérateur")
_RESERVED: Kind = ("a reserved address", "une adresse réservée")
_MULTICAST: Kind = ("a multicast address", "une adresse de multidiffusion")
_GATEWAY: Kind = ("an address that a gateway translates", "une adresse que traduit une passerelle")
# IANA special-purpose registries, and what clouds answer from; the first that fits names the kind
_KINDS: tuple[tuple[Kind, tuple[str, ...]], ...] = (
    (_METADATA, ("169.254.169.254", "169.254.170.2", "100.100.100.200", "168.63.129.16",
                 "192.0.0.192", "fd00:ec2::254")),
    (_HERE, ("127.0.0.0/8", "0.0.0.0/8", "::1", "::")),
    (_LINK, ("169.254.0.0/16", "fe80::/10")),
    (_CARRIER, ("100.64.0.0/10",)),
    (_PRIVATE, ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "fc00::/7", "fec0::/10")),
    (_MULTICAST, ("224.0.0.0/4", "ff00::/8")),
    (_GATEWAY, ("64:ff9b:1::/48", "2002::/16", "2001::/32", "192.88.99.0/24", "::/96")),
    (
        _RESERVED,
        ("192.0.0.0/24", "192.0.2.0/24", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "240.0.0.0/4",
         "100::/64",
         "2001::/23", "2001:db8::/32", "3fff::/20", "5f00::/16"),
    ),
)  # fmt: skip
KINDS = tuple(kind for kind, _ in _KINDS)
NO_ADDRESS: Kind = ("no address", "aucune adresse")
_NETWORKS = [(kind, ipaddress.ip_network(network)) for kind, networks in _KINDS for network in networks]
_PUBLIC_V6 = ipaddress.IPv6Network("2000::/3")
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")
_ISATAP = (0x00005EFE, 0x02005EFE)
_NUMBER = re.compile(r"\d+|0[xX][0-9a-fA-F]*")


def parsed(name: str) -> Address | None:
    """The address that `name` is, in the one form in which all programs read it alike; None for a name."""
    try:
        return ipaddress.ip_address(name)
    except ValueError:
        return None


def is_odd(name: str) -> bool:
    """Whether some programs take `name` for an address though it is written in none of the usual forms.

    ``2130706433``, ``0177.0.0.1``, ``0x7f.1``, ``127.1``: whatever ends in a number and is no dotted quad.
    """
    last = name.rstrip(".").rpartition(".")[2]
    return bool(_NUMBER.fullmatch(last)) and parsed(name.rstrip(".")) is None


def inside(address: Address) -> Kind | None:
    """What kind of address it is, in English and French, that must not be asked; None for a public one.

    An IPv6 address that holds an IPv4 one, which a gateway or this machine itself unpacks, is what that one is.
    """
    if isinstance(address, ipaddress.IPv6Address) and (held := _held(address)) is not None:
        return inside(held)
    for kind, network in _NETWORKS:
        if address.version == network.version and address in network:
            return kind
    if isinstance(address, ipaddress.IPv6Address):
        low = int(address) & 0xFFFFFFFF
        if (int(address) >> 32) & 0xFFFFFFFF in _ISATAP and inside(ipaddress.IPv4Address(low)):
            return _GATEWAY
        return None if address in _PUBLIC_V6 else _RESERVED
    return None if address.is_global else _RESERVED


def _held(address: ipaddress.IPv6Address) -> ipaddress.IPv4Address | None:
    if address in _NAT64:
        return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    return address.ipv4_mapped
