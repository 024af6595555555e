"""Colours that have to be readable, and the picture beside a shared link."""

import re
from io import BytesIO
from itertools import pairwise
from pathlib import Path

import pytest
from PIL import Image

from generator.demo.covers import cover_jpeg
from generator.derive.pages import Card
from generator.derive.tones import COLOURS, TONES, decade_tone, tone
from generator.render.card import SIZE, card_png

STYLES = Path(__file__).parents[1] / "assets/src/css"
TOKENS = dict(
    re.findall(r"--([\w-]+): (#[0-9a-f]{6});", (STYLES / "shared/tokens.css").read_text())
)
STYLED = {
    name: colour
    for sheet in ("shared/tones.css", "components/charts.css")
    for name, colour in re.findall(
        r'\[data-tone="(\w+)"\] \{ --tone: (#\w+); \}', (STYLES / sheet).read_text()
    )
}
SCRIMS = [
    int(percent) / 100
    for percent in re.findall(
        r"ground\) (\d+)%, transparent", (STYLES / "components/object.css").read_text()
    )
]
"""How much of the ground lies over the cover: in the light theme, in the dark one."""
THEMES = {"light": ("paper", "paper-ink"), "dark": ("vinyl", "vinyl-ink")}
SATURATE = 1.5
WEIGHTS = (0.213, 0.715, 0.072)  # of red, green and blue, in the filter `saturate`


def rgb(colour):
    return tuple(int(colour[at : at + 2], 16) for at in (1, 3, 5))


def luminance(colour):
    parts = (part / 255 for part in colour)
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one, other):
    """The ratio of WCAG."""
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def saturated(colour):
    """A colour after the filter, within what a screen can show."""
    grey = sum(part * weight for part, weight in zip(colour, WEIGHTS, strict=True))
    return tuple(min(255, max(0, grey + SATURATE * (part - grey))) for part in colour)


def averages():
    """The average colours of 500 covers, and the extremes."""
    yield (0, 0, 0)
    yield (255, 255, 255)
    for number in range(500):
        with Image.open(BytesIO(cover_jpeg(number, 150))) as cover:
            yield cover.convert("RGB").resize((1, 1), Image.Resampling.BOX).getpixel((0, 0))


@pytest.mark.parametrize("theme", THEMES)
def test_ink_can_be_read_on_the_band_of_any_sleeve(theme):
    ground, ink = (rgb(TOKENS[name]) for name in THEMES[theme])
    scrim = SCRIMS[list(THEMES).index(theme)]
    bands = [
        tuple(scrim * g + (1 - scrim) * c for g, c in zip(ground, saturated(cover), strict=True))
        for cover in averages()
    ]

    assert min(contrast(ink, band) for band in bands) >= 4.5


def test_white_can_be_read_on_every_colour_and_every_colour_is_seen_in_both_themes():
    grounds = [rgb(TOKENS["paper"]), rgb(TOKENS["vinyl"])]

    assert {name: colour for name, colour in COLOURS.items() if name in STYLED} == STYLED
    assert set(COLOURS) - set(STYLED) == {"other", "nonmusic", "vinyl"}
    for colour in map(rgb, STYLED.values()):
        assert contrast(colour, (255, 255, 255)) >= 4.5
        assert min(contrast(colour, ground) for ground in grounds) >= 3


def test_no_two_values_share_a_colour():
    names = [name for tones in TONES.values() for name in tones.values()]
    names += [decade_tone(year) for year in range(1930, 2030, 10)]
    colours = [COLOURS[name] for name in names]

    assert [len(set(names)), len(set(colours))] == [len(names), len(names)]


def test_every_value_has_a_colour_and_neighbouring_decades_differ():
    assert [tone("genre", "Jazz"), tone("genre", "Polka"), tone("format", "Vinyl")] == [
        "jazz",
        "other",
        "vinyl",
    ]
    decades = [decade_tone(year) for year in range(1900, 2040, 10)]
    assert all(one != other for one, other in pairwise(decades))
    assert set(decades) <= set(COLOURS)


GENRES = (("jazz", 3), ("rock", 1))


@pytest.mark.parametrize(
    "card",
    [
        Card("card.png", "demo", "1,497 records", "by 397 artists, 1963–2025", GENRES),
        Card("card.png", "w" * 40, "100,000 records", "by 1 artist, 1963", GENRES),
        Card("card.png", "i", "0 records", "", ()),
    ],
    ids=["usual", "long", "empty"],
)
def test_a_card_has_its_size_its_margins_and_the_same_bytes_twice(card):
    made = card_png(card)
    picture = Image.open(BytesIO(made)).convert("RGB")

    assert picture.size == SIZE
    assert card_png(card) == made
    text = picture.crop((0, 0, 670, 520)).convert("L").point(lambda light: 255 * (light < 128))
    left, top, right, _ = text.getbbox() or (0, 0, 0, 0)
    assert left >= 60
    assert right <= 665
    assert top >= 72
    pixels = picture.crop((0, 600, *SIZE)).tobytes()
    band = [tuple(pixels[3 * x : 3 * x + 3]) for x in (100, 1100)]
    expected = [COLOURS["jazz"], COLOURS["rock"]] if card.genres else [TOKENS["paper"]] * 2
    assert all(
        max(abs(one - other) for one, other in zip(found, rgb(wanted), strict=True)) <= 12
        for found, wanted in zip(band, expected, strict=True)
    )
