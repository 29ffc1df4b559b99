"""The command line: `registry`."""

import click

from app.cli import (
    backups,
    check_facts,
    data,
    deliver,
    doctor,
    keys,
    links,
    log,
    match,
    rebuild,
    refresh,
    scrub,
    serve,
    verify,
    webhooks,
)


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="police-collaboration-registry")
def main() -> None:
    """The registry of police collaboration.

    Settings are environment variables: REGISTRY_DATABASE_URL, REGISTRY_REPLICA_URL, REGISTRY_MIGRATION_URL,
    REGISTRY_HOST, REGISTRY_PORT,
    REGISTRY_WORKERS, REGISTRY_POOL_SIZE, REGISTRY_PUBLIC_URL, REGISTRY_EVENT_STREAMS, REGISTRY_SPOOL_FOLDER,
    REGISTRY_LARGEST_IMPORT, REGISTRY_LOG_KEY_FILE, REGISTRY_LOG_ORIGIN, REGISTRY_CHECKPOINT_FILE,
    REGISTRY_WITNESS_FILE, REGISTRY_WEBHOOK_KEY, REGISTRY_WEBHOOK_PRIVATE, REGISTRY_METRICS_PORT, REGISTRY_METRICS_HOST,
    REGISTRY_LOG_FORMAT, REGISTRY_LOG_REQUESTS; in seconds REGISTRY_CONNECT_TIMEOUT,
    REGISTRY_STATEMENT_TIMEOUT, REGISTRY_LOCK_TIMEOUT, REGISTRY_REQUEST_TIMEOUT, REGISTRY_SHUTDOWN_TIMEOUT.
    """


for command in (
    serve.serve,
    data.load,
    data.export,
    data.migrate,
    data.check,
    backups.backup,
    backups.restore,
    doctor.doctor,
):
    main.add_command(command)
main.add_command(rebuild.command)
main.add_command(scrub.command)
main.add_command(keys.keys)
main.add_command(log.log)
main.add_command(verify.verify_log)
main.add_command(check_facts.check_facts)
main.add_command(refresh.refresh)
main.add_command(links.links)
main.add_command(match.match)
main.add_command(webhooks.webhooks)
main.add_command(deliver.deliver)
