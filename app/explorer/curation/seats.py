"""Who asks for a page of curators: dependencies that name the scopes which what is sent there needs."""

from typing import Annotated, Any

from fastapi import Depends, Request

from app.api.callers import Scope
from app.explorer.curation.visits import Visit, Visits


def seat(*scopes: Scope) -> Any:
    """The dependency of an endpoint that is for those who have one of the scopes: it says who asks, and no more.

    The endpoint refuses whom it must: what was filled in is shown once more, with the reason.
    """

    def visit(request: Request) -> Visit:
        visits: Visits = request.app.state.visits
        return visits.of(request)

    visit.page_scopes = scopes  # type: ignore[attr-defined]
    return Depends(visit)


AnyVisit = Annotated[Visit, seat()]
ProposerVisit = Annotated[Visit, seat(Scope.PROPOSE)]
ParticipantVisit = Annotated[Visit, seat(Scope.PROPOSE, Scope.APPROVE)]
ApproverVisit = Annotated[Visit, seat(Scope.APPROVE)]
TriagerVisit = Annotated[Visit, seat(Scope.CURATE, Scope.APPROVE)]
