"""Programs that come from Debian packages: found, or installed, or missed in plain words."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterable


def missing(programs: Iterable[str]) -> list[str]:
    return [program for program in programs if not shutil.which(program)]


def install(*packages: str) -> None:
    """Install Debian packages, or end with what to do where that is not possible."""
    ask = [] if os.geteuid() == 0 else ["sudo"]
    names = ", ".join(packages)
    if missing(["apt-get", *ask]):
        sys.exit(f"This needs {names}. Install them: that is done here only on Debian, as root or with sudo.")
    print(f"Installing {names} ...", flush=True)
    for command in (["update", "-qq"], ["install", "-y", "-qq", "--no-install-recommends", *packages]):
        done = subprocess.run([*ask, "apt-get", *command], check=False, stdout=subprocess.DEVNULL)
        if done.returncode:
            sys.exit(f"apt-get {command[0]} failed; install {names} yourself.")
