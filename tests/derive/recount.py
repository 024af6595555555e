"""The counting rules once more, in plain Python over what Discogs sends, to hold ours against."""

import re
import unicodedata
from collections import Counter
from datetime import datetime

KIN = {"æ": "ae", "œ": "oe", "ß": "ss", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "ł": "l"}
PSEUDO = {194: "Various", 355: "Unknown Artist", 118760: "No Artist"}


def folded(text):
    text = unicodedata.normalize("NFKD", text).lower()
    text = "".join(char for char in text if unicodedata.category(char) not in ("Mn", "Me"))
    for letter, plain in {**KIN, "ı": "i", "ς": "σ"}.items():  # noqa: RUF001 - letters are meant
        text = text.replace(letter, plain)
    return text


def place(name):
    """Where a name stands: characters by code point, digits as numbers, then the name itself."""
    parts = re.findall(r"[0-9]+|[^0-9]", folded(name))
    return [
        (48, int(part), len(part)) if part[0] in "0123456789" else (ord(part), 0, 0)
        for part in parts
    ], name


def bare(name):
    return re.sub(r" \([0-9]+\)$", "", name)


def year_in(last_year, *candidates):
    return next((year for year in candidates if year and 1877 <= year <= last_year), None)


def credit(artists):
    line = ""
    for number, artist in enumerate(artists, start=1):
        line += artist["anv"].strip() or bare(artist["name"].strip())
        if number < len(artists):
            join = artist["join"].strip() or ","
            line += f"{join} " if join in ",;" else f" {join} "
    return line


def shown_format(entry):
    count = int(entry["qty"])
    parts = [f"{count}\u00d7{entry['name']}" if count > 1 else entry["name"]]
    parts += entry.get("descriptions", [])
    parts += [entry["text"].strip()] if entry.get("text", "").strip() else []
    return ", ".join(parts)


def primary(formats):
    names = [entry["name"] for entry in formats]
    others = [name for name in names if name != "All Media"]
    return (others + names + ["Unknown"])[0]


def picture(address):
    accepted = address and address.startswith("https://i.discogs.com/")
    return address if accepted and not address.endswith("spacer.gif") else None


def item_of(copy, masters, last_year):
    """One entry of releases.json."""
    basic = copy["basic_information"]
    master = masters.get(basic["master_id"], {})
    return {
        "instance_id": copy["instance_id"],
        "release_id": copy["id"],
        "master_id": basic["master_id"] or None,
        "title": basic["title"].strip(),
        "credit": credit(basic["artists"]),
        "artists": [
            {"id": artist["id"] or None, "name": bare(artist["name"].strip())}
            for artist in basic["artists"]
        ],
        "year": year_in(last_year, master.get("year"), basic["year"]),
        "original_year": year_in(last_year, master.get("year")),
        "release_year": year_in(last_year, basic["year"]),
        "genres": master.get("genres") or basic.get("genres", []),
        "styles": master.get("styles") or basic.get("styles", []),
        "format": primary(basic["formats"]),
        "formats": [shown_format(entry) for entry in basic["formats"]],
        "labels": [
            {
                "id": label["id"] or None,
                "name": bare(label["name"].strip()),
                "catalog_number": None
                if label["catno"].lower() == "none"
                else label["catno"].strip(),
            }
            for label in basic["labels"]
        ],
        "date_added": copy["date_added"],
        "rating": copy["rating"],
        "thumb": picture(basic["thumb"]),
        "cover": picture(basic["cover_image"]),
        "url": f"https://www.discogs.com/release/{copy['id']}",
    }


def items_of(copies, masters, last_year):
    """The entries of releases.json: newest first, by instant, then by instance id."""
    items = [item_of(copy, masters, last_year) for copy in copies]
    items.sort(key=lambda item: item["instance_id"], reverse=True)
    items.sort(key=lambda item: datetime.fromisoformat(item["date_added"]), reverse=True)
    return items


def most_first(tally):
    ordered = sorted(tally, key=place)
    ordered.sort(key=lambda name: tally[name], reverse=True)
    return [{"name": name, "copies": tally[name]} for name in ordered]


def by_decade(items):
    tally = Counter(item["year"] // 10 * 10 for item in items if item["year"])
    unknown = sum(item["year"] is None for item in items)
    decades = [{"name": f"{decade}s", "copies": tally[decade]} for decade in sorted(tally)]
    return decades + ([{"name": "unknown", "copies": unknown}] if unknown else [])


def by_year(items):
    years = [item["year"] for item in items if item["year"]]
    if not years:
        return []
    return [
        {"year": year, "copies": years.count(year)} for year in range(min(years), max(years) + 1)
    ]


def artists_of(copies):
    """Every artist, most copies first: id, name, copies, whether it is one of the stand-ins."""
    tally: Counter = Counter()
    names: dict = {}
    for copy in copies:
        artists = copy["basic_information"]["artists"]
        keys = [artist["id"] or f"name:{folded(artist['name'].strip())}" for artist in artists]
        tally.update(set(keys))
        for key, artist in zip(keys, artists, strict=True):
            names.setdefault(key, Counter())[bare(artist["name"].strip())] += 1
    found = []
    for key, copies_of_key in tally.items():
        most = max(names[key].values())
        name = min(name for name, times in names[key].items() if times == most)
        number = key if isinstance(key, int) else None
        stand_in = number in PSEUDO or (number is None and name in PSEUDO.values())
        found.append(({"id": number, "name": name, "copies": copies_of_key}, stand_in))
    found.sort(key=lambda pair: (-pair[0]["copies"], place(pair[0]["name"]), pair[0]["id"] or 0))
    return found


def numbers_of(copies, items):
    """stats.json without its head."""
    genres = most_first(Counter(genre for item in items for genre in set(item["genres"])))
    styles = most_first(Counter(style for item in items for style in set(item["styles"])))
    formats = most_first(Counter(item["format"] for item in items))
    years = [item["year"] for item in items if item["year"]]
    ranked = artists_of(copies)
    people = [artist for artist, stand_in in ranked if not stand_in]
    return {
        "copies": len(copies),
        "releases": len({item["release_id"] for item in items}),
        "albums": len(
            {(item["master_id"], item["master_id"] or item["release_id"]) for item in items}
        ),
        "artists": len(people),
        "artist_credits": len({item["credit"] for item in items}),
        "genres": len(genres),
        "styles": len(styles),
        "formats": len(formats),
        "years": {
            "first": min(years, default=None),
            "last": max(years, default=None),
            "unknown": len(items) - len(years),
            "original_known": sum(item["original_year"] is not None for item in items),
        },
        "last_added": items[0]["date_added"] if items else None,
        "by_genre": genres,
        "by_style": styles,
        "by_format": formats,
        "by_decade": by_decade(items),
        "by_year": by_year(items),
        "top_artists": people[:10],
        "pseudo_artists": [artist for artist, stand_in in ranked if stand_in],
    }
