"""Container engines: docker or podman where one works; else Debian's, with a base image made from Debian packages.

The last is for machines without an engine or without a registry of images. It proves the steps of the Dockerfile and
the image's behaviour, but not that they fit the real base image.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

from scripts import debian

PROGRAMS = ("buildah", "podman", "runc", "mmdebstrap")
SUITE, PYTHON = "trixie", ("python3", "python3-venv", "python3-pip", "ca-certificates")
CERTIFICATES = "/etc/ssl/certs/ca-certificates.crt"
STORE = Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache")) / "police-collaboration-registry" / "containers"
# without a manager of services and of networks; and with limits that any root may set
STAND_IN = ["podman", "--cgroup-manager", "cgroupfs", "--events-backend", "file", "--runtime", "runc"]
RUN_OPTIONS = ["--pull=never", "--network=host", "--ulimit", "nofile=1024:1024", "--ulimit", "nproc=4096:4096"]


@dataclass
class Engine:
    """How to build and run here."""

    program: list[str]
    build: list[str]
    run_options: list[str] = field(default_factory=list)
    environment: dict[str, str] = field(default_factory=dict)

    @property
    def shares_network(self) -> bool:
        """Whether a container's ports are those of the machine."""
        return "--network=host" in self.run_options

    def __call__(self, *arguments: str) -> str:
        """Run the engine, and give what it says."""
        return self.execute([*self.program, *arguments])

    def execute(self, command: list[str]) -> str:
        """Run a command as the engine's own are run; end if it fails."""
        done = self.attempt(command)
        if done.returncode:
            sys.exit(f"{' '.join(command)}\nended with status {done.returncode}:\n{done.stdout}{done.stderr}")
        return done.stdout.strip()

    def attempt(self, command: list[str]) -> subprocess.CompletedProcess[str]:
        environment = {**os.environ, **self.environment}
        return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)


def find(base: str) -> Engine:
    """The first engine that works and can get the base image; else the stand-in."""
    for name in ("docker", "podman"):
        if works(name, "info") and (works(name, "image", "inspect", base) or works(name, "pull", base)):
            print(f"Built with {name} on {base}.", flush=True)
            return Engine([name], [name, "build", *(["--format", "docker"] if name == "podman" else [])])
    return stand_in(base)


def works(*command: str) -> bool:
    return bool(shutil.which(command[0])) and not subprocess.run(command, capture_output=True, check=False).returncode


def stand_in(base: str) -> Engine:
    """Debian's tools, with storage of their own that is kept: the base image is made once."""
    if os.geteuid() != 0:
        sys.exit(f"No docker or podman here can get {base}; the stand-in for it can be made only by root on Debian.")
    if debian.missing(PROGRAMS):
        debian.install(*PROGRAMS)
    STORE.mkdir(parents=True, exist_ok=True)
    settings = STORE / "storage.conf"
    settings.write_text(f'[storage]\ndriver = "overlay"\nrunroot = "{STORE}/run"\ngraphroot = "{STORE}/images"\n')
    # the machine's certificates are lent to the steps of the build, and do not stay in the image
    lent = ["--volume", f"{CERTIFICATES}:{CERTIFICATES}:ro"] if Path(CERTIFICATES).exists() else []
    build = ["buildah", "bud", "--pull=never", "--format", "docker", "--isolation", "chroot", *lent]
    engine = Engine(STAND_IN, build, RUN_OPTIONS, {"CONTAINERS_STORAGE_CONF": str(settings)})
    if engine.attempt([*STAND_IN, "image", "exists", base]).returncode:
        make_base(engine, base)
    print(f"No engine here can get {base}; Debian {SUITE} with its Python stands in for it.", flush=True)
    return engine


def make_base(engine: Engine, base: str) -> None:
    """Make a small Debian with Python where the real image has it, under the real image's name."""
    with tempfile.TemporaryDirectory() as folder:
        system = f"{folder}/system.tar"
        packages = f"--include={','.join(PYTHON)}"
        engine.execute(["mmdebstrap", "--mode=root", "--variant=minbase", "--quiet", packages, SUITE, system])
        container = engine.execute(["buildah", "from", "scratch"])
        engine.execute(["buildah", "add", "--quiet", container, system, "/"])
    links = "ln -s /usr/bin/python3 /usr/local/bin/python && ln -s /usr/bin/pip3 /usr/local/bin/pip"
    engine.execute(["buildah", "run", "--isolation", "chroot", container, "--", "sh", "-c", links])
    path = "PATH=/usr/local/bin:/usr/local/sbin:/usr/sbin:/usr/bin:/sbin:/bin"
    engine.execute(["buildah", "config", "--env", path, "--cmd", "python3", container])
    engine.execute(["buildah", "commit", "--quiet", "--rm", container, base])
