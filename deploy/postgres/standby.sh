#!/bin/bash
# A standby: the first time a copy of the primary, which then follows it; PGPASSWORD is the password.
set -euo pipefail
if [ ! -s "$PGDATA/PG_VERSION" ]; then
  mkdir -p "$PGDATA"
  chmod 0700 "$PGDATA"
  pg_basebackup --host=primary --username=standby --pgdata="$PGDATA" --wal-method=stream --write-recovery-conf
fi
exec "$@"
