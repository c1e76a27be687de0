#!/usr/bin/env bash
# Installs from Debian what the servers beside the repository (../shared/servers) need and this machine lacks.
set -euo pipefail
lacking=()
need() { local found=$1; shift; eval "$found" >/dev/null 2>&1 || lacking+=("$@"); }

need 'ls /usr/lib/postgresql/*/bin/initdb' postgresql
need 'command -v redis-server' redis-server
need 'command -v npm' npm
need 'command -v g++' g++
need 'command -v mariadbd' mariadb-server
need 'php -m | grep -i mysqli && php -m | grep -i mbstring && php -m | grep -i xml' php-cli php-mysql php-mbstring php-xml
need 'dpkg -L wordpress | grep /wp-load.php' wordpress wordpress-theme-twentytwentyone
need 'command -v curl' curl
need 'python3 -c "import ensurepip"' python3-venv

if [ ${#lacking[@]} -gt 0 ]; then
  apt-get -qq update
  DEBIAN_FRONTEND=noninteractive apt-get -qq install -y --no-install-recommends "${lacking[@]}" >/dev/null
fi
