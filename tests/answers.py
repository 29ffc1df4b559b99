"""What is asked on both databases and must be answered alike, also where each is tested by a process of its own."""

import hashlib
import json
import os
import uuid
from contextlib import suppress
from pathlib import Path
from typing import Any


class Answers:
    """Files in a folder that all processes of a test run share."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def first(self, question: str, answer: Any) -> Any:
        """Return the answer that was given first: this one, or that of the database asked before."""
        kept = self.folder / hashlib.sha256(question.encode()).hexdigest()
        written = self.folder / uuid.uuid4().hex
        written.write_text(json.dumps(answer))
        with suppress(FileExistsError):
            os.link(written, kept)  # nobody can read half of it, and only one process can be the first
        written.unlink()
        return json.loads(kept.read_text())
