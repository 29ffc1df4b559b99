#!/bin/bash
# Once, when the primary is made: who may copy it, and time-outs that hold behind a pooler too, which drops those that
# the service asks for.
set -euo pipefail
psql --set=ON_ERROR_STOP=1 --username="$POSTGRES_USER" --dbname="$POSTGRES_DB" --set=password="$POSTGRES_PASSWORD" <<'SQL'
CREATE ROLE standby WITH REPLICATION LOGIN PASSWORD :'password';
ALTER ROLE registry SET statement_timeout = '15s';
ALTER ROLE registry SET lock_timeout = '5s';
-- from the next start on, when there can be a standby: a write is acknowledged once it has it (docs/runbook.md)
ALTER SYSTEM SET synchronous_commit = 'remote_apply';
ALTER SYSTEM SET synchronous_standby_names = '*';
SQL
echo 'host replication standby all scram-sha-256' >>"$PGDATA/pg_hba.conf"
