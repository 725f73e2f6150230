#!/bin/sh
# Creates Temporal's two databases where they are missing, and brings their tables up to the version of this image.
set -eu

schema=/etc/temporal/schema/postgresql/v12
for pair in "$TEMPORAL_DATABASE:temporal" "${TEMPORAL_DATABASE}_visibility:visibility"; do
  database=${pair%%:*}
  tables=${pair##*:}
  set -- --plugin postgres12 --ep "$POSTGRES_HOST" -p 5432 -u "$POSTGRES_USER" --db "$database"
  temporal-sql-tool "$@" create
  # on a database that has its tables this fails and changes nothing; the update below then says what is wrong, if anything
  temporal-sql-tool "$@" setup-schema -v 0.0 || true
  temporal-sql-tool "$@" update-schema -d "$schema/$tables/versioned"
done
