"""The sample's covers: invented sleeves as JPEG files, at addresses signed like Discogs' own."""

import math
import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Iterable
from functools import lru_cache
from hashlib import sha256
from io import BytesIO
from random import Random

from PIL import Image, ImageChops, ImageDraw, ImageFont, ImageOps

ORIGIN = "https://i.discogs.com"
THUMB, COVER = 150, 600
_OPTIONS = {"q:40/h:150/w:150": THUMB, "q:90/h:600/w:600": COVER}
_NAME = re.compile(r"s3://discogs-database-images/R-(\d+)-(\d+)-\d+\.jpeg", re.ASCII)

_PALETTES = """
#f2e8d5 #1f2a38 #d9512c #e3a72f #4f8a8b | #efe6da #2b2118 #b5452c #d99a4e #7a8b6f |
#10222e #f0e2c4 #e2673d #5fa8a0 #d9b04c | #f4ede4 #23395b #e4572e #a8c0c2 #f3a712 |
#e9dcc9 #3d2b3d #c8553d #588b8b #f2c078 | #1d1b26 #efd9b4 #c0504a #6d8a96 #d8a657 |
#f6f1e7 #17301f #2f7d5b #e8b04a #cf5c36 | #dfe5dc #24323f #d1495b #edae49 #4c8577 |
#27413f #f3e9d2 #f08a4b #a9c5a0 #d9d3b8 | #f3e3d3 #5b2333 #d1603d #ddb967 #7f9c96 |
#22223b #f2e9e4 #e07a5f #9a8c98 #f2cc8f | #efefe6 #111417 #c1272d #8d99a6 #d9d0b4 |
#e8e1d1 #264653 #e76f51 #2a9d8f #e9c46a | #3a1f2d #f6e3c5 #e58f65 #b3495b #d6c08e |
#f7efe0 #33415c #7d8597 #e2a15b #b94e48 | #0f2a24 #ece3c8 #d98e32 #7fb09b #c95d45
"""
"""Paper first, then the inks. Paper and first ink, sorted as texts, are the dark and the light."""


def cover_urls(release_id: int, number: int) -> tuple[str, str]:
    """The addresses of thumb and cover; releases with the same upload number look alike."""
    thumb, cover = (ORIGIN + _signed_path(release_id, number, options) for options in _OPTIONS)
    return thumb, cover


@lru_cache(4096)
def requested_cover(path: str) -> tuple[int, int] | None:
    """Upload number and size of the cover at a path; None unless `cover_urls` made the path."""
    options = path.partition("/rs:fit/g:sm/")[2][:16]
    if options not in _OPTIONS:
        return None
    try:
        name = urlsafe_b64decode(path.partition(options)[2].replace("/", "")[:-5] + "==").decode()
    except ValueError:
        return None
    found = _NAME.fullmatch(name)
    if found is None or path != _signed_path(int(found[1]), int(found[2]), options):
        return None
    return int(found[2]), _OPTIONS[options]


def _signed_path(release_id: int, number: int, options: str) -> str:
    name = f"s3://discogs-database-images/R-{release_id}-{number}-{release_id % 9973:04}.jpeg"
    chunks = "/".join(re.findall(".{1,16}", _base64url(name.encode())))
    signature = _base64url(sha256(f"{options} {name}".encode()).digest())
    return f"/{signature}/rs:fit/g:sm/{options}/{chunks}.jpeg"


def _base64url(content: bytes) -> str:
    return urlsafe_b64encode(content).decode().rstrip("=")


@lru_cache(1024)
def cover_jpeg(number: int, size: int) -> bytes:
    """The cover with this number. The cache holds every thumb of a wall: 900 of 3 KB each."""
    art = Canvas(number, size * 3 if size == THUMB else size * 2)
    COMPOSITIONS[number % len(COMPOSITIONS)](art)
    art.add_label_strip()
    image = ImageChops.overlay(art.image.reduce(art.side // size), _paper_grain(size))
    encoded = BytesIO()
    image.save(encoded, "JPEG", quality=40 if size == THUMB else 90)
    return encoded.getvalue()


@lru_cache
def _paper_grain(side: int) -> Image.Image:
    noise = Image.frombytes("L", (side, side), Random(side).randbytes(side * side))
    return Image.merge("RGB", [noise.point([118 + grey // 13 for grey in range(256)])] * 3)


class Canvas:
    """A square to draw on, larger than the cover. Coordinates are per cent of its side."""

    def __init__(self, number: int, side: int) -> None:
        self.dice = Random(number)
        self.paper, *self.inks = self.dice.choice(_PALETTES.split("|")).split()
        self.colours = [self.paper, *self.inks]
        self.dark, self.light = self.tones = sorted((self.paper, self.inks[0]))
        self.image = Image.new("RGB", (side, side), self.paper)
        self.draw = ImageDraw.Draw(self.image)
        self.side = side

    def px(self, *percent: float) -> list[int]:
        return [round(number * self.side / 100) for number in percent]

    def box(self, x: float, y: float, wide: float, tall: float, ink: str) -> None:
        self.draw.rectangle(self.px(x, y, x + wide, y + tall), ink)

    def disc(self, x: float, y: float, radius: float, ink: str) -> None:
        self.draw.ellipse(self.px(x - radius, y - radius, x + radius, y + radius), ink)

    def shape(self, points: Iterable[tuple[float, float]], ink: str) -> None:
        self.draw.polygon([tuple(self.px(*point)) for point in points], ink)

    def text(self, at: tuple[float, float, str], words: str, size: float, ink: str) -> None:
        x, y = self.px(*at[:2])
        font, bold = ImageFont.load_default(self.px(size)[0]), self.px(size / 30 if size > 9 else 0)
        self.draw.text((x, y), words, ink, font, at[2], stroke_width=bold[0])

    def clouds(self, across: int, down: int) -> Image.Image:
        """Smooth grey noise, like a photograph out of focus."""
        layers = []
        for octave in (1, 2, 5):
            size = (across * octave, down * octave)
            noise = Image.frombytes("L", size, self.dice.randbytes(size[0] * size[1]))
            layers.append(noise.resize(self.image.size, Image.Resampling.BICUBIC))
        mixed = Image.blend(Image.blend(layers[0], layers[1], 0.3), layers[2], 0.12)
        return ImageOps.autocontrast(mixed, cutoff=1)

    def add_label_strip(self) -> None:
        """Add a strip at the top, as labels print it, to almost half of the sleeves."""
        if self.dice.random() < 0.45:
            ground, ink = self.dice.sample(self.tones, 2)
            sound = ("STEREO", "MONO", "LONG PLAYING", "33 1/3 RPM", "HIGH FIDELITY")
            self.box(0, 0, 100, 7, ground)
            self.text((3, 5, "ls"), self.dice.choice(sound), 3.6, ink)
            number = f"{self.dice.choice('BDGKLST')}L {self.dice.randint(100, 9999)}"
            self.text((97, 5, "rs"), number, 3.6, ink)


def sunset(art: Canvas) -> None:
    """A low sun over hills, in a sky that fades."""
    sky = Image.linear_gradient("L").resize(art.image.size)
    art.image.paste(ImageOps.colorize(sky, art.paper, art.dice.choice(art.inks[1:])))
    y = art.dice.uniform(32, 52)
    art.disc(art.dice.uniform(30, 70), y, art.dice.uniform(11, 25), art.dice.choice(art.colours))
    for ink in (art.inks[1], art.inks[2], art.inks[0]):
        y += art.dice.uniform(8, 17)
        phase, swing, length = (art.dice.uniform(*span) for span in ((0, 7), (2, 9), (9, 30)))
        ridge = [
            (x, y + swing * (math.sin(phase + x / length) + math.sin(phase * 3 + x / 4) / 4))
            for x in range(-2, 104, 2)
        ]
        art.shape([*ridge, (104, 101), (-2, 101)], ink)


def photograph(art: Canvas) -> None:
    """A sea out of focus in two tones, on a quiet ground or over the whole cover."""
    photo, sea, horizon = art.clouds(3, 3), art.clouds(2, 14), art.px(art.dice.uniform(35, 75))[0]
    photo.paste(sea.point([grey * 2 // 5 for grey in range(256)]), (0, horizon))
    toned = ImageOps.colorize(photo, art.dark, art.light, art.dice.choice(art.inks[1:]))
    frames = (
        (0, 0, 100, 74),
        (14, 14, 86, 64),
        (22, 22, 78, 78),
        (0, 20, 100, 74),
        (0, 0, 100, 100),
    )
    left, top, right, bottom = art.px(*art.dice.choice(frames))
    art.image.paste(toned.crop((left, top, right, bottom)), (left, top))


def stripes(art: Canvas) -> None:
    """Thick stripes that run in, turn once and run out."""
    x, y, start = art.dice.uniform(36, 62), art.dice.uniform(50, 78), art.dice.uniform(8, 30)
    width, count = art.dice.uniform(5, 9), art.dice.randint(3, 5)
    inks = [art.paper, *art.dice.sample(art.inks, 4), art.inks[0]]
    for step in range(count, -1, -1):
        radius = start + step * width
        art.disc(x, y, radius, inks[step])
        art.box(-1, y - radius, x + 1, radius + 1, inks[step])
        art.box(x, y, radius, 101, inks[step])
        art.box(-1, y, x + 1, 101, art.paper)
    art.disc(x, y, start, art.paper)
    art.disc(x - width, y + width, start * 0.55, art.inks[2])
    art.image.paste(art.image.rotate(art.dice.choice((0, 90, 180, 270))))


def halftone(art: Canvas) -> None:
    """A photograph in coarse dots of two inks."""
    count = art.dice.choice((20, 28, 36))
    photo = art.clouds(3, 3).resize((count + 1, count + 1), Image.Resampling.BOX).tobytes()
    ground, *inks = art.dice.sample(art.colours[:4], 3)
    art.box(0, 0, 100, 100, ground)
    step = 100 / count
    for at, grey in enumerate(photo):
        row, column = divmod(at, count + 1)
        x, y = (column + row % 2 / 2) * step, (row + 0.5) * step
        art.disc(x + step / 3, y, (255 - grey) * step / 400, inks[1])
        art.disc(x, y, grey * step / 400, inks[0])


def grooves(art: Canvas) -> None:
    """Rings around a centre near the edge, like a record seen too close."""
    centres = ((0, 100, 150), (100, 100, 150), (50, 108, 120), (0, 50, 115), (50, 50, 46))
    x, y, radius = art.dice.choice(centres)
    inks = [art.paper, art.paper, *art.dice.sample(art.inks, 3)]
    while radius > 12:
        art.disc(x, y, radius, art.dice.choice(inks))
        radius -= art.dice.choice((2, 2, 4, 4, 7, 11))
    art.disc(x, y, 10, art.inks[1])
    art.disc(x, y, 1.5, art.paper)


def glow(art: Canvas) -> None:
    """A light without an edge, sometimes eclipsed."""
    orb = ImageOps.invert(Image.radial_gradient("L")).resize(art.image.size)
    orb = Image.blend(orb, art.clouds(2, 2), art.dice.uniform(0.05, 0.5))
    art.image.paste(ImageOps.colorize(orb, art.dark, art.light, art.dice.choice(art.inks[1:])))
    art.disc(50, 50, art.dice.choice((0, 14, 22, 30)), art.dark)


COMPOSITIONS: tuple[Callable[[Canvas], None], ...]
COMPOSITIONS = (sunset, photograph, stripes, halftone, grooves, glow)
