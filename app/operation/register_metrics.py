"""What is told of the register itself, read whenever Prometheus asks."""

from collections.abc import Iterator
from datetime import UTC, datetime
from functools import partial

from prometheus_client import Metric
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector
from sqlalchemy import Connection, Engine, case, func, select
from sqlalchemy.exc import SQLAlchemyError

from app import __version__
from app.api.pages import FaultOf, readiness
from app.database import reading, schema_revision
from app.log.webhooks.models import ACTIVE, Webhook
from app.registry.records import Answer, Revision

SECONDS_OF_A_DAY = 86_400


class RegisterMetrics(Collector):
    """Revision, evidence, subscriptions, and the checks of `/readyz`; where the database is away, that."""

    def __init__(self, engine: Engine, fault_of: FaultOf) -> None:
        self.engine, self.fault_of = engine, fault_of
        self._evidence: tuple[int, int | None] = (0, None)

    def collect(self) -> Iterator[Metric]:
        """Read all of it; a database that does not answer leaves out what stands in it."""
        checks, _ = readiness(partial(reading, self.engine), self.fault_of)
        found = GaugeMetricFamily("registry_check", "A check of /readyz: 1 good, 0 not.", labels=("check",))
        for name, good in checks.items():
            found.add_metric((name,), float(good))
        yield found
        if not checks["schema"]:
            return
        try:
            with reading(self.engine) as connection:
                read = list(self._of_register(connection))
        except SQLAlchemyError:
            return
        yield from read

    def _of_register(self, connection: Connection) -> Iterator[Metric]:
        labels = GaugeMetricFamily("registry_info", "What is running.", labels=("version", "schema"))
        labels.add_metric((__version__, str(schema_revision(connection))), 1)
        yield labels
        newest = connection.execute(_NEWEST).first()
        number = newest.number if newest else 0
        yield GaugeMetricFamily("registry_revision", "The newest revision.", number)
        if newest:
            written = datetime.fromisoformat(newest.recorded).timestamp()
            yield GaugeMetricFamily("registry_revision_timestamp_seconds", "When it was written.", written)
        day = self._evidence_day(connection, number)
        if day is not None:
            age = (datetime.now(UTC).date().toordinal() - day) * SECONDS_OF_A_DAY
            yield GaugeMetricFamily("registry_newest_evidence_age_seconds", "Since the newest evidence.", age)
        yield from _subscriptions(connection, number)

    def _evidence_day(self, connection: Connection, revision: int) -> int | None:
        """The newest day on which a source shows anything in being; looked for once a revision."""
        if self._evidence[0] != revision:
            self._evidence = revision, connection.execute(_EVIDENCE).scalar()
        return self._evidence[1]


_NEWEST = select(Revision.number, Revision.recorded).order_by(Revision.number.desc()).limit(1)
_EVIDENCE = select(func.max(Answer.evidence_day)).where(Answer.recorded_to.is_(None))


def _subscriptions(connection: Connection, newest: int) -> Iterator[Metric]:
    """Webhooks by how they are, and how far the slowest is behind."""
    state = case(
        (Webhook.state != ACTIVE, "off"),
        (Webhook.failures > 0, "failing"),
        (Webhook.position < newest, "waiting"),
        else_="even",
    )
    asked = select(state, func.count(), func.min(Webhook.position)).group_by(state)
    rows = {name: (count, position) for name, count, position in connection.execute(asked)}
    found = GaugeMetricFamily("registry_webhooks", "Subscriptions, by how they are.", labels=("state",))
    for name in ("even", "waiting", "failing", "off"):
        found.add_metric((name,), rows[name][0] if name in rows else 0)
    yield found
    behind = [newest - position for name, (_, position) in rows.items() if name != "off"]
    yield GaugeMetricFamily("registry_webhooks_behind", "Revisions not told to the slowest.", max(behind, default=0))
