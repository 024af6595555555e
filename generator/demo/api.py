"""The API: people and their collections, and who may see them."""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from random import Random
from typing import Any
from urllib.parse import quote, urlencode

from generator.demo.covers import ORIGIN, requested_cover
from generator.demo.wire import Refusal, Reply, Request, json_response

JsonObject = dict[str, Any]
NOT_FOUND = "The requested resource was not found."
NOT_OWNER = (
    "You are not allowed to view this resource. "
    "Please authenticate as the owner to view this content."
)


@dataclass(slots=True)
class Person:
    """A user with a collection. Everything may change while the stand-in runs."""

    username: str
    id: int = 1
    copies: list[JsonObject] = field(default_factory=list)  # as they are sent, in any order
    private: bool = False  # whether only the owner may see the collection
    token: str | None = None  # a personal access token
    folders: dict[int, str] = field(default_factory=dict)  # without "All" and "Uncategorized"
    email: str = "owner@example.org"  # only sent to the owner


@dataclass(frozen=True, slots=True)
class Api:
    """The endpoints, as of one request. Errors are raised as Refusal."""

    people: Mapping[str, Person]
    application: str
    url: str  # the stand-in's own address, for links and covers
    shuffle_ties: Random | None

    def respond(self, request: Request, viewer: Person | None) -> Reply:
        """`viewer` is the user whose credentials came with the request."""
        match request.path.strip("/").split("/"):
            case ["oauth", "identity"]:
                return self._identity(viewer)
            case ["users", name]:
                return self._profile(self._person(name), viewer)
            case ["users", name, "collection", *rest]:
                owner = self._person(name)
                if owner.private and viewer is not owner:
                    raise Refusal(403, NOT_OWNER)
                return self._collection(owner, rest, request, viewer)
        raise Refusal(404, NOT_FOUND)

    def _person(self, name: str) -> Person:
        """The user of that name; case does not matter, as at Discogs."""
        for person in self.people.values():
            if person.username.casefold() == name.casefold():
                return person
        raise Refusal(404, "User does not exist or may have been deleted.")

    def _url(self, person: Person) -> str:
        return f"{self.url}/users/{quote(person.username, safe='')}"

    def _identity(self, viewer: Person | None) -> Reply:
        if viewer is None:
            raise Refusal(401, "You must authenticate to access this resource.")
        identity = {"id": viewer.id, "username": viewer.username}
        consumer = {"consumer_name": self.application}
        return json_response(identity | {"resource_url": self._url(viewer)} | consumer)

    def _profile(self, owner: Person, viewer: Person | None) -> Reply:
        profile = {"id": owner.id, "username": owner.username, "resource_url": self._url(owner)}
        profile |= {"name": "", "profile": "Filed by [b]mood[/b].\r\n", "curr_abbr": "EUR"}
        if viewer is owner or not owner.private:
            profile |= {"num_collection": len(owner.copies), "num_wantlist": 0}
        if viewer is owner:
            profile |= {"email": owner.email, "num_unread": 0}
        return json_response(profile)

    def _collection(
        self, owner: Person, rest: Sequence[str], request: Request, viewer: Person | None
    ) -> Reply:
        own = viewer is owner
        match rest:
            case ["folders"]:
                return json_response({"folders": self._folders(owner, own)})
            case ["folders", number] if number.isdecimal():
                return json_response(self._folder(owner, int(number), own))
            case ["folders", number, "releases"] if number.isdecimal():
                return self._releases(owner, self._folder(owner, int(number), own), request, own)
            case ["fields"] if viewer:
                return json_response({"fields": _FIELDS if own else []})
            case ["fields"]:
                raise Refusal(403, NOT_OWNER)
        raise Refusal(404, NOT_FOUND)

    def _folder(self, owner: Person, number: int, own: bool) -> JsonObject:
        if number != 0 and not own:
            raise Refusal(403, NOT_OWNER)
        for folder in self._folders(owner, own):
            if folder["id"] == number:
                return folder
        raise Refusal(404, "The requested folder does not exist.")

    def _folders(self, owner: Person, own: bool) -> list[JsonObject]:
        """The owner sees all folders, sorted by name; a visitor only "All"."""
        names = sorted({1: "Uncategorized", **owner.folders}.items(), key=lambda item: item[1])
        return [
            {
                "id": number,
                "name": name,
                "count": len(_in_folder(owner.copies, number)),
                "resource_url": f"{self._url(owner)}/collection/folders/{number}",
            }
            for number, name in [(0, "All"), *(names if own else [])]
        ]

    def _releases(self, owner: Person, folder: JsonObject, request: Request, own: bool) -> Reply:
        copies = _in_folder(owner.copies, folder["id"])
        items = _sorted(copies, request.query, self.shuffle_ties)
        page = page_of(items, request.query, f"{folder['resource_url']}/releases")
        # Without credentials Discogs sends no covers; the key of an application is enough.
        covers = bool(request.authorization)
        page["releases"] = [self._served(item, own, covers) for item in page["releases"]]
        urls = page["pagination"]["urls"]
        links = ", ".join(f"<{url}>; rel={name}" for name, url in urls.items())
        return json_response(page).with_headers(*([("Link", links)] if links else []))

    def _served(self, item: JsonObject, own: bool, covers: bool) -> JsonObject:
        """An item as this visitor sees it; the sample's covers are at the stand-in's address."""
        served = {key: value for key, value in item.items() if own or key != "notes"}
        if isinstance(info := served.get("basic_information"), dict):
            info = served["basic_information"] = dict(info)
            for key in ("thumb", "cover_image"):
                if isinstance(address := info.get(key), str):
                    path = address.removeprefix(ORIGIN)
                    shown = self.url + path if requested_cover(path) else address
                    info[key] = shown if covers else ""
        return served


def page_of(items: Sequence[JsonObject], query: Mapping[str, str], address: str) -> JsonObject:
    """One page with its pagination. Numbers out of range are clamped, as Discogs does."""
    page, per_page = _number(query, "page", 1), min(_number(query, "per_page", 50), 100)
    pages = max(1, -(-len(items) // per_page))
    if page > pages:
        raise Refusal(404, NOT_FOUND)
    before = {"first": 1, "prev": page - 1} if page > 1 else {}
    after = {"next": page + 1, "last": pages} if page < pages else {}
    kept = {name: query[name] for name in ("sort", "sort_order") if name in query}
    urls = {
        name: f"{address}?{urlencode({**kept, 'per_page': per_page, 'page': number})}"
        for name, number in (before | after).items()
    }
    pagination = {"page": page, "pages": pages, "per_page": per_page, "items": len(items)}
    releases = list(items[(page - 1) * per_page : page * per_page])
    return {"pagination": pagination | {"urls": urls}, "releases": releases}


def _number(query: Mapping[str, str], name: str, default: int) -> int:
    try:
        return max(1, int(query.get(name, "")))
    except ValueError:
        return default


def _in_folder(copies: Sequence[JsonObject], folder: int) -> list[JsonObject]:
    return [item for item in copies if folder in (0, item.get("folder_id", 1))]


@lru_cache(100_000)
def _instant(sent: str | None) -> float:
    return datetime.fromisoformat(sent).timestamp() if sent else -math.inf


_SORTS: Mapping[str, Callable[[JsonObject, JsonObject], Any]] = {
    "added": lambda item, _: _instant(item.get("date_added")),
    "artist": lambda _, info: (info.get("artists") or [{}])[0].get("name", "").casefold(),
    "catno": lambda _, info: (info.get("labels") or [{}])[0].get("catno", "").casefold(),
    "format": lambda _, info: (info.get("formats") or [{}])[0].get("name", "").casefold(),
    "label": lambda _, info: (info.get("labels") or [{}])[0].get("name", "").casefold(),
    "rating": lambda item, _: item.get("rating", 0),
    "title": lambda _, info: info.get("title", "").casefold(),
    "year": lambda _, info: info.get("year") or 0,
}


def _sorted(
    items: Sequence[JsonObject], query: Mapping[str, str], ties: Random | None
) -> list[JsonObject]:
    """Items in the order asked for; equal ones by instance id, or shuffled."""
    key = _SORTS.get(query.get("sort", "added"))
    if key is None:
        raise Refusal(422, f"Invalid sort: expected one of {', '.join(_SORTS)}.")
    pool = sorted(items, key=lambda item: item.get("instance_id", 0))
    if ties is not None:
        ties.shuffle(pool)
    descending = query.get("sort_order") == "desc"
    return sorted(pool, key=lambda i: key(i, i.get("basic_information") or {}), reverse=descending)


def _field(number: int, name: str, **more: Any) -> JsonObject:
    return {"id": number, "position": number, "name": name, "public": False, **more}


_GRADES = (
    "Mint (M)", "Near Mint (NM or M-)", "Very Good Plus (VG+)", "Very Good (VG)", "Good Plus (G+)",
    "Good (G)", "Fair (F)", "Poor (P)",
)  # fmt: skip
_FIELDS = (
    _field(1, "Media Condition", type="dropdown", options=_GRADES),
    _field(2, "Sleeve Condition", type="dropdown", options=("Generic", "No Cover", *_GRADES)),
    _field(3, "Notes", type="textarea", lines=3),
)
