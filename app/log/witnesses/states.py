"""What witnesses signed last, as it is kept, and since when they do not."""

from collections.abc import Iterable

from sqlalchemy import Connection, select
from sqlalchemy.orm import Session

from app.log.signed_notes import Checkpoint
from app.log.webhooks.schedule import moment
from app.log.witnesses.models import WitnessState
from app.log.witnesses.policy import Witness


def kept_cosignatures(connection: Connection, checkpoint: Checkpoint, witnesses: Iterable[Witness]) -> tuple[str, ...]:
    """The lines of these witnesses for this very checkpoint, in their order."""
    asked = select(WitnessState.name, WitnessState.line).where(
        WitnessState.origin == checkpoint.origin,
        WitnessState.size == checkpoint.size,
        WitnessState.root == checkpoint.encoded_root,
    )
    lines = {name: line for name, line in connection.execute(asked) if line}
    return tuple(lines[each.key.name] for each in witnesses if each.key.name in lines)


def signed_sizes(connection: Connection, origin: str) -> dict[str, int]:
    """By the name of the witness, the size of the log of this name that it signed last."""
    asked = select(WitnessState.name, WitnessState.size).where(WitnessState.origin == origin)
    return {row.name: row.size for row in connection.execute(asked)}


def note_signature(session: Session, witness: Witness, checkpoint: Checkpoint, line: str) -> None:
    """Keep what it signed."""
    state = _state(session, witness, checkpoint)
    state.origin, state.size, state.root = checkpoint.origin, checkpoint.size, checkpoint.encoded_root
    state.line, state.cosigned, state.failing_since, state.error = line, moment(), None, None


def note_failure(session: Session, witness: Witness, checkpoint: Checkpoint, why: str) -> None:
    """Keep that it did not sign, and since when it does not."""
    state = _state(session, witness, checkpoint)
    state.failing_since, state.error = state.failing_since or moment(), why


def _state(session: Session, witness: Witness, checkpoint: Checkpoint) -> WitnessState:
    found = session.get(WitnessState, witness.key.name)
    if found is None:
        found = WitnessState(name=witness.key.name, origin=checkpoint.origin, size=0, root="")
        session.add(found)
    return found


def outage(connection: Connection, witnesses: Iterable[Witness]) -> str | None:
    """Since when no witness signs, and why; None where any does, or there is none."""
    names = [each.key.name for each in witnesses]
    if not names:
        return None
    asked = select(WitnessState.name, WitnessState.failing_since, WitnessState.error)
    states = connection.execute(asked.where(WitnessState.name.in_(names))).all()
    if not states:
        return "no witness was asked yet: run `registry log witness`"
    failing = [state for state in states if state.failing_since]
    if len(failing) < len(names):
        return None
    last = max(failing, key=lambda state: str(state.failing_since))
    return f"no witness signs the log since {last.failing_since}; {last.name}: {last.error}"
