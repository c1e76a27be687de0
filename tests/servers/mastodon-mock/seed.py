#!/usr/bin/env python3
# ruff: noqa: C901, S310 (kept close to where it comes from; talks to this machine only)
"""seed.py config PORT            prints the server's configuration (one account per corpus user)
seed.py load PORT TRUTH_FILE   posts ../corpus.json through the Mastodon HTTP API, writes key -> id"""

import json
import pathlib
import sys
import time
import urllib.error
import urllib.request

CORPUS = json.loads((pathlib.Path(__file__).parent.parent / "corpus.json").read_text("utf-8"))


def config(port):
    print(f'domain = "127.0.0.1:{port}"\nurl_scheme = "http"\ntitle = "Pair de test"\n')
    print("[auth]\npermissive = false\n")
    for u in CORPUS["users"]:
        print("[[seed.accounts]]")
        for k, v in {
            "username": u["key"],
            "display_name": u["name"],
            "note": u["bio"],
            "access_token": f"token-{u['key']}",
        }.items():
            print(f"{k} = {json.dumps(v, ensure_ascii=False)}")
        print()


def load(port, truth_file):
    base = f"http://127.0.0.1:{port}"

    def call(method, path, user, body=None):
        req = urllib.request.Request(
            base + path,
            method=method,
            data=None if body is None else json.dumps(body).encode(),
            headers={"Authorization": f"Bearer token-{user}", "Content-Type": "application/json"},
        )
        for _ in range(20):
            try:
                with urllib.request.urlopen(req, timeout=20) as r:
                    return json.load(r)
            except urllib.error.HTTPError as e:
                if e.code != 429:
                    raise
                time.sleep(min(30, float(e.headers.get("Retry-After", 5))))
        raise SystemExit("still rate limited")

    ids, uris = {}, {}
    users = {u["key"]: call("GET", "/api/v1/accounts/verify_credentials", u["key"])["id"] for u in CORPUS["users"]}
    for p in CORPUS["posts"]:
        body = {"status": p["text"], "language": p["lang"], "visibility": "public"}
        if p["parent"]:
            body["in_reply_to_id"] = ids[p["parent"]]
        if p.get("quotes"):
            body["quoted_status_id"] = ids[p["quotes"]]
        status = call("POST", "/api/v1/statuses", p["author"], body)
        ids[p["key"]], uris[p["key"]] = status["id"], status["uri"]
    for r in CORPUS["reposts"]:
        call("POST", f"/api/v1/statuses/{ids[r['post']]}/reblog", r["user"], {})
    for r in CORPUS["likes"]:
        call("POST", f"/api/v1/statuses/{ids[r['post']]}/favourite", r["user"], {})
    for p in CORPUS["posts"]:
        if p.get("case") == "deleted":
            call("DELETE", f"/api/v1/statuses/{ids[p['key']]}", p["author"])
    pathlib.Path(truth_file).write_text(json.dumps({"users": users, "posts": ids, "uris": uris}, indent=1), "utf-8")
    print(
        f"seeded {len(users)} users, {len(ids)} posts, {len(CORPUS['reposts'])} reposts, "
        f"{len(CORPUS['likes'])} likes on {base}"
    )


if __name__ == "__main__":
    {"config": config, "load": load}[sys.argv[1]](*sys.argv[2:])
