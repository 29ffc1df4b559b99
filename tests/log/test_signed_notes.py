"""Signed notes and checkpoints, against the examples of the specification and of Go's `sumdb/note`."""

from base64 import b64decode

import pytest
from hypothesis import given
from hypothesis import strategies as some

from app.log.signed_notes import Checkpoint, NoteError, SigningKey, VerifyingKey, signed, text_of, verified

PRIVATE = "PRIVATE+KEY+PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz"
PUBLIC = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
TEXT = "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n"
SIGNATURE = (
    "— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n"
)
"""The key, the text and the signature in the documentation of golang.org/x/mod/sumdb/note."""

POEM = """Ognuno sta solo sul cuor della terra
trafitto da un raggio di sole:

ed è subito sera.

— quasimodo.example/salvatore NnugSzTjtVAewIS+Z/iJhUPeFDkO/5QQ2i5ddnGITLlC+EhfLW9oJKONrMouFSQU0xMcXxj99ihAQwaqP3ZekRwNtIc=
"""  # noqa: E501
"""The example of c2sp.org/signed-note; its text has an empty line of its own."""

CHECKPOINT = "example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n"
"""The example of c2sp.org/tlog-checkpoint."""

KEY = SigningKey.parse(PRIVATE)


def test_the_example_of_go_is_signed_alike() -> None:
    assert str(KEY.public) == PUBLIC
    assert str(KEY) == PRIVATE
    assert signed(TEXT, [KEY]) == f"{TEXT}\n{SIGNATURE}"


def test_the_example_of_go_verifies() -> None:
    assert verified(f"{TEXT}\n{SIGNATURE}", [VerifyingKey.parse(PUBLIC)]) == TEXT


def test_the_text_of_the_specification_s_example() -> None:
    assert text_of(POEM).endswith("sole:\n\ned è subito sera.\n")


def test_signatures_of_others_are_passed_over() -> None:
    other = SigningKey.make("witness.example")
    note = signed(TEXT, [other, KEY])
    assert verified(note, [KEY.public]) == TEXT
    assert verified(note, [other.public]) == TEXT


@given(some.integers(0, len(TEXT) - 2))
def test_one_letter_changed_is_refused(place: int) -> None:
    changed = TEXT[:place] + chr(ord(TEXT[place]) ^ 1) + TEXT[place + 1 :]
    with pytest.raises(NoteError):
        verified(f"{changed}\n{SIGNATURE}", [KEY.public])


def test_a_note_that_nobody_known_signed_is_refused() -> None:
    with pytest.raises(NoteError, match="no key that is known"):
        verified(f"{TEXT}\n{SIGNATURE}", [SigningKey.make("PeterNeumann").public])


@pytest.mark.parametrize("note", ["", "no signature\n", f"{TEXT}{SIGNATURE}", f"{TEXT}\nno signature\n"])
def test_what_is_no_note(note: str) -> None:
    with pytest.raises(NoteError):
        text_of(note)


@pytest.mark.parametrize("text", ["", PUBLIC[:-4], PUBLIC.replace("c7", "c8"), PUBLIC.replace("ARpc", "ARp!"), "a+b+c"])
def test_what_is_no_key(text: str) -> None:
    with pytest.raises(NoteError):
        VerifyingKey.parse(text)


@pytest.mark.parametrize("text", ["", PUBLIC, PRIVATE.replace("c7", "c8")])
def test_what_is_no_private_key(text: str) -> None:
    with pytest.raises(NoteError):
        SigningKey.parse(text)


@pytest.mark.parametrize("name", ["", "two words", "a+b"])
def test_a_key_needs_a_name_that_notes_can_have(name: str) -> None:
    with pytest.raises(NoteError):
        SigningKey.make(name)


def test_the_specification_s_checkpoint() -> None:
    found = Checkpoint.parse(CHECKPOINT)
    root = b64decode("CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=")
    assert found == ("example.com/behind-the-sofa", 20852163, root)
    assert str(found) == CHECKPOINT
    assert Checkpoint.parse(CHECKPOINT + "an extension\n") == found


@pytest.mark.parametrize(
    "text", ["", "a\n1\n", "a\n01\nAA==\n", "a\n-1\nAA==\n", "a\n1\nAA==\n", CHECKPOINT.replace("CsU", "!!!"), "\n" * 4]
)
def test_what_is_no_checkpoint(text: str) -> None:
    with pytest.raises(NoteError):
        Checkpoint.parse(text)
