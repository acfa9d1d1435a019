#!/bin/bash
# Make sure that PostgreSQL and Redis answer on their standard ports; install or start them if not.
set -euo pipefail

port_open() { (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }
install() {
  [ "$(id -u)" = 0 ] || { echo "Install $* first: sudo apt-get install -y $*"; exit 1; }
  apt-get update -q >/dev/null && DEBIAN_FRONTEND=noninteractive apt-get install -y -q "$@" >/dev/null
}

if ! port_open 5432; then
  command -v pg_ctlcluster >/dev/null || install postgresql
  version=$(ls /etc/postgresql | sort -V | tail -1)
  pg_ctlcluster --skip-systemctl-redirect "$version" main start || true
fi
if ! port_open 6379; then
  command -v redis-server >/dev/null || install redis-server
  redis-server --daemonize yes --bind 127.0.0.1 --port 6379 --save "" --appendonly no >/dev/null
fi
for port in 5432 6379; do
  for _ in $(seq 30); do port_open "$port" && break; sleep 1; done
  port_open "$port" || { echo "Nothing answers on port $port."; exit 1; }
done
# Tests log in as postgres over loopback: a fresh cluster asks for a password until told otherwise.
if ! psql -w -h 127.0.0.1 -U postgres -c 'select 1' >/dev/null 2>&1; then
  hba=$(su postgres -c "psql -Atc 'show hba_file'")
  sed -i 's/^\(host .*127\.0\.0\.1\/32 *\).*/\1trust/' "$hba"
  su postgres -c "psql -qc 'select pg_reload_conf()'" >/dev/null
fi
