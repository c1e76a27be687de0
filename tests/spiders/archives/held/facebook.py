"""What people hold of Facebook."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from tests.spiders.archives.held.writing import AT, misread, packed, table


def facebook_posts(folder: Path) -> Path:
    """One's own posts, with an update's time beside the words, and a private conversation that stays closed."""
    posts = [
        {
            "timestamp": AT + 60 * n,
            "data": [{"update_timestamp": AT}, {"post": f"Je cherche un poste à Nîmes ({n}) #i4emploi 🙂"}],
            "title": "Léa Inventée a publié dans I4Emploi.",
        }
        for n in range(5)
    ]
    return packed(
        folder / "facebook-lea.zip",
        your_facebook_activity__posts__your_posts__check_ins_1_json=misread(posts[:3]),
        your_facebook_activity__groups__group_posts_and_comments_json=misread({"group_posts_v2": posts[2:]}),
        your_facebook_activity__messages__inbox__message_1_json=misread(
            [{"timestamp": AT, "data": [{"post": "secret"}]}]
        ),
    )


def facebook_comments(folder: Path) -> Path:
    """One's own comments: what they answer is told in words only."""
    comments = [
        {
            "timestamp": AT + 60 * n,
            "data": [
                {"comment": {"timestamp": AT + 60 * n, "comment": f"Bravo à toi n° {n}", "author": "Léa Inventée"}}
            ],
            "title": "Léa Inventée a répondu au commentaire de Tom Inventé.",
        }
        for n in range(5)
    ]
    path = folder / "comments.json"
    path.write_text(misread({"comments_v2": comments}))
    return path


def facebook_graph(folder: Path) -> Path:
    """A group's feed by the Graph API: comments of comments inside, a writer that is not shown, a reshare."""

    def said(number: int, who: int | None, words: str, **more: Any) -> dict[str, Any]:
        author = {"from": {"id": str(100 + who), "name": "Même Nom"}} if who else {}
        at = f"2014-02-03T10:{number:02d}:00+0000"
        return {"id": f"77_{900 + number}", "created_time": at, "message": words, **author, **more}

    answer = said(3, 1, "merci Tom", message_tags=[{"id": "102", "name": "Tom", "type": "user"}], like_count=2)
    comments = [
        said(2, 2, "Je relaie !", comments={"data": [answer]}),
        said(4, None, "Bon courage"),
        {
            "id": "77_905",
            "from": {"id": "103", "name": "Zoé"},
            "message": "sans heure",
            "comments": {"data": [said(6, 2, "?")]},
        },
    ]
    feed = [
        said(1, 1, "Je cherche un poste #i4emploi", comments={"data": comments, "paging": {}}, shares={"count": 4}),
        said(7, 3, "", parent_id="77_901"),
        *(said(10 + n, 2 + n % 2, f"appel {n}") for n in range(20)),
    ]
    path = folder / "feed.json"
    path.write_text(json.dumps({"data": feed, "paging": {"next": "https://graph.facebook.test/next"}}))
    return path


def crowdtangle_pages(folder: Path) -> Path:
    """CrowdTangle's pages: times with the name of a zone."""
    path = folder / "ct.csv"
    rows = [
        {
            "Page Name": f"Page {n % 3}",
            "User Name": f"page{n % 3}",
            "Facebook Id": f"10000000000000{n % 3}",
            "Followers at Posting": 1200,
            "Post Created": f"2020-07-0{n + 1} 10:00:00 CEST",
            "Type": "Status",
            "Likes": 7,
            "Comments": n,
            "Shares": 2,
            "URL": f"https://www.facebook.com/{n}/posts/{n}77",
            "Message": f"Recrutement à Sète n° {n} #i4emploi",
        }
        for n in range(6)
    ]
    path.write_text(table(*rows))
    return path


def crowdtangle_groups(folder: Path) -> Path:
    """CrowdTangle's groups: who wrote is not among the columns."""
    path = folder / "ct_groups.csv"
    rows = [
        {
            "Group Name": "I4Emploi",
            "User Name": "i4emploi",
            "Facebook Id": "555",
            "Post Created": f"2020-07-0{n + 1} 04:00:00 EDT",
            "Likes": 1,
            "Comments": 2,
            "Shares": 0,
            "URL": f"https://www.facebook.com/groups/555/permalink/{n}88",
            "Message": f"Bonjour {n} #i4emploi",
        }
        for n in range(6)
    ]
    path.write_text(table(*rows))
    return path


def meta_content_library(folder: Path) -> Path:
    """The Meta Content Library's CSV, one post that shares another without a word, one that adds some."""
    path = folder / "mcl.csv"
    rows = [
        {
            "id": f"45000{n}",
            "content_type": "posts",
            "creation_time": f"2026-10-0{n + 1} 08:00:00+00:00",
            "lang": "fr",
            "post_owner.type": "profile",
            "post_owner.id": f"88{n % 4}",
            "post_owner.name": "Léa I.",
            "post_owner.username": f"lea{n % 4}",
            "shared_post_id": {4: "450000", 5: "450000"}.get(n, ""),
            "statistics.comment_count": 3,
            "statistics.share_count": 1,
            "statistics.reaction_count": 9,
            "text": "" if n == 4 else f"appel n° {n} #i4emploi",
        }
        for n in range(6)
    ]
    path.write_text(table(*rows))
    return path


def facebook_comment_table(folder: Path) -> Path:
    """A scraper's comments of posts: some answer a comment."""
    path = folder / "comments.csv"
    rows = [
        {
            "facebookUrl": "https://www.facebook.com/groups/555/posts/1234567890/",
            "id": f"Y29tbWVudDo{n}",
            "replyToCommentId": "Y29tbWVudDo0" if n == 3 else "",
            "date": f"2026-10-05T08:0{n}:00.000Z",
            "text": f"Je partage, n° {n}",
            "profileId": f"pfbid{n % 3}" if n != 5 else "",
            "profileUrl": "",
            "profileName": "Zoé Inventée" if n != 5 else "Utilisateur Facebook",
            "likesCount": n,
        }
        for n in range(6)
    ]
    path.write_text(table(*rows))
    return path
