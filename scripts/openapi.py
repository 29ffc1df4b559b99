"""Write openapi/v1.json, the contract, and the examples in it: real answers from the built-in dataset."""

import json
import re
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import anyio
import httpx

from app import database, datasets
from app.catalogue import CATALOGUE
from app.main import create_app
from app.register import REGISTER
from app.registry.writing import store
from app.settings import Settings
from app.views import VIEWS

ROOT = Path(__file__).parent.parent
CONTRACT, EXAMPLES = ROOT / "openapi" / "v1.json", ROOT / "app" / "api" / "examples.json"
SHOWN = {
    "joint-units": "bch-major-crime-unit",
    "forces": "bedfordshire",
    "governance-bodies": "hertfordshire-pcc",
    "people": "david-lloyd",
    "organisations": "national-crime-agency",
}
VIEW_QUERIES = {
    "get_force_collaborations": "?as_of=2009",
    "get_governance_body_collaborations": "?as_of=2013-01-01",
    "get_timeline": "?force=bedfordshire&limit=2",
    "list_conflicts": "?limit=2",
    "list_quality_findings": "?severity=warning&limit=2",
    "count_joint_units": "?group_by=force&as_of=2012-01-01",
    "count_joint_units_over_time": "?interval=year&from=2009&to=2012",
    "get_network": "?as_of=2012-12",
}


def examples() -> dict[str, Any]:
    """An answer of every operation, without what differs from one database to the next.

    They are of the dataset `bch` alone, which changes seldom; what it has none of is asked of both.
    """
    found = _answers("bch")
    return found | {name: answer for name, answer in _answers("bch", "national").items() if name not in found}


def _answers(*names: str) -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(database_url=f"sqlite:///{folder}/registry.db")
        database.migrate(settings.database_url)
        engine = database.connect(settings.database_url)
        with database.writing(engine) as session:
            for name in names:
                store.save(session, REGISTER, datasets.find(name), actor="registry load", reason=f"load {name}")
        engine.dispose()
        return anyio.run(_ask, settings, len(names))


async def _ask(settings: Settings, revision: int) -> dict[str, Any]:
    app = create_app(settings)
    found = {}
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://registry") as client:
        for collection in CATALOGUE:
            path, many = f"/v1/{collection.path}", collection.path.replace("-", "_")
            one = collection.type.replace("-", "_")
            listed = (await client.get(path)).json()["data"]
            if not listed:
                continue
            slug = SHOWN.get(collection.path, listed[0]["id"])
            urls = {f"list_{many}": f"{path}?limit=1&as_of=2012-01-01", f"get_{one}": f"{path}/{slug}?as_of=2012-01-01"}
            urls[f"get_{one}_history"] = f"{path}/{slug}/history"
            urls[f"get_{one}_diff"] = f"{path}/{slug}/diff?from={revision}"
            for operation, url in urls.items():
                found[operation] = steady((await client.get(url)).json())
        for view in VIEWS:
            url = (
                "/v1"
                + view.path.replace("{id}", "bedfordshire" if "forces" in view.path else "bedfordshire-pcc")
                + VIEW_QUERIES.get(view.operation_id, "")
            )
            answer = await client.get(url)
            if answer.status_code == 200:
                found[view.operation_id] = steady(answer.json())
        found["list_changes"] = steady((await client.get("/v1/changes?limit=2")).json())
    return found


def steady(answer: Any) -> Any:
    """The answer with fixed times, digests and cursors."""
    text = json.dumps(answer, ensure_ascii=False)
    text = re.sub(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z", "2026-11-22T09:00:00.000000Z", text)
    text = re.sub(r'"digest": "[0-9a-f]{64}"', f'"digest": "{"0" * 64}"', text)
    text = re.sub(r"(?<=[\"=])([0-9]+)\.[0-9a-f]{8}(?=[\".&])", r"\1.ab12cd34", text)
    return json.loads(re.sub(r"cursor=[\w-]+", "cursor=AbC", text))


def contract() -> str:
    """The OpenAPI document as it is committed."""
    document = create_app(Settings(database_url="sqlite:///never-opened.db")).openapi()
    return json.dumps(document, indent=1, ensure_ascii=False) + "\n"


def main() -> None:
    """Write both files; the contract in a process of its own, so that it reads the new examples."""
    if "--contract" not in sys.argv:
        EXAMPLES.write_text(json.dumps(examples(), indent=1, ensure_ascii=False) + "\n")
        subprocess.run([sys.executable, __file__, "--contract"], check=True)
        return
    CONTRACT.parent.mkdir(exist_ok=True)
    CONTRACT.write_text(contract())
    print(f"{CONTRACT.relative_to(ROOT)}: {CONTRACT.stat().st_size} bytes")


if __name__ == "__main__":
    main()
