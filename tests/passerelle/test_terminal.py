"""Whatever a server or a file says, a terminal gets words."""

from __future__ import annotations

import subprocess
import sys

import pytest

from passerelle.terminal import harmless

SAYING = """
import logging, sys
from passerelle.terminal import guard
guard()
import click
nasty = "gras\\x1b[31m \\x9b2J \\x07 \\u202eegral \\u2066 \\ud800 fin"
click.echo(nasty)
print(nasty, file=sys.stderr)
handler = logging.StreamHandler()
logging.getLogger("x").addHandler(handler)
logging.getLogger("x").error(nasty)
raise ValueError(nasty)
"""


def test_no_stream_of_a_guarded_process_lets_a_control_character_through() -> None:
    done = subprocess.run([sys.executable, "-c", SAYING], capture_output=True, check=False)
    for said in (done.stdout.decode(), done.stderr.decode()):
        assert "gras" in said
        assert "fin" in said
        assert not set(said) & set("\x1b\x9b\x07\u202e\u2066")
    assert done.stderr.decode().count("fin") == 3


@pytest.mark.parametrize("text", ["été\n\tà Tours", "👩\u200d🔧 می\u200cخواهم", "שלום", "« 3 % »"])
def test_words_of_any_script_stay_as_they_are(text: str) -> None:
    assert harmless(text) == text


def test_a_line_end_of_another_system_is_one() -> None:
    assert harmless("a\r\nb\rc") == "a\nb\ufffdc"
