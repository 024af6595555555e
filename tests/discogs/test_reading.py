"""Reading a collection that moves: what is kept is what was there."""

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from generator.discogs.reading import READINGS, read_collection
from generator.domain.collection import CollectionPage
from generator.errors import Drifting, NotFound, Unavailable
from tests.factories import make_copy, make_release

START = datetime(2026, 11, 22, 14, 0, tzinfo=UTC)


@dataclass
class Live:
    """A collection at Discogs that changes before chosen requests; a second passes with each.

    Copies added in the same second come in another order at every request when `dice` is given.
    """

    copies: list = field(default_factory=list)
    per_page: int = 3
    changes: dict = field(default_factory=dict)
    """What happens before which request, counted from 0."""
    dice: Random | None = None
    seconds: int = 0
    asked: list[int] = field(default_factory=list)
    history: list = field(default_factory=list)
    """When it changed, and the ids it held from then on."""
    values: set = field(default_factory=set)
    """Every copy as it ever was."""
    told: list = field(default_factory=list)

    def __post_init__(self):
        self.noted()

    def now(self):
        return START + timedelta(seconds=self.seconds)

    def noted(self):
        self.history.append((self.now(), frozenset(copy.instance_id for copy in self.copies)))
        self.values.update(self.copies)

    def add(self):
        """A copy is added now, and nothing is as new as it."""
        number = 1 + max((copy.instance_id for copy in self.values), default=0)
        date = self.now().isoformat()
        self.copies.append(make_copy(number, number % 4 + 1, date_added=date))
        self.noted()

    def remove(self, place=0):
        """The copy at a place is removed, if there is one."""
        if self.copies:
            del self.copies[place % len(self.copies)]
            self.noted()

    def rate(self, place=0):
        """A copy is rated anew, which moves nothing."""
        if self.copies:
            place %= len(self.copies)
            copy = self.copies[place]
            self.copies[place] = replace(copy, rating=(copy.rating + 1) % 6)
            self.noted()

    def served(self):
        """The copies by date, those of one second in a fixed or in a random order."""
        chance = self.dice.random if self.dice else int
        return sorted(self.copies, key=lambda copy: (copy.date_added, chance(), copy.instance_id))

    def fetch_page(self, number):
        """The page as it is at this request."""
        self.seconds += 1
        for change in self.changes.get(len(self.asked), ()):
            change(self)
        self.asked.append(number)
        pages = max(1, -(-len(self.copies) // self.per_page))
        if number > pages:
            raise NotFound("test", "no such page")
        shown = self.served()[(number - 1) * self.per_page : number * self.per_page]
        releases = {copy.release_id: make_release(copy.release_id) for copy in shown}
        return CollectionPage(number, pages, len(self.copies), tuple(shown), releases)

    def fetch_pages(self, numbers):
        """The pages, one after another."""
        for number in numbers:
            yield self.fetch_page(number)

    def read(self):
        return read_collection(self.fetch_pages, self.now, "low-tide", self.progress)

    def progress(self, *numbers):
        self.told.append(numbers)


def live(copies, **changes):
    """A collection of so many copies, added a minute apart."""
    dates = (START - timedelta(days=9, minutes=-number) for number in range(copies))
    shelf = [
        make_copy(number, number % 4 + 1, date_added=date.isoformat())
        for number, date in enumerate(dates, 1)
    ]
    return Live(shelf, **changes)


def imported(copies, **changes):
    """A collection of so many copies, all added in one second, served in changing order."""
    shelf = [make_copy(number, number % 4 + 1) for number in range(1, copies + 1)]
    return Live(shelf, **changes)


def dice(seed):
    """Chance that can be repeated."""
    return Random(seed)  # noqa: S311 - nothing secret comes from it


def ids(reading):
    return [copy.instance_id for copy in reading.collection.copies]


def add(shelf):
    shelf.add()


def remove_first(shelf):
    shelf.remove(0)


def remove_last(shelf):
    shelf.remove(-1)


def nothing(shelf):
    """A change that is none."""


def possible(shelf, reading):
    """True when the reading is what the collection held at an instant since it began."""
    held = shelf.history
    ends = [*(since for since, _ in held[1:]), datetime.max.replace(tzinfo=UTC)]
    return any(
        set(ids(reading)) == copies
        for (_, copies), until in zip(held, ends, strict=True)
        if until >= reading.started
    )


@pytest.mark.parametrize(
    ("copies", "asked"),
    [
        (0, [1]),
        (1, [1]),
        (3, [1]),
        (4, [1, 2, 1, 2]),
        (7, [1, 3, 1, 2, 3]),
        (12, [1, 4, 1, 2, 3, 4]),
    ],
)
def test_a_collection_at_rest_is_read_once(copies, asked):
    """Page 1, the last page, all others with page 1 again, the last page; one page is enough."""
    shelf = live(copies)

    reading = shelf.read()

    assert shelf.asked == asked
    assert ids(reading) == list(range(1, copies + 1))
    assert set(reading.collection.releases) == {number % 4 + 1 for number in range(1, copies + 1)}
    assert reading.started == START


def test_copies_are_kept_in_order_of_their_ids():
    """Whatever order they were served in; releases in order of theirs."""
    shelf = imported(7, dice=dice(3), per_page=9)

    reading = shelf.read()

    assert ids(reading) == [1, 2, 3, 4, 5, 6, 7]
    assert list(reading.collection.releases) == [1, 2, 3, 4]


def test_progress_counts_requests():
    """Requests answered, requests needed, and copies told, after each answer."""
    shelf = live(7)

    shelf.read()

    assert shelf.told == [(1, 5, 7), (2, 5, 7), (3, 5, 7), (4, 5, 7), (5, 5, 7)]


CHANGES = {
    "added": [add],
    "first removed": [remove_first],
    "last removed": [remove_last],
    "first removed, one added": [remove_first, add],
    "one added, first removed": [add, remove_first],
    "last removed, one added": [remove_last, add],
    "two added, one removed": [add, add, remove_first],
    "rated": [lambda shelf: shelf.rate(2)],
}


@pytest.mark.parametrize("seed", [None, 7])
@pytest.mark.parametrize("copies", [1, 3, 4, 6, 7, 9, 10])
@pytest.mark.parametrize("change", CHANGES)
def test_one_change_at_any_point_never_keeps_a_wrong_set(change, copies, seed):
    """Before any request of the first reading: the reading kept is one that was true meanwhile."""
    for moment in range(8):
        shelf = live(copies, changes={moment: CHANGES[change]})
        shelf.dice = dice(seed) if seed else None

        reading = shelf.read()

        assert possible(shelf, reading)
        assert set(reading.collection.copies) <= shelf.values
        assert len(shelf.asked) <= READINGS * (2 + 4)


def test_an_exchange_behind_the_reader_is_seen():
    """One removed from a page already read, one added: the number stays, the last page does not."""
    shelf = live(9, changes={3: [remove_first, add]})

    reading = shelf.read()

    assert shelf.asked == [1, 3, 1, 2, 3] * 2
    assert ids(reading) == [2, 3, 4, 5, 6, 7, 8, 9, 10]
    assert reading.started == START + timedelta(seconds=5)


def test_a_reading_stops_once_it_is_pointless():
    """Another number of copies: nothing more is asked of this reading."""
    shelf = live(9, changes={2: [add]})

    shelf.read()

    assert shelf.asked == [1, 3, 1, 1, 4, 1, 2, 3, 4]


def test_a_last_page_that_vanished_is_no_failure():
    """The collection shrank by its last page after page 1: it is read again."""
    shelf = live(7, changes={1: [remove_last]})

    reading = shelf.read()

    assert shelf.asked == [1, 3, 1, 2, 1, 2]
    assert ids(reading) == [1, 2, 3, 4, 5, 6]


def test_a_collection_that_vanished_is_a_failure():
    """Page 1 is always there: without it there is no such collection."""
    shelf = live(3)
    shelf.fetch_page = gone

    with pytest.raises(NotFound):
        shelf.read()


def gone(number):
    raise NotFound("test", "no such user")


def test_a_network_failure_is_not_swallowed():
    """What is no answer ends the reading as it is."""
    shelf = live(9, changes={3: [unplugged]})

    with pytest.raises(Unavailable):
        shelf.read()


def unplugged(shelf):
    raise Unavailable("test", "no answer")


def test_a_collection_becomes_empty_while_it_is_read():
    """Nothing left is an answer too."""
    shelf = live(4, changes={2: [remove_first] * 4})

    assert ids(shelf.read()) == []


@pytest.mark.parametrize("change", [[add], [remove_first], [remove_first, add]])
def test_a_collection_that_never_rests_is_refused(change):
    """After four readings none of which is whole."""
    shelf = live(30, changes=dict.fromkeys(range(2, 400, 3), change))

    with pytest.raises(Drifting) as error:
        shelf.read()

    assert shelf.asked.count(1) <= 2 * READINGS
    assert str(error.value) == "low-tide: the collection changed during each of 4 readings"


def test_a_wrong_total_is_refused():
    """Discogs says more than it serves, every time."""
    shelf = live(7)
    honest = shelf.fetch_page
    shelf.fetch_page = lambda number: replace(honest(number), items=8)

    with pytest.raises(Drifting):
        shelf.read()

    assert shelf.asked == [1, 3, 1, 2, 3] * 4


@pytest.mark.parametrize("seed", range(40))
def test_an_import_in_changing_order_is_united(seed):
    """Copies of one second served in another order each time: readings add up to the whole."""
    shelf = imported(8, dice=dice(seed), per_page=3)

    try:
        reading = shelf.read()
    except Drifting:
        assert shelf.asked == [1, 3, 1, 2, 3] * 4
        return

    assert ids(reading) == list(range(1, 9))
    assert reading.started == START


def test_an_import_usually_gets_through():
    """Four readings are enough for most of them."""
    through = 0
    for seed in range(100):
        shelf = imported(60, dice=dice(seed), per_page=20)
        try:
            through += ids(shelf.read()) == list(range(1, 61))
        except Drifting:
            continue

    assert through >= 95


def test_a_union_survives_no_exchange():
    """An import in changing order, one of it removed and one added: what is united is the new."""
    kept = 0
    for seed in range(300):
        chance = dice(seed)
        shelf = imported(11, dice=chance, per_page=3)
        place = chance.randrange(11)
        shelf.changes = {
            chance.randrange(1, 18): [lambda shelf, place=place: shelf.remove(place), add]
        }
        try:
            reading = shelf.read()
        except Drifting:
            continue
        kept += 1
        assert possible(shelf, reading)

    assert kept > 100


def test_the_latest_values_are_kept():
    """A copy rated, a release edited while it is read: what is known last is what is kept."""
    shelf = live(7)
    asked = shelf.fetch_page

    def edited(number):
        page = asked(number)
        title = f"Take {len(shelf.asked)}"
        releases = {key: replace(one, title=title) for key, one in page.releases.items()}
        return replace(page, releases=releases)

    shelf.fetch_page = edited

    titles = {key: one.title for key, one in shelf.read().collection.releases.items()}

    # Request 3 was page 1 with copies 1 to 3, 4 was page 2 with 4 to 6, 5 was page 3 with 7.
    assert titles == {1: "Take 4", 2: "Take 4", 3: "Take 4", 4: "Take 5"}


changes = st.lists(
    st.one_of(
        st.just(add),
        st.integers(0, 30).map(lambda place: lambda shelf: shelf.remove(place)),
        st.integers(0, 30).map(lambda place: lambda shelf: shelf.rate(place)),
    ),
    min_size=1,
    max_size=3,
)


@settings(max_examples=400, deadline=None)
@given(
    groups=st.lists(st.integers(1, 7), max_size=5),
    per_page=st.integers(1, 4),
    plan=st.dictionaries(st.integers(0, 40), changes, max_size=5),
    seed=st.none() | st.integers(0, 2**32),
)
def test_a_reading_kept_is_always_one_that_was_true(groups, per_page, plan, seed):
    """Additions, removals, edits and ties at any points: kept is what was there at an instant."""
    dates = [
        (START - timedelta(days=9, minutes=-group)).isoformat()
        for group, size in enumerate(groups)
        for _ in range(size)
    ]
    copies = [make_copy(number, 1, date_added=date) for number, date in enumerate(dates, 1)]
    shelf = Live(copies, per_page, plan, None if seed is None else dice(seed))

    try:
        reading = shelf.read()
    except Drifting:
        return

    assert possible(shelf, reading)
    assert set(reading.collection.copies) <= shelf.values
