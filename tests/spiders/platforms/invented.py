"""A platform that nobody has: posts searched by POST in a session, comments in HTML, people's posts in an XML feed.

``python -m tests.spiders.platforms.invented WORDS`` is ``python -m spiders.crawl WORDS`` where it exists.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, MutableMapping, Sequence
from datetime import datetime
from typing import Any

from passerelle.allowances import Allowance
from passerelle.platforms import PLATFORMS
from passerelle.platforms import PlatformRow as Row

NAME = "gazette"
if __name__ == "__main__":  # before the vault is imported, which knows the rows' headers
    PLATFORMS[NAME] = Row(
        name=NAME,
        what=("a gazette", "une gazette"),
        api=("the Gazette API", "l'API de la Gazette"),
        is_hosted=False,
        token_variable="GAZETTE",  # noqa: S106
        secret=("name:word", "nom:mot"),
        limits="x-gazette-limit",
        headers=("x-gazette",),
        allowances=(Allowance(name="searches", what=("searches", "recherches"), most=9, zone="America/Los_Angeles"),),
    )

from passerelle.records import AccountRecord, PostRecord  # noqa: E402
from spiders.asking.answers import Answer  # noqa: E402
from spiders.asking.api import Api  # noqa: E402
from spiders.asking.ask import Ask  # noqa: E402
from spiders.asking.bodies import as_html, as_xml  # noqa: E402
from spiders.asking.run import Run  # noqa: E402
from spiders.asking.session import Login  # noqa: E402
from spiders.collecting.budget import Cost, Spending  # noqa: E402
from spiders.collecting.names import LocalNames  # noqa: E402
from spiders.collecting.paging import by_cursor, only  # noqa: E402
from spiders.collecting.shape import Item, Listing, Platform, Seen  # noqa: E402
from spiders.collecting.spider import PlatformSpider  # noqa: E402
from spiders.collecting.state import CrawlState  # noqa: E402
from spiders.collecting.values import moment  # noqa: E402


class GazetteNames(LocalNames):
    platform = NAME


def begin(secret: str) -> Ask:
    name, _, word = secret.partition(":")
    if not word:
        raise ValueError("no word")
    return Ask("/login", "POST", {"name": name, "word": word})


LOGIN = Login(
    begin=begin,
    renew=lambda given: Ask("/renew", "POST", headers={"Authorization": f"Bearer {given['again']}"}),
    bearer=lambda given: given["bearer"],
    is_over=lambda answer: isinstance(answer.problem, dict) and answer.problem.get("error") == "Over",
)


class Gazette(Platform):
    name = NAME
    login = LOGIN

    def __init__(self, run: Run, state: CrawlState, shown: MutableMapping[str, str]) -> None:
        self.names = GazetteNames(run.source, run.source, shown, dict(state.accounts))
        self._most = run.campaign.collect.max_pages
        self.spending = Spending(run.server, state, run.clock)

    def cost(self, ask: Ask) -> Cost:
        return {"searches": 1} if ask.url.endswith("/search") else {}

    def doors(self, tag: str) -> Iterable[str]:
        return ["/search"]

    async def hashtag(self, api: Api, tag: str) -> Sequence[Listing] | Answer:
        search = Ask("/search", "POST", {"tag": tag})
        return [Listing(first=search, items=posts_of, next=by_cursor("after"), max_pages=self._most)]

    def post(self, native: str) -> Ask:
        return Ask(f"/post/{native}.json")

    def thread(self, native: str) -> Listing:
        return Listing(first=Ask(f"/post/{native}", read=as_html), items=comments_of, next=only)

    def history(self, local: str) -> Listing:
        return Listing(first=Ask(f"/people/{local}.xml", read=as_xml), items=entries_of, next=only)

    def native(self, item: Item) -> str | None:
        return str(item["id"])

    def created_at(self, item: Item) -> datetime:
        return moment(item["at"])

    def hashtags(self, item: Item) -> Sequence[str] | None:
        return item.get("tags", ())

    def learn(self, item: Item) -> None:
        self.names.posts[str(item["id"])] = self.names.stand_in(str(item["id"]))

    def read(self, item: Item, at: datetime) -> Iterator[Seen]:
        host, author, native = self.names.host, item["by"], str(item["id"])
        parent = item.get("parent")
        record = PostRecord(
            platform=NAME,
            post=self.names.post(native),
            author=f"{NAME}:{author}",
            created_at=self.created_at(item),
            captured_at=at,
            source=host,
            text=item["text"],
            text_format="plain",
            hashtags=tuple(item.get("tags", ())),
            reply_to=parent and self.names.post(parent),
        )
        account = AccountRecord(
            platform=NAME, account=f"{NAME}:{author}", handle=f"{NAME}:@{author}", captured_at=at, source=host
        )
        yield Seen(role="post", account=account, record=record, native=native, local=author, parent=parent)


class GazetteSpider(PlatformSpider):
    name = NAME
    opened = Gazette


def posts_of(payload: Any) -> Sequence[Item]:
    return payload["posts"]


def comments_of(page: Any) -> Sequence[Item]:
    post = page.css("article::attr(id)").get()
    return [
        {**dict(one.attrib), "parent": post, "text": one.xpath("string()").get().strip()} for one in page.css("li[id]")
    ]


def entries_of(feed: Any) -> Sequence[Item]:
    feed.remove_namespaces()
    return [
        {"id": one.xpath("id/text()").get(), "at": one.xpath("updated/text()").get(),
         "by": one.xpath("author/name/text()").get(), "text": one.xpath("content/text()").get()}
        for one in feed.xpath("//entry")
    ]  # fmt: skip


if __name__ == "__main__":
    from spiders.crawl import main

    main()
