"""Discogs' JSON made by hand, a server for raw responses, and a clock that only sleeping moves."""

import csv
import io
import json
import socket
from contextlib import closing, contextmanager
from threading import Thread

from generator.discogs.http import Anonymous, Endpoints, Timeouts
from generator.discogs.pacing import Pacing
from generator.discogs.transport import RetryPolicy, Transport


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
    """The only page of a collection."""
    usual = {"page": 1, "pages": 1, "per_page": 100, "items": len(items), "urls": {}}
    return {"pagination": usual | pagination, "releases": list(items)}


EXPORT_HEADER = (
    "Catalog#,Artist,Title,Label,Format,Rating,Released,release_id,CollectionFolder,Date Added,"
    "Collection Media Condition,Collection Sleeve Condition,Collection Notes"
)
_ROW = {
    "Catalog#": "HL-12",
    "Artist": "Ida Morrow (2)",
    "Title": "Low Tide",
    "Label": "Harbour Light",
    "Format": "LP, Album",
    "Rating": "4",
    "Released": "1974",
    "release_id": "249504",
    "Date Added": "2026-03-01 10:00:00",
    "Collection Notes": "paid 20 at the fair",
}


def make_export(*rows, header=EXPORT_HEADER):
    """A CSV export with rows that differ from a usual one in these cells."""
    text = io.StringIO()
    writer = csv.DictWriter(text, header.split(","), restval="", extrasaction="ignore")
    writer.writeheader()
    writer.writerows(_ROW | row for row in rows)
    return text.getvalue().encode()


class SleptTime:
    """Time that passes by sleeping only; `jitter` stands for every random number."""

    def __init__(self, jitter=0.0):
        self.now = 1000.0
        self.jitter = jitter
        self.sleeps = []

    def clock(self):
        return self.now

    def sleep(self, seconds):
        self.sleeps.append(round(seconds, 3))
        self.now += seconds

    def pacing(self, window=60.0, reserve=5):
        return Pacing(window, reserve, self.clock, self.sleep, lambda: self.jitter)


def make_transport(address, pacing=None, auth=None, *, max_wait=600.0, concurrency=6, **timeouts):
    """A transport to an address, anonymous by default."""
    return Transport(
        Endpoints(address, address),
        "Gatefold/1.0 +https://records.example",
        auth or Anonymous(),
        pacing=pacing or SleptTime().pacing(),
        retry=RetryPolicy(max_wait, concurrency, Timeouts(**timeouts)),
    )


def response(status=200, body=b"", headers=()):
    """The bytes of a response that ends with its connection; other bodies are sent as JSON."""
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    lines = [f"HTTP/1.1 {status} Whatever", "Connection: close"]
    lines += [f"{name}: {value}" for name, value in dict(headers).items()]
    return "\r\n".join([*lines, "\r\n"]).encode() + content


@contextmanager
def raw_server(*responses):
    """A server on loopback that sends each connection the next of these, and then closes it.

    The last one is repeated. Bytes are sent as they are, a function gets the connection. The
    requests are collected.
    """
    received: list[str] = []
    listener = socket.create_server(("127.0.0.1", 0))

    def serve():
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            response = responses[min(len(received), len(responses) - 1)]
            with closing(connection):
                received.append(connection.recv(65536).decode("latin-1"))
                if callable(response):
                    response(connection)
                else:
                    connection.sendall(response)

    thread = Thread(target=serve)
    thread.start()
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}", received
    finally:
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        thread.join()
