"""The file with the keys that sign the log: one a line, the newest first; each signs every checkpoint.

So a key can be changed while those who know only the former one still verify. Private keys stand in no database.
"""

import os
from pathlib import Path

from app.log.signed_notes import NoteError, SigningKey
from app.settings import SettingsError


def read_keys(path: Path) -> list[SigningKey]:
    """The keys in the file. Raises SettingsError."""
    try:
        keys = [SigningKey.parse(line) for line in path.read_text().splitlines()]
    except FileNotFoundError:
        raise SettingsError(f"there is no key in {path}; run: registry log key create") from None
    except OSError as error:
        raise SettingsError(f"the key in {path} cannot be read: {error.strerror}") from error
    except (NoteError, UnicodeDecodeError) as error:
        raise SettingsError(f"{path} is no file of keys: {error}") from error
    if not keys or len({key.name for key in keys}) > 1:
        raise SettingsError(f"{path} must have keys of one name, one a line")
    return keys


def create_key(path: Path, origin: str) -> SigningKey:
    """Make the first key. Raises SettingsError where there is one: it is never written over."""
    if path.exists():
        raise SettingsError(f"{path} is there already; registry log key rotate adds a new key to it")
    return _kept(path, origin, [])


def rotate_key(path: Path) -> SigningKey:
    """Add a new key before the former ones."""
    former = read_keys(path)
    return _kept(path, former[0].name, former)


def succeed_key(path: Path, origin: str) -> SigningKey:
    """Make the key of a log that goes on under a new name; the file of the former ones is kept beside."""
    former = read_keys(path)
    try:
        keep_former(path, former[0].name)
    except OSError as error:
        raise SettingsError(f"the keys in {path} cannot be kept beside: {error.strerror}") from error
    return _kept(path, origin, [])


def keep_former(path: Path, origin: str) -> None:
    """Give a file of a log of that name another name too, by which it stays: "log.key.of-registry.example.org-v1-log".

    Raises OSError.
    """
    other = path.with_name(f"{path.name}.of-{origin.replace('/', '-')}")
    if path.exists() and not other.exists():
        os.link(path, other)


def _kept(path: Path, name: str, former: list[SigningKey]) -> SigningKey:
    """A new key, kept with the former ones in a file that nobody else can read."""
    part = path.with_name(f"{path.name}.part")
    try:
        key = SigningKey.make(name)
        with open(part, "x", opener=_private) as file:
            file.writelines(f"{each}\n" for each in (key, *former))
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    except NoteError as error:
        raise SettingsError(str(error)) from error
    except OSError as error:
        raise SettingsError(f"{path} cannot be written: {error.strerror}") from error
    return key


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)
