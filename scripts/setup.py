"""Make `.venv`: the hash-pinned requirements and, editable, the project itself. Needs nothing but Python."""

import re
import subprocess
import sys
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / ".venv"
PYTHON = str(FOLDER / "bin" / "python")
FAST = FOLDER / "requirements-uv.txt"
REST = FOLDER / "requirements-rest.txt"
PINNED = ["--require-hashes", "-r", "requirements.txt", "-r", str(REST)]
PROJECT = ["--no-build-isolation", "--no-deps", "--editable", "."]
# errors only: pip warns of each place in a machine's settings that it does not use
PIP = [PYTHON, "-m", "pip", "install", "--quiet", "--quiet", "--disable-pip-version-check"]
UV = [PYTHON, "-m", "uv", "pip", "install", "--quiet", "--python", PYTHON]


def run(*command: str) -> bool:
    """Run a command in the project's folder and tell whether it worked."""
    return subprocess.run(command, cwd=ROOT, check=False).returncode == 0


def make_environment() -> None:
    """Create the virtual environment, or keep the one that is there."""
    if sys.version_info < (3, 11):  # noqa: UP036 - any Python may have been asked to set up
        sys.exit("Python 3.11 or newer is needed: make setup PYTHON=python3.13")
    if Path(PYTHON).exists() and run(PYTHON, "-c", "import pip"):
        return
    try:
        venv.create(FOLDER, clear=True, with_pip=True)
    except subprocess.CalledProcessError:
        sys.exit("Python cannot make a virtual environment; on Debian: apt-get install python3-venv")


def split_requirements() -> None:
    """Put uv apart: it is not to be had everywhere, and nothing but speed depends on it."""
    text = (ROOT / "requirements-dev.txt").read_text(encoding="utf-8")
    fast = re.search(r"^uv==.*(\n +--hash=.*)+", text, re.MULTILINE)
    if fast is None:
        sys.exit("requirements-dev.txt does not pin uv")
    FAST.write_text(fast[0], encoding="utf-8")
    REST.write_text(text.replace(fast[0], ""), encoding="utf-8")


def installer() -> list[str]:
    """Return uv's install command, or pip's where uv cannot be installed."""
    return UV if run(*PIP, "--require-hashes", "-r", str(FAST)) else PIP


def main() -> None:
    """Install everything; the stamp tells make that there is nothing left to do."""
    print("Setting up .venv ...", flush=True)
    make_environment()
    split_requirements()
    install = installer()
    if not (run(*install, *PINNED) and run(*install, *PROJECT)):
        sys.exit("The installation failed; see the message above.")
    (FOLDER / "ready").touch()
    print("Ready: .venv/bin/registry --help")


if __name__ == "__main__":
    main()
