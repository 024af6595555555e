"""Reading a moving collection side by side: pages cut at any moment, answered in any order."""

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from generator.discogs.reading import read_collection
from generator.domain.collection import CollectionPage
from generator.errors import Drifting, NotFound
from tests.factories import make_copy, make_release

START = datetime(2026, 11, 22, 14, 0, tzinfo=UTC)


@dataclass
class Discogs:
    """A live collection, and a client that has up to `at_once` requests under way there.

    Between any two things that happen time may pass and the collection may change: a page shows
    what is there when it is cut, not when it was asked for or when its answer arrives.
    """

    dice: Random
    groups: tuple[int, ...]
    """How many copies were added in each of the seconds before the reading."""
    changes: int
    """How many changes there may be."""
    per_page: int = 3
    at_once: int = 6
    shuffled: bool = False
    """Whether copies of one second come in another order with each page."""
    copies: list = field(default_factory=list)
    moments: list = field(default_factory=list)
    """Which ids it held, since when."""
    values: set = field(default_factory=set)
    """Every copy as it ever was."""
    clock: timedelta = timedelta()

    def __post_init__(self):
        dates = [
            START - timedelta(seconds=len(self.groups) - number)
            for number, size in enumerate(self.groups)
            for _ in range(size)
        ]
        for date in dates:
            self.append(date)
        self.note()

    def now(self):
        return START + self.clock

    def append(self, date):
        """A copy is appended, of one of five releases."""
        number = 1 + max((copy.instance_id for copy in self.values), default=0)
        copy = make_copy(number, number % 5 + 1, date_added=date.replace(microsecond=0).isoformat())
        self.copies.append(copy)
        self.values.add(copy)

    def note(self):
        self.moments.append((self.now(), frozenset(copy.instance_id for copy in self.copies)))

    def happen(self):
        """Some time passes; perhaps something is added, removed, exchanged or rated."""
        self.clock += timedelta(seconds=self.dice.choice((0, 0.1, 0.4, 1)))
        while self.changes and self.dice.random() < 0.3:
            self.changes -= 1
            self.dice.choice((self.add, self.remove, self.exchange, self.rate))()
            self.note()

    def add(self):
        self.append(self.now())

    def remove(self):
        if self.copies:
            del self.copies[self.dice.randrange(len(self.copies))]

    def exchange(self):
        self.remove()
        self.note()
        self.add()

    def rate(self):
        if self.copies:
            place = self.dice.randrange(len(self.copies))
            copy = self.copies[place]
            self.copies[place] = replace(copy, rating=(copy.rating + 1) % 6)
            self.values.add(self.copies[place])

    def cut(self, number):
        """The page as it is now, or None if there is no such page."""
        pages = max(1, -(-len(self.copies) // self.per_page))
        if number > pages:
            return None
        chance = self.dice.random if self.shuffled else int
        shelf = sorted(self.copies, key=lambda one: (one.date_added, chance(), one.instance_id))
        shown = tuple(shelf[(number - 1) * self.per_page : number * self.per_page])
        releases = {copy.release_id: make_release(copy.release_id) for copy in shown}
        return CollectionPage(number, pages, len(self.copies), shown, releases)

    def fetch_pages(self, numbers):
        """The pages in whatever order their answers come; a lost answer is asked for again."""
        waiting = list(numbers)
        asked: list[int] = []
        cut: list[tuple[int, CollectionPage | None]] = []
        while waiting or asked or cut:
            self.happen()
            if waiting and len(asked) + len(cut) < self.at_once:
                asked.append(waiting.pop(0))
            steps = ["cut"] * bool(asked) + ["answer", "lose"] * bool(cut)
            step = self.dice.choice(steps)
            if step == "cut":
                number = asked.pop(self.dice.randrange(len(asked)))
                cut.append((number, self.cut(number)))
            else:
                number, page = cut.pop(self.dice.randrange(len(cut)))
                if step == "lose" and self.dice.random() < 0.2:
                    waiting.insert(0, number)
                elif page is None:
                    raise NotFound("test", "no such page")
                else:
                    yield page

    def read(self):
        return read_collection(self.fetch_pages, self.now, "low-tide", lambda *_: None)

    def held(self, ids, since):
        """Whether the collection held exactly these at an instant from `since` on."""
        ends = [*(moment for moment, _ in self.moments[1:]), self.now()]
        spans = zip(self.moments, ends, strict=True)
        return any(held == ids for (_, held), end in spans if end >= since)


def check(discogs):
    """Read, and hold what was accepted against all that ever was; True if it was accepted."""
    try:
        reading = discogs.read()
    except Drifting:
        return False
    kept = reading.collection
    ids = [copy.instance_id for copy in kept.copies]
    assert ids == sorted(set(ids))
    assert discogs.held(frozenset(ids), reading.started)
    assert set(kept.copies) <= discogs.values
    assert set(kept.releases) == {copy.release_id for copy in kept.copies}
    return True


@settings(max_examples=400, deadline=None)
@given(
    seed=st.integers(0, 2**32),
    groups=st.lists(st.integers(1, 8), max_size=6).map(tuple),
    changes=st.integers(0, 8),
    per_page=st.integers(1, 4),
    at_once=st.integers(1, 6),
    shuffled=st.booleans(),
)
def test_a_reading_kept_equals_the_collection_at_some_instant(  # noqa: PLR0917
    seed, groups, changes, per_page, at_once, shuffled
):
    """Additions, removals, exchanges, edits, ties and lost answers at any moment."""
    dice = Random(seed)  # noqa: S311 - an order, not a secret
    check(Discogs(dice, groups, changes, per_page, at_once, shuffled))


RELEASE = make_release(1)


def scripted(*answers):
    """A client whose pages are these, each (number, ids), or None for a page that is gone.

    The copies of `DATES` are all there ever are.
    """
    script = iter(answers)

    def fetch_pages(numbers):
        for _ in numbers:
            number, pages, ids = next(script)
            if ids is None:
                raise NotFound("test", "no such page")
            shown = tuple(make_copy(one, 1, date_added=DATES[one]) for one in ids)
            yield CollectionPage(number, pages, 3, shown, {RELEASE.id: RELEASE})

    return fetch_pages


def accepted(fetch_pages):
    """The ids of the reading that was kept."""
    reading = read_collection(fetch_pages, lambda: START, "low-tide", lambda *_: None)
    return [copy.instance_id for copy in reading.collection.copies]


DATES = {
    1: "2026-11-22T14:00:01+00:00",
    3: "2026-11-22T14:00:02+00:00",
    5: "2026-11-22T14:00:03+00:00",
    7: "2026-11-22T14:00:03+00:00",
}


def test_an_exchange_within_the_second_of_the_latest_addition_is_seen():
    """A page each: 1 removed and 7 added in the second in which 5 was, while 3 was out of sight.

    All dates on the last page are as they were, and the pages show three copies as they should,
    but 1 and 7 never stood together.
    """
    first = [(1, 3, [1]), (3, 3, [5]), (1, 3, [1]), (2, 3, [5]), (3, 3, [7])]
    then = [(1, 3, [3]), (3, 3, [7]), (1, 3, [3]), (2, 3, [5]), (3, 3, [7])]

    assert accepted(scripted(*first, *then)) == [3, 5, 7]


def test_an_exchange_hidden_by_copies_that_change_places_is_seen():
    """3 removed and 7 added in the second of 5; the last page happens to show 5 both times."""
    first = [(1, 3, [1]), (3, 3, [5]), (1, 3, [3]), (2, 3, [7]), (3, 3, [5])]
    then = [(1, 3, [1]), (3, 3, [7]), (1, 3, [1]), (2, 3, [5]), (3, 3, [7])]

    assert accepted(scripted(*first, *then)) == [1, 5, 7]


def test_a_page_that_vanished_among_others_is_no_failure():
    """The collection lost most of itself: the first answer is that page 2 is gone."""
    first = [(1, 3, [1]), (3, 3, [5]), (2, 3, None)]
    then = [(1, 1, [3, 5, 7])]

    assert accepted(scripted(*first, *then)) == [3, 5, 7]


def test_a_user_that_vanished_is_a_failure():
    """Page 1, asked for alone, is there as long as its owner is."""
    with pytest.raises(NotFound):
        accepted(scripted((1, 3, [1]), (3, 3, [5]), (2, 3, None), (1, 1, None)))
