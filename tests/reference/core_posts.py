"""The plain way to read posts: what each one replies to, quotes, reposts, stands under, and carries."""

from __future__ import annotations

from tests.reference.campaigns import HASHTAG, World


class PlainPosts:
    """Posts of a world that are neither deleted nor later than its as-of."""

    def __init__(self, world: World) -> None:
        self.world = world
        alive = [row for row in world.posts if row["deleted_at"] is None and row["created_at"] <= world.as_of]
        self.posts = {row["post_id"]: row for row in alive}

    def parent(self, post_id: str) -> str | None:
        """What a post replies to, seen or not; a post does not reply to itself, a repost not at all."""
        row = self.posts[post_id]
        return row["reply_to_id"] if row["repost_of_id"] is None and row["reply_to_id"] != post_id else None

    def quoted(self, post_id: str) -> str | None:
        """The post quoted, if it was ever seen."""
        row = self.posts[post_id]
        quoted = row["quote_of_id"]
        return quoted if row["repost_of_id"] is None and quoted != post_id and quoted in self.posts else None

    def stands_under(self, post_id: str) -> list[str]:
        """Seen posts one step up: replied to (the stated root where that was never seen), quoted, reposted."""
        row = self.posts[post_id]
        up = [self.quoted(post_id), self.step_by_reply(post_id)]
        up.append(row["repost_of_id"] if row["repost_of_id"] in self.posts else None)
        return [one for one in up if one is not None and one != post_id]

    def step_by_reply(self, post_id: str) -> str | None:
        parent, root = self.parent(post_id), self.posts[post_id]["root_id"]
        if parent is None or parent in self.posts:
            return parent
        return root if root in self.posts and root != post_id else None

    def all_above(self, post_id: str) -> set[str]:
        """A post and everything it stands under."""
        found: set[str] = set()
        todo = [post_id]
        while todo:
            one = todo.pop()
            if one not in found:
                found.add(one)
                todo += self.stands_under(one)
        return found

    def carries(self, post_id: str) -> bool:
        """Has the hashtag of its own: a repost's tags are its original's, where that was seen (rule 1)."""
        row = self.posts[post_id]
        if row["repost_of_id"] in self.posts and row["repost_of_id"] != post_id:
            return False
        return HASHTAG in row["hashtags"]

    def is_campaign(self, post_id: str) -> bool:
        return any(self.carries(one) for one in self.all_above(post_id))

    def original(self, post_id: str) -> str | None:
        """What is finally reposted; None in a circle of reposts."""
        passed = set()
        while post_id in self.posts and self.posts[post_id]["repost_of_id"] is not None:
            if post_id in passed:
                return None
            passed.add(post_id)
            post_id = self.posts[post_id]["repost_of_id"]
        return post_id

    def climb(self, post_id: str) -> tuple[str | None, bool]:
        """Root of the thread, and whether the climb ended at a missing parent (rule 10)."""
        passed = set()
        while True:
            row = self.posts[post_id]
            if row["root_id"] is not None:
                return row["root_id"], False
            up = row["repost_of_id"] if row["repost_of_id"] is not None else self.parent(post_id)
            if row["repost_of_id"] is not None and (up not in self.posts or up == post_id):
                return post_id, False
            if up is None:
                return post_id, False
            if up not in self.posts:
                return None, True
            if post_id in passed:
                return None, False
            passed.add(post_id)
            post_id = up

    def orphans(self) -> list[tuple[str, bool]]:
        """Quarantined replies, and whether they carry the hashtag."""
        replies = [one for one in self.posts if self.parent(one) is not None]
        return sorted((one, self.carries(one)) for one in replies if self.climb(one)[1])
