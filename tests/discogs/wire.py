"""What Discogs sends, made by hand, and a clock that moves only when somebody sleeps."""

from generator.discogs.pacing import Pacing
from generator.discogs.sending import Anonymous, Endpoints, Patience
from generator.discogs.transport import Transport


def make_item(position=1, basic=None, **changes):
    """One copy as Discogs sends it; `basic` changes its basic information."""
    item = {
        "id": 5000 + position,
        "instance_id": 2173236000 + position,
        "date_added": "2024-05-01T09:30:00-07:00",
        "rating": 4,
        "folder_id": 1,
        "notes": [{"field_id": 3, "value": "paid 20 at the fair"}],
        "basic_information": {
            "id": 5000 + position,
            "master_id": 700,
            "master_url": "https://api.discogs.com/masters/700",
            "resource_url": "https://api.discogs.com/releases/5001",
            "title": "Blue Train",
            "year": 1997,
            "thumb": "https://i.discogs.com/small.jpeg",
            "cover_image": "https://i.discogs.com/large.jpeg",
            "formats": [
                {"name": "Vinyl", "qty": "2", "text": "180g", "descriptions": ["LP", "Album"]}
            ],
            "labels": [
                {
                    "name": "Blue Note",
                    "catno": "BLP 1577",
                    "entity_type": "1",
                    "entity_type_name": "Label",
                    "id": 281,
                    "resource_url": "https://api.discogs.com/labels/281",
                }
            ],
            "artists": [
                {
                    "name": "John Coltrane",
                    "anv": "Coltrane",
                    "join": "",
                    "role": "",
                    "tracks": "",
                    "id": 97545,
                    "resource_url": "https://api.discogs.com/artists/97545",
                }
            ],
            "genres": ["Jazz"],
            "styles": ["Hard Bop"],
        },
    }
    item["basic_information"].update(basic or {})
    return item | changes


def without(mapping, *names):
    """The mapping without these keys."""
    return {name: value for name, value in mapping.items() if name not in names}


def make_page(*items, **pagination):
    """One page of a collection that has no other."""
    told = {"page": 1, "pages": 1, "per_page": 100, "items": len(items), "urls": {}}
    return {"pagination": told | pagination, "releases": list(items)}


class SleptTime:
    """Time that passes by sleeping, and by nothing else."""

    def __init__(self, dice=0.0):
        self.now = 1000.0
        self.dice = dice
        self.sleeps = []

    def clock(self):
        return self.now

    def sleep(self, seconds):
        self.sleeps.append(round(seconds, 3))
        self.now += seconds

    def pacing(self, window=60.0, reserve=5):
        """A pacing on this time, whose random numbers are all the same."""
        return Pacing(window, reserve, self.clock, self.sleep, lambda: self.dice)


def make_transport(address, pacing=None, auth=None, **patience):
    """A transport to an address, anonymous unless told otherwise."""
    return Transport(
        Endpoints(address, address),
        "Gatefold/1.0 +https://records.example",
        auth or Anonymous(),
        pacing=pacing or SleptTime().pacing(),
        patience=Patience(**patience),
    )
