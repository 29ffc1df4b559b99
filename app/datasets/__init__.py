"""Datasets: many documents in files, read to be saved.

A dataset is an NDJSON file (one document a line, with its `type`), a YAML file (a list of documents, hand-kept), or a
folder of such files, in any order. The built-in ones are folders of this package.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from app.registry.writing.ndjson import read_lines, unique
from app.registry.writing.outcome import Entry
from app.registry.writing.validation import Unreadable

BUILT_IN = Path(__file__).parent
DEEPEST = 50
"""Lists and objects of YAML within each other; documents have six."""
SUFFIXES = (".ndjson", ".jsonl", ".yaml", ".yml")


class DatasetError(ValueError):
    """What was named is no dataset."""


class Dataset:
    """The documents of a file or a folder; each iteration reads them afresh. Raises DatasetError if there are none."""

    def __init__(self, path: Path) -> None:
        if path.is_dir():
            self.files = sorted(file for file in path.iterdir() if file.suffix in SUFFIXES)
        else:
            self.files = [path] if path.is_file() and path.suffix in SUFFIXES else []
        if not self.files:
            raise DatasetError(f"{path} is no dataset: neither a {', '.join(SUFFIXES)} file nor a folder of such files")

    def __iter__(self) -> Iterator[Entry]:
        for file in self.files:
            yield from _read_yaml(file) if file.suffix in (".yaml", ".yml") else _read_lines(file)


def find(name: str) -> Dataset:
    """The dataset of that path, or the built-in one of that name. Raises DatasetError."""
    built_in = BUILT_IN / name
    if name.isidentifier() and built_in.is_dir() and not Path(name).exists():
        return Dataset(built_in)
    return Dataset(Path(name))


def _read_lines(file: Path) -> Iterator[Entry]:
    with file.open("rb") as lines:
        yield from read_lines(lines, f"{file.name} line")


def _read_yaml(file: Path) -> Iterator[Entry]:
    try:
        text = file.read_text("utf-8-sig")
        _refuse_depth(text)
        root = yaml.compose(text, yaml.CSafeLoader)
    except (yaml.YAMLError, UnicodeDecodeError, RecursionError) as error:
        mark = getattr(error, "problem_mark", None)
        yield Entry(f"{file.name} line {mark.line + 1 if mark else 1}", Unreadable(f"is not YAML: {_said(error)}"))
        return
    if not isinstance(root, yaml.SequenceNode):
        yield Entry(f"{file.name} line 1", Unreadable("is not a list of documents"))
        return
    met: set[int] = set()
    for node in root.value:
        yield Entry(f"{file.name} line {node.start_mark.line + 1}", _document(node, met))


def _said(error: Exception) -> str:
    """What is wrong, in words: neither the name of an exception, nor anything that stands in the file."""
    if isinstance(error, UnicodeDecodeError):
        return "it is not UTF-8"
    return "it is nested too deeply" if isinstance(error, RecursionError) else getattr(error, "problem", "") or "broken"


def _refuse_depth(text: str) -> None:
    """Raise MarkedYAMLError where YAML is nested deeper than any document: libyaml composes by calling itself."""
    depth = 0
    for event in yaml.parse(text, yaml.CSafeLoader):
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        if depth > DEEPEST:
            mark: Any = event.start_mark  # of the C parser
            raise yaml.MarkedYAMLError(problem="it is nested too deeply", problem_mark=mark)


def _document(node: yaml.Node, met: set[int]) -> Any:
    try:
        return _plain(node, met)
    except (ValueError, RecursionError) as error:
        return Unreadable(str(error) or "is nested too deeply")


def _plain(node: yaml.Node, met: set[int]) -> Any:
    """The value of a YAML node: text stays text (a date is not a number), but for null, true and false.

    Raises ValueError for an alias, which could make a small file a huge document, and for a field that stands twice.
    """
    if isinstance(node, yaml.ScalarNode):
        return _scalar(node)
    if id(node) in met:
        raise ValueError(f"line {node.start_mark.line + 1}: aliases are not supported")
    met.add(id(node))
    if isinstance(node, yaml.SequenceNode):
        return [_plain(item, met) for item in node.value]
    return unique([(key.value, _plain(value, met)) for key, value in node.value])


def _scalar(node: yaml.ScalarNode) -> Any:
    quoted = node.style in ("'", '"', "|", ">")
    return (
        node.value
        if quoted
        else {"": None, "null": None, "~": None, "true": True, "false": False}.get(node.value, node.value)
    )
