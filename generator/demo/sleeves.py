"""Invented record sleeves: abstract pictures that follow from a number alone."""

import re
from functools import lru_cache

from generator.demo.answers import NOT_FOUND, Answer
from generator.demo.dice import Dice
from generator.demo.sleeve_art import FAMILIES

PALETTES = (
    ("#f2e8d5", "#1f2a38", "#d9512c", "#e3a72f", "#4f8a8b"),
    ("#efe6da", "#2b2118", "#b5452c", "#d99a4e", "#7a8b6f"),
    ("#10222e", "#f0e2c4", "#e2673d", "#5fa8a0", "#d9b04c"),
    ("#f4ede4", "#23395b", "#e4572e", "#a8c0c2", "#f3a712"),
    ("#e9dcc9", "#3d2b3d", "#c8553d", "#588b8b", "#f2c078"),
    ("#1d1b26", "#efd9b4", "#c0504a", "#6d8a96", "#d8a657"),
    ("#f6f1e7", "#17301f", "#2f7d5b", "#e8b04a", "#cf5c36"),
    ("#dfe5dc", "#24323f", "#d1495b", "#edae49", "#4c8577"),
    ("#27413f", "#f3e9d2", "#f08a4b", "#a9c5a0", "#d9d3b8"),
    ("#f3e3d3", "#5b2333", "#d1603d", "#ddb967", "#7f9c96"),
    ("#22223b", "#f2e9e4", "#e07a5f", "#9a8c98", "#f2cc8f"),
    ("#efefe6", "#111417", "#c1272d", "#8d99a6", "#d9d0b4"),
    ("#e8e1d1", "#264653", "#e76f51", "#2a9d8f", "#e9c46a"),
    ("#3a1f2d", "#f6e3c5", "#e58f65", "#b3495b", "#d6c08e"),
    ("#f7efe0", "#33415c", "#7d8597", "#e2a15b", "#b94e48"),
    ("#0f2a24", "#ece3c8", "#d98e32", "#7fb09b", "#c95d45"),
)
"""Paper first, then the inks, the strongest first."""

DARK = 0x80
"""Papers with less red than this want light added to them, not taken away."""

SIZES = (150, 600)


def sleeve_answer(path: str) -> Answer:
    """The picture at `/sleeves/NUMBER-SIZE.svg`."""
    match = re.fullmatch(r"/sleeves/(\d{1,12})-(\d{1,4})\.svg", path)
    if match is None or int(match[2]) not in SIZES:
        return NOT_FOUND
    picture = sleeve(int(match[1]), int(match[2])).encode()
    return Answer(200, picture, "image/svg+xml", (("Cache-Control", "max-age=31536000"),))


def sleeve(number: int, size: int) -> str:
    """The sleeve with that number as an SVG document of `size` by `size`."""
    paper, art = _composition(number)
    blend = "screen" if int(paper[1:3], 16) < DARK else "multiply"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{size}" height="{size}" '
        f'viewBox="0 0 600 600" style="--paper:{paper};--blend:{blend}">'
        f'<rect width="600" height="600" fill="{paper}"/>{art}</svg>'
    )


@lru_cache(maxsize=512)
def _composition(number: int) -> tuple[str, str]:
    dice = Dice(number)
    paper, *inks = dice.pick(PALETTES)
    turn = number + number // len(FAMILIES)
    return paper, FAMILIES[turn % len(FAMILIES)](dice, inks)
