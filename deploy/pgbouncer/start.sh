#!/bin/sh
# PgBouncer in transaction mode. From 1.21 it keeps prepared statements apart; `options` (time-outs) it does not take,
# so the role has them. DATABASE_HOST may be given anew for a fail-over.
set -eu
cat >/tmp/pgbouncer.ini <<INI
[databases]
registry = host=${DATABASE_HOST} port=5432 dbname=registry
[pgbouncer]
listen_addr = 0.0.0.0
listen_port = 6432
auth_type = scram-sha-256
auth_file = /tmp/users.txt
pool_mode = transaction
max_client_conn = 500
default_pool_size = 20
max_prepared_statements = 200
ignore_startup_parameters = options
server_login_retry = 1
INI
umask 077
echo "\"registry\" \"${DATABASE_PASSWORD}\"" >/tmp/users.txt
exec pgbouncer /tmp/pgbouncer.ini
