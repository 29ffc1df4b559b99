"""The file that names the witnesses: lines `witness NAME VKEY URL`, as a policy file has them (C2SP tlog-policy)."""

from pathlib import Path
from typing import NamedTuple

from app.log.signed_notes import NoteError
from app.log.witnesses.cosignatures import WitnessKey
from app.settings import SettingsError
from app.web_addresses import ForbiddenError, web_address

OTHERS = frozenset({"log", "group", "quorum"})
"""Words that are for those who verify."""


class Witness(NamedTuple):
    """Who is asked to sign, and where."""

    key: WitnessKey
    url: str


def read_witnesses(path: Path) -> list[Witness]:
    """The witnesses in the file; those without an address are not asked. Raises SettingsError."""
    try:
        lines = path.read_text("utf-8").splitlines()
        found = [_witness(line.split()) for line in lines if line.split()[:1] == ["witness"]]
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(f"the witnesses in {path} cannot be read: {error}") from error
    except (NoteError, ForbiddenError, ValueError) as error:
        raise SettingsError(f"{path} names a witness that cannot be asked: {error}") from error
    known = {"witness", "#", *OTHERS}
    if other := [line for line in lines if line.strip() and not line.startswith("#") and line.split()[0] not in known]:
        raise SettingsError(f"{path} has a line that is none of a policy: '{other[0][:60]}'")
    return [each for each in found if each is not None]


def _witness(words: list[str]) -> Witness | None:
    if len(words) == 3:
        return None
    if len(words) != 4:
        raise ValueError("write it as: witness NAME VKEY URL")
    web_address(words[3])
    return Witness(WitnessKey.parse(words[2]), words[3].rstrip("/"))
