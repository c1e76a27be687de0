#!/usr/bin/env bash
# Starts snac2 (a real ActivityPub server with the Mastodon API, one small C program) on
# 127.0.0.1 and seeds it over that API.  Safe to run again: it starts from an empty instance.
#   PORT=8200
# snac2 is in Debian from trixie on and in bookworm-backports.  If no `snac` is installed, the
# package is downloaded with a private apt source list and unpacked under the run folder:
# nothing on the system is changed.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
run=${RUN_DIR:-${TMPDIR:-/tmp}/passerelle-peers}/snac2
port=${PORT:-8200}
bash "$here/stop.sh"
mkdir -p "$run"
snac=$(command -v snac || true)
[ -n "$snac" ] || snac=$run/root/usr/bin/snac
if [ ! -x "$snac" ]; then
  apt=$run/apt; mkdir -p "$apt/lists/partial" "$apt/cache/archives/partial"
  # the archive this machine already uses, one suite further; a new machine has not read its lists yet
  mkdir -p "$apt/base/partial"
  sites() { apt-get "$@" indextargets --format '$(SITE)' 'Created-By: Packages' | grep '/debian/*$' | sort -u | head -n 1; }
  site=$(sites || true)
  [ -n "$site" ] || { apt-get -o "Dir::State::lists=$apt/base" -qq update; site=$(sites -o "Dir::State::lists=$apt/base"); }
  echo "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] $site bookworm-backports main" >"$apt/sources.list"
  opt=(-o "Dir::Etc::sourcelist=$apt/sources.list" -o Dir::Etc::sourceparts=- -o "Dir::State::lists=$apt/lists" -o "Dir::Cache=$apt/cache")
  apt-get "${opt[@]}" -qq update
  ( cd "$run" && apt-get "${opt[@]}" -qq download snac2 2>/dev/null && dpkg -x snac2_*.deb root )
fi
rm -rf "$run/data"
printf '127.0.0.1\n%s\nlocalhost:%s\n\nadmin@example.test\n' "$port" "$port" | "$snac" init "$run/data" >/dev/null
sed -i 's/"protocol": "https"/"protocol": "http", "num_threads": 16, "disable_email_notifications": true/' "$run/data/server.json"
python3 "$here/seed.py" users "$snac" "$run/data" >"$run/passwords.json"
"$snac" httpd "$run/data" >"$run/server.log" 2>&1 &
echo $! >"$run/server.pid"
for _ in $(seq 40); do curl -s -m 2 -o /dev/null "http://localhost:$port/api/v1/instance" && break; sleep 0.25; done
python3 "$here/seed.py" load "$snac" "$run/data" "$port" "$run/passwords.json" "$run/truth.json"
