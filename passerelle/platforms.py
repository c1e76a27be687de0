"""The platforms that can be collected from: one row each. Whatever else is known of one stands in its spider.

`kind` in the campaign file, the `platform` of every row and the name of the spider are the row's name.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from passerelle.allowances import Allowance


class Bridge(NamedTuple):
    """A bridge that copies people and posts to other platforms.

    `host` is where the copies are; `post` and `person` are patterns of their addresses there, with what names the
    original in brackets: a post's name, which begins with `scheme`, and what follows ``<platform>:`` of a person.
    """

    host: str
    scheme: str
    post: str
    person: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PlatformRow:
    """One row. Texts are pairs, English and French.

    `what` says what it is; `api` what its servers speak, as in "it does not speak …". `is_hosted`: an account is
    ``acct:user@host``, so that a full ``@user@host`` in a text names it; else it begins with ``<name>:``.
    `token_variable` is the usual environment variable of a token, `secret` what it holds, `token_in` the parameter of
    an address that carries it (else the header Authorization does). `servers` are hosts that all
    its sources share, `others` says who is asked beside a source. `limits` begins the names of the headers that tell a
    limit (``x-ratelimit-remaining`` and the like); `wait` is where the JSON of a 429 says for how many seconds, if it
    does; where each kind of question has its own, `limits_each`; `capped` are ends of the `type` that a 429 has where
    no wait helps; `headers` are others that the vault keeps of an answer. Both are
    lower case. `streams` are servers that tell of things as they happen. `bridge` copies its people elsewhere.
    `allowances` are what a key of one's own may spend, `lacks` says what is shown in part only.
    `also` is what it is called today, where its name is that of the archives which people have of it.
    """

    name: str
    what: tuple[str, str]
    api: tuple[str, str]
    is_hosted: bool
    token_variable: str
    secret: tuple[str, str] = ("the access token", "le jeton d'accès")
    token_in: str = ""
    servers: tuple[str, ...] = ()
    others: tuple[str, str] = ("", "")
    limits: str = "x-ratelimit"
    limits_each: bool = False
    capped: tuple[str, ...] = ()
    wait: tuple[str, ...] = ()
    headers: tuple[str, ...] = ()
    streams: tuple[str, ...] = ()
    bridge: Bridge | None = None
    lacks: tuple[str, str] = ("", "")
    allowances: tuple[Allowance, ...] = ()
    also: tuple[str, ...] = ()


PLATFORMS = {
    row.name: row
    for row in (
        PlatformRow(
            name="mastodon",
            what=("the whole Mastodon API family", "toute la famille de l'API de Mastodon"),
            api=("the Mastodon API", "l'API de Mastodon"),
            is_hosted=True,
            token_variable="MASTODON_TOKEN",  # noqa: S106 - the name of a variable
            others=("authors' own servers asked for missing replies", "réponses manquantes : serveurs des auteurs"),
        ),
        PlatformRow(
            name="wordpress",
            what=("a blog with the WordPress REST API", "un blog avec l'API REST de WordPress"),
            api=("the WordPress REST API", "l'API REST de WordPress"),
            is_hosted=False,
            token_variable="WORDPRESS_TOKEN",  # noqa: S106
            headers=("x-wp-total", "x-wp-totalpages"),
        ),
        PlatformRow(
            name="blogger",
            what=("a Blogger blog, by its feeds", "un blog Blogger, par ses flux"),
            api=("Blogger's feeds", "les flux de Blogger"),
            is_hosted=False,
            token_variable="BLOGGER_TOKEN",  # noqa: S106
            servers=("www.blogger.com",),
            others=("www.blogger.com asked for later pages", "pages suivantes : www.blogger.com"),
        ),
        PlatformRow(
            name="discourse",
            what=("a Discourse forum", "un forum Discourse"),
            api=("the Discourse API", "l'API de Discourse"),
            is_hosted=False,
            token_variable="DISCOURSE_TOKEN",  # noqa: S106
            wait=("extras", "wait_seconds"),
            headers=("discourse-rate-limit-error-code",),
        ),
        PlatformRow(
            name="lemmy",
            what=("a Lemmy server", "un serveur Lemmy"),
            api=("the Lemmy API", "l'API de Lemmy"),
            is_hosted=True,
            token_variable="LEMMY_TOKEN",  # noqa: S106
        ),
        PlatformRow(
            name="weblog",
            what=("any blog, by its feeds and pages", "n'importe quel blog, par ses flux et ses pages"),
            api=("RSS or Atom", "RSS ou Atom"),
            is_hosted=False,
            token_variable="WEBLOG_TOKEN",  # noqa: S106
            servers=("webmention.io",),
            others=("webmention.io asked for answers elsewhere", "réponses ailleurs : webmention.io"),
            headers=("etag", "last-modified"),
        ),
        PlatformRow(
            name="hackernews",
            what=("Hacker News, by its index", "Hacker News, par son index"),
            api=("the API of the index of Hacker News", "l'API de l'index de Hacker News"),
            is_hosted=False,
            token_variable="HACKERNEWS_TOKEN",  # noqa: S106
            servers=("hacker-news.firebaseio.com",),
            others=(
                "hacker-news.firebaseio.com, the site's own feed, asked for one thing at a time",
                "hacker-news.firebaseio.com, le flux du site, pour une chose à la fois",
            ),
        ),
        PlatformRow(
            name="isso",
            what=("a blog whose comments are kept by Isso", "un blog dont Isso garde les commentaires"),
            api=("RSS or Atom", "RSS ou Atom"),
            is_hosted=False,
            token_variable="ISSO_TOKEN",  # noqa: S106
            others=("the blog's comment server is asked too", "serveur de commentaires du blog : interrogé aussi"),
            headers=("etag", "last-modified"),
        ),
        PlatformRow(
            name="youtube",
            what=("YouTube, by its API", "YouTube, par son API"),
            api=("the YouTube Data API", "l'API YouTube Data"),
            is_hosted=False,
            token_variable="YOUTUBE_KEY",  # noqa: S106
            secret=("an API key", "une clé d'API"),
            token_in="key",  # noqa: S106
            lacks=(
                "the search is a sample; comments that are held for review are only counted",
                "la recherche est un échantillon ; les commentaires retenus ne sont que comptés",
            ),
            # developers.google.com/youtube/v3/determine_quota_cost, since 2026-06-01
            allowances=(
                Allowance(name="search", what=("searches", "recherches"), most=100, zone="America/Los_Angeles"),
                Allowance(name="units", what=("units", "unités"), most=10_000, zone="America/Los_Angeles"),
            ),
        ),
        PlatformRow(
            name="threads",
            what=("Threads (Meta), by its API", "Threads (Meta), par son API"),
            api=("the Threads API", "l'API de Threads"),
            is_hosted=False,
            token_variable="THREADS_TOKEN",  # noqa: S106
            secret=(
                "the access token of a person who uses your app",
                "le jeton d'accès d'une personne qui utilise votre application",
            ),
            token_in="access_token",  # noqa: S106
            lacks=(
                "threads are the token owner's only, people are names, histories lack answers, no deletion is known",
                "fils de qui détient le jeton seul, noms sans identifiant, historiques sans réponses ni suppressions",
            ),
            allowances=(Allowance(name="queries", what=("searches", "recherches"), most=2200, period="24h"),),
        ),
        PlatformRow(
            name="bluesky",
            what=("Bluesky, by the AT protocol", "Bluesky, par le protocole AT"),
            api=("the Bluesky API", "l'API de Bluesky"),
            is_hosted=False,
            token_variable="BLUESKY_LOGIN",  # noqa: S106
            secret=(
                "a handle and an app password (name.bsky.social:xxxx-xxxx-xxxx-xxxx)",
                "un identifiant et un mot de passe d'application (nom.bsky.social:xxxx-xxxx-xxxx-xxxx)",
            ),
            servers=("public.api.bsky.app", "plc.directory"),
            others=(
                "public.api.bsky.app, plc.directory and people's own servers asked for what is public",
                "pour ce qui est public : public.api.bsky.app, plc.directory et serveurs des personnes",
            ),
            bridge=Bridge(
                host="bsky.brid.gy",
                scheme="at://",
                post=r"https://bsky\.brid\.gy/convert/ap/(at://did:[a-z]+:[^/?#]+/[^/?#]+/[^/?#]+)",
                person=r"https://bsky\.brid\.gy/(?:ap/|r/https://bsky\.app/profile/)(did:[a-z]+:[\w.:%-]+)/?",
            ),
            limits="ratelimit",
            streams=tuple(f"jetstream{n}.us-{side}.bsky.network" for n in (2, 1) for side in ("east", "west")),
        ),
        PlatformRow(
            name="reddit",
            what=("Reddit, for an app that it approved", "Reddit, pour une application approuvée"),
            api=("the Reddit API", "l'API de Reddit"),
            is_hosted=False,
            token_variable="REDDIT_APP",  # noqa: S106
            secret=("an app's id and secret (id:secret)", "l'identifiant et le secret d'une application (id:secret)"),
        ),
        PlatformRow(
            name="twitter",
            also=("x",),
            what=("X, by its API v2", "X, par son API v2"),
            api=("the X API v2", "l'API v2 de X"),
            is_hosted=False,
            token_variable="X_BEARER_TOKEN",  # noqa: S106
            secret=("the bearer token of an app", "le jeton « bearer » d'une application"),
            limits="x-rate-limit",
            limits_each=True,
            capped=("usage-capped", "usage-cap-exceeded"),
            allowances=(
                Allowance(
                    name="usd",
                    what=("USD", "USD"),
                    most=None,
                    period="month",
                    parts=1000,
                    each=("0.005 USD a post, 0.010 a person", "0,005 USD par publication, 0,010 par personne"),
                ),
            ),
        ),
    )
}
LIMIT_PARTS = ("", "-policy", "-limit", "-used", "-remaining", "-reset")
"""What follows `limits` in the name of a header."""
# what runs are of whose recording does not say so: there was one platform only when they were recorded
UNSAID = "mastodon"


def row_name(platform: str) -> str:
    """The name under which rows have a platform, whichever of its names `platform` is; any other as it is."""
    return next((row.name for row in PLATFORMS.values() if platform in row.also), platform)


def is_hosted(platform: str) -> bool:
    """Whether ``user@host`` names an account of `platform`; of what comes from files it does not."""
    return platform in PLATFORMS and PLATFORMS[platform].is_hosted
