"""The spool: who works on what, and what is left behind."""

import errno
from pathlib import Path

import pytest

from app.curation.imports.spool import Progress, SpoolFolder
from app.registry.problems import Refused, Unsupported


def folder(path: Path, largest: int = 100) -> SpoolFolder:
    return SpoolFolder(str(path), largest)


def test_a_dataset_is_read_as_often_as_is_needed(tmp_path: Path) -> None:
    spool = folder(tmp_path).open("i-one")
    spool.add(b'{"a": ')
    spool.add(b"1}\n\n2")
    assert list(spool) == list(spool)
    assert [(entry.where, entry.document) for entry in spool] == [("line 1", {"a": 1}), ("line 3", 2)]
    spool.close()
    assert not list(tmp_path.glob("i-one*"))


def test_what_is_worked_on_is_told_from_what_was_left(tmp_path: Path) -> None:
    ours = folder(tmp_path)
    spool = ours.open("i-one")
    (tmp_path / "i-two.ndjson").write_bytes(b"")
    (tmp_path / "i-two.progress").write_bytes(b"")
    assert [ours.works_on(name) for name in ("i-one", "i-two", "i-three")] == [True, False, False]
    ours.sweep()
    assert sorted(file.name for file in tmp_path.iterdir()) == [".lock", "i-one.ndjson"]
    spool.close()
    assert not ours.works_on("i-one")


def test_progress_stands_beside_it(tmp_path: Path) -> None:
    ours = folder(tmp_path)
    spool = ours.open("i-one")
    assert ours.progress("i-one") is None
    spool.note(Progress("checking", "checked", 500, None))
    assert ours.progress("i-one") == Progress("checking", "checked", 500, None)
    spool.close()
    assert ours.progress("i-one") is None


def test_one_that_is_too_long_is_refused(tmp_path: Path) -> None:
    spool = folder(tmp_path, largest=10).open("i-one")
    spool.add(b"x" * 10)
    with pytest.raises(Unsupported, match="longer than 10 bytes"):
        spool.add(b"x")
    spool.close()


def test_a_folder_that_takes_nothing_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(Refused, match="cannot be put down: Not a directory") as refused:
        folder(tmp_path / "file" / "spool").open("i-one")
    assert refused.value.slug == "unavailable"


def test_a_full_disk_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    spool = folder(tmp_path).open("i-one")

    class Full:
        def write(self, _: bytes) -> int:
            raise OSError(errno.ENOSPC, "No space left on device")

        def close(self) -> None:
            pass

    spool.file.close()
    monkeypatch.setattr(spool, "file", Full())
    with pytest.raises(Refused, match="No space left on device"):
        spool.add(b"x")
    spool.close()
