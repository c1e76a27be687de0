#!/usr/bin/env bash
# Stops only what start.sh started (by pid file).
run=${RUN_DIR:-${TMPDIR:-/tmp}/passerelle-peers}/mastodon-mock
[ -e "$run/server.pid" ] || exit 0
pid=$(cat "$run/server.pid"); kill "$pid" 2>/dev/null
for _ in $(seq 20); do kill -0 "$pid" 2>/dev/null || break; sleep 0.25; done
rm -f "$run/server.pid"; exit 0
