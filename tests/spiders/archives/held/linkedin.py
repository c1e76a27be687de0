"""What people hold of LinkedIn."""

from __future__ import annotations

from pathlib import Path

from tests.spiders.archives.held.writing import packed, table

URN = "https://www.linkedin.com/feed/update/urn%3Ali%3A"


def linkedin_shares(folder: Path) -> Path:
    """One's own posts: public ones, one for the network, one for contacts only, one that does not say it."""
    seen_by = ("PUBLIC", "MEMBER_NETWORK", "CONNECTIONS", "", "PUBLIC", "PUBLIC", "PUBLIC", "PUBLIC")
    rows = [
        {
            "Date": f"2026-10-0{n + 1} 08:00:00",
            "ShareLink": f"{URN}share%3A700000000{n}",
            "SharedUrl": "",
            "MediaUrl": "",
            "ShareCommentary": f'Je cherche un poste à "Nîmes",\n\nmerci de relayer #i4emploi ({n})',
            "Visibility": one,
        }
        for n, one in enumerate(seen_by)
    ]
    return packed(
        folder / "Basic_LinkedInDataExport.zip",
        Shares_17529409_csv=table(*rows),
        messages_csv="CONVERSATION ID,FROM,TO,DATE,CONTENT\nc,Tom,Léa,2026-10-01 08:00:00 UTC,secret\n",
    )


def linkedin_comments(folder: Path) -> Path:
    """One's own comments: quotes escaped by a stroke, one without its date."""
    lines = [
        f'2026-10-0{n + 1} 09:00:00,{URN}share%3A7000000000,"Quand j\'étais à \\"Sète\\", n° {n}"' for n in range(7)
    ]
    path = folder / "Comments.csv"
    path.write_text("\n".join(["Date,Link,Message", *lines, f",{URN}activity%3A7401794121,sans date"]) + "\n")
    return path


def linkedin_4cat(folder: Path) -> Path:
    """4CAT's table of what its browser extension saw."""
    path = folder / "4cat.csv"
    rows = [
        {
            "id": f"690000000{n}",
            "thread_id": f"690000000{n}",
            "body": f"On recrute n° {n} #i4emploi",
            "timestamp": f"2026-10-0{n + 1} 08:00:00",
            "timestamp_collected": "2026-11-01 10:00:00",
            "timestamp_ago": "4w",
            "author": f"in/lea-{n % 2}",
            "author_name": "Léa Inventée",
            "author_description": "peintre",
            "author_mentions": "tom-inv,asso-inv",
            "hashtags": "i4emploi",
            "comments": 3,
            "shares": 1,
            "reactions": 9,
            "post_url": f"https://www.linkedin.com/feed/update/urn:li:activity:690000000{n}",
        }
        for n in range(6)
    ]
    path.write_text(table(*rows))
    return path
