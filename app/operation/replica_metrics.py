"""What is told of the standbys that are read: whether one is there, and how far it is behind."""

from collections.abc import Iterator

from prometheus_client import Metric
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from app.database import reading
from app.registry.serving.replica_lag import ReplicaLag, is_standby, lag_of


class ReplicaMetrics(Collector):
    """Asks the standby and its primary; what cannot be told is left out."""

    def __init__(self, primary: Engine, replica: Engine) -> None:
        self.primary, self.replica = primary, replica

    def collect(self) -> Iterator[Metric]:
        """Read it."""
        up, lag = self._told()
        yield GaugeMetricFamily("registry_replica_up", "Whether a standby answers: 1, or 0.", float(up))
        if lag is not None:
            yield GaugeMetricFamily("registry_replica_lag_revisions", "Revisions it has not got yet.", lag.revisions)
            yield GaugeMetricFamily("registry_replica_lag_seconds", "Since the first of them.", lag.seconds)

    def _told(self) -> tuple[bool, ReplicaLag | None]:
        up = False
        try:
            with reading(self.replica) as replica:
                up = is_standby(replica)
                with reading(self.primary) as primary:
                    return up, lag_of(replica, primary)
        except SQLAlchemyError:
            return up, None
