"""Build the container image, and prove that it serves under the tightest limits and ends when it is told to."""

import json
import re
import subprocess
import sys
import time
import urllib.request
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from scripts import engines
from scripts.engines import Engine
from scripts.served import free_port, status

ROOT = Path(__file__).parent.parent
BIN = Path(sys.executable).parent
IMAGE = "police-collaboration-registry:check"
TIGHT = ["--read-only", "--tmpfs", "/tmp:rw,size=16m", "--cap-drop", "all", "--security-opt", "no-new-privileges"]
LISTENS = "8000"


class Container:
    """The image at work, on a volume of its own."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.name = f"registry-check-{uuid.uuid4().hex[:8]}"
        self.port = free_port()

    def start(self) -> None:
        shared = ["--env", f"REGISTRY_PORT={self.port}", "--env", "REGISTRY_HOST=127.0.0.1"]
        own = ["--publish", f"127.0.0.1:{self.port}:{LISTENS}"]
        network = shared if self.engine.shares_network else own
        volume = ["--volume", f"{self.name}:/data"]
        options = [*self.engine.run_options, *TIGHT, *network, *volume]
        self.engine("run", "--detach", "--name", self.name, *options, IMAGE)
        self.wait()

    def wait(self) -> None:
        for _ in range(300):
            if status(self.port, "/readyz") == 200:
                return
            time.sleep(0.1)
        sys.exit("the container does not answer:\n" + self.engine("logs", self.name))

    def inside(self, *command: str) -> str:
        return self.engine("exec", self.name, *command)

    def inspect(self) -> Any:
        return json.loads(self.engine("inspect", self.name))[0]

    def stop(self) -> int:
        """Tell it to end, and return its exit status: 137 if it had to be killed."""
        self.engine("stop", "-t", "20", self.name)
        return int(self.inspect()["State"]["ExitCode"])

    def remove(self) -> None:
        for command in (["rm", "--force", self.name], ["volume", "rm", "--force", self.name]):
            self.engine.attempt([*self.engine.program, *command])


@contextmanager
def started(engine: Engine) -> Iterator[Container]:
    container = Container(engine)
    try:
        container.start()
        yield container
    finally:
        container.remove()


def check_files() -> None:
    """The Dockerfile keeps the rules for such files, and the composition can be read."""
    subprocess.run([BIN / "hadolint", "Dockerfile"], cwd=ROOT, check=True)
    subprocess.run([BIN / "docker-compose", "--file", "compose.yaml", "config", "--quiet"], cwd=ROOT, check=True)


def check_limits(container: Container) -> str:
    process = dict(re.findall(r"^(\w+):\s+(\S+)", container.inside("cat", "/proc/1/status"), re.MULTILINE))
    assert process["Uid"] != "0", "it runs as root"
    assert int(process["CapEff"], 16) == int(process["CapBnd"], 16) == 0, "it has capabilities"
    assert process["NoNewPrivs"] == "1", "it can get more rights"
    mounts = [line.split() for line in container.inside("cat", "/proc/mounts").splitlines()]
    assert all("ro" in options.split(",") for _, place, _, options, *_ in mounts if place == "/"), "/ can be written to"
    return f"runs as user {process['Uid']}, without capabilities, on a read-only file system"


def check_answer(container: Container) -> str:
    address = f"http://127.0.0.1:{container.port}/v1/joint-units?force=cambridgeshire&as_of=2012-01-01&known_at=1"
    with urllib.request.urlopen(address, timeout=10) as answer:
        found = [unit["id"] for unit in json.load(answer)["data"]]
    assert found == ["bch-procurement", "bch-professional-standards"], found
    return f"answers {', '.join(found)}"


def check_health(container: Container) -> str:
    kind, *command = container.inspect()["Config"]["Healthcheck"]["Test"]
    assert kind == "CMD", kind
    container.inside(*command)
    return "passes its own health check"


def check_end(container: Container) -> str:
    began = time.monotonic()
    code = container.stop()
    assert code == 0, f"it ended with status {code} on SIGTERM"
    return f"ends on SIGTERM with status 0 after {time.monotonic() - began:.1f} s"


def check_again(container: Container) -> str:
    container.engine("start", container.name)
    container.wait()
    return "starts again on the same data, and " + check_answer(container)


def main() -> None:
    """Build and try the image."""
    check_files()
    base = re.findall(r"^ARG BASE=(\S+)", (ROOT / "Dockerfile").read_text(), re.MULTILINE)[0]
    engine = engines.find(base)
    began = time.monotonic()
    engine.execute([*engine.build, "--tag", IMAGE, str(ROOT)])
    print(f"The image is built in {time.monotonic() - began:.0f} s. It", flush=True)
    try:
        with started(engine) as container:
            for check in (check_limits, check_answer, check_health, check_end, check_again, check_end):
                print(f"  {check(container)}", flush=True)
    except AssertionError as fault:
        sys.exit(f"The container is not as it should be: {fault}")
    finally:
        engine("rmi", IMAGE)


if __name__ == "__main__":
    main()
