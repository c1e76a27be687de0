"""Which posts are the campaign's, whatever a server makes of its hashtags."""

from __future__ import annotations

from typing import Any

import pytest

from passerelle.records import PostRecord
from spiders.collecting.hashtags import read_hashtag
from spiders.collecting.refusals import losses_told
from tests.spiders.crawling import Page, canned_crawl, status
from tests.spiders.platforms.mastodon.phases import TAG, of, posts, run, timeline


@pytest.mark.parametrize("tags", [[], None, "none", "gone"])
def test_a_post_without_a_list_of_hashtags_is_ours_by_its_words(tags: Any) -> None:
    def words(number: int, content: str) -> dict[str, Any]:
        post = status(number, content=content, tags=tags)
        if tags == "gone":
            del post["tags"]
        return post

    ours = words(1, '<p>voir</p><p><a href="https://x.test/tags/i4emploi">#<span>I4Émploi</span></a> !</p>')
    others = [words(2, "<p>i4emploi sans dièse, https://x.test/#i4emploi</p>"), words(3, "<p>#i4emploifaux</p>")]
    crawl, _ = canned_crawl({TAG: Page([ours, *others])}, history_days=0)
    records = timeline(crawl)
    assert posts(records) == ["1"]
    assert of(PostRecord, records)[0].hashtags == ("I4Émploi",)


@pytest.mark.parametrize("tags", [["i4emploi"], ["#I4Emploi", 7], [{"name": "#i4emploi"}], [None, "i4emploi"]])
def test_a_post_whose_hashtags_are_plain_words_is_ours(tags: list[Any]) -> None:
    crawl, _ = canned_crawl({TAG: Page([status(1, tags=tags)])}, history_days=0)
    [record] = of(PostRecord, timeline(crawl))
    assert [tag.lower() for tag in record.hashtags] == ["i4emploi"]
    assert (crawl.ledger.losses, crawl.ledger.counts["not_our_hashtag"]) == ([], 0)


def test_a_post_whose_server_spells_its_hashtag_in_a_way_of_its_own_is_ours_by_its_words() -> None:
    post = status(1, content="<p>#i4emploi et #autre</p>", tags=[{"name": "i-4-emploi"}])
    crawl, _ = canned_crawl({TAG: Page([post])}, history_days=0)
    [record] = of(PostRecord, timeline(crawl))
    assert record.hashtags == ("i-4-emploi", "i4emploi")


@pytest.mark.parametrize("page", [[status(1, tags=[{"name": "autre"}])], [{"id": "2"}, "junk"]])
def test_a_page_of_which_nothing_is_kept_makes_the_run_partial_and_says_so(page: list[Any]) -> None:
    crawl, _ = canned_crawl({TAG: Page(page)}, history_days=0)
    timeline(crawl)
    assert crawl.ledger.losses == ["timeline nothing_kept"]
    [(english, french)] = losses_told(crawl.run, crawl.ledger.losses)
    assert "1 page held posts of which none could be kept" in english
    assert "aucune n'est gardée" in french


def test_a_page_that_an_earlier_hashtag_has_brought_already_is_no_loss() -> None:
    crawl, _ = canned_crawl({TAG: Page([status(1)])}, history_days=0)
    run(lambda: read_hashtag(crawl, "i4emploi"), lambda: read_hashtag(crawl, "i4emploi"))
    assert crawl.ledger.losses == []
