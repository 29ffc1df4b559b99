"""Read what is in deploy/ as the tools do that will: Compose, Helm, and the schemas of Kubernetes. Needs no cluster."""

import os
import shutil
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

ROOT = Path(__file__).parent.parent
BIN = Path(sys.executable).parent
CHART = ROOT / "deploy" / "chart"
VERSIONS = ("1.30", "1.34")
"""Of Kubernetes: the oldest and the newest that the chart is for."""
EVERYTHING = [
    "--set=deliver.enabled=true,secrets=more,database.direct=true,database.replicas=true,migration.backedUp=true,image.digest=sha256:0",
    "--set=migration.datasets={bch,national},settings.REGISTRY_PUBLIC_URL=https://registry.example.org",
    '--set-json=egress.more=[{"ports":[{"port":443,"protocol":"TCP"}]}]',
]


def tool(*command: str | Path, **environment: str) -> str:
    told = subprocess.run(
        command, cwd=ROOT, env={**os.environ, **environment}, capture_output=True, text=True, check=False
    )
    if told.returncode:
        sys.exit(f"{Path(command[0]).name}: {told.stdout}{told.stderr}")
    return told.stdout


def check_compose() -> None:
    tool(BIN / "docker-compose", "--file", "deploy/compose.yaml", "config", "--quiet", REGISTRY_DATABASE_PASSWORD="x")
    tool(BIN / "hadolint", "--failure-threshold", "warning", "deploy/pgbouncer/Dockerfile")
    print("deploy/compose.yaml: as Compose reads it")


def check_chart(helm: str) -> None:
    tool(helm, "lint", "--strict", CHART)
    with TemporaryDirectory() as folder:
        for name, values in (("default", []), ("everything", EVERYTHING)):
            made = Path(folder) / f"{name}.yaml"
            made.write_text(tool(helm, "template", "registry", CHART, *values))
            for version in VERSIONS:
                tool(BIN / "kubernetes-validate", "--strict", "-k", version, made)
    print(f"deploy/chart: as Helm renders it, for Kubernetes {' and '.join(VERSIONS)}")


def main() -> None:
    check_compose()
    helm = os.environ.get("HELM") or shutil.which("helm")
    if helm is None:
        sys.exit("the chart was not looked at: install Helm, or set HELM to where it is")
    check_chart(helm)


if __name__ == "__main__":
    main()
