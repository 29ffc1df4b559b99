"""What a load says of itself while it lasts."""

import pytest

from app.cli.load_progress import SHARES, TOLD_EVERY, LoadProgress


class Watch:
    """A clock that is set."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


def lines(capsys: pytest.CaptureFixture[str]) -> list[str]:
    return capsys.readouterr().out.splitlines()


def test_the_shares_are_of_the_whole() -> None:
    assert sum(SHARES.values()) == 100


def test_a_line_for_each_step_and_for_each_ten_seconds(capsys: pytest.CaptureFixture[str]) -> None:
    watch = Watch()
    progress = LoadProgress(watch)
    for number in range(1, 101):
        watch.now = number * 0.3
        progress("checked", number * 500, None)
    assert [line.partition(" doc")[0] for line in lines(capsys)] == [
        "  checked: 500",
        "  checked: 17,500",
        "  checked: 34,500",
    ]
    progress("checked", 50_000, 50_000)
    assert lines(capsys) == ["  checked: 50,000 of 50,000 documents, 3 min left"]


@pytest.mark.parametrize(
    ("step", "done", "after", "left"),
    [
        ("checked", 1000, 15, ", 85 s left"),
        ("checked", 1000, 30, ", 3 min left"),
        ("read", 500, 47, ", 3 min left"),
        ("search made", 500, 181, ", 19 s left"),
        ("search made", 1000, 200, ""),
        ("something else", 500, 100, ""),
    ],
)
def test_how_long_it_takes_yet(
    capsys: pytest.CaptureFixture[str], step: str, done: int, after: float, left: str
) -> None:
    watch = Watch()
    progress = LoadProgress(watch)
    watch.now = max(after, TOLD_EVERY)
    progress(step, done, 1000)
    assert lines(capsys) == [f"  {step}: {done:,} of 1,000 documents{left}"]


def test_a_terminal_has_one_line_for_each_step(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    watch = Watch()
    progress = LoadProgress(watch)
    for number in (1, 2, 3, 4):
        watch.now = number * 0.15
        progress("read", number, 4)
    assert capsys.readouterr().out.count("\n") == 1
