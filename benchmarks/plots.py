"""Curves of how the cost of an answer grows with the register, as SVG: `python -m benchmarks.plots FOLDER`."""

import sys
from pathlib import Path
from typing import Any

import matplotlib as mpl
from matplotlib import pyplot

from benchmarks.figures import Result, read

ORDER = ("bare", "cached", "registry", "datasette", "drf", "orm")
TITLES = (
    "bare ASGI",
    "registry, cached",
    "registry, uncached",
    "Datasette",
    "Django REST framework",
    "FastAPI and ORM",
)
COLUMNS = 3


def main() -> None:
    folder = Path(sys.argv[1])
    # text as text, and the same file for the same figures
    mpl.use("svg")
    mpl.rcParams |= {"svg.fonttype": "none", "svg.hashsalt": "registry", "font.size": 8}
    results = read(folder)
    for database in {each.database for each in results}:
        found = [each for each in results if each.database == database]
        if len(found) > 1:
            draw(found, folder / f"growth-{database}.svg")


def draw(found: list[Result], file: Path) -> None:
    """A small diagram for each operation, with a line for each candidate."""
    operations = list(found[0].operations)
    rows = -(-len(operations) // COLUMNS)
    figure, axes = pyplot.subplots(rows, COLUMNS, figsize=(9, 2.4 * rows), layout="constrained", squeeze=False)
    for place, operation in zip(axes.flat, operations, strict=False):
        _lines(place, found, operation)
    for place in axes.flat[len(operations) :]:
        place.set_axis_off()
    handles = [pyplot.Line2D([], [], color=f"C{at}", marker="o", label=title) for at, title in enumerate(TITLES)]
    figure.legend(handles=handles, loc="outside lower center", ncols=3)
    figure.suptitle("CPU microseconds a request, by joint units in the register")
    figure.savefig(file, metadata={"Date": None})
    pyplot.close(figure)


def _lines(place: Any, found: list[Result], operation: str) -> None:
    for at, name in enumerate(ORDER):
        costs = [(each.units, each.cost(operation, name)) for each in found]
        points = [(units, cost) for units, cost in costs if cost is not None]
        if points:
            place.plot(*zip(*points, strict=True), color=f"C{at}", marker="o", markersize=3)
    place.set(xscale="log", yscale="log", title=operation)
    place.minorticks_off()
    place.grid(visible=True, alpha=0.3)


if __name__ == "__main__":
    main()
