"""Payload → domain: the only place that knows Discogs' field names.

Absent and empty facts become the domain's own "nothing". What decides which copy is meant
(its ids, its date, its title) is refused when it cannot be understood, never guessed.
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
from generator.domain.collection import CollectionPage, Copy, InstanceId
from generator.domain.release import (
    ArtistCredit,
    ArtistId,
    Format,
    LabelCredit,
    LabelId,
    Master,
    MasterId,
    Release,
    ReleaseId,
)
from generator.errors import Unreadable

_LARGEST = 2**63 - 1
_MOST_RATING = 5
_CONTROLS = re.compile("[\x00-\x1f\x7f-\x9f]")
_SURROGATES = re.compile("[\ud800-\udfff]")
_HINT = "the last good snapshot was kept; report this if Discogs keeps sending it"


def clean(value: Any) -> Any:
    """The JSON value with every text in it made fit to keep, at any depth.

    Lone surrogates become U+FFFD, control characters are removed, white space at the ends too.
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
        text = _SURROGATES.sub("\ufffd", _CONTROLS.sub("", text))
    return text.strip()


def _whole(value: object) -> int:
    """The whole number a value stands for, 0 for everything that is none."""
    if isinstance(value, str) and value.isascii() and value.isdecimal() and len(value) <= 18:
        return int(value)
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return value if type(value) is int and 0 <= value <= _LARGEST else 0


def _whole_or_none(value: object) -> int | None:
    return _whole(value) or None


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _entries(value: object) -> object:
    """A list without its nulls; nothing, however Discogs says it, is an empty list."""
    if isinstance(value, list):
        return [entry for entry in value if entry is not None]
    return value or []


def _texts(value: object) -> list[str]:
    entries = value if isinstance(value, list) else []
    return [entry for entry in entries if entry and isinstance(entry, str)]


def _address(value: object) -> str | None:
    """An image's address; Discogs has three ways to say that there is no image."""
    address = _text(value)
    return None if not address or address.partition("?")[0].endswith("/spacer.gif") else address


def _catalog_number(value: object) -> str | None:
    number = _text(value)
    return None if not number or number.lower() == "none" else number


def _rating(value: object) -> int:
    rating = _whole(value)
    return rating if rating <= _MOST_RATING else 0


def _instant(text: str) -> str:
    """The text unchanged, if it is a date and time that names one instant."""
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
    qty: Annotated[int, BeforeValidator(lambda value: _whole(value) or 1)] = 1
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
    date_added: Annotated[StrictStr, AfterValidator(_instant)]
    rating: Annotated[int, BeforeValidator(_rating)] = 0
    folder_id: Annotated[int, BeforeValidator(_whole)] = 0
    basic_information: _BasicInformation


class _Pagination(_Payload):
    page: _Id
    pages: _Count
    items: _Count


class _Page(_Payload):
    pagination: _Pagination
    releases: list[Any]


class _Identity(_Payload):
    id: _Id
    username: Annotated[StrictStr, Field(min_length=1)]


class _Folder(_Payload):
    id: _Count


class _Folders(_Payload):
    folders: tuple[_Folder, ...]


class _Master(_Payload):
    id: _Id
    year: _Year = None
    genres: _Texts = ()
    styles: _Texts = ()


_Model = TypeVar("_Model", bound=_Payload)
_Fact = TypeVar("_Fact", bound=tuple[object, ...])


def parse_page(payload: Any, where: str, page: int) -> CollectionPage:
    """One page of a collection. Within it the last metadata of a release wins.

    Raises Unreadable, naming `where`, the page that was asked for and the item's position on it.
    """
    place = f"page {page}"
    read = _parsed(_Page, _cleaned(payload, where, place), where, place)
    copies: list[Copy] = []
    releases: dict[ReleaseId, Release] = {}
    for position, entry in enumerate(read.releases, start=1):
        item = _parsed(_Item, entry, where, f"{place}, item {position}")
        if item.basic_information.id not in (None, item.id):
            raise _unreadable(where, f"{place}, item {position}: its two release ids differ")
        copies.append(_copy(item))
        releases[ReleaseId(item.id)] = _release(item)
    told = read.pagination
    return CollectionPage(told.page, told.pages, told.items, tuple(copies), releases)


def parse_identity(payload: Any, where: str) -> Identity:
    """Who an identity or a profile is about; everything else in it is dropped."""
    identity = _parsed(_Identity, _cleaned(payload, where, "identity"), where, "identity")
    return Identity(identity.id, identity.username)


def parse_folder_ids(payload: Any, where: str) -> tuple[int, ...]:
    """The ids of the folders that whoever asked may see."""
    read = _parsed(_Folders, _cleaned(payload, where, "folders"), where, "folders")
    return tuple(folder.id for folder in read.folders)


def parse_master(payload: Any, where: str) -> Master:
    """What a master adds to its releases."""
    master = _parsed(_Master, _cleaned(payload, where, "master"), where, "master")
    return Master(MasterId(master.id), master.year, master.genres, master.styles)


def _copy(item: _Item) -> Copy:
    return Copy(
        instance_id=InstanceId(item.instance_id),
        release_id=ReleaseId(item.id),
        date_added=item.date_added,
        rating=item.rating,
        folder_id=item.folder_id,
    )


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
    """The value, held once in memory however many releases it is true of."""
    return value


def _artist_credits(artists: Iterable[_Artist]) -> Iterable[ArtistCredit]:
    """The artists that have a name; an entry without one says nothing that could be shown."""
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


def _cleaned(payload: Any, where: str, place: str) -> Any:
    try:
        return clean(payload)
    except RecursionError:
        problem = f"{place}: is nested too deeply"
    raise _unreadable(where, problem)


def _parsed(model: type[_Model], value: Any, where: str, place: str) -> _Model:
    """The value as the model, or Unreadable with the first problem found.

    pydantic's own error quotes what it was given, so it is neither shown nor chained.
    """
    try:
        return model.model_validate(value)
    except ValidationError as error:
        problem = _first_problem(error)
    raise _unreadable(where, f"{place}: {problem}")


def _first_problem(error: ValidationError) -> str:
    first = error.errors(include_url=False)[0]
    name = _dotted(first["loc"])
    if first["type"] == "missing" or (name and first["input"] is None):
        return f"{name} is missing"
    return f"{name or 'the entry'} {_complaint(first['type'])}"


_COMPLAINTS: Mapping[str, str] = {
    "model_type": "is not an object",
    "list_type": "is not a list",
    "tuple_type": "is not a list",
    "string_type": "is not text",
    "string_too_short": "is empty",
    "value_error": "is not a date and time with an offset from UTC",
}


def _complaint(kind: str) -> str:
    return _COMPLAINTS.get(kind, "is not a whole number in its range")


def _dotted(location: tuple[int | str, ...]) -> str:
    """`("basic_information", "artists", 0)` as `basic_information.artists[0]`."""
    parts = [f"[{part}]" if isinstance(part, int) else f".{part}" for part in location]
    return "".join(parts).removeprefix(".")


def _unreadable(where: str, what: str) -> Unreadable:
    return Unreadable(where, what, _HINT)
