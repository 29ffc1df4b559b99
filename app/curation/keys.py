"""Keys: made, shown once, kept as a digest, and looked up in constant time."""

import re
import secrets
import string
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from hmac import compare_digest
from typing import NamedTuple

from sqlalchemy import Connection, bindparam, select, update
from sqlalchemy.orm import Session

from app.api.callers import Caller, Scope, unauthenticated
from app.curation.models import AccessKey, Account
from app.prepared_statements import PreparedStatement
from app.registry.problems import RuleBroken
from app.registry.records import Record

PREFIX = "pcr"
"""What every key begins with, so that scanners for leaked secrets can know it."""
ID_LENGTH, SECRET_BYTES = 10, 32
USE_NOTED_EVERY = timedelta(minutes=5)
"""How exact `last_used` is: it is not worth a write for every request."""
_LETTERS = string.ascii_lowercase + string.digits
_KEY = re.compile(rf"{PREFIX}_(?P<id>k-[a-z0-9]{{{ID_LENGTH}}})_(?P<secret>[A-Za-z0-9_-]+)")
_NOBODYS = sha256(b"").hexdigest()


def moment(time: datetime | None = None) -> str:
    """A time as tables have it: RFC 3339, UTC, microseconds; now, where none is given."""
    return (time or datetime.now(UTC)).astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def new_id(kind: str) -> str:
    """A new id that says nothing of whose it is: "k-4x8s0w2m1q"."""
    return f"{kind}-{''.join(secrets.choice(_LETTERS) for _ in range(ID_LENGTH))}"


def account_named(session: Session, name: str) -> Account:
    """The account of that name, a new one where there is none."""
    found = session.scalars(select(Account).where(Account.name == name).limit(1)).first()
    if found is None:
        found = Account(id=new_id("a"), name=name, created=moment())
        session.add(found)
        session.flush()
    return found


def create(
    session: Session,
    holder: str,
    scopes: Iterable[Scope],
    *,
    forces: Iterable[str] | None = None,
    expires: datetime | None = None,
) -> tuple[AccessKey, str]:
    """A new key of the person or team `holder`, and the text that must be shown now, for it is kept nowhere.

    Raises RuleBroken for forces that are not recorded, and for an administrator limited to forces.
    """
    wanted, limits = sorted(set(scopes)), sorted(set(forces)) if forces else None
    _refuse_limits(session, wanted, limits)
    secret = secrets.token_urlsafe(SECRET_BYTES)
    key = AccessKey(
        id=new_id("k"),
        account_id=account_named(session, holder).id,
        secret_digest=_digest(secret),
        scopes=" ".join(wanted),
        forces=" ".join(limits) if limits else None,
        created=moment(),
        expires=moment(expires) if expires else None,
    )
    session.add(key)
    session.flush()
    return key, f"{PREFIX}_{key.id}_{secret}"


def _refuse_limits(session: Session, scopes: list[Scope], forces: list[str] | None) -> None:
    if not scopes:
        raise RuleBroken("a key needs a scope")
    if forces is None:
        return
    if Scope.ADMIN in scopes:
        raise RuleBroken("an administrator cannot be limited to forces")
    known = set(session.scalars(select(Record.id).where(Record.collection == "force", Record.id.in_(forces))))
    if missing := [slug for slug in forces if slug not in known]:
        raise RuleBroken(f"there is no force '{missing[0]}'")


def revoke(session: Session, key_id: str) -> bool:
    """End a key at once; False where there is none, or it had ended."""
    ended = update(AccessKey).where(AccessKey.id == key_id, AccessKey.revoked.is_(None)).values(revoked=moment())
    return bool(session.execute(ended).rowcount)  # type: ignore[attr-defined]


def erase_name(session: Session, account_id: str) -> bool:
    """Erase whose the account is; what it wrote stays, under an id that names nobody."""
    erased = update(Account).where(Account.id == account_id, Account.name.is_not(None)).values(name=None)
    return bool(session.execute(erased).rowcount)  # type: ignore[attr-defined]


def _digest(secret: str) -> str:
    # 256 random bits need no slow hash: there is no list of likely ones to try
    return sha256(secret.encode()).hexdigest()


class _KnownKey(NamedTuple):
    """What is kept of a key, as far as a request is asked for it."""

    id: str
    account_id: str
    secret_digest: str
    scopes: str
    forces: str | None
    expires: str | None
    revoked: str | None
    last_used: str | None


_KNOWN = PreparedStatement(
    select(*(getattr(AccessKey, name) for name in _KnownKey._fields)).where(AccessKey.id == bindparam("key_id"))
)


def authenticated(connection: Connection, text: str) -> tuple[Caller, bool]:
    """Whose key it is, and whether its use is to be noted. Raises Refused for one that is unknown or has ended."""
    key_id, secret = _parts(text)
    row = _kept(connection, key_id)
    fits = compare_digest(row.secret_digest if row else _NOBODYS, _digest(secret))
    if row is None or not fits:
        raise unauthenticated("the key is not known here")
    return _standing(row)


def still_valid(connection: Connection, key_id: str) -> tuple[Caller, bool]:
    """The same of a key that was shown before: its id alone is known now."""
    row = _kept(connection, key_id)
    if row is None:
        raise unauthenticated("the key is not known here")
    return _standing(row)


def _kept(connection: Connection, key_id: str) -> _KnownKey | None:
    return next(map(_KnownKey._make, _KNOWN.rows(connection, key_id=key_id)), None)


def _standing(row: _KnownKey) -> tuple[Caller, bool]:
    """The caller of a key that is kept. Raises Refused for one that has ended."""
    now = moment()
    if row.revoked:
        raise unauthenticated("the key was revoked")
    if row.expires and row.expires <= now:
        raise unauthenticated("the key has expired")
    forces = frozenset(row.forces.split()) if row.forces else None
    caller = Caller(row.id, row.account_id, frozenset(map(Scope, row.scopes.split())), forces)
    return caller, not row.last_used or row.last_used < moment(datetime.now(UTC) - USE_NOTED_EVERY)


def _parts(text: str) -> tuple[str, str]:
    """Id and secret of a key; of what is none, no part is handed on as an id, for it may be a secret."""
    found = _KEY.fullmatch(text)
    return (found["id"], found["secret"]) if found else ("", text)


def note_use(session: Session, key_id: str) -> None:
    """Note that the key was used now."""
    session.execute(update(AccessKey).where(AccessKey.id == key_id).values(last_used=moment()))
