"""Readings of a collection that changes: only one that was true at an instant is kept."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from generator.discogs.reading import READINGS, read_collection
from generator.domain.collection import CollectionPage
from generator.errors import Drifting, NotFound, Unavailable
from tests.factories import make_copy, make_release

START = datetime(2026, 11, 22, 14, 0, tzinfo=UTC)


@dataclass
class Live:
    """A collection at Discogs that changes before chosen requests; each takes a second.

    With `dice`, copies added in one second are served in another order each time.
    """

    copies: list = field(default_factory=list)
    per_page: int = 3
    changes: dict = field(default_factory=dict)
    """Changes by the number of requests before them."""
    dice: Random | None = None
    clock: timedelta = timedelta()
    asked: list[int] = field(default_factory=list)
    history: list = field(default_factory=list)
    """The ids it held, and since when."""
    values: set = field(default_factory=set)
    """Every copy in every state it was in."""
    progress: list = field(default_factory=list)

    def __post_init__(self):
        self.note()

    def now(self):
        return START + self.clock

    def note(self):
        self.history.append((self.now(), frozenset(copy.instance_id for copy in self.copies)))
        self.values.update(self.copies)

    def add(self):
        number = 1 + max((copy.instance_id for copy in self.values), default=0)
        date = self.now().replace(microsecond=0).isoformat()
        self.copies.append(make_copy(number, number % 4 + 1, date_added=date))
        self.note()

    def remove(self, place=0):
        if self.copies:
            del self.copies[place % len(self.copies)]
            self.note()

    def rate(self, place=0):
        """Ratings move nothing."""
        if self.copies:
            place %= len(self.copies)
            copy = self.copies[place]
            self.copies[place] = replace(copy, rating=(copy.rating + 1) % 6)
            self.note()

    def page(self, number):
        """The page as it is now. Raises NotFound."""
        pages = max(1, -(-len(self.copies) // self.per_page))
        if number > pages:
            raise NotFound("", "no such page")
        chance = self.dice.random if self.dice else int
        shelf = sorted(self.copies, key=lambda one: (one.date_added, chance(), one.instance_id))
        shown = tuple(shelf[(number - 1) * self.per_page : number * self.per_page])
        releases = {copy.release_id: make_release(copy.release_id) for copy in shown}
        return CollectionPage(number, pages, len(self.copies), shown, releases)

    def fetch_pages(self, numbers):
        for number in numbers:
            self.clock += timedelta(seconds=1)
            for change in self.changes.get(len(self.asked), ()):
                change(self)
            self.asked.append(number)
            yield self.page(number)

    def read(self):
        return read_collection(
            self.fetch_pages, self.now, lambda *numbers: self.progress.append(numbers)
        )

    def was_true(self, reading):
        """Whether it held exactly these copies at an instant since the reading started."""
        ends = [*(since for since, _ in self.history[1:]), self.now()]
        return any(
            held == set(ids(reading)) and end >= reading.started
            for (_, held), end in zip(self.history, ends, strict=True)
        )


@dataclass(kw_only=True)
class Racing(Live):
    """Read in parallel: between any two steps time may pass and a change may happen.

    A page is cut at any moment between request and response, and responses may get lost.
    """

    dice: Random = field(default_factory=Random)
    still: int = 0
    """Changes that may still happen."""
    concurrency: int = 6

    def step(self):
        self.clock += timedelta(seconds=self.dice.choice((0, 0.1, 0.4, 1)))
        while self.still and self.dice.random() < 0.3:
            self.still -= 1
            place = self.dice.randrange(1 + len(self.copies))
            for change in self.dice.choice((["add"], ["remove"], ["remove", "add"], ["rate"])):
                getattr(self, change)(*[place] * (change != "add"))

    def cut(self, number):
        try:
            return self.page(number)
        except NotFound as missing:
            return missing

    def fetch_pages(self, numbers):
        waiting = list(numbers)
        sent: list[int] = []
        cut: list[tuple[int, CollectionPage | NotFound]] = []
        while waiting or sent or cut:
            self.step()
            if waiting and len(sent) + len(cut) < self.concurrency:
                sent.append(waiting.pop(0))
            step = self.dice.choice(["cut"] * bool(sent) + ["arrive", "lose"] * bool(cut))
            if step == "cut":
                number = sent.pop(self.dice.randrange(len(sent)))
                cut.append((number, self.cut(number)))
                continue
            number, page = cut.pop(self.dice.randrange(len(cut)))
            if step == "lose" and self.dice.random() < 0.2:
                waiting.insert(0, number)
            elif isinstance(page, NotFound):
                raise page
            else:
                yield page


def live(copies, **options):
    """A collection of so many copies, added a minute apart."""
    dates = (START - timedelta(days=9, minutes=-number) for number in range(copies))
    return Live(
        [
            make_copy(number, number % 4 + 1, date_added=date.isoformat())
            for number, date in enumerate(dates, 1)
        ],
        **options,
    )


def imported(copies, seed, **options):
    """A collection of so many copies, all added in one second and served in changing order."""
    shelf = [make_copy(number, number % 4 + 1) for number in range(1, copies + 1)]
    return Live(shelf, dice=dice(seed), **options)


def dice(seed):
    return Random(seed)  # noqa: S311 - nothing secret comes from it


def ids(reading):
    return [copy.instance_id for copy in reading.collection.copies]


def remove_last(shelf):
    shelf.remove(-1)


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
    shelf = live(copies)

    reading = shelf.read()

    assert shelf.asked == asked
    assert ids(reading) == list(range(1, copies + 1))
    assert set(reading.collection.releases) == {number % 4 + 1 for number in range(1, copies + 1)}
    assert reading.started == START
    assert shelf.progress == [(done, len(asked), copies) for done in range(1, len(asked) + 1)]


def test_copies_and_releases_are_kept_in_order_of_their_ids():
    reading = imported(7, 3, per_page=9).read()

    assert (ids(reading), list(reading.collection.releases)) == ([*range(1, 8)], [1, 2, 3, 4])


CHANGES = {
    "added": [Live.add],
    "first removed": [Live.remove],
    "last removed": [remove_last],
    "first removed, one added": [Live.remove, Live.add],
    "one added, first removed": [Live.add, Live.remove],
    "last removed, one added": [remove_last, Live.add],
    "two added, one removed": [Live.add, Live.add, Live.remove],
    "rated": [lambda shelf: shelf.rate(2)],
}


@pytest.mark.parametrize("seed", [None, 7])
@pytest.mark.parametrize("copies", [1, 3, 4, 6, 7, 9, 10])
@pytest.mark.parametrize("change", CHANGES)
def test_one_change_before_any_request_never_keeps_a_false_reading(change, copies, seed):
    for moment in range(8):
        shelf = live(copies, changes={moment: CHANGES[change]})
        shelf.dice = dice(seed) if seed else None

        reading = shelf.read()

        assert shelf.was_true(reading)
        assert set(reading.collection.copies) <= shelf.values
        assert len(shelf.asked) <= READINGS * (2 + 4)


@pytest.mark.parametrize(
    ("copies", "changes", "asked", "kept"),
    [
        # One removed from a page already read, one added: only the last page shows it.
        (9, {3: [Live.remove, Live.add]}, [1, 3, 1, 2, 3] * 2, range(2, 11)),
        # Another number of copies: the rest of this reading would be pointless.
        (9, {2: [Live.add]}, [1, 3, 1, 1, 4, 1, 2, 3, 4], range(1, 11)),
        # The last page is gone, which is no failure.
        (7, {1: [remove_last]}, [1, 3, 1, 2, 1, 2], range(1, 7)),
        (4, {2: [Live.remove] * 4}, [1, 2, 1], []),
    ],
)
def test_a_reading_that_meets_a_change_is_started_again(copies, changes, asked, kept):
    shelf = live(copies, changes=changes)

    reading = shelf.read()

    assert (shelf.asked, ids(reading)) == (asked, list(kept))


def unplugged(_):
    raise Unavailable("", "no response")


def vanished(_):
    raise NotFound("", "no such user")


@pytest.mark.parametrize(
    ("changes", "error"), [({0: [vanished]}, NotFound), ({3: [unplugged]}, Unavailable)]
)
def test_a_user_who_is_gone_and_a_network_failure_end_the_reading(changes, error):
    with pytest.raises(error):
        live(9, changes=changes).read()


@pytest.mark.parametrize("change", [[Live.add], [Live.remove], [Live.remove, Live.add]])
def test_a_collection_that_never_rests_is_refused(change):
    shelf = live(30, changes=dict.fromkeys(range(2, 400, 3), change))

    with pytest.raises(Drifting) as error:
        shelf.read()

    assert shelf.asked.count(1) <= 2 * READINGS
    assert error.value.what == "the collection changed during each of 4 readings"


def test_a_total_that_is_never_served_is_refused():
    shelf = live(7)
    honest = shelf.page
    shelf.page = lambda number: replace(honest(number), items=8)

    with pytest.raises(Drifting):
        shelf.read()

    assert shelf.asked == [1, 3, 1, 2, 3] * 4


def test_readings_of_an_import_in_changing_order_add_up():
    whole = 0
    for seed in range(100):
        shelf = imported(60, seed, per_page=20)
        try:
            reading = shelf.read()
        except Drifting:
            assert shelf.asked == [1, 3, 1, 2, 3] * 4
            continue
        assert (ids(reading), reading.started) == ([*range(1, 61)], START)
        whole += 1

    assert whole >= 95


def test_the_latest_values_are_kept():
    shelf = live(7)
    plain = shelf.page

    def edited(number):
        page = plain(number)
        title = f"Take {len(shelf.asked)}"
        releases = {key: replace(one, title=title) for key, one in page.releases.items()}
        return replace(page, releases=releases)

    shelf.page = edited

    titles = {key: one.title for key, one in shelf.read().collection.releases.items()}
    assert titles == {1: "Take 4", 2: "Take 4", 3: "Take 4", 4: "Take 5"}


@settings(max_examples=600, deadline=None)
@given(
    seed=st.integers(0, 2**32),
    groups=st.lists(st.integers(1, 8), max_size=6),
    changes=st.integers(0, 8),
    per_page=st.integers(1, 4),
    concurrency=st.integers(1, 6),
)
def test_a_reading_is_the_collection_at_some_instant(seed, groups, changes, per_page, concurrency):
    dates = [
        (START - timedelta(seconds=len(groups) - group)).isoformat()
        for group, size in enumerate(groups)
        for _ in range(size)
    ]
    copies = [make_copy(n, n % 5 + 1, date_added=date) for n, date in enumerate(dates, 1)]
    shelf = Racing(copies, per_page, dice=dice(seed), still=changes, concurrency=concurrency)

    try:
        reading = shelf.read()
    except Drifting:
        return

    assert ids(reading) == sorted(set(ids(reading)))
    assert shelf.was_true(reading)
    assert set(reading.collection.copies) <= shelf.values
    assert set(reading.collection.releases) == {
        copy.release_id for copy in reading.collection.copies
    }


DATES = {1: 1, 3: 2, 5: 3, 7: 3}
"""The second in which each copy was added."""


@pytest.mark.parametrize(
    ("pages", "kept"),
    [
        # 1 was removed and 7 added in the second of 5, while 3 was out of sight: all dates of the
        # last page are as they were, and there are three copies, but 1 and 7 were never together.
        ([(1, 3, [1]), (3, 3, [5]), (1, 3, [1]), (2, 3, [5]), (3, 3, [7]),
          (1, 3, [3]), (3, 3, [7]), (1, 3, [3]), (2, 3, [5]), (3, 3, [7])], [3, 5, 7]),
        # 3 was removed and 7 added in the second of 5; the last page shows 5 both times.
        ([(1, 3, [1]), (3, 3, [5]), (1, 3, [3]), (2, 3, [7]), (3, 3, [5]),
          (1, 3, [1]), (3, 3, [7]), (1, 3, [1]), (2, 3, [5]), (3, 3, [7])], [1, 5, 7]),
        # Most of the collection vanished: page 2 is gone.
        ([(1, 3, [1]), (3, 3, [5]), (2, 3, None), (1, 1, [3, 5, 7])], [3, 5, 7]),
    ],
)  # fmt: skip
def test_an_exchange_within_one_second_is_noticed(pages, kept):
    script = iter(pages)

    def fetch_pages(numbers):
        for _ in numbers:
            number, last, shown = next(script)
            if shown is None:
                raise NotFound("", "no such page")
            copies = tuple(
                make_copy(one, date_added=f"2026-11-22T14:00:0{DATES[one]}+00:00") for one in shown
            )
            yield CollectionPage(number, last, 3, copies, {make_release(1).id: make_release(1)})

    assert ids(read_collection(fetch_pages, lambda: START, lambda *_: None)) == kept
