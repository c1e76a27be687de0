#!/usr/bin/env bash
# Starts mastodon_mock (PyPI: a stateful Mastodon API in FastAPI + in-memory SQLite) on
# 127.0.0.1 and seeds it over its own HTTP API.  Safe to run again: restarts from empty.
#   PORT=3000   RATE_LIMIT=0 (requests per RATE_WINDOW seconds and per token or address; 0 = off)
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
run=${RUN_DIR:-${TMPDIR:-/tmp}/passerelle-peers}/mastodon-mock
port=${PORT:-3000} limit=${RATE_LIMIT:-0} window=${RATE_WINDOW:-300}
bash "$here/stop.sh"
mkdir -p "$run"
[ -x "$run/venv/bin/mastodon_mock" ] || { python3 -m venv "$run/venv"; "$run/venv/bin/pip" install -q "mastodon_mock==0.6.1"; }
python3 "$here/seed.py" config "$port" >"$run/config.toml"
if [ "$limit" != 0 ]; then
  printf '\n[ratelimit]\nenabled = true\nlimit = %s\nwindow_seconds = %s\n' "$limit" "$window" >>"$run/config.toml"
fi
"$run/venv/bin/mastodon_mock" serve --config "$run/config.toml" --host 127.0.0.1 --port "$port" \
  --in-memory --log-level warning >"$run/server.log" 2>&1 &
echo $! >"$run/server.pid"
for _ in $(seq 60); do
  curl -s -m 2 -o /dev/null "http://127.0.0.1:$port/api/v1/instance" && break
  kill -0 "$(cat "$run/server.pid")" 2>/dev/null || { cat "$run/server.log"; exit 1; }
  sleep 0.25
done
python3 "$here/seed.py" load "$port" "$run/truth.json"
