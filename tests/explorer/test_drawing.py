"""Where the marks of a drawing lie."""

from datetime import date

from app.explorer.drawing import WIDTH, axis, bar, year_bars
from app.explorer.tiles import OUTSIDE, TILES, levelled, matrix, tie
from app.registry.dates import AFTER_ALL, Span
from app.registry.presence import Period

TODAY = date(2024, 1, 1).toordinal()
BEGAN, SEEN = date(2009, 1, 1).toordinal(), date(2014, 1, 1).toordinal()


def test_an_axis_begins_with_a_year_and_ends_today() -> None:
    scale = axis([BEGAN], TODAY)
    assert (scale.at(scale.first), scale.at(TODAY)) == (0, WIDTH)
    assert scale.ticks()[0] == (0, 2004)
    assert axis([date(1996, 5, 1).toordinal()], TODAY).first == date(1996, 1, 1).toordinal()
    assert axis([date(1841, 1, 1).toordinal()], TODAY).first == date(1964, 1, 1).toordinal()


def test_a_bar_is_certain_then_presumed_until_today() -> None:
    drawn = bar(Period(BEGAN, BEGAN, SEEN, AFTER_ALL, AFTER_ALL), axis([], TODAY), days=Span(SEEN, SEEN))
    assert [each.presence for each in drawn.parts] == ["certain", "presumed"]
    assert drawn.parts[0].x + drawn.parts[0].width == drawn.parts[1].x == drawn.day
    assert drawn.parts[-1].x + drawn.parts[-1].width == WIDTH


def test_years_are_as_high_as_their_counts() -> None:
    series = [
        {"period": "2011", "count": {"certain": 1, "presumed": 0, "possible": 1}},
        {"period": "2012", "count": {"certain": 1, "presumed": 1, "possible": 2}},
    ]
    first, second = year_bars(series, 100)
    assert (second.certain, second.presumed, second.possible) == ((75, 25), (50, 25), (0, 50))
    assert first.possible == (50, 25)


def test_every_force_has_one_tile() -> None:
    assert (len(TILES), len(OUTSIDE)) == (48, 5)
    assert len({(tile.row, tile.column) for tile in TILES.values()}) == 48


def test_ties_of_neighbours_are_straight() -> None:
    count = {"certain": 1, "presumed": 1, "possible": 0}
    near = tie(TILES["bedfordshire"], TILES["hertfordshire"], count)
    far = tie(TILES["kent"], TILES["cumbria"], {**count, "certain": 0})
    assert ("L" in near.path, near.presence, near.width) == (True, "certain", 2.7)
    assert ("Q" in far.path, far.presence) == (True, "presumed")


def test_a_matrix_is_the_same_both_ways() -> None:
    edges = [{"source": "force:kent", "target": "force:essex", "count": {"certain": 2, "presumed": 1, "possible": 0}}]
    rows = matrix(edges, ["essex", "kent"])
    assert [row.counts for row in rows] == [[0, 3], [3, 0]]


def test_tiles_are_darker_the_more_there_is() -> None:
    dark = {tile.id: level for tile, _, level in levelled({"kent": 9, "essex": 1})}
    assert (dark["kent"], dark["essex"], dark["dorset"]) == (4, 4, 0)
