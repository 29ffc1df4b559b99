"""The page of what changed says the same as the log, in words."""

from tests.explorer.visitors import words
from tests.registry_in_use import SOURCE, force, save, serving, withdraw


def test_changes_are_told_newest_first_and_by_revision(database_url: str) -> None:
    save(database_url, SOURCE, *(force(f"f{number:02}") for number in range(20)), reason="the first list")
    save(database_url, force("f00", note="A note."), reason="a correction")
    withdraw(database_url, "force:f01", "force:f02")
    with serving(database_url) as client:
        page = client.get("/changes")
        text = words(page)
        told = [
            text.index(each) for each in ("Revision 3", "Revision 2", "a correction", "Revision 1", "the first list")
        ]
        assert told == sorted(told)
        assert "F01 force was a duplicate of f02" in text
        assert "F00 force changed: note ( the difference of F00 )" in text
        assert "and 9 more" in text
        assert 'href="/v1/forces/f00/diff' not in page.text
        assert 'href="/forces/f00/diff?from=1&amp;to=2"' in page.text
        assert 'type="application/atom+xml" title="What changed" href="/v1/changes?format=atom"' in page.text
        assert client.get("/v1/changes?format=atom").status_code == 200
        earlier = client.get("/changes?limit=1")
        assert 'href="/changes?limit=1&amp;known_at=2"' in earlier.text
        assert "Revision 2" in words(client.get("/changes?limit=1&known_at=2"))
        assert "Revision 1" not in words(client.get("/changes?record=force:f02,force:f01&limit=1"))
        later = client.get("/changes?after=0&limit=5")
        assert "Later" in words(later)
        assert client.get("/v1/changes?after=0&limit=5").json()["links"]["page"] == "/changes?after=0&limit=5"
        assert client.get("/changes?type=frce").status_code == 422
