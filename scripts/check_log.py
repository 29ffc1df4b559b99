"""Verify the log with an outside verifier: the code with which Go verifies its own checksum database.

It reads checkpoint, entries and tile over HTTP, and the proofs of records from files. The register is an old one that
is written on, so that there are heads of both forms.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from app.log.signed_notes import SigningKey
from tests.registry_in_use import SOURCE, force, save, serving
from tests.test_cli import run
from tests.upgrades.registers import old_register

GO = str(Path(sys.executable).parent / "go")
OWN = Path(__file__).parent / "verify_log.go"
VENDORED = Path("src/cmd/vendor/golang.org/x/mod/sumdb")
PROOFS = ("forces/alpha/proof", "forces/beta/proof?revision=7", "forces/bedfordshire/proof")
OFFLINE = {"GOFLAGS": "-mod=mod", "GOTOOLCHAIN": "local", "GOPROXY": "off", "CGO_ENABLED": "0"}


def build(folder: Path) -> str:
    """Build the verifier of what the Go distribution carries, without a network."""
    environment = {**os.environ, **OFFLINE, "GOCACHE": str(folder / "cache")}
    told = subprocess.run([GO, "env", "GOROOT"], env=environment, capture_output=True, text=True, check=True)
    for package in ("note", "tlog"):
        shutil.copytree(Path(told.stdout.strip()) / VENDORED / package, folder / package)
    shutil.copy(OWN, folder)
    (folder / "go.mod").write_text("module registry\n\ngo 1.24\n")
    subprocess.run([GO, "build", "-o", "verify"], cwd=folder, env=environment, check=True)
    return str(folder / "verify")


def fill(url: str) -> None:
    """A register of an older release, and what this one wrote after it."""
    old_register(url, "0003")
    for command in (("migrate", "--backed-up"), ("rebuild",)):
        run(url, *command)
    save(url, SOURCE, force("alpha"), force("beta"))
    for number in range(1, 10):
        save(url, force("beta", name=f"Beta {number}"))


def asked(*command: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, capture_output=True, text=True, check=False)


def verified(program: str, folder: Path) -> str | None:
    """What the verifier says of a log that holds, and None if it takes another key's; exits where it does not hold."""
    url, key = f"sqlite:///{folder}/registry.db", SigningKey.make("registry.example.org/v1/log")
    fill(url)
    (folder / "log.key").write_text(f"{key}\n")
    with serving(url, log_key_file=str(folder / "log.key")) as client:
        address, files = f"{str(client.base_url).rstrip('/')}/v1/log", []
        for number, path in enumerate(PROOFS):
            files.append(folder / f"{number}.tlog-proof")
            files[-1].write_text(client.get(f"/v1/{path}").json()["data"]["proof"])
        found = asked(program, address, str(key.public), *map(str, files))
        other = asked(program, address, str(SigningKey.make(key.name).public))
    if found.returncode:
        sys.exit(f"the log does not hold: {found.stderr}")
    return found.stdout.strip() if other.returncode else None


def main() -> None:
    """Build, verify, and say what was found."""
    with TemporaryDirectory() as folder:
        size = verified(build(Path(folder)), Path(folder))
    if size is None:
        sys.exit("the verifier takes a key that did not sign")
    print(f"Go verifies the log: {size} revisions, {len(PROOFS)} proofs of records")


if __name__ == "__main__":
    main()
