"""What people hold of Google+, Viadeo and Scoop.it."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path
from typing import Any

from tests.spiders.archives.held.writing import AT, table


def googleplus(folder: Path) -> Path:
    """Takeout's posts, a file each: a public one with comments, a reshare, one for a circle, one for a community."""

    def person(number: int) -> dict[str, str]:
        return {
            "displayName": "Même Nom",
            "profilePageUrl": f"https://plus.google.com/+n{number}",
            "resourceName": f"users/11{number}",
        }

    def post(number: int, acl: Any, **more: Any) -> dict[str, Any]:
        told = {
            "url": f"https://plus.google.com/+n1/posts/P{number}",
            "creationTime": f"2018-10-0{number} 08:00:00-0700",
        }
        name = {"resourceName": f"users/111/posts/Ug{number}", "author": person(1), "postAcl": acl}
        return {**told, **name, "content": f"Je cherche n° {number} <b>#i4emploi</b> &amp; merci", **more}

    public = {
        "visibleToStandardAcl": {"circles": [{"type": "CIRCLE_TYPE_YOUR_CIRCLES"}, {"type": "CIRCLE_TYPE_PUBLIC"}]}
    }
    comments = [
        {
            "creationTime": "2018-10-02 09:00:00-0700",
            "author": person(2),
            "content": "Je relaie",
            "postUrl": "https://plus.google.com/+n1/posts/P1",
        },
        {
            "creationTime": "2018-10-02 10:00:00-0700",
            "author": person(3),
            "content": "Bravo",
            "resourceName": "users/111/posts/Ug1/comments/c2",
        },
    ]
    reshared = {
        "resourceName": "users/112/posts/Ug9",
        "url": "https://plus.google.com/+n2/posts/P9",
        "author": person(2),
    }
    circle = {"visibleToStandardAcl": {"circles": [{"type": "CIRCLE_TYPE_USER_CIRCLE", "displayName": "Famille"}]}}
    posts = [
        post(1, public, comments=comments),
        post(2, {"isPublic": True}, content="", resharedPost=reshared),
        post(3, {"isPublic": True}, resharedPost=reshared),
        post(4, circle, comments=comments[:1]),
        post(5, {"communityAcl": {"community": {"displayName": "Emploi"}}}),
        post(6, {"isPublic": True}),
    ]
    path = folder / "takeout.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for number, one in enumerate(posts, 1):
            archive.writestr(f"Takeout/Google+ Stream/Posts/2018100{number} - Je cherche.json", json.dumps(one))
        archive.writestr("Takeout/Google+ Stream/Posts/photo.jpg.metadata.csv", "a,b\n1,2\n")
        archive.writestr("Takeout/Google+ Circles/Amis.json", json.dumps({"people": [{"email": "x@y.test"}]}))
    return path


def viadeo_table(folder: Path) -> Path:
    """Discussions of two groups copied by hand, dates in French words, in which two people bear one name."""
    dates = (
        "5 octobre 2012 à 10:32",
        "lundi 8 oct. 2012, 9 h 05",
        "09/10/2012 18:00",
        "1er novembre 2012 à 7h",
        "il y a 3 jours",
    )
    rows = [
        {
            "Groupe": "Entraide à Sète" if n < 6 else "Emploi 34",
            "Numéro": f"{n}",
            "Auteur": ("Jean Dupont", "Zoé I.", "Anonyme")[n % 3],
            "Date": dates[n % 4] if n != 8 else dates[4],
            "Message": f"message {n} #i4emploi",
            "Répond à": "0" if n in (1, 2) else "",
        }
        for n in range(9)
    ]
    path = folder / "viadeo.csv"
    path.write_text(table(*rows, separator=";"), "cp1252")
    return path


def scoopit_feed(folder: Path) -> Path:
    """A topic's feed as a browser saves it."""
    items = "".join(
        f"<item><title>L&apos;emploi n° {n}</title><link>https://www.scoop.it/topic/emploi/p/40{n}</link>"
        f"<description>&lt;p&gt;À lire #i4emploi {n}&lt;/p&gt;</description><guid isPermaLink='false'>40{n}</guid>"
        f"<pubDate>Mon, 0{n + 1} Oct 2012 08:00:00 GMT</pubDate><category>emploi</category></item>"
        for n in range(5)
    )
    path = folder / "rss.xml"
    path.write_text(f'<?xml version="1.0" encoding="UTF-8"?><rss version="2.0"><channel>{items}</channel></rss>')
    return path


def scoopit_topic(folder: Path) -> Path:
    """A topic by the API."""
    posts = [
        {
            "id": 400 + n,
            "title": f"Titre {n}",
            "insight": f"À lire #i4emploi {n}",
            "content": "extrait",
            "curationDate": (AT + n) * 1000,
            "scoopUrl": f"https://www.scoop.it/topic/emploi/p/40{n}",
            "url": "https://journal.test/a",
            "thanksCount": 2,
            "commentsCount": 0,
            "tags": ["emploi"],
            "author": {"id": 7, "shortName": f"lea-{n % 2}", "name": "Léa I."},
        }
        for n in range(6)
    ]
    path = folder / "topic.json"
    path.write_text(json.dumps({"success": True, "topic": {"id": 1, "name": "Emploi", "curatedPosts": posts}}))
    return path
