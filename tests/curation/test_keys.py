"""Keys: made by the command line, shown once, kept as a digest, ended at once."""

from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from sqlalchemy import select

from app.curation.keys import USE_NOTED_EVERY, moment
from app.curation.models import AccessKey, Account
from app.database import connect, reading, writing
from tests.bearers import bearing, key
from tests.registry_in_use import SOURCE, force, save, serving
from tests.test_cli import run

ASKED = {"reason": "a test", "dry_run": "true"}


def rows(url: str, table: Any) -> list[Any]:
    engine = connect(url)
    try:
        with reading(engine) as connection:
            return list(connection.execute(select(*table.__table__.c)))
    finally:
        engine.dispose()


def made(url: str, *arguments: str) -> str:
    """The key that the command shows."""
    code, out, err = run(url, "keys", "create", *arguments)
    assert code == 0, err
    return out.strip()


def status(client: httpx.Client, token: str) -> int:
    source = {"id": "letter", "name": "A letter"}
    return client.post("/v1/sources", json=source, params=ASKED, headers=bearing(token)).status_code


def test_a_key_is_shown_once_and_kept_as_a_digest(database_url: str) -> None:
    code, out, err = run(database_url, "keys", "create", "Anna", "--scope", "curate")
    prefix, key_id, secret = out.strip().split("_", 2)
    assert (code, prefix, len(secret)) == (0, "pcr", 43)
    [row] = rows(database_url, AccessKey)
    assert (row.id, row.scopes, row.forces, row.expires, row.revoked) == (key_id, "curate", None, None, None)
    assert secret not in repr(row) + err
    code, out, err = run(database_url, "keys", "list")
    assert (code, key_id in out, "Anna" in out, secret in out + err) == (0, True, True, False)


def test_no_two_keys_are_alike(database_url: str) -> None:
    found = {made(database_url, "Anna", "--scope", "read") for _ in range(5)}
    assert len(found) == len({row.secret_digest for row in rows(database_url, AccessKey)}) == 5


def test_the_same_holder_keeps_one_account(database_url: str) -> None:
    for holder in ("Anna", "Anna", "Ben"):
        made(database_url, holder, "--scope", "read")
    assert sorted(row.name for row in rows(database_url, Account)) == ["Anna", "Ben"]
    assert len({row.account_id for row in rows(database_url, AccessKey)}) == 2


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("Anna",), "Missing option '--scope'"),
        (("Anna", "--scope", "write"), "'write' is not one of"),
        (("Anna", "--scope", "curate", "--force", "kemt"), "there is no force 'kemt'"),
        (("Anna", "--scope", "admin", "--force", "kent"), "an administrator cannot be limited to forces"),
        (("Anna", "--scope", "curate", "--scope", "admin", "--force", "kent"), "cannot be limited to forces"),
        (("Anna", "--scope", "curate", "--expires", "tomorrow"), "'tomorrow' does not match"),
    ],
)
def test_a_key_that_cannot_be_is_not_made(database_url: str, arguments: tuple[str, ...], message: str) -> None:
    save(database_url, SOURCE, force("kent"))
    code, out, err = run(database_url, "keys", "create", *arguments)
    assert (code != 0, message in err, out, "Traceback" in err) == (True, True, "", False), err
    assert rows(database_url, AccessKey) == rows(database_url, Account) == []


def test_a_key_works_until_it_ends(database_url: str) -> None:
    save(database_url, SOURCE, force("kent"))
    today = datetime.now(UTC).date()
    lasting = made(database_url, "Anna", "--scope", "curate", "--expires", str(today + timedelta(days=1)))
    ended = made(database_url, "Anna", "--scope", "curate", "--expires", str(today))
    other = made(database_url, "Ben", "--scope", "curate")
    with serving(database_url) as client:
        assert [status(client, lasting), status(client, ended), status(client, other)] == [200, 401, 200]
        code, out, _ = run(database_url, "keys", "revoke", lasting.split("_")[1])
        assert (code, "is revoked" in out) == (0, True)
        assert [status(client, lasting), status(client, other)] == [401, 200]
    assert run(database_url, "keys", "revoke", lasting.split("_")[1])[0] == 1
    code, _, err = run(database_url, "keys", "revoke", "k-0000000000")
    assert (code, "there is no key" in err) == (1, True)


@pytest.mark.parametrize("change", [str.upper, lambda text: text[:-1], lambda text: f"{text}x", lambda text: text[4:]])
def test_a_key_that_is_nearly_right_is_wrong(database_url: str, change: Any) -> None:
    save(database_url, SOURCE)
    token = key(database_url, "curate")
    with serving(database_url) as client:
        assert [status(client, change(token)), status(client, token)] == [401, 200]


def test_the_last_use_is_noted_now_and_then(database_url: str) -> None:
    save(database_url, SOURCE)
    token = made(database_url, "Anna", "--scope", "curate")
    assert "last used never" in run(database_url, "keys", "list")[1]
    with serving(database_url) as client:
        status(client, token)
        first = rows(database_url, AccessKey)[0].last_used
        status(client, token)
        assert rows(database_url, AccessKey)[0].last_used == first
        long_ago = moment(datetime.now(UTC) - USE_NOTED_EVERY * 2)
        note(database_url, long_ago)
        status(client, token)
    assert rows(database_url, AccessKey)[0].last_used > long_ago
    assert f"last used {first[:10]}" in run(database_url, "keys", "list")[1]


def note(url: str, when: str) -> None:
    engine = connect(url)
    try:
        with writing(engine) as session:
            session.execute(AccessKey.__table__.update().values(last_used=when))  # type: ignore[attr-defined]
    finally:
        engine.dispose()


def test_a_name_is_erased_and_what_was_written_stays(database_url: str) -> None:
    save(database_url, SOURCE)
    token = made(database_url, "Anna", "--scope", "curate")
    [account] = [row.id for row in rows(database_url, Account)]
    code, out, _ = run(database_url, "keys", "erase", account)
    assert (code, "is erased" in out) == (0, True)
    assert [row.name for row in rows(database_url, Account)] == [None]
    assert "(erased)" in run(database_url, "keys", "list")[1]
    with serving(database_url) as client:
        assert status(client, token) == 200
    assert run(database_url, "keys", "erase", account)[0] == 1
