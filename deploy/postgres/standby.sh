#!/bin/bash
# A standby: the first time a copy of the primary, which then follows it; PGPASSWORD is the password.
set -euo pipefail
if [ ! -s "$PGDATA/PG_VERSION" ]; then
  mkdir -p "$PGDATA"
  chmod 0700 "$PGDATA"
  pg_basebackup --host=primary --username=standby --pgdata="$PGDATA" --wal-method=stream --write-recovery-conf
  # once it is promoted nobody follows it: it must not wait
  echo "synchronous_standby_names = ''" >>"$PGDATA/postgresql.auto.conf"
fi
exec "$@"
