"""The `[[sources]]` of a new campaign file: from ``KIND=HOST`` words, or asked for where there is a terminal."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Sequence

import click

from flows.cli.language import both
from passerelle.allowances import PERIODS, Allowance
from passerelle.errors import UsageError
from passerelle.platforms import PLATFORMS, row_name

_EXAMPLE = f"{next(iter(PLATFORMS))}=server.example"
_SOME = 20
_BLOCK = re.compile(r"^\[\[sources\]\]\n(?:.+\n)*", re.M)


def with_sources(text: str, words: Sequence[str]) -> str:
    """The template `text` with a block for each of `words` (``KIND=HOST``). Raises UsageError for another."""
    blocks = "\n".join(_block(*_parts(word)) for word in words)
    return _BLOCK.sub(lambda _: blocks, text, count=1) if words else text


def asked_sources() -> list[str]:
    """Which platforms, and which server of each: asked for where there is a terminal, else none."""
    if not sys.stdin.isatty():
        return []
    for row in PLATFORMS.values():
        click.echo(f"  {row.name}: {both(*row.what)}")
    question = both("Which platforms (separated by commas)?", "Quelles plateformes (séparées par des virgules) ?")
    kinds = [kind.strip() for kind in click.prompt(question, default=next(iter(PLATFORMS))).split(",") if kind.strip()]
    return [f"{kind}={click.prompt(both(f'Server for {kind}', f'Serveur pour {kind}'))}" for kind in map(_known, kinds)]


def _parts(word: str) -> tuple[str, str]:
    kind, _, host = word.partition("=")
    if not host:
        raise UsageError(
            en=f"--source {word}: write KIND=HOST, such as {_EXAMPLE}",
            fr=f"--source {word} : écrivez GENRE=SERVEUR, par exemple {_EXAMPLE}",
        )
    return _known(kind), host


def _known(kind: str) -> str:
    kind = row_name(kind)
    if kind not in PLATFORMS:
        raise UsageError(
            en=f"'{kind}' is no platform; there are: {', '.join(PLATFORMS)}",
            fr=f"« {kind} » n'est pas une plateforme ; il y a : {', '.join(PLATFORMS)}",
        )
    return kind


def _block(kind: str, host: str) -> str:
    row = PLATFORMS[kind]
    return (
        f"[[sources]]\nkind = {json.dumps(kind)}\nhost = {json.dumps(host, ensure_ascii=False)}\n"
        f"# {row.secret[1]} / {row.secret[0]} :\n# token_variable = {json.dumps(row.token_variable)}\n"
        + "".join(_budget(one) for one in row.allowances if one.most is None)
    )


def _budget(one: Allowance) -> str:
    """What may be spent, where somebody has to say it."""
    each, per = PERIODS[one.period], f"# budget = {{ {one.name} = {_SOME} }}"
    return f"# {one.what[1]} {each[1]} / {one.what[0]} {each[0]} :\n{per}\n"
