"""The notice and the register entry: written with the first data, kept true to the campaign file."""

from __future__ import annotations

from pathlib import Path

import pytest
from lxml import html

from flows.intake import import_files
from flows.job import Job, open_job
from flows.papers import keep_papers
from passerelle.errors import UsageError
from tests.flows.campaigns import CAMPAIGN, posts_file

HEADINGS = {
    "fr": ("Responsable", "Contact", "Finalité", "Base légale", "Personnes", "Catégories", "Sources", "Destinataires",
           "Transferts", "Durée", "Sécurité"),
    "en": ("Controller", "Contact", "Purpose", "Legal basis", "People", "Categories", "Sources", "Recipients",
           "Transfers", "Retention", "Security"),
}  # fmt: skip


def job(folder: Path, text: str = CAMPAIGN) -> Job:
    path = folder / "campaign.toml"
    path.write_text(text, "utf-8")
    return open_job(path, folder / "data")


def page(work: Job, paper: str, code: str) -> str:
    folder = {"notice": work.lake.notice, "register": work.lake.register}[paper]
    return (folder / code / f"{paper}.html").read_text("utf-8")


def text(source: str) -> str:
    return " ".join(html.fromstring(source).text_content().split())


def test_an_import_writes_both_papers_in_both_languages(tmp_path: Path) -> None:
    work = job(tmp_path, 'controller = "Université de <Pau> & Cie"\n' + CAMPAIGN)
    with work.lake.lock():
        import_files(work, [posts_file(tmp_path / "posts.csv")])
    for code in ("fr", "en"):
        for paper in ("notice", "register"):
            told = text(page(work, paper, code))
            for said in ("étudier l'entraide sous un mot-dièse", "6(1)(f)", "365", "dpo@pont.test", "#i4emploi",
                         "Université de <Pau> & Cie"):  # fmt: skip
                assert said in told, (paper, code, said)
        entry = [row.text_content() for row in html.fromstring(page(work, "register", code)).xpath("//tbody//th")]
        assert all(any(head.startswith(word) for head in entry) for word in HEADINGS[code])
        assert str(work.lake.key_fingerprint()) in page(work, "register", code)
        objecting = html.fromstring(page(work, "notice", code)).xpath("//ol/li")
        assert len(objecting) == 4
        assert "#nobot" in objecting[-1].text_content()
        assert "mailto:dpo@pont.test" in page(work, "notice", code)
    assert "\u202f" in page(work, "notice", "fr") or "\u00a0" in page(work, "notice", "fr")


def test_the_papers_follow_the_campaign_file_and_the_old_entry_is_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PASSERELLE_CLOCK", "2026-03-01T08:00:00Z")
    assert keep_papers((work := job(tmp_path)).lake, work.campaign)
    monkeypatch.setenv("PASSERELLE_CLOCK", "2026-05-09T08:00:00Z")
    assert not keep_papers(work.lake, work.campaign), "nothing changed: it is true since the first day"
    assert "1 March 2026" in page(work, "register", "en").replace("\u00a0", " ")
    after = job(tmp_path, CAMPAIGN.replace("365", "90"))
    assert keep_papers(after.lake, after.campaign)
    assert "90 days" in text(page(after, "notice", "en"))
    assert "since 9 May 2026" in text(page(after, "register", "en"))
    assert "365 days" in text((after.lake.register / "en" / "until-2026-05-09.html").read_text("utf-8"))
    (after.lake.notice / "fr" / "notice.html").unlink()
    assert keep_papers(after.lake, after.campaign), "what is missing is written again"


def test_nothing_lands_and_no_key_is_made_while_the_gate_is_shut(tmp_path: Path) -> None:
    work = job(tmp_path, CAMPAIGN.replace("étudier l'entraide sous un mot-dièse", "TODO"))
    with work.lake.lock(), pytest.raises(UsageError, match=r"campaign\.toml, line 4: 'purpose' is still an example"):
        import_files(work, [posts_file(tmp_path / "posts.csv")])
    assert sorted(path.name for path in work.lake.root.iterdir()) == ["lock"]
