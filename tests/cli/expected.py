"""What releases.json has to say of payloads: the rules read a second time, from scratch."""

import re
import unicodedata
from datetime import datetime

IMAGES = "https://i.discogs.com/"
NO_JOIN_SPACE = ("", ",", ";")


def expected_items(payloads, synced_at):
    """One entry per copy, newest first, as a program finds it without any master data."""
    newest_first = sorted(
        payloads,
        key=lambda item: (datetime.fromisoformat(item["date_added"]), item["instance_id"]),
        reverse=True,
    )
    return [_entry(item, int(synced_at[:4]) + 1) for item in newest_first]


def _entry(item, last_year):
    basic = item["basic_information"]
    year = basic.get("year") or 0
    pressed = year if 1877 <= year <= last_year else None
    formats = basic.get("formats") or []
    return {
        "instance_id": item["instance_id"],
        "release_id": item["id"],
        "master_id": basic.get("master_id") or None,
        "title": _text(basic["title"]),
        "credit": _credit(basic.get("artists") or []),
        "artists": [
            {"id": artist["id"] or None, "name": _plain(artist["name"])}
            for artist in basic.get("artists") or []
        ],
        "year": pressed,
        "original_year": None,
        "release_year": pressed,
        "genres": [_text(genre) for genre in basic.get("genres") or []],
        "styles": [_text(style) for style in basic.get("styles") or []],
        "format": _primary([_text(entry["name"]) for entry in formats]),
        "formats": [_display(entry) for entry in formats],
        "labels": [_label(label) for label in basic.get("labels") or []],
        "date_added": item["date_added"],
        "rating": item["rating"],
        "thumb": _image(basic.get("thumb")),
        "cover": _image(basic.get("cover_image")),
        "url": f"https://www.discogs.com/release/{item['id']}",
    }


def _text(sent):
    return "".join(char for char in sent if unicodedata.category(char) != "Cc").strip()


def _plain(name):
    return re.sub(r" \([0-9]+\)$", "", _text(name))


def _credit(artists):
    words = []
    for artist in artists:
        join = _text(artist.get("join") or "")
        words.append(_text(artist.get("anv") or "") or _plain(artist["name"]))
        words.append(f"{join or ','} " if join in NO_JOIN_SPACE else f" {join} ")
    return "".join(words[:-1])


def _primary(names):
    carriers = [name for name in names if name != "All Media"]
    return (carriers or names or ["Unknown"])[0]


def _display(entry):
    quantity = int(entry.get("qty") or 1)
    name = _text(entry["name"]) if quantity < 2 else f"{quantity}\u00d7{_text(entry['name'])}"
    described = [_text(word) for word in entry.get("descriptions") or []]
    text = _text(entry.get("text") or "")
    return ", ".join([name, *described, *([text] if text else [])])


def _label(label):
    number = _text(label.get("catno") or "")
    return {
        "id": label["id"] or None,
        "name": _plain(label["name"]),
        "catalog_number": None if number.lower() in ("", "none") else number,
    }


def _image(address):
    return address if address and address.startswith(IMAGES) else None
