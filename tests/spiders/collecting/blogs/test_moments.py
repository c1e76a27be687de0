"""Times as blogs write them."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from passerelle.values import UnkeptError
from spiders.collecting.blogs.moments import date_within, moment_in

ZONE = "Europe/Paris"


@pytest.mark.parametrize(
    ("text", "language", "at", "is_inferred"),
    [
        ("3 février 2014 à 9h00", "fr", "2014-02-03T08:00", True),
        ("22 juin 2018 @11h13", "", "2018-06-22T09:13", True),
        ("7 septembre 2012 à 08:40", "fr-FR", "2012-09-07T06:40", True),
        ("Le mardi 3 mars 2009, 10:22 par", "fr", "2009-03-03T09:22", True),
        ("3 décembre 2013 à 21 h 05", "fr", "2013-12-03T20:05", True),
        ("12/03/2014 à 14h30", "fr", "2014-03-12T13:30", True),
        ("3 févr. 2014", "fr", "2014-02-02T23:00", True),
        ("23. Juni 2016 um 12:34", "de-DE", "2016-06-23T10:34", True),
        ("June 5, 2014 at 3:45 pm", "en", "2014-06-05T13:45", True),
        ("2014-02-03 07:00:00", "", "2014-02-03T06:00", True),
        ("Sat, 04 Oct 2008 10:00:00", "", "2008-10-04T08:00", True),
        ("Sam, 04 oct 2008 10:00:00 +0200", "", "2008-10-04T08:00", False),
        ("Lun, 3 Fév 2014 10:00:00 GMT", "fr", "2014-02-03T10:00", False),
        ("Ven, 15 août 2014 08:00:00 +0200", "fr", "2014-08-15T06:00", False),
        ("2014-02-03T07:00:00+01:00", "xx", "2014-02-03T06:00", False),
    ],
)
def test_a_time_without_zone_is_the_campaigns_clock(text: str, language: str, at: str, is_inferred: bool) -> None:
    assert moment_in(text, ZONE, language) == (datetime.fromisoformat(at).replace(tzinfo=UTC), is_inferred)


@pytest.mark.parametrize("text", ["", "il y a 3 jours", "3 mars", "2014", "hier", "n'importe", "9" * 5_000, "\0"])
def test_what_names_no_day_is_no_time(text: str) -> None:
    with pytest.raises(UnkeptError, match="post without time"):
        moment_in(text, ZONE, "fr")


@pytest.mark.parametrize("text", ["0001-01-01T00:00:00Z", "3 mars 9999"])
def test_a_time_that_no_table_holds_is_none(text: str) -> None:
    with pytest.raises(UnkeptError):
        moment_in(text, ZONE, "fr")


def test_a_date_is_found_among_words() -> None:
    assert date_within("Ali, le 22 juin 2018 à 11h13 a dit") == "22 juin 2018 à 11h13"
    assert date_within("3 poires et 2014 pommes") == ""
