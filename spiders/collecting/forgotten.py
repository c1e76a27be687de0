"""A crawl state without some people: their accounts, their posts, whatever is named after them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

Tells = Callable[[str], bool]
_BY_ACCOUNT = ("accounts", "histories", "owed")
_BY_POST = ("posts", "post_times", "authors", "parents", "parent_times", "followed")


def without_people(state: Mapping[str, Any], is_theirs: Tells, is_post: Tells, names_them: Tells) -> dict[str, Any]:
    """`state` (what `CrawlState.to_json` gives) without those whose identities `is_theirs` knows.

    `is_post` knows the names of their posts, `names_them` any text that holds one of their names.
    """
    left = dict(state)
    accounts = state.get("accounts", {})
    locals_ = {local for local, identity in accounts.items() if is_theirs(identity) or names_them(identity)}
    natives = {native for native, author in state.get("authors", {}).items() if is_theirs(author)}
    for name in ("posts", "parents"):
        natives |= {native for native, uri in state.get(name, {}).items() if uri and (is_post(uri) or names_them(uri))}
    for name in (*_BY_ACCOUNT, *_BY_POST):
        if name in left:
            left[name] = {
                key: _less(value, locals_)
                for key, value in left[name].items()
                if not (name in _BY_ACCOUNT and key in locals_)
                and not (name in _BY_POST and key in natives)
                and not names_them(key)
                and not _is_about(value, is_post, names_them)
            }
    if "stream" in left:
        left["stream"] = _stream(left["stream"], locals_, is_post, names_them)
    if "kept" in left:
        left["kept"] = {k: v for k, v in left["kept"].items() if not (names_them(k) or names_them(v) or is_theirs(v))}
    return left


def _is_about(value: Any, is_post: Tells, names_them: Tells) -> bool:
    text = value.get("uri", "") if isinstance(value, Mapping) else value
    return isinstance(text, str) and bool(text) and (is_post(text) or names_them(text))


def _less(value: Any, locals_: set[str]) -> Any:
    """A follow-up without those who were asked when they reposted."""
    if isinstance(value, Mapping) and value.get("timed"):
        return {**value, "timed": [local for local in value["timed"] if local not in locals_]}
    return value


def _stream(stream: Mapping[str, Any], locals_: set[str], is_post: Tells, names_them: Tells) -> dict[str, Any]:
    told = dict(stream)
    for name in ("posts", "others"):
        if name in told:
            told[name] = {uri: at for uri, at in told[name].items() if not (is_post(uri) or names_them(uri))}
    if "hidden" in told:
        told["hidden"] = [one for one in told["hidden"] if one not in locals_ and not names_them(one)]
    return told
