"""The counting rules once more, in plain Python over Discogs' JSON, to compare ours with."""

import re
import unicodedata
from collections import Counter
from datetime import UTC, datetime

KIN = {"æ": "ae", "œ": "oe", "ß": "ss", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "ł": "l"}
ARTICLE = r"^(the|a|an|der|die|das|le|la|les|los|las|el|il|de|het|os|as) +(?=.)"
NOTHING_SAID: dict = {"master": {}, "release": {}}
PSEUDO = {194: "Various", 355: "Unknown Artist", 118760: "No Artist"}


def folded(text):
    text = unicodedata.normalize("NFKD", text).lower()
    text = "".join(char for char in text if unicodedata.category(char) not in ("Mn", "Me", "Cf"))
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


def said_of(basic, said):
    """What the owner says of a release, fact by fact: a release beats its master."""
    album = said["master"].get(basic["master_id"], {}) if basic["master_id"] else {}
    return album | said["release"].get(basic["id"], {})


def item_of(copy, masters, last_year, said):
    """One entry of releases.json."""
    basic = copy["basic_information"]
    master = masters.get(basic["master_id"], {})
    said = said_of(basic, said)
    return {
        "instance_id": copy["instance_id"],
        "release_id": copy["id"],
        "master_id": basic["master_id"] or None,
        "title": said.get("title", basic["title"].strip()),
        "credit": said.get("credit", credit(basic["artists"])),
        "artists": [
            {"id": artist["id"] or None, "name": bare(artist["name"].strip())}
            for artist in basic["artists"]
        ],
        "year": year_in(last_year, said.get("year"), master.get("year"), basic["year"]),
        "original_year": year_in(last_year, said.get("year"), master.get("year")),
        "release_year": year_in(last_year, basic["year"]),
        "genres": said.get("genres", master.get("genres") or basic.get("genres", [])),
        "styles": said.get("styles", master.get("styles") or basic.get("styles", [])),
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


def items_of(copies, masters, last_year, said=NOTHING_SAID):
    """The entries of releases.json: newest first, by instant, then by instance id."""
    items = [item_of(copy, masters, last_year, said) for copy in copies]
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


def months_between(first, last):
    """Every month from one to another: "2019-03"."""
    year, month = map(int, first.split("-"))
    months = [first]
    while months[-1] != last:
        year, month = (year, month + 1) if month < 12 else (year + 1, 1)
        months.append(f"{year:04}-{month:02}")
    return months


def day_added(item, zone):
    """The day of an addition where the site is: "2019-03-04"."""
    return datetime.fromisoformat(item["date_added"]).astimezone(zone).date().isoformat()


def by_month_added(items, zone=UTC):
    added = [day_added(item, zone)[:7] for item in items]
    if not added:
        return []
    months = months_between(min(added), max(added))
    return [
        {
            "month": month,
            "copies": added.count(month),
            "total": sum(other <= month for other in added),
        }
        for month in (months if len(months) <= 600 else sorted(set(added)))
    ]


def decade_of(item):
    return f"{item['year'] // 10}0s" if item["year"] else "unknown"


def by_decade_format(items):
    decades = [decade["name"] for decade in by_decade(items)]
    formats = {decade: Counter[str]() for decade in decades}
    for item in items:
        formats[decade_of(item)][item["format"]] += 1
    return [{"decade": decade, "formats": most_first(formats[decade])} for decade in decades]


def album_of(item):
    return (item["master_id"] is None, item["master_id"] or item["release_id"])


def duplicates_of(items):
    releases = [item["release_id"] for item in items]
    pressings: dict = {}
    for item in items:
        pressings.setdefault(album_of(item), set()).add(item["release_id"])
    return {
        "releases": len({release for release in releases if releases.count(release) > 1}),
        "albums": sum(len(found) > 1 for found in pressings.values()),
    }


def albums_of_several(items):
    """Every album with more than one copy, most copies first: its copies, the oldest first."""
    albums: dict = {}
    for item in items:
        albums.setdefault(album_of(item), []).append(item)
    found = [copies for copies in albums.values() if len(copies) > 1]
    for copies in found:
        copies.sort(
            key=lambda item: (
                item["release_year"] or float("inf"),
                item["release_id"],
                item["instance_id"],
            )
        )
    found.sort(key=lambda copies: (place(copies[0]["title"])[0], album_of(copies[0])))
    found.sort(key=lambda copies: place(without_article(first_artist(copies[0])))[0])
    found.sort(key=len, reverse=True)
    return found


def first_artist(item):
    return item["artists"][0]["name"] if item["artists"] else ""


def without_article(name):
    return re.sub(ARTICLE, "", folded(name))


def milestones_of(items):
    """Instance ids by number, counted from the oldest."""
    numbers = [1, 100, 500, 1000, 2000, 3000, 4000, *range(5000, len(items) + 1, 5000)]
    oldest_first = items[::-1]
    return {
        number: oldest_first[number - 1]["instance_id"]
        for number in numbers
        if number <= len(items)
    }


def days_of(items, zone=UTC):
    """The days of days.json."""
    days: dict = {}
    for item in items:
        year, month, day = day_added(item, zone).split("-")
        days.setdefault(f"{month}-{day}", []).append((int(year), item))
    return {
        name: {"copies": len(days[name]), "items": firsts_of_years(days[name])[:5]}
        for name in sorted(days)
    }


def firsts_of_years(newest_first):
    firsts = dict(newest_first)
    return [
        {
            "instance_id": firsts[year]["instance_id"],
            "release_id": firsts[year]["release_id"],
            "year": year,
            "title": firsts[year]["title"],
            "credit": firsts[year]["credit"],
        }
        for year in sorted(firsts)
    ]


def artists_of(copies):
    """Every artist, most copies first: id, name and copies, and whether it stands for others."""
    tally: Counter = Counter()
    names: dict = {}
    stand_ins = {f"name:{folded(name)}" for name in PSEUDO.values()}
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
        stand_in = number in PSEUDO or key in stand_ins
        found.append(({"id": number, "name": name, "copies": copies_of_key}, stand_in))
    found.sort(key=lambda pair: (-pair[0]["copies"], place(pair[0]["name"]), pair[0]["id"] or 0))
    return found


def numbers_of(copies, items, zone=UTC):
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
        "albums": len(set(map(album_of, items))),
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
        "by_month_added": by_month_added(items, zone),
        "by_decade_format": by_decade_format(items),
        "top_artists": people[:10],
        "pseudo_artists": [artist for artist, stand_in in ranked if stand_in],
        "duplicates": duplicates_of(items),
        "masters": {
            "dump": None,
            "known": len({album_of(item) for item in items if item["original_year"]}),
            "albums": len({item["master_id"] for item in items if item["master_id"]}),
        },
    }
