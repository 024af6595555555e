"""Payload → domain: the only place that knows Discogs' field names.

Absent and empty facts become None or empty. The facts that identify a copy (its ids, its date, its
title) are refused when they cannot be understood, never guessed.
"""

import re
from collections.abc import Iterable, Mapping
from datetime import MAXYEAR, MINYEAR, datetime
from functools import lru_cache
from typing import Annotated, Any, TypeVar

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StrictInt,
    StrictStr,
    ValidationError,
)

from generator.domain.account import Identity
from generator.domain.collection import (
    ArtistCredit,
    ArtistId,
    CollectionPage,
    Copy,
    Format,
    InstanceId,
    LabelCredit,
    LabelId,
    MasterId,
    Release,
    ReleaseId,
)
from generator.errors import Unreadable

MOST_COPIES = 500_000  # Discogs may claim; the largest known collections are a fifth of that
_LARGEST = 2**63 - 1
_MOST_RATING = 5
_SEPARATORS = re.compile("[\t-\r\x1c-\x1f\x85]+")
_CONTROLS = re.compile("[\x00-\x1f\x7f-\x9f]")
_SURROGATES = re.compile("[\ud800-\udfff]")
_HINT = "the last good snapshot stays; correct the release at Discogs, or report this"


def clean(value: Any) -> Any:
    """The JSON value with every text in it normalised, at any depth.

    Lone surrogates become U+FFFD; tabs and line ends become one space; other control characters,
    and white space at the ends, are removed.
    """
    if isinstance(value, str):
        return _clean_text(value)
    if isinstance(value, list):
        return [clean(entry) for entry in value]
    if isinstance(value, dict):
        return {key: clean(entry) for key, entry in value.items()}
    return value


def _clean_text(text: str) -> str:
    if not text.isprintable():
        text = _CONTROLS.sub("", _SEPARATORS.sub(" ", text))
        text = _SURROGATES.sub("\ufffd", text)
    return text.strip()


def whole(value: object) -> int:
    """The whole number in a value, 0 for anything else."""
    if isinstance(value, str) and value.isascii() and value.isdecimal() and len(value) <= 18:
        return int(value)
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return value if type(value) is int and 0 <= value <= _LARGEST else 0


def _whole_or_none(value: object) -> int | None:
    return whole(value) or None


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _entries(value: object) -> object:
    """A list without its nulls; every form of "nothing" is an empty list."""
    if isinstance(value, list):
        return [entry for entry in value if entry is not None]
    return value or []


def _texts(value: object) -> list[str]:
    entries = value if isinstance(value, list) else []
    return [entry for entry in entries if entry and isinstance(entry, str)]


def _address(value: object) -> str | None:
    """An image's address; Discogs has three forms of "no image"."""
    address = _text(value)
    return None if not address or address.partition("?")[0].endswith("/spacer.gif") else address


def _catalog_number(value: object) -> str | None:
    number = _text(value)
    return None if not number or number.lower() == "none" else number


def _rating(value: object) -> int:
    rating = whole(value)
    return rating if rating <= _MOST_RATING else 0


def checked_instant(text: str) -> str:
    """The text unchanged, if it is a date and time with an offset. Raises ValueError."""
    try:
        moment = datetime.fromisoformat(text)
    except OverflowError:
        raise ValueError("is out of range") from None
    if moment.tzinfo is None or not MINYEAR < moment.year < MAXYEAR:
        raise ValueError("names no instant that every time zone has")
    return text


_Id = Annotated[StrictInt, Field(ge=1, le=_LARGEST)]
_Count = Annotated[StrictInt, Field(ge=0, le=_LARGEST)]
_OptionalId = Annotated[int | None, BeforeValidator(_whole_or_none)]
_Year = Annotated[int | None, BeforeValidator(_whole_or_none)]
_Text = Annotated[str, BeforeValidator(_text)]
_Texts = Annotated[tuple[str, ...], BeforeValidator(_texts)]
_Address = Annotated[str | None, BeforeValidator(_address)]


class _Payload(BaseModel):
    """Discogs may add fields at any time."""

    model_config = ConfigDict(extra="ignore", frozen=True)


class _Artist(_Payload):
    id: _OptionalId = None
    name: _Text = ""
    anv: _Text = ""
    join: _Text = ""


class _Label(_Payload):
    id: _OptionalId = None
    name: _Text = ""
    catno: Annotated[str | None, BeforeValidator(_catalog_number)] = None


class _Format(_Payload):
    name: _Text = ""
    qty: Annotated[int, BeforeValidator(lambda value: whole(value) or 1)] = 1
    descriptions: _Texts = ()
    text: _Text = ""


class _BasicInformation(_Payload):
    id: _Id | None = None
    title: StrictStr
    master_id: _OptionalId = None
    year: _Year = None
    artists: Annotated[tuple[_Artist, ...], BeforeValidator(_entries)] = ()
    labels: Annotated[tuple[_Label, ...], BeforeValidator(_entries)] = ()
    formats: Annotated[tuple[_Format, ...], BeforeValidator(_entries)] = ()
    genres: _Texts = ()
    styles: _Texts = ()
    thumb: _Address = None
    cover_image: _Address = None


class _Item(_Payload):
    instance_id: _Id
    id: _Id
    date_added: Annotated[StrictStr, AfterValidator(checked_instant)]
    rating: Annotated[int, BeforeValidator(_rating)] = 0
    folder_id: Annotated[int, BeforeValidator(whole)] = 0
    basic_information: _BasicInformation


class _Pagination(_Payload):
    page: _Id
    pages: _Count
    items: Annotated[StrictInt, Field(ge=0, le=MOST_COPIES)]
    per_page: _Id = 100


class _Page(_Payload):
    pagination: _Pagination
    releases: list[Any]


class _Identity(_Payload):
    id: _Id
    username: Annotated[StrictStr, Field(min_length=1)]


class _Folder(_Payload):
    id: _Count
    name: _Text = ""


class _Folders(_Payload):
    folders: tuple[_Folder, ...]


_Model = TypeVar("_Model", bound=_Payload)
_Fact = TypeVar("_Fact", bound=tuple[object, ...])


def parse_page(payload: Any, page: int) -> CollectionPage:
    """One page of a collection. Within it the last metadata of a release wins.

    Raises Unreadable naming the requested page, and the item by its position and its ids.
    """
    place = f"page {page}"
    read = _parsed(_Page, _cleaned(payload, place), place)
    copies: list[Copy] = []
    releases: dict[ReleaseId, Release] = {}
    for position, entry in enumerate(read.releases, start=1):
        where = f"{place}, item {position}{_ids(entry)}"
        item = _parsed(_Item, entry, where)
        if item.basic_information.id not in (None, item.id):
            raise Unreadable(where, "has two different release ids", _HINT)
        facts = (item.date_added, item.rating, item.folder_id)
        copies.append(Copy(InstanceId(item.instance_id), ReleaseId(item.id), *facts))
        releases[ReleaseId(item.id)] = _release(item)
    at = read.pagination
    if at.pages > max(1, -(-at.items // at.per_page)):
        raise Unreadable(place, f"has {at.items:,} items on {at.pages:,} pages of {at.per_page}")
    return CollectionPage(at.page, at.pages, at.items, tuple(copies), releases)


def parse_identity(payload: Any) -> Identity:
    """The user of an identity or a profile; everything else in it is dropped."""
    identity = _parsed(_Identity, _cleaned(payload, "identity"), "identity")
    return Identity(identity.id, identity.username)


def parse_folders(payload: Any) -> dict[int, str]:
    """The names of the folders that the caller may see, by id."""
    read = _parsed(_Folders, _cleaned(payload, "folders"), "folders")
    return {folder.id: folder.name for folder in read.folders}


def _ids(entry: Any) -> str:
    """The ids by which an owner finds an item at Discogs, as far as they are readable."""
    found = entry if isinstance(entry, dict) else {}
    named = {"release": found.get("id"), "instance": found.get("instance_id")}
    ids = [f"{name} {value}" for name, value in named.items() if type(value) is int]
    return f" ({', '.join(ids)})" if ids else ""


def _release(item: _Item) -> Release:
    basic = item.basic_information
    return Release(
        id=ReleaseId(item.id),
        master_id=None if basic.master_id is None else MasterId(basic.master_id),
        title=basic.title,
        year=basic.year,
        artists=_shared(tuple(_artist_credits(basic.artists))),
        labels=tuple(_label_credits(basic.labels)),
        formats=_shared(tuple(_formats(basic.formats))),
        genres=_shared(basic.genres),
        styles=_shared(basic.styles),
        thumb=basic.thumb,
        cover=basic.cover_image,
    )


@lru_cache(8192)
def _shared(value: _Fact) -> _Fact:
    """The value, held once in memory for all releases that have it."""
    return value


def _artist_credits(artists: Iterable[_Artist]) -> Iterable[ArtistCredit]:
    """The artists that have a name; an entry without one has nothing to show."""
    for artist in artists:
        if artist.name:
            known = None if artist.id is None else ArtistId(artist.id)
            yield ArtistCredit(known, artist.name, artist.anv, artist.join)


def _label_credits(labels: Iterable[_Label]) -> Iterable[LabelCredit]:
    for label in labels:
        if label.name:
            known = None if label.id is None else LabelId(label.id)
            yield LabelCredit(known, label.name, label.catno)


def _formats(formats: Iterable[_Format]) -> Iterable[Format]:
    for carrier in formats:
        if carrier.name:
            yield Format(carrier.name, carrier.qty, carrier.descriptions, carrier.text)


def _cleaned(payload: Any, place: str) -> Any:
    try:
        return clean(payload)
    except RecursionError:
        error = Unreadable(place, "is nested too deeply")
    raise error


def _parsed(model: type[_Model], value: Any, place: str) -> _Model:
    """The value as the model. Raises Unreadable with the first problem.

    pydantic's own error quotes its input, so it is neither shown nor chained.
    """
    try:
        return model.model_validate(value)
    except ValidationError as error:
        problem = _first_problem(error)
    raise Unreadable(place, problem, _HINT if model is _Item else "")


def _first_problem(error: ValidationError) -> str:
    first = error.errors(include_url=False)[0]
    name = _dotted(first["loc"])
    if first["type"] == "missing" or (name and first["input"] is None):
        return f"{name} is missing"
    what = _COMPLAINTS.get(first["type"], "is not a whole number in its range")
    return f"{name or 'the entry'} {what}"


_COMPLAINTS: Mapping[str, str] = {
    "model_type": "is not an object",
    "list_type": "is not a list",
    "tuple_type": "is not a list",
    "string_type": "is not text",
    "string_too_short": "is empty",
    "value_error": "is not a date and time with an offset from UTC",
}


def _dotted(location: tuple[int | str, ...]) -> str:
    """`("basic_information", "artists", 0)` as `basic_information.artists[0]`."""
    parts = [f"[{part}]" if isinstance(part, int) else f".{part}" for part in location]
    return "".join(parts).removeprefix(".")
