"""The API's addresses: who somebody is, their profile, folders, collection pages, masters."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Any
from urllib.parse import quote

from generator.demo import answers
from generator.demo.answers import Answer, json_answer
from generator.demo.covers import ORIGIN, requested_cover
from generator.demo.listing import ordered, page_of
from generator.demo.people import Item, Person


@dataclass(frozen=True, slots=True)
class Question:
    """One API request, its credentials already checked."""

    parts: tuple[str, ...]
    """The path between its slashes."""
    query: Mapping[str, str]
    viewer: Person | None
    """Whose credentials came with it."""


@dataclass(slots=True)
class Library:
    """Everything the API knows."""

    people: dict[str, Person]
    masters: dict[int, Item]
    application: str
    url: str = ""
    """The stand-in's own address, for links and pictures."""
    shuffle_ties: Random | None = None
    """Serves copies with equal sort keys in a new order at each request."""
    _routes: Mapping[str, Callable[[Question], Answer]] = field(init=False)

    def __post_init__(self) -> None:
        self._routes = {"oauth": self._identity, "users": self._user, "masters": self._master}

    def person(self, username: str) -> Person | None:
        """The person of that name; capitals do not matter, as at Discogs."""
        wanted = username.casefold()
        return next((p for p in self.people.values() if p.username.casefold() == wanted), None)

    def answer(self, question: Question) -> Answer:
        """What Discogs says."""
        route = self._routes.get(question.parts[0]) if question.parts else None
        return route(question) if route else answers.NOT_FOUND

    def _identity(self, question: Question) -> Answer:
        if question.parts != ("oauth", "identity"):
            return answers.NOT_FOUND
        if question.viewer is None:
            return answers.UNAUTHENTICATED
        who = question.viewer
        return json_answer(
            {
                "id": who.id,
                "username": who.username,
                "resource_url": self._user_url(who),
                "consumer_name": self.application,
            }
        )

    def _master(self, question: Question) -> Answer:
        match question.parts:
            case ("masters", number) if number.isdecimal() and int(number) in self.masters:
                return json_answer(self.masters[int(number)])
            case ("masters", _):
                return answers.NO_MASTER
        return answers.NOT_FOUND

    def _user(self, question: Question) -> Answer:
        owner = self.person(question.parts[1]) if len(question.parts) > 1 else None
        if owner is None:
            return answers.NO_USER
        match question.parts[2:]:
            case ():
                return json_answer(self._profile(owner, question.viewer is owner))
            case ("collection", *rest):
                if owner.private and question.viewer is not owner:
                    return answers.NOT_OWNER
                return self._collection(owner, rest, question)
        return answers.NOT_FOUND

    def _collection(self, owner: Person, rest: Sequence[str], question: Question) -> Answer:
        own = question.viewer is owner
        match rest:
            case ["folders"]:
                return json_answer({"folders": self._folders(owner, own)})
            case ["folders", folder] if folder.isdecimal():
                return self._folder(owner, int(folder), own)
            case ["folders", folder, "releases"] if folder.isdecimal():
                return self._releases(owner, int(folder), question)
            case ["value"]:
                value = {"maximum": "$9,876.54", "median": "$4,321.00", "minimum": "$1,234.56"}
                return json_answer(value) if own else answers.NOT_OWNER
        return answers.NOT_FOUND

    def _folder(self, owner: Person, folder: int, own: bool) -> Answer:
        if folder != 0 and not own:
            return answers.NOT_OWNER
        found = [entry for entry in self._folders(owner, own) if entry["id"] == folder]
        return json_answer(found[0]) if found else answers.NO_FOLDER

    def _folders(self, owner: Person, own: bool) -> list[dict[str, Any]]:
        names = {0: "All"}
        if own:
            shelves = {1: "Uncategorized", **owner.folders}
            names |= dict(sorted(shelves.items(), key=lambda shelf: shelf[1]))
        return [
            {
                "id": folder,
                "name": name,
                "count": len(_in_folder(owner.copies, folder)),
                "resource_url": f"{self._user_url(owner)}/collection/folders/{folder}",
            }
            for folder, name in names.items()
        ]

    def _releases(self, owner: Person, folder: int, question: Question) -> Answer:
        own = question.viewer is owner
        if folder != 0 and not own:
            return answers.NOT_OWNER
        if folder not in {0, 1, *owner.folders}:
            return answers.NO_FOLDER
        items = ordered(_in_folder(owner.copies, folder), question.query, self.shuffle_ties)
        address = f"{self._user_url(owner)}/collection/folders/{folder}/releases"
        found = page_of(items, question.query, address)
        if found is None:
            return answers.NOT_FOUND
        found["releases"] = [self._served(item, own) for item in found["releases"]]
        urls = found["pagination"]["urls"]
        links = ", ".join(f"<{url}>; rel={name}" for name, url in urls.items())
        answer = json_answer(found)
        return answer.with_headers(("Link", links)) if links else answer

    def _served(self, item: Item, own: bool) -> Item:
        served = {key: value for key, value in item.items() if own or key != "notes"}
        if isinstance(info := served.get("basic_information"), dict):
            info = served["basic_information"] = dict(info)
            for key in ("thumb", "cover_image"):
                if isinstance(address := info.get(key), str):
                    path = address.removeprefix(ORIGIN)
                    info[key] = self.url + path if requested_cover(path) else address
        return served

    def _profile(self, owner: Person, own: bool) -> Item:
        url = self._user_url(owner)
        profile: Item = {
            "id": owner.id,
            "resource_url": url,
            "uri": f"https://www.discogs.com/user/{quote(owner.username)}",
            "username": owner.username,
            "name": "",
            "home_page": "",
            "location": "",
            "profile": "Filed by [b]mood[/b], then by spine.\r\n",
            "registered": "2009-02-14T09:26:53-08:00",
            "rank": 12.0,
            "num_pending": 0,
            "num_for_sale": 0,
            "num_lists": 0,
            "releases_contributed": 3,
            "releases_rated": 41,
            "rating_avg": 4.2,
            "inventory_url": f"{url}/inventory",
            "collection_folders_url": f"{url}/collection/folders",
            "collection_fields_url": f"{url}/collection/fields",
            "wantlist_url": f"{url}/wants",
            "avatar_url": "",
            "curr_abbr": "EUR",
            "activated": True,
            "marketplace_suspended": False,
            "banner_url": "",
            "is_staff": False,
        }
        if own or not owner.private:
            profile |= {"num_collection": len(owner.copies), "num_wantlist": 0}
        return profile | ({"email": owner.email, "num_unread": 0} if own else {})

    def _user_url(self, owner: Person) -> str:
        return f"{self.url}/users/{quote(owner.username, safe='')}"


def _in_folder(copies: Sequence[Item], folder: int) -> list[Item]:
    return [item for item in copies if folder in (0, item.get("folder_id", 1))]
