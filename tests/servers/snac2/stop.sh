#!/usr/bin/env bash
# Stops only what start.sh started (by pid file).
run=${RUN_DIR:-${TMPDIR:-/tmp}/passerelle-peers}/snac2
[ -e "$run/server.pid" ] || exit 0
pid=$(cat "$run/server.pid"); kill "$pid" 2>/dev/null
for _ in $(seq 16); do kill -0 "$pid" 2>/dev/null || break; sleep 0.25; done
kill -9 "$pid" 2>/dev/null             # it finishes its delivery queue first, which can be long
rm -f "$run/server.pid"; exit 0
