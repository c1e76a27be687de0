"""Words as they may be kept: nobody's name survives, nothing else changes."""

from __future__ import annotations

import re
import time
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from passerelle.identity import Pseudonyms
from passerelle.records import MentionRecord, TextFormat
from pipelines.names_in_text import people
from pipelines.text import plain_text

KEY = Pseudonyms(bytes(range(32)))
LEA = MentionRecord(account="twitter:12", handle="twitter:@Lea_D")
TOKEN = re.compile(r"@[ah][0-9a-f]{24}|https://l[0-9a-f]{24}")


def kept(
    text: str, form: TextFormat = "plain", platform: str = "twitter", mentions: tuple[MentionRecord, ...] = ()
) -> str:
    return plain_text(text, form, people(platform, mentions, KEY))


LEA_TOKEN = "@" + KEY.account("twitter:12")


@pytest.mark.parametrize("spelling", ["@Lea_D", "@lea_d", "＠Lea_D", "@\u200dLea_D"])
def test_a_mention_becomes_the_pseudonym_of_its_account(spelling: str) -> None:
    assert kept(f"Merci {spelling}, à demain", mentions=(LEA,)) == f"Merci {LEA_TOKEN}, à demain"


def test_a_sentence_that_follows_a_known_name_without_blank_is_kept() -> None:
    assert kept("Merci @Lea_D.Il vient", mentions=(LEA,)) == f"Merci {LEA_TOKEN}.Il vient"


def test_an_unknown_name_becomes_the_pseudonym_of_its_handle() -> None:
    assert kept("cc @Tom") == "cc @" + KEY.handle("twitter:@tom")
    assert kept("cc @tom.petit!") == "cc @" + KEY.handle("twitter:@tom.petit") + "!"


def test_a_full_address_on_mastodon_is_the_account_itself() -> None:
    assert kept("cc @Tom@Pont.test.", platform="mastodon") == "cc @" + KEY.account("acct:tom@pont.test") + "."


def test_html_mentions_resolve_by_name_and_by_link() -> None:
    lea = MentionRecord(account="acct:lea@pont.test", handle="@lea@pont.test")
    html = '<p><a href="https://pont.test/@lea" class="u-url mention">@<span>lea</span></a> et <a href="https://autre.test/@tom">@tom</a></p>'
    token = "@" + KEY.account("acct:lea@pont.test")
    assert kept(html, "html", "mastodon", (lea,)) == f"{token} et @" + KEY.account("acct:tom@autre.test")


def test_html_becomes_lines_and_keeps_hashtags_and_words() -> None:
    html = (
        "<p>Je cherche&nbsp;un&#32;poste &lt;ici&gt;<br/>à Tours "
        '<a href="https://x.test/tags/i4Emploi" class="hashtag">#<span>i4Emploi</span></a></p><p>Mon CV : <a href="https://cv.test/lea/cv.pdf">'
        '<span class="invisible">https://'
        '</span><span class="ellipsis">cv.test/lea</span></a> <a href="https://cv.test/a">le voici</a></p>'
        "<script>x</script>"
    )
    link = "https://" + KEY.link("https://cv.test/lea/cv.pdf")
    assert kept(html, "html") == f"Je cherche un poste <ici>\nà Tours #i4Emploi\n\nMon CV : {link} le voici"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("écrire à lea.durand@mail.test.", "écrire à [email]."),
        ("mailto:lea@mail.test", "[email]"),
        ("tél. 06 12 34 56 78", "tél. [phone]"),
        ("0612345678 ou +33 6.12.34.56.78", "[phone] ou [phone]"),
        ("le 01.02.2024 10:30, réf. 123456789012", "le 01.02.2024 10:30, réf. 123456789012"),
        ("voir did:plc:abc123xyz", "voir [did]"),
        ("un.e/une technicien·ne H/F 35h/semaine", "un.e/une technicien·ne H/F 35h/semaine"),
        ("Awww...trop bien", "Awww...trop bien"),
        ("AT&amp;T &eacute;t&eacute;", "AT&T été"),
        ("rdv @ 18h", "rdv @ 18h"),
    ],
)
def test_addresses_are_hidden_and_look_alikes_are_not(text: str, expected: str) -> None:
    assert kept(text) == expected


@pytest.mark.parametrize(
    "link",
    [
        "https://t.co/AbC123",
        "http://pont.test/@lea/112",
        "HTTPS://PONT.TEST/@LEA",
        "www.lea-durand.fr",
        "linkedin.com/in/lea-durand",
        "lea.bsky.social",
    ],
)
def test_a_link_becomes_one_token_and_loses_no_neighbour(link: str) -> None:
    assert kept(f"ici ({link}), merci") == f"ici (https://{KEY.link(link)}), merci"


def test_a_token_that_somebody_wrote_is_not_taken_for_ours() -> None:
    assert kept(f"cc {LEA_TOKEN}") != f"cc {LEA_TOKEN}"


def test_what_cannot_be_seen_goes_and_what_means_something_stays() -> None:
    assert kept("a\x00b\u202ec\u200bd\ufeffe") == "abcde"
    assert kept("x\ud800y") == "x\ufffdy"
    assert kept("👩\u200d🔧 می\u200cخواهم") == "👩\u200d🔧 می\u200cخواهم"
    assert kept("&#0;&#x202e;a &#13;b") == "\ufffda b"
    assert kept("e\u0301te\u0301") == unicodedata.normalize("NFC", "été")


handles = st.from_regex(r"[A-Za-z0-9_]{3,15}", fullmatch=True)
anything = st.text(max_size=60)


@given(before=anything, name=handles, after=anything, form=st.sampled_from(["plain", "html"]), known=st.booleans())
def test_no_handle_survives(before: str, name: str, after: str, form: TextFormat, known: bool) -> None:
    mentions = (MentionRecord(account="twitter:7", handle=f"twitter:@{name}"),) if known else ()
    # a blank on both sides: glued to other letters it is no longer that handle; an open tag would hide it
    before, after = before.replace("<", "‹"), after.replace("<", "‹")
    words = kept(f"{before} @{name} {after}", form, mentions=mentions)
    assert f"@{name}".casefold() not in TOKEN.sub("", words).casefold()


@given(st.text(alphabet=st.characters(), max_size=200), st.sampled_from(["plain", "html"]))
def test_any_text_comes_out_clean_and_stays_so(text: str, form: TextFormat) -> None:
    words = kept(text, form)
    assert words == unicodedata.normalize("NFC", words) == words.strip()
    assert words.encode("utf-8").decode("utf-8") == words
    assert not re.search("[\x00-\x08\x0b-\x1f\u202a-\u202e\u2066-\u2069]|  |\n\n\n", words)


@pytest.mark.parametrize(
    "piece", ["a", "a.", "@a.", "a@", "www.", "a-", "01", "+1", "<b>", "<p>", "&", "a.fr/", "did:a:", "\n ", "https://"]
)
@pytest.mark.parametrize("form", ["plain", "html"])
def test_no_text_takes_more_than_linear_time(piece: str, form: TextFormat) -> None:
    short, long = _seconds(piece * 2_000, form), _seconds(piece * 40_000, form)
    assert long < 60 * max(short, 0.002), (short, long)


def _seconds(text: str, form: TextFormat) -> float:
    begin = time.process_time()
    kept(text, form)
    return time.process_time() - begin


def test_markup_nested_deeper_than_any_parser_goes_keeps_its_words() -> None:
    words = kept("<b>" * 50_000 + "Bonjour @tom" + "</b>" * 50_000, "html")
    assert words == "Bonjour @" + KEY.handle("twitter:@tom")


EMAILS = [
    "jean [at] exemple [point] fr", "jean(arobase)exemple.fr", "jean at exemple dot com", "jean[at]exemple.fr",
    "jean.dupont (at) exemple (dot) org", "jean arobase exemple point fr", "jean_at_exemple_dot_com",
    "jean @ exemple.fr", "ｊｅａｎ＠ｅｘｅｍｐｌｅ．ｆｒ", "jean@exemple.fr", "jean@ exemple . fr",
    "jean\u200b@exemple.fr", "je\u200dan@exem\u00adple.fr", "mailto:jean@exemple.fr", "jean%40exemple.fr",
    "jean {at} mail {dot} exemple {dot} fr", "JEAN AROBASE EXEMPLE POINT FR", "jean&#64;exemple.fr",
    "jean [à] exemple.fr", "jean(@)exemple.fr", "jean @ exemple . fr", "jean@exemple[.]fr",
]  # fmt: skip
PHONES = [
    "06 12 34 56 78", "06.12.34.56.78", "06-12-34-56-78", "06/12/34/56/78", "0612345678", "+33 6 12 34 56 78",
    "+33 (0)6 12 34 56 78", "+33(0)612345678", "0033 6 12 34 56 78", "0033612345678", "(+33) 6 12 34 56 78",
    "+33-6-12-34-56-78", "06 1234 5678", "06 12 345 678", "0470 12 34 56", "0475/12.34.56", "+32 470 12 34 56",
    "079 123 45 67", "+41 79 123 45 67", "514-555-1234", "(514) 555-1234", "+1 514 555 1234",
    "+44 20 7946 0958", "０６ １２ ３４ ５６ ７８", "06\u00a012\u00a034\u00a056\u00a078",
]  # fmt: skip
DOMAINS = [
    "exemple.fr", "www.exemple.paris", "mon-cv.jobs", "nom.bsky.social", "jean.dupont.bzh", "wa.me/33612345678",
    "t.me/jean", "exemple.museum", "EXEMPLE.COM", "LeBonCoin.fr", "sous.domaine.exemple.co.uk",
    "exemple.fr/a?b=c#d", "exemple.fr:8080/x", "münchen.de", "exemple.xn--p1ai", "linkedin.com/in/jean-dupont",
    "elpais.es/x", "www.elpais.es", "ftp://exemple.fr/x", "gemini://jean.exemple.net", "about.me",
    "lnkd.in/abc",
]  # fmt: skip
ORDINARY = [
    "M.Dupont arrive etc.Bonjour à tous", "versions 3.11 et v2.0.1", "le 01.02.2024 10:30, le 30/11/2026",
    "2026-11-30 10:20:30", "1 234 567,89 € ou 12.500 €", "SIRET 732 829 320 00074", "SIREN 732 829 320",
    "75011 Paris, 01000 Bourg, 69003", "CDD.Je suis",
    "un.e étudiant.es, chercheur.se.s, technicien.ne, créatif.ve, candidat.e.s", "demain.Il viendra",
    "c'est fini.la suite", "Node.js, ASP.NET, cv.pdf, main.py, README.md", "H/F 35h/semaine 39.5 h",
    "i.e. e.g. p. 12 a.m. N.B. c.-à-d.", "rdv @ 18h, look at this dot", "Développeur @ Booking",
    "réf. 123456789012 et 2024-0612-33", "IBAN FR76 3000 6000 0112 3456 7890 189",
    "de 2015 à 2020, 2015-2020, 10 000 - 20 000", "3 x 4 = 12 ; 0 12 345",
    "il point du doigt, chez moi point final", "#i4emploi.fr", "entre 8.30 et 9.15, au 3e.Merci",
    "0,5 0.75 1.25 1.5 2.25", "12 34 56 78 90 numéros", "100 200 3000", "J.-P. et E.Leclerc, Dr.Who",
    "Il arrive at home", "14h-18h 02/12 au 05/12/2026", "01/02/2026-03/04/2026", "tél. fixe : non",
    "de type m.site.tld",
]  # fmt: skip


@pytest.mark.parametrize("email", EMAILS)
def test_e_mail_is_hidden_in_its_usual_disguises(email: str) -> None:
    assert kept(f"Écrire : {email}, merci") == "Écrire : [email], merci"


@pytest.mark.parametrize("phone", PHONES)
def test_telephone_numbers_are_hidden_as_they_are_written_here_and_abroad(phone: str) -> None:
    assert kept(f"Appelez le {phone}, merci") == "Appelez le [phone], merci"


@pytest.mark.parametrize("domain", DOMAINS)
def test_addresses_without_a_scheme_are_hidden_whatever_they_end_in(domain: str) -> None:
    assert TOKEN.fullmatch(kept(f"Voir {domain}").removeprefix("Voir ")), kept(f"Voir {domain}")
    assert TOKEN.sub("", kept(f"({domain}), ok")) == "(), ok"


@pytest.mark.parametrize("text", ORDINARY)
def test_ordinary_words_dates_and_numbers_stay(text: str) -> None:
    assert kept(text) == text


def test_what_follows_an_address_without_a_blank_stays() -> None:
    assert TOKEN.sub("_", kept("Voir exemple.fr.Merci")) == "Voir _.Merci"
    assert TOKEN.sub("_", kept("cc @tom@pont.test et @nom.bsky.social")) == "cc _ et _"


@pytest.mark.parametrize("text", ["zéro six douze trente-quatre", "jeanATexemple point fr", "elpais.es"])
def test_what_is_said_not_to_be_found_is_not(text: str) -> None:
    assert kept(text) == text
