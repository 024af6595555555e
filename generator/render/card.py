"""The share card: the picture that shows beside a link to an account, drawn from numbers alone."""

from functools import lru_cache
from io import BytesIO

from PIL import Image, ImageDraw, ImageFont

from generator.derive.pages import Card
from generator.derive.tones import COLOURS
from generator.render.assets import bundled

SIZE = (1200, 630)
_PAPER, _INK, _GREY, _LABEL = "#fbfaf8", "#17140f", "#635d55", "#f26a1b"
_MARGIN = 72
_TEXT = 590  # pixels across; the disc is beside it
_DISC = 480
_BAND = 96
_SMOOTH = 3  # the disc is drawn so many times larger: Pillow does not smooth edges


def card_png(card: Card) -> bytes:
    """The picture as PNG: the same bytes for the same numbers, with the same libraries."""
    picture = Image.new("RGB", SIZE, _PAPER)
    draw = ImageDraw.Draw(picture)
    disc = _disc()
    picture.paste(disc, (SIZE[0] - _DISC - 40, (SIZE[1] - _BAND - _DISC) // 2), disc)
    y = 96
    for text, size, weight, width, colour in (
        (card.name, 104, 800, 122, _INK),
        (card.records, 60, 700, 112, _INK),
        (card.line, 34, 400, 100, _GREY),
    ):
        font = _fitting(text, size, weight, width)
        draw.text((_MARGIN, y), text, colour, font, anchor="lt")
        y += round(font.size * 1.42)
    x, total = 0.0, sum(share for _, share in card.genres)
    for tone, share in card.genres:
        end = x + share / total * SIZE[0]
        draw.rectangle((round(x), SIZE[1] - _BAND, round(end) - 4, SIZE[1]), COLOURS[tone])
        x = end
    found = BytesIO()
    few = picture.quantize(64, Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE)
    few.save(found, "PNG")
    return found.getvalue()


def _fitting(text: str, size: int, weight: int, width: int) -> ImageFont.FreeTypeFont:
    """The largest font up to a size in which a text has room."""
    font = _font(size, weight, width)
    while font.getlength(text) > _TEXT:
        size = min(size - 1, int(size * _TEXT / font.getlength(text)))
        font = _font(size, weight, width)
    return font


@lru_cache(64)
def _font(size: int, weight: int, width: int) -> ImageFont.FreeTypeFont:
    path = bundled("assets") / "fonts/archivo-latin.woff2"
    font = ImageFont.truetype(path, size, layout_engine=ImageFont.Layout.BASIC)
    font.set_variation_by_axes([weight, width])
    return font


@lru_cache(1)
def _disc() -> Image.Image:
    """A record, on nothing."""
    edge = _DISC * _SMOOTH
    disc = Image.new("RGBA", (edge, edge))
    draw = ImageDraw.Draw(disc)
    middle = edge / 2

    def ring(radius: float, **how: object) -> None:
        draw.circle((middle, middle), middle * radius, **how)  # type: ignore[arg-type]

    ring(1, fill=_INK)
    for groove in range(46, 98, 3):
        ring(groove / 100, outline="#333234", width=_SMOOTH)
    ring(0.34, fill=_LABEL)
    ring(0.04, fill=_PAPER)
    return disc.resize((_DISC, _DISC), Image.Resampling.LANCZOS)
