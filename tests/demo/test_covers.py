"""Covers: JPEG files at addresses like Discogs' own, the same for the same upload number."""

import re
import subprocess
import sys
from base64 import urlsafe_b64decode
from hashlib import sha256
from io import BytesIO
from urllib.parse import urlsplit

import pytest
from PIL import Image
from PIL.JpegImagePlugin import JpegImageFile

from generator.demo.api import Person
from generator.demo.covers import COMPOSITIONS, cover_jpeg, cover_urls
from tests.demo.browser import ask, ask_as
from tests.standin import StandIn

NUMBER = 1_412_272_539
THUMB, COVER = cover_urls(22684, NUMBER)
REAL = "https://i.discogs.com/scDV4mEXKPaqApW88ZIYyR2guiDTm/rs:fit/g:sm/q:40/h:150/w:150/czM6.jpeg"
COLLECTION = "/users/demo/collection/folders/0/releases"


@pytest.fixture(scope="module")
def discogs():
    """A collection of a copy with an invented cover, one with a real one, and one without."""
    covers = ((THUMB, COVER), (REAL, ""), ("", "https://st.discogs.com/1/images/spacer.gif"))
    copies = [
        {
            "instance_id": number,
            "date_added": f"2020-01-0{number}T00:00:00-08:00",
            "basic_information": {"id": number, "thumb": thumb, "cover_image": cover},
        }
        for number, (thumb, cover) in enumerate(covers, start=1)
    ]
    with StandIn([Person("demo", 77, copies, token="pat")]) as running:
        yield running


def shown(answer):
    """The addresses in a page of the collection."""
    infos = [item["basic_information"] for item in answer.json()["releases"]]
    return [(info["thumb"], info["cover_image"]) for info in infos]


def picture(content):
    """A picture's format, size and quantization, which follows from the JPEG quality."""
    with JpegImageFile(BytesIO(content)) as image:
        return image.format, image.size, image.quantization


def quantization(quality):
    """The quantization that Pillow uses for a quality."""
    encoded = BytesIO()
    Image.new("RGB", (8, 8)).save(encoded, "JPEG", quality=quality)
    return picture(encoded.getvalue())[2]


def test_addresses_have_the_shape_of_discogs():
    shape = r"https://i\.discogs\.com/([\w-]{43})/rs:fit/g:sm/([^/]+/[^/]+/[^/]+)/(.+)\.jpeg"
    ((signature, options, path),) = re.findall(shape, THUMB)
    ((other_signature, other_options, other_path),) = re.findall(shape, COVER)
    chunks = path.split("/")
    coded = "".join(chunks)

    assert (options, other_options) == ("q:40/h:150/w:150", "q:90/h:600/w:600")
    assert signature != other_signature
    assert path == other_path
    assert {len(chunk) for chunk in chunks[:-1]} == {16}
    assert urlsafe_b64decode(coded + "=" * (-len(coded) % 4)).decode() == (
        f"s3://discogs-database-images/R-22684-{NUMBER}-2738.jpeg"
    )


@pytest.mark.parametrize(("address", "size", "quality"), [(THUMB, 150, 40), (COVER, 600, 90)])
def test_covers_come_in_two_sizes(discogs, address, size, quality):
    answer = ask(discogs, urlsplit(address).path)

    assert answer.headers["Content-Type"] == "image/jpeg"
    assert answer.headers["Cache-Control"] == "public, max-age=31536000"
    assert picture(answer.content) == ("JPEG", (size, size), quantization(quality))


@pytest.mark.parametrize(
    ("part", "other"),
    [
        (urlsplit(THUMB).path[1:6], "AAAAA"),
        ("q:40", "q:90"),
        ("h:150/w:150", "h:600/w:600"),
        ("czM6", "czM7"),
        (".jpeg", "A.jpeg"),
        ("/czM6", "/\N{GREEK SMALL LETTER ALPHA}"),
        (urlsplit(THUMB).path, "/x.jpeg"),
    ],
)
def test_other_addresses_are_forbidden(discogs, part, other):
    path = urlsplit(THUMB).path

    assert part in path
    assert ask(discogs, path.replace(part, other, 1)).status_code == 403


@pytest.mark.parametrize(
    "credentials",
    ["Discogs token=pat", "Discogs key=ck_GatefoldDemo, secret=cs_GatefoldDemoSecret"],
)
def test_credentials_get_addresses_at_the_stand_in(discogs, credentials):
    thumb, cover = (discogs.url + urlsplit(address).path for address in (THUMB, COVER))
    spacer = "https://st.discogs.com/1/images/spacer.gif"

    assert shown(ask(discogs, COLLECTION, Authorization=credentials)) == [
        (thumb, cover),
        (REAL, ""),
        ("", spacer),
    ]


def test_without_credentials_there_are_no_covers(discogs):
    assert shown(ask(discogs, COLLECTION)) == [("", "")] * 3
    assert shown(ask_as(discogs, discogs.grant("demo"), COLLECTION))[1] == (REAL, "")


def test_the_upload_number_alone_decides_the_picture(discogs):
    paths = [urlsplit(cover_urls(release, NUMBER)[0]).path for release in (1, 22684)]

    assert len({ask(discogs, path).content for path in paths}) == 1
    assert len({cover_jpeg(NUMBER + step, 150) for step in range(100)}) == 100


def test_pictures_are_the_same_in_every_process():
    program = (
        "from hashlib import sha256; from generator.demo.covers import cover_jpeg;"
        f"numbers = range({len(COMPOSITIONS)}); print(*("
        "sha256(cover_jpeg(n, size)).hexdigest() for n in numbers for size in (150, 600)))"
    )
    made = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True)

    assert made.stdout.decode().split() == [
        sha256(cover_jpeg(number, size)).hexdigest()
        for number in range(len(COMPOSITIONS))
        for size in (150, 600)
    ]
