"""What to do where Reddit gives nothing, in English and French."""

from __future__ import annotations

from passerelle.errors import UsageError


def no_app(host: str) -> UsageError:
    """Nobody may read without an app."""
    return UsageError(
        en=f"{host}: Reddit ended reading without a token; have it approve an app, put id:secret in REDDIT_APP and set"
        ' token_variable = "REDDIT_APP", or import the threads that you hold: passerelle import',
        fr=f"{host} : Reddit ne se lit plus sans jeton ; faites approuver une application, mettez id:secret dans"
        ' REDDIT_APP et token_variable = "REDDIT_APP", ou importez les fils que vous avez : passerelle import',
    )


def not_the_api(host: str, api: str) -> UsageError:
    """The site itself is for people."""
    return UsageError(
        en=f'{host} is for people; write host = "{api}" for this source',
        fr=f'{host} est le site ; écrivez host = "{api}" pour cette source',
    )


def refused() -> tuple[str, str]:
    """The app may not do this."""
    return (
        "Reddit refuses this app; has it been approved for reading? What you hold comes in by passerelle import",
        "Reddit refuse cette application ; a-t-elle été approuvée ? Ce que vous avez s'importe par passerelle import",
    )
