"""A cursor is taken where it was written, as it was written, and nowhere else."""

from base64 import urlsafe_b64decode, urlsafe_b64encode

import pytest

from app.api import cursor
from app.api.cursor import Cursor
from app.registry.problems import Unsupported

KEY, PATH = b"a secret", "/v1/forces"
PINNED = Cursor({"sort": "name", "force": "alpha"}, 7, ["Ärzte", 3, None])
WRITTEN = cursor.write(KEY, PATH, PINNED)


def test_it_holds_the_question_the_revision_and_the_place() -> None:
    assert cursor.read(KEY, PATH, WRITTEN) == PINNED


def test_it_is_plain_in_an_address() -> None:
    assert WRITTEN.replace("-", "").replace("_", "").isalnum()


@pytest.mark.parametrize(("key", "path"), [(KEY, "/v1/joint-units"), (b"another secret", PATH), (KEY, "/v1/forces\n")])
def test_it_is_good_for_one_list_of_one_database(key: bytes, path: str) -> None:
    with pytest.raises(Unsupported) as refused:
        cursor.read(key, path, WRITTEN)
    assert refused.value.slug == "invalid-cursor"


def other_spellings() -> list[str]:
    """Texts that base64 reads as the same bytes."""
    raw = urlsafe_b64decode(WRITTEN + "=" * (-len(WRITTEN) % 4))
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    last = [WRITTEN[:-1] + letter for letter in alphabet if letter != WRITTEN[-1]]
    same = [text for text in last if urlsafe_b64decode(text + "=" * (-len(text) % 4)) == raw]
    return [*same, WRITTEN + "=" * (-len(WRITTEN) % 4), f"{WRITTEN[:4]}\n{WRITTEN[4:]}", f"{WRITTEN[:8]}!{WRITTEN[8:]}"]


@pytest.mark.parametrize("text", [text for text in other_spellings() if text != WRITTEN])
def test_no_other_spelling_of_it_is_taken(text: str) -> None:
    with pytest.raises(Unsupported):
        cursor.read(KEY, PATH, text)


@pytest.mark.parametrize("place", [0, 15, 16, 20, -1])
def test_no_byte_of_it_can_be_changed(place: int) -> None:
    raw = bytearray(urlsafe_b64decode(WRITTEN + "=" * (-len(WRITTEN) % 4)))
    raw[place] ^= 1
    with pytest.raises(Unsupported):
        cursor.read(KEY, PATH, urlsafe_b64encode(raw).rstrip(b"=").decode())


@pytest.mark.parametrize("text", ["", "x", "AAAA", "ä", " "])
def test_what_is_no_cursor_is_refused(text: str) -> None:
    with pytest.raises(Unsupported):
        cursor.read(KEY, PATH, text)
