"""All that writes, put together on one database."""

from fastapi import APIRouter, FastAPI
from sqlalchemy import Engine

from app.curation import record_endpoints, redaction_endpoints, revision_endpoints
from app.curation.authentication import authenticator
from app.curation.desk import Desk, Watch
from app.curation.imports import endpoints as imports
from app.curation.imports.spool import SpoolFolder
from app.curation.imports.works import ImportWorks
from app.curation.proposals import endpoints as proposals
from app.curation.proposals.desk import ProposalDesk
from app.curation.reports import endpoints as reports
from app.curation.reports.endpoints import ReportDesk
from app.curation.revision_endpoints import RevisionWriting
from app.curation.writes import Review
from app.registry.projections import Register
from app.settings import Settings


class Curation:
    """The desk at which writes are carried out, the one without time limits, and where datasets are put down."""

    def __init__(self, engine: Engine, register: Register, review: Review, settings: Settings, watch: Watch) -> None:
        self.settings = settings
        self.desk = Desk(engine, register, review, settings.lock_timeout, watch)
        self.proposals = ProposalDesk(self.desk, needed=settings.acceptances, days=settings.proposal_days)
        self.reports, self.revisions = ReportDesk(self.desk), RevisionWriting(self.desk)
        self.works = ImportWorks(self.desk.unhurried(settings.database_url))
        self.spool = SpoolFolder(settings.spool_folder, settings.largest_import)

    def install(self, app: FastAPI) -> None:
        """Keep with the application what its dependencies ask for: who callers are, and what anyone may do."""
        app.state.authenticate = authenticator(self.desk, self.settings)
        app.state.public_reports, app.state.spool = self.settings.public_reports, self.spool

    def routers(self) -> list[APIRouter]:
        """The routers of everything that writes."""
        return [
            record_endpoints.build(self.desk),
            redaction_endpoints.build(self.desk),
            revision_endpoints.build(self.revisions),
            proposals.build(self.proposals),
            reports.build(self.reports),
            imports.build(self.desk, self.works, self.spool),
        ]

    def open(self) -> None:
        """Before the first request: take away what an earlier process left."""
        self.spool.sweep()

    def close(self) -> None:
        """After the last request."""
        self.works.close()
