"""Shelves as Discogs would send them: plain ones, and ones of nothing but peculiarities."""

from datetime import datetime, timedelta, timezone
from itertools import count

from tests.discogs.wire import make_item

PACIFIC = timezone(timedelta(hours=-8))
START = datetime(2024, 1, 1, 23, 30, tzinfo=PACIFIC)
LARGE = 2**53
"""From here on a browser's numbers skip some."""


def artist(name, number=0, **more):
    """An artist of a payload."""
    return {"name": name, "anv": "", "join": "", "id": number, **more}


def label(name, number):
    """A label of a payload."""
    return {"name": name, "catno": number, "id": 3}


NAMES = [
    "The The",
    "The",
    "A",
    "A-ha",
    "Die Antwoord",
    "De La Soul",
    "L'Orchestre",
    "!!!",
    "Sunn O)))",
    "2Pac",
    "10cc",
    "AC/DC",
    "blink-182",
    "Björk",
    "bjork",
    "Ødegaard",
    "Æther",
    "aether",
    "Œuvre",
    "Nirvana (2)",
    "Nirvana",
    "The (Odd) Name (2) Trio",
    "Кино",
    "ΟΔΥΣΣΕΥΣ",
    "米津玄師",
    "فيروز",
    "🎷 Sax",
    "İstanbul",
    "Straße",
    "Starred*",
    "\u202eevil\u202c bidi",
    "Lone \ud800 surrogate",
    "Zero\u0000 and\u0007 bell",
    "</script><script>document.title='owned'</script>",
    "<img src=x onerror=\"document.title='owned'\">",
    "javascript:document.title='owned'",
    "N" * 10_000,
]
TITLES = [
    "Vol. 2",
    "Vol. 10",
    "Vol. 02",
    "vol. 2",
    "The End",
    "End",
    "Öl & Æther",
    "Ol & aether",
    "¿Qué? \N{ACUTE ACCENT}quoted\N{ACUTE ACCENT}",
    "Line\u2028separator\u2029here",
    "W" + "o" * 498 + "w",
    "a\u00a0b  c",
    "...",
    "½ ² ™",
    "-",
    "&lt;b&gt;",
]
YEARS = [0, 19, 1876, 1877, 1896, 1969, 1970, 1999, 2026, 2027, 2028]
FORMATS = [
    [],
    [{"name": "All Media", "qty": "1"}, {"name": "Vinyl", "qty": "2", "descriptions": ["LP"]}],
    [{"name": "Box Set", "qty": "1"}, {"name": "Vinyl", "qty": "4", "text": " 180 g "}],
    [{"name": "CD", "qty": "1"}, {"name": "DVD", "qty": "1", "descriptions": ["PAL"]}],
    [{"name": "File", "qty": "10", "descriptions": ["FLAC", "Album"], "text": ""}],
    [{"name": "All Media", "qty": "1"}],
]
VALUES = [
    ([], []),
    (["Rock"], ["Dub", "Dub Techno"]),
    (["Rock", "Jazz", "Rock"], ["Smooth Jazz"]),
    (["Folk, World, & Country"], ["Drum n Bass"]),
    (["Funk / Soul", "Jazz"], ["Köln + 1 = ?", "100%"]),
    (["unknown"], ['"quoted"', "rock"]),
]
LABELS = [
    [],
    [label("Blue Note (3)", "BLP-4003")],
    [label("Blue Note", "BLP 4003"), label("Not On Label", "none")],
    [label("Warp", "NONE"), label("Ωmega", "W a r p 9")],
]


def handmade_shelf():
    """Some 130 raw items."""
    numbers = count(1)
    items = [_by(next(numbers), artists=[artist(name, 1 + len(name))]) for name in NAMES]
    items += [_by(next(numbers), title=title) for title in TITLES]
    items += [_by(next(numbers), year=year) for year in YEARS]
    items += [_by(next(numbers), artists=artists) for artists in _credits()]
    items.append(_by(next(numbers), master_id=None, year=None))
    items += [_second_copy(items[5], instance) for instance in (LARGE + 1, LARGE + 2, LARGE + 3)]
    same = (START + timedelta(days=400)).isoformat()
    items += [_by(next(numbers), date_added=same, title=f"Bulk {at % 7}") for at in range(60)]
    items[0]["instance_id"], items[1]["instance_id"] = 2**63 - 1, 7
    return items


def _credits():
    return [
        [artist("Various", 194)],
        [artist("Ann", join="&"), artist("Bob", join=","), artist("Cy", join="Feat.")],
        [artist("Ann", join=""), artist("Bob (4)", anv="Bobby*")],
        [artist("Prince", anv="The Artist")],
        [artist("Unknown Artist", 355)],
    ]


def _by(number, date_added=None, **basic):
    """A copy whose values go round the peculiar ones, apart from what is given."""
    genres, styles = VALUES[number % len(VALUES)]
    usual = {
        "title": f"Record {number % 11}",
        "year": 1950 + number * 7 % 60,
        "master_id": 900 + number % 9,
        "artists": [artist(NAMES[number * 5 % 22], 40 + number % 22)],
        "formats": FORMATS[number % len(FORMATS)],
        "labels": LABELS[number % len(LABELS)],
        "genres": genres,
        "styles": styles,
        "thumb": "" if number % 3 else "https://i.discogs.com/none.jpeg",
    }
    added = date_added or (START + timedelta(hours=number * 11 % 300)).isoformat()
    return make_item(number, usual | basic, date_added=added)


def _second_copy(item, instance):
    return item | {"instance_id": instance}


def numbered_shelf():
    """80 copies, the newest first: 30 of Rock, 50 of Jazz; every fourth on CD."""
    return [
        make_item(
            number,
            {
                "title": f"Record {number}",
                "artists": [artist("Needle" if number % 20 == 0 else "Groove", 1)],
                "genres": ["Rock" if number <= 30 else "Jazz"],
                "styles": [],
                "thumb": "",
                "cover_image": "",
                "formats": [{"name": "CD" if number % 4 == 0 else "Vinyl", "qty": "1"}],
            },
            date_added=f"2024-01-01T10:{number // 60:02}:{number % 60:02}-08:00",
        )
        for number in range(1, 81)
    ]


LONG = [
    "W" + "o" * 498 + "w",
    "A title that goes on and on and does not end where a title should " * 6,
    "どこまでも続くとても長い題名のレコード第二集" * 8,
    "أغنية طويلة جدا لا تنتهي أبدا " * 8,
    "שירארוךמאודבליסוףובלירווחים" * 8,
    "🎷🥁👩‍👩‍👧‍👦🏴‍☠️" * 30,
    "\u202eevil\u202c bidi \u2067and \u202eunclosed, " + "on and on " * 20,
    "no\u00a0break\u00a0" * 40,
    "Rindfleischetikettierungsüberwachungsaufgabenübertragungsgesetz" * 2,
    "Z\u0338\u0321\u0322a\u0335\u0315l\u0337g\u0334o\u0338 " * 30,
    "N" * 10_000,
]
"""Texts that no layout expects, in every place where Discogs has a text."""


def hostile_shelf():
    """130 copies with such texts everywhere, in albums owned once, twice and in two pressings."""
    return [_hostile(number) for number in range(130)]


def _hostile(number):
    """Copies of the same three numbers in a row are of one album, every third of one release."""
    album = number // 3
    text, other, third = (LONG[(album * step + 3) % len(LONG)] for step in (1, 2, 5))
    return make_item(
        number,
        {
            "id": 6000 + number - (number % 3 == 1),
            "master_id": 800 + album,
            "title": text,
            "year": 1900 + album * 5 % 127,
            "artists": [artist(other, 40 + album % 12, join="&"), artist(third, 70 + album % 5)],
            "formats": [
                {"name": "Vinyl", "qty": "12", "text": third, "descriptions": [other, "LP"]},
                {"name": third[:60], "qty": "1"},
            ],
            "labels": [label(third, other)],
            "genres": [text[:200], f"Genre {album % 12}"],
            "styles": [other[:200]],
            "thumb": "",
            "cover_image": "",
        },
        id=6000 + number - (number % 3 == 1),
        date_added=f"{2010 + number // 9}-11-22T12:{number % 9:02}:00+00:00",
    )
