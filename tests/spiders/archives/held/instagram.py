"""What people hold of Instagram."""

from __future__ import annotations

import json
from pathlib import Path

from tests.spiders.archives.held.writing import AT, misread, packed, table


def instagram_posts(folder: Path) -> Path:
    """One's own posts: the words beside one picture, or beside all of several."""
    several = {"title": "À plusieurs #i4emploi", "creation_timestamp": AT, "media": [{"uri": "a.jpg", "title": ""}] * 2}
    one = [{"media": [{"uri": "b.jpg", "creation_timestamp": AT + n, "title": f"Seul n° {n} 🙂"}]} for n in range(1, 5)]
    return packed(
        folder / "instagram.zip",
        your_instagram_activity__media__posts_1_json=misread([several, *one]),
        your_instagram_activity__messages__inbox__message_1_json=misread([several]),
    )


def instagram_comments(folder: Path) -> Path:
    """One's own comments in a French account, and under reels in an English one."""
    labels = (("Commentaire", "Heure", "Propriétaire du média"), ("Comment", "Time", "Media Owner"))
    (posts, reels) = (
        [
            {
                "string_map_data": {
                    words: {"value": f"Très beau {n}"},
                    time: {"timestamp": AT + 60 * n},
                    owner: {"value": "tom.inv"},
                }
            }
            for n in range(5 * place, 5 * place + 5)
        ]
        for place, (words, time, owner) in enumerate(labels)
    )
    return packed(
        folder / "instagram.zip",
        your_instagram_activity__comments__post_comments_1_json=misread(posts),
        your_instagram_activity__comments__reels_comments_json=misread({"comments_reels_comments": reels}),
    )


def instagram_graph(folder: Path) -> Path:
    """Media of a professional account with comments and replies; comments of others may name nobody."""
    reply = {"id": "17903", "text": "@zoe.inv merci", "timestamp": "2026-10-05T09:30:00+0000", "username": "asso.inv"}
    comments = [
        {
            "id": "17901",
            "text": "Je cherche !",
            "timestamp": "2026-10-05T09:00:00+0000",
            "username": "zoe.inv",
            "replies": {"data": [reply]},
        },
        {"id": "17902", "text": "bravo", "timestamp": "2026-10-05T09:10:00+0000"},
    ]
    media = [
        {
            "id": f"1780{n}",
            "caption": f"Atelier n° {n} #i4emploi",
            "timestamp": f"2026-10-0{n + 1}T08:00:00+0000",
            "username": "asso.inv",
            "like_count": 5,
            "comments_count": 3,
            **({"comments": {"data": comments}} if not n else {}),
        }
        for n in range(3)
    ]
    path = folder / "media.json"
    path.write_text(json.dumps({"data": media}))
    return path


def instagram_post_table(folder: Path) -> Path:
    """A scraper's posts."""
    path = folder / "posts.json"
    rows = [
        {
            "id": f"31{n}",
            "shortCode": f"Cx{n}",
            "url": f"https://www.instagram.com/p/Cx{n}/",
            "caption": f"Appel {n} #i4emploi",
            "timestamp": f"2026-10-0{n + 1}T08:00:00.000Z",
            "ownerUsername": f"lea.{n % 2}",
            "ownerId": "5",
            "likesCount": -1,
        }
        for n in range(6)
    ]
    path.write_text(json.dumps(rows))
    return path


def instagram_comment_table(folder: Path) -> Path:
    """The same scraper's comments of those posts, replies inside."""
    path = folder / "comments.json"
    rows = [
        {
            "id": f"1790{n}",
            "postUrl": "https://www.instagram.com/p/Cx0/",
            "text": f"Courage {n}",
            "ownerUsername": f"zoe.{n % 3}",
            "timestamp": f"2026-10-05T08:0{n}:00.000Z",
            "likesCount": 1,
            "replies": [
                {
                    "id": f"1799{n}",
                    "text": "merci",
                    "ownerUsername": "lea.0",
                    "timestamp": f"2026-10-05T09:0{n}:00.000Z",
                }
            ],
        }
        for n in range(6)
    ]
    path.write_text(json.dumps(rows))
    return path


def instagram_4cat(folder: Path) -> Path:
    """4CAT's table of posts and comments."""
    path = folder / "4cat.csv"
    rows = [
        {
            "id": f"Cy{n}",
            "thread_id": f"Cy{n - n % 3}",
            "parent_id": f"Cy{n - n % 3}" if n % 3 else "",
            "body": f"mot {n} #i4emploi",
            "author": f"max.{n % 4}",
            "timestamp": f"2026-10-05 08:0{n}:00",
            "hashtags": "i4emploi,emploi",
            "num_likes": 2,
            "num_comments": 2,
        }
        for n in range(6)
    ]
    path.write_text(table(*rows))
    return path
