"""What can be wrong with one answer, on whatever format of answers: see the promises on hostile bytes."""

from __future__ import annotations

from tests.spiders import hostile_server as hostile
from tests.spiders.hostile_server import Fault
from tests.spiders.hostile_worlds import HTML, JSON

DEEP = 100_000
WORD = "réponse".encode()
ENTITIES = b"".join(b'<!ENTITY a%d "%s">' % (n, b"&a%d;" % (n - 1) * 10) for n in range(1, 12))
LAUGHS = b'<!DOCTYPE l [<!ENTITY a0 "lol">' + ENTITIES + b"]>"
SPY = b'<!DOCTYPE l [<!ENTITY a11 SYSTEM "file:///etc/passwd">]>'
LOGIN = b"<!DOCTYPE html><html><title>Log in</title><form action=/login></form></html>"
ANY: dict[str, Fault] = {
    "reset": hostile.reset,
    "cut": hostile.cut,
    "endless": hostile.endless,
    "slow": hostile.slow,
    "bomb": hostile.bomb,
    "false-coat": hostile.false_coat,
    "unknown-coat": hostile.body(lambda told: told, "Content-Encoding: compress"),
    "large": hostile.body(lambda told: told + b" " * 3_000_000),
    "empty": hostile.body(lambda told: b""),
    "no-content": hostile.body(lambda told: b"", status=204),
    "nul": hostile.body(lambda told: b"\0" * 5_000),
    "noise": hostile.body(lambda told: bytes(range(256)) * 20),
    "half-utf16": hostile.body(lambda told: b"\xff\xfe\x00\xd8" * 99),
    "loop": hostile.leading("{base}{path}"),
    "loop-growing": hostile.leading("{base}{path}?more=1"),
    "elsewhere": hostile.leading("https://ailleurs.example{path}"),
    "loopback": hostile.leading("http://127.0.0.1:{port}1/"),
    "localhost": hostile.leading("http://localhost:{port}/secret"),
    "private": hostile.leading("http://10.0.0.1/"),
    "metadata": hostile.leading("http://169.254.169.254/latest/meta-data/"),
    "mapped": hostile.leading("http://[::ffff:10.0.0.1]/"),
    "number": hostile.leading("http://2130706433/"),
    "file": hostile.leading("file:///etc/passwd"),
    "javascript": hostile.leading("javascript:alert(1)"),
    "teapot": hostile.body(lambda told: told, status=418),
    "other-kind": hostile.body(lambda told: b"%PDF-1.7 " + bytes(range(200))),
}
OWN: dict[str, dict[str, Fault]] = {
    "json": {
        "html": hostile.body(lambda told: LOGIN, kind=HTML),
        "scalar": hostile.body(lambda told: b"7"),
        "deep": hostile.body(lambda told: b"[" * DEEP + b"]" * DEEP),
        "deep-objects": hostile.body(lambda told: b'{"ancestors":' * DEEP),
    },
    "xml": {
        "json": hostile.body(lambda told: b'{"a": 1}', kind=JSON),
        "html": hostile.body(lambda told: LOGIN, kind=HTML),
        "laughs": hostile.body(lambda told: LAUGHS + b"<l>&a11;</l>"),
        "deep": hostile.body(lambda told: b"<a>" * DEEP),
        "attributes": hostile.body(lambda told: b"<a " + b" ".join(b'a%d="1"' % n for n in range(DEEP)) + b"/>"),
    },
    "html": {"json": hostile.body(lambda told: b'{"a": 1}', kind=JSON)},
}
"""What no answer can be read of: it is lost, and said to be."""
HARMLESS: dict[str, dict[str, Fault]] = {
    "json": {
        "kind": hostile.body(lambda told: told, kind="image/png"),
        "nul-within": hostile.body(lambda told: told.replace(b"bonjour", b"a\\u0000b\\ud800")),
        "number": hostile.body(lambda told: told.replace(b'"replies_count": 0', b'"replies_count": 1' + b"0" * 5_000)),
        "deep-within": hostile.body(lambda told: told.replace(b'"tags": []', b'"poll": ' + b"[" * DEEP + b"]" * DEEP)),
        "charset": hostile.body(lambda told: told, kind="application/json; charset=shift_jis"),
    },
    "xml": {
        "kind": hostile.body(lambda told: told, kind="image/png"),
        "charset": hostile.body(lambda told: told, kind="text/xml; charset=shift_jis"),
        "spy": hostile.body(lambda told: told.replace(b"<feed", SPY + b"<feed").replace(WORD, b"&a11; mot")),
        "laughs-within": hostile.body(
            lambda told: told.replace(b"<feed", LAUGHS + b"<feed").replace(WORD, b"&a11; mot")
        ),
        "deep-within": hostile.body(
            lambda told: told.replace(b"</entry>", b"<x>" * 5_000 + b"</x>" * 5_000 + b"</entry>")
        ),
        "unclosed": hostile.body(lambda told: told.replace(b"</feed>", b"<entry><id>&nbsp;")),
    },
    "html": {
        "kind": hostile.body(lambda told: told, kind="image/png"),
        "charset": hostile.body(lambda told: told, kind="text/html; charset=no-such"),
        "nul-within": hostile.body(lambda told: told.replace(WORD, b"a\0b&#0;&#xd800;&#x110000;")),
        "deep-within": hostile.body(lambda told: told + b"<div>" * DEEP),
        "deep-around": hostile.body(lambda told: b"<div>" * 200 + told),
        "laughs": hostile.body(lambda told: LAUGHS + told.replace(WORD, b"&a11; mot")),
        "scripts": hostile.body(lambda told: told + b"<script>" * DEEP),
        "nested": hostile.body(
            lambda told: told + b"".join(b'<div id="comment-%d" class="comment h-cite">x' % n for n in range(9, 1_500))
        ),
        "comments": hostile.body(lambda told: told + b'<li id="comment-9" class="comment">' * 2_000),
    },
}
"""What costs itself only: the answer is read all the same."""
