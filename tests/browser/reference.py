"""The list, read a second time: the rules of counting and listing in plain Python, over raw items.

Nothing here is shared with the program. It is slow and says what it means.
"""

import re
import unicodedata
from collections import Counter
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qsl

KIN = str.maketrans(
    {"æ": "ae", "œ": "oe", "ß": "ss", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "ł": "l"}
    | {"\N{LATIN SMALL LETTER DOTLESS I}": "i", "ς": "\N{GREEK SMALL LETTER SIGMA}"}
)
ARTICLES = {"the", "a", "an", "der", "die", "das", "le", "la", "les", "los", "las", "el", "il"}
ARTICLES |= {"de", "het", "os", "as"}
FACETS = ("genre", "style", "format", "decade", "year", "artist", "label", "added", "own")
PAGE = 25


def fold(text):
    """Compare without marks, case and the spellings of kindred letters."""
    plain = unicodedata.normalize("NFKD", text)
    plain = "".join(char for char in plain if unicodedata.category(char) not in ("Mn", "Me", "Cf"))
    return plain.lower().translate(KIN)


def in_order(folded):
    """Code points, but runs of digits as numbers: fewer zeros first."""
    parts = re.findall(r"[0-9]+|[^0-9]", folded, re.DOTALL)
    return [
        (ord("0"), int(part), len(part)) if part[0] in "0123456789" else (ord(part), 0, 0)
        for part in parts
    ]


def sort_name(name):
    """Without one leading article."""
    first, _, rest = fold(name).partition(" ")
    return rest.lstrip(" ") if first in ARTICLES and rest.strip(" ") else fold(name)


def search_text(text):
    """What a search looks through: no punctuation, no symbols, single spaces."""
    kept = "".join(char for char in fold(text) if unicodedata.category(char)[0] not in "PS")
    return " ".join(kept.split())


def forms(field):
    """A field and its other spellings."""
    signs = {"$": "s", "!": "i", "@": "a"}
    umlauts = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue"})

    def is_letter(place):
        return 0 <= place < len(field) and unicodedata.category(field[place])[0] == "L"

    signed = "".join(
        signs[char] if char in signs and (is_letter(at - 1) or is_letter(at + 1)) else char
        for at, char in enumerate(field)
    )
    anded = "".join("and" if part in ("&", "+") else part for part in re.split(r"(\s+)", field))
    return {field, signed, field.translate(umlauts), anded}


def cleaned(value):
    """Text as it arrives: no lone surrogates, no control characters, trimmed."""
    if isinstance(value, dict):
        return {key: cleaned(each) for key, each in value.items()}
    if isinstance(value, list):
        return [cleaned(each) for each in value]
    if not isinstance(value, str):
        return value
    whole = "".join("\ufffd" if "\ud800" <= char <= "\udfff" else char for char in value)
    return "".join(char for char in whole if unicodedata.category(char) != "Cc").strip()


def unnumbered(name):
    """A database name without the number that tells namesakes apart."""
    return re.sub(r" \(\d+\)\Z", "", name)


def credit_line(artists):
    """The artists as the release joins them."""
    line = ""
    for place, artist in enumerate(artists):
        line += artist.get("anv") or unnumbered(artist["name"])
        join = (artist.get("join") or "").strip() or ","
        if place < len(artists) - 1:
            line += f"{join} " if join in ",;" else f" {join} "
    return line


def format_display(entry):
    """One format entry in words."""
    quantity = int(entry.get("qty") or 1)
    name = f"{quantity}×{entry['name']}" if quantity > 1 else entry["name"]
    return ", ".join(filter(None, [name, *entry.get("descriptions", []), entry.get("text")]))


def primary_format(formats):
    """The first carrier that is one."""
    names = [entry["name"] for entry in formats]
    things = [name for name in names if name != "All Media"]
    return (things or names or ["Unknown"])[0]


def key_of(who):
    """What an artist or a label goes by."""
    return str(who["id"]) if who.get("id") else f"name:{fold(who['name'])}"


def rows(items, this_year, zone=UTC):
    """What the list knows of every copy."""
    items = cleaned(items)
    copies = Counter(item["basic_information"]["id"] for item in items)
    albums: dict[Any, set] = {}
    for item in items:
        info = item["basic_information"]
        albums.setdefault(album_of(info), set()).add(info["id"])
    found = []
    for item in items:
        info = item["basic_information"]
        own = {"copies"} if copies[info["id"]] > 1 else set()
        own |= {"pressings"} if len(albums[album_of(info)]) > 1 else set()
        found.append(row(item, this_year, zone) | {"own": own})
    return found


def album_of(info):
    """The master, or the release without one."""
    return info.get("master_id") or f"release {info['id']}"


def row(item, this_year, zone):
    """What the list knows of a copy by itself."""
    info = item["basic_information"]
    year = info.get("year") if 1877 <= (info.get("year") or 0) <= this_year + 1 else None
    day = datetime.fromisoformat(item["date_added"]).astimezone(zone)
    labels = [(unnumbered(label["name"]), label["catno"]) for label in info.get("labels", [])]
    artists = info["artists"]
    numbers = [number for _, number in labels if number and number.lower() != "none"]
    fields = [
        *(unnumbered(artist["name"]) for artist in artists),
        *(artist["anv"] for artist in artists if artist.get("anv")),
        info["title"],
        *(name for name, _ in labels),
        *numbers,
        *(re.sub(r"\s", "", number) for number in numbers),
        *([str(year)] if year else []),
        *map(format_display, info.get("formats", [])),
    ]
    return {
        "instance": str(item["instance_id"]),
        "url": f"https://www.discogs.com/release/{info['id']}",
        "added": (datetime.fromisoformat(item["date_added"]), item["instance_id"]),
        "id": item["instance_id"],
        "artist": in_order(sort_name(unnumbered(artists[0]["name"]) if artists else "")),
        "title_order": in_order(fold(info["title"])),
        "year": year,
        "credit": credit_line(artists),
        "title": info["title"],
        "formats": [format_display(entry) for entry in info.get("formats", [])],
        "genre": set(info.get("genres") or []),
        "style": set(info.get("styles") or []),
        "format": {primary_format(info.get("formats", []))},
        "decade": {f"{year // 10 * 10}s" if year else "unknown"},
        "year_facet": {str(year or "unknown")},
        "artist_facet": {key_of(artist) for artist in artists},
        "label": {key_of(label) for label in info.get("labels", [])},
        "added_facet": {f"{day:%Y}", f"{day:%Y-%m}"},
        "raw": [each for field in fields for each in (field, re.sub(r"\s", "", field))],
        "folded": [search_text(form) for field in fields for form in forms(field)],
        "release": str(info["id"]),
    }


def asked(address):
    """The query in an address, as a dictionary."""
    query: dict[str, Any] = {facet: (set(), set(), set()) for facet in FACETS}
    single = {"q": "", "sort": "added", "page": "1"}
    for name, value in parse_qsl(address.lstrip("?"), keep_blank_values=True):
        if name in query:
            side = {"-": 1, "+": 2}.get(value[:1], 0)
            plain = value[side > 0 :]
            plain = plain.removeprefix("\\")
            if plain:
                query[name][side].add(plain)
        elif name in single:
            single[name] = value
    page = int(single["page"]) if re.fullmatch("[0-9]+", single["page"]) else 1
    return query | {"words": single["q"].split(), "sort": single["sort"], "page": max(1, page)}


def passes(row, choice, facet):
    """Whether a row passes one facet."""
    included, excluded, required = choice
    values = of(row, facet)
    return required <= values and not values & excluded and (not included or values & included)


def of(row, facet):
    """The values of a row in a facet."""
    return row.get(f"{facet}_facet", row.get(facet))


def matches(row, words):
    """Whether every word is somewhere in the row."""
    for word in words:
        plain = search_text(word)
        wanted, fields = (plain, row["folded"]) if plain else (word, row["raw"])
        found = any(wanted in field for field in fields) or wanted == row["release"]
        if word in ("&", "+"):
            found = found or any("and" in field for field in row["folded"])
        if not found:
            return False
    return True


def ordered(rows, sort):
    """The rows in the order asked for. Each sort is stable: the last key is sorted by first."""

    def by(*keys):
        found = sorted(rows, key=lambda row: row["id"])
        for key, falling in reversed(keys):
            found.sort(key=key, reverse=falling)
        return found

    newest = sorted(rows, key=lambda row: row["added"], reverse=True)
    artist = (lambda row: row["artist"], False)
    artist_falling = (lambda row: row["artist"], True)
    title = (lambda row: row["title_order"], False)
    year = (lambda row: (row["year"] is None, row["year"] or 0), False)
    year_falling = (lambda row: (row["year"] is None, -(row["year"] or 0)), False)
    orders = {
        "added-asc": lambda: newest[::-1],
        "artist": lambda: by(artist, year, title),
        "artist-desc": lambda: by(artist_falling, year, title),
        "title": lambda: by(title, artist),
        "year": lambda: by(year, artist, title),
        "year-desc": lambda: by(year_falling, artist, title),
    }
    return orders.get(sort, lambda: newest)()


def result(rows, address):
    """Every row the address asks for, in order."""
    query = asked(address)
    found = [
        row
        for row in rows
        if matches(row, query["words"]) and all(passes(row, query[name], name) for name in FACETS)
    ]
    return ordered(found, query["sort"])


def page(rows, address):
    """Total, page, pages and the rows of the page that is shown."""
    found = result(rows, address)
    pages = max(1, -(-len(found) // PAGE))
    number = min(asked(address)["page"], pages)
    return len(found), number, pages, found[(number - 1) * PAGE :][:PAGE]


def numbers_beside(rows, address):
    """Of every facet and value: how many rows there were if the facet had just it included."""
    query = asked(address)
    return {facet: _numbers(rows, query, facet) for facet in FACETS}


def _numbers(rows, query, facet):
    others = [name for name in FACETS if name != facet]
    _, excluded, required = query[facet]
    return Counter(
        value
        for row in rows
        if matches(row, query["words"])
        and all(passes(row, query[name], name) for name in others)
        and not of(row, facet) & excluded
        and required <= of(row, facet)
        for value in of(row, facet)
    )
