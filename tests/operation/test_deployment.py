"""What stands in deploy/ and the runbook names settings, metrics, commands and alerts that there are."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from app import __version__
from app.cli import main
from app.settings import PREFIX, Settings

ROOT = Path(__file__).parents[2]
DEPLOY = ROOT / "deploy"
RUNBOOK = (ROOT / "docs" / "runbook.md").read_text()
METRICS = set(re.findall(r"`(registry_\w+)`", (ROOT / "docs" / "metrics.md").read_text()))
FILES = [path for path in DEPLOY.rglob("*") if path.is_file()]
OWN = {"DATABASE_PASSWORD", "PRIMARY", "BASE"}
"""What the composition itself is told, and no service."""


def rules() -> list[dict[str, Any]]:
    [group] = yaml.safe_load((DEPLOY / "prometheus" / "alerts.yaml").read_text())["groups"]
    found: list[dict[str, Any]] = group["rules"]
    return found


def named(expression: str) -> set[str]:
    return {name.removesuffix("_bucket") for name in re.findall(r"\bregistry_\w+", expression)}


@pytest.mark.parametrize("path", FILES, ids=[str(path.relative_to(DEPLOY)) for path in FILES])
def test_every_setting_is_one(path: Path) -> None:
    told = {name.lower() for name in re.findall(rf"{PREFIX}([A-Z_]+[A-Z])", path.read_text())}
    assert told - {name.lower() for name in OWN} <= set(Settings.model_fields)


def test_every_alert_asks_for_what_is_told_and_stands_in_the_runbook() -> None:
    for rule in rules():
        assert named(rule["expr"]) or rule["expr"].startswith("up{")
        assert named(rule["expr"]) <= METRICS
        assert rule["annotations"]["summary"]
        assert rule["labels"]["severity"] in ("page", "ticket")
    lines = re.findall(r"^\| `(Registry\w+)` \| .+ \| .+ \|$", RUNBOOK, re.MULTILINE)
    assert lines == [rule["alert"] for rule in rules()]


def test_the_dashboard_shows_what_is_told() -> None:
    panels = json.loads((DEPLOY / "dashboard.json").read_text())["panels"]
    asked = {name for panel in panels for target in panel["targets"] for name in named(target["expr"])}
    assert len({panel["id"] for panel in panels}) == len(panels)
    assert asked <= METRICS
    assert len(asked) > 12


def test_every_command_of_the_runbook_is_one() -> None:
    for words in re.findall(r"\bregistry ((?:[a-z]+ ?)+)", RUNBOOK.replace("helm install registry deploy", "")):
        command, *rest = words.split()
        if command not in main.commands:
            assert words.strip() in ("registry", "deploy"), words
            continue
        group = main.commands[command]
        if rest and hasattr(group, "commands"):
            assert rest[0] in group.commands


def test_every_image_has_a_version_and_can_be_told_otherwise() -> None:
    text = (DEPLOY / "compose.yaml").read_text()
    images = re.findall(r"docker\.io/[\w./-]+:([\w.-]+)\}", text)
    assert len(images) == text.count("docker.io/") == 5
    assert "latest" not in images
    services = yaml.safe_load(text)["services"]
    assert all(service["mem_limit"] and service["read_only"] for service in services.values())


def test_the_chart_is_of_this_version() -> None:
    chart = yaml.safe_load((DEPLOY / "chart" / "Chart.yaml").read_text())
    assert chart["version"] == chart["appVersion"] == __version__
