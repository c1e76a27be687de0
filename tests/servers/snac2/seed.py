#!/usr/bin/env python3
# ruff: noqa: B904, S310 (kept close to where it comes from; talks to this machine only)
"""seed.py users SNAC DATA             creates one account per corpus user, prints their passwords
seed.py load SNAC DATA PORT PASSWORDS TRUTH
    posts ../corpus.json through the Mastodon API, writes key -> id, uri"""

import json
import pathlib
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request

CORPUS = json.loads((pathlib.Path(__file__).parent.parent / "corpus.json").read_text("utf-8"))


def users(snac, data):
    out = {}
    for u in CORPUS["users"]:
        r = subprocess.run([snac, "adduser", data, u["key"]], capture_output=True, text=True, check=True, timeout=60)
        out[u["key"]] = next(line.split()[-1] for line in (r.stdout + r.stderr).splitlines() if "password is" in line)
    print(json.dumps(out))


def load(snac, data, port, password_file, truth_file):
    base = f"http://localhost:{port}"

    def call(method, path, token=None, **form):
        req = urllib.request.Request(
            base + path,
            method=method,
            data=urllib.parse.urlencode(form).encode() if method != "GET" else None,
            headers={"Authorization": f"Bearer {token}"} if token else {},
        )
        try:
            with urllib.request.urlopen(req, timeout=30) as r:
                body = r.read().decode()
        except urllib.error.HTTPError as e:
            raise SystemExit(f"{method} {path} {form}: HTTP {e.code} {e.read()[:200]}")
        return json.loads(body) if body.startswith(("{", "[")) else body.strip()

    passwords = json.loads(pathlib.Path(password_file).read_text())
    tok, accounts, ids, uris = {}, {}, {}, {}
    for u in CORPUS["users"]:
        k = u["key"]
        tok[k] = call("POST", "/oauth/x-snac-get-token", login=k, passwd=passwords[k], redir="", cid="", state="")
        call("PATCH", "/api/v1/accounts/update_credentials", tok[k], display_name=u["name"], note=u["bio"])
        accounts[k] = call("GET", "/api/v1/accounts/verify_credentials", tok[k])["id"]
    for p in CORPUS["posts"]:
        form = {"status": p["text"], "language": p["lang"], "visibility": "public"}
        if p["parent"]:
            form["in_reply_to_id"] = ids[p["parent"]]
        if p.get("quotes"):
            form["status"] += " " + uris[p["quotes"]]
        s = call("POST", "/api/v1/statuses", tok[p["author"]], **form)
        ids[p["key"]], uris[p["key"]] = s["id"], s["uri"]
    for verb, kind in (("reblog", "reposts"), ("favourite", "likes")):
        for r in CORPUS[kind]:
            # an account can only act on a post that is in its own timeline: put it there first
            subprocess.run(
                [snac, "insert", data, r["user"], uris[r["post"]]], check=True, timeout=60, capture_output=True
            )
            call("POST", f"/api/v1/statuses/{ids[r['post']]}/{verb}", tok[r["user"]])
    # snac 2.75 has no DELETE in its Mastodon API: the corpus post meant to be deleted stays
    pathlib.Path(truth_file).write_text(
        json.dumps({"users": accounts, "posts": ids, "uris": uris, "tokens": tok}, indent=1), "utf-8"
    )
    time.sleep(2)  # lets the delivery queue settle
    print(
        f"seeded {len(tok)} users, {len(ids)} posts, {len(CORPUS['reposts'])} reposts, "
        f"{len(CORPUS['likes'])} likes on {base}"
    )


if __name__ == "__main__":
    {"users": users, "load": load}[sys.argv[1]](*sys.argv[2:])
