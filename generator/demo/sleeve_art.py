"""Compositions for invented sleeves: each draws on a square of 600 with a few inks."""

import math
from collections.abc import Callable, Sequence

from generator.demo.dice import Dice
from generator.demo.sleeve_shapes import box, circle, half_disc, ring, shape, smooth

SIDE = 600
Inks = Sequence[str]
"""Four colours, the strongest first; the paper is not among them."""


def quarters(dice: Dice, inks: Inks) -> str:
    """A grid of quarter discs, turned by chance."""
    count = dice.pick((3, 4, 4, 5))
    size = SIDE / count
    corners = ((0, 0, 1), (1, 0, 1), (1, 1, 1), (0, 1, 1))
    art = []
    for row in range(count):
        for column in range(count):
            left, top = column * size, row * size
            ground, ink, spot = dice.some([*inks, ""], 3)
            if ground:
                art.append(box(left, top, size + 1, size + 1, ground))
            if not ink:
                continue
            cx, cy, _ = corners[dice.below(4)]
            x, y = left + cx * size, top + cy * size
            dx, dy = (size if cx == 0 else -size), (size if cy == 0 else -size)
            sweep = 1 if dx * dy > 0 else 0
            for part, colour in ((1.0, ink), (0.5, spot)):
                if colour and (part == 1.0 or dice.chance(0.45)):
                    path = (
                        f"M{x:.0f} {y:.0f}h{dx * part:.0f}"
                        f"A{size * part:.0f} {size * part:.0f} 0 0 {sweep} "
                        f"{x:.0f} {y + dy * part:.0f}Z"
                    )
                    art.append(shape(path, colour))
    return "".join(art)


def bars(dice: Dice, inks: Inks) -> str:
    """Upright bars of many heights, one of them alone in its colour."""
    count = dice.whole(9, 15)
    width = 480 / count
    lonely = dice.whole(2, count - 3)
    phase, swing = dice.between(0, 6.28), dice.between(0.35, 0.9)
    art = []
    for number in range(count):
        tall = 190 + 120 * math.sin(phase + number * swing) + dice.between(-50, 50)
        ink = inks[1] if number == lonely else inks[0]
        x = 60 + number * width
        middle = 300 + 60 * math.sin(phase * 2 + number * swing * 0.5)
        art.append(
            f'<rect x="{x + width * 0.16:.0f}" y="{middle - tall / 2:.0f}" '
            f'width="{width * 0.68:.0f}" height="{tall:.0f}" rx="{width * 0.34:.0f}" '
            f'fill="{ink}"/>'
        )
    lone_x = 60 + lonely * width + width / 2
    return "".join([*art, circle(lone_x, 90, width * 0.62, inks[2])])


def hills(dice: Dice, inks: Inks) -> str:
    """A low sun behind layers of hills."""
    x, radius = dice.between(170, 430), dice.between(95, 150)
    y = dice.between(190, 270)
    art = [circle(x, y, radius, inks[1])]
    if dice.chance(0.5):
        art += [ring(x, y, radius + 26 * step, inks[1], 5) for step in (1, 2, 3)]
    layers = [inks[2], inks[3], inks[0]]
    for number, ink in enumerate(layers):
        length = dice.between(0.45, 0.62)
        base = 300 + number * 85 + dice.between(-15, 15)
        phase, swing = dice.between(0, 6.28), dice.between(50, 85) - number * 8
        points = [
            (step * 60.0, base + swing * math.sin(phase + step * length)) for step in range(-1, 12)
        ]
        line = " ".join(f"{px:.0f} {py:.0f}" for px, py in smooth(points))
        art.append(shape(f"M-60 600L{line}L660 600Z", ink))
    return "".join(art)


def rainbow(dice: Dice, inks: Inks) -> str:
    """Thick stripes that run in, turn once and run out."""
    width = dice.pick((34, 40, 46))
    turn = dice.pick((0, 90, 180, 270))
    flip = " scale(-1 1) translate(-600 0)" if dice.chance(0.5) else ""
    colours = [*inks, inks[0]][: dice.whole(4, 5)]
    start = dice.between(150, 230)
    art = []
    for number, ink in enumerate(colours):
        radius = start + (len(colours) - 1 - number) * width
        path = f"M-10 {430 - radius:.0f}H300A{radius:.0f} {radius:.0f} 0 0 1 "
        path += f"{300 + radius:.0f} 430V610"
        art.append(f'<path d="{path}" fill="none" stroke="{ink}" stroke-width="{width + 1}"/>')
    dot = circle(300 - 60, 430 + 10, start * 0.42, inks[dice.below(3)])
    return f'<g transform="rotate({turn} 300 300){flip}">{"".join(art)}{dot}</g>'


def halftone(dice: Dice, inks: Inks) -> str:
    """Dots that swell around one or two hidden centres."""
    count = dice.pick((11, 13, 15))
    step = 540 / count
    centres = [(dice.between(120, 480), dice.between(120, 480)) for _ in range(dice.whole(1, 2))]
    reach = dice.between(210, 330)
    art = []
    for row in range(count):
        for column in range(count):
            x, y = 30 + (column + 0.5) * step, 30 + (row + 0.5) * step
            near = min(math.hypot(x - cx, y - cy) for cx, cy in centres)
            size = step * 0.5 * max(0.16, 1 - near / reach)
            ink = inks[1] if near < reach * 0.3 else inks[0]
            art.append(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{size:.1f}" fill="{ink}"/>')
    return "".join(art)


def lenses(dice: Dice, inks: Inks) -> str:
    """Leaf shapes in rows, each half in another ink."""
    columns = dice.pick((3, 4, 5))
    rows = dice.pick((2, 3, 4))
    wide, tall = 540 / columns, 540 / rows
    tilt = dice.chance(0.5)
    art = []
    for row in range(rows):
        for column in range(columns):
            x, y = 30 + (column + 0.5) * wide, 30 + row * tall
            bow = wide * 0.62
            first, second = dice.some(inks, 2)
            edge = f"M{x:.0f} {y + 6:.0f}Q{{0:.0f}} {y + tall / 2:.0f} {x:.0f} {y + tall - 6:.0f}"
            halves = shape(edge.format(x - bow) + "Z", first)
            halves += shape(edge.format(x + bow) + "Z", second)
            if dice.chance(0.4):
                halves += circle(x, y + tall / 2, wide * 0.1, inks[3])
            angle = 90 if tilt and rows == columns and (row + column) % 2 else 0
            art.append(f'<g transform="rotate({angle} {x:.0f} {y + tall / 2:.0f})">{halves}</g>')
    return "".join(art)


def overprint(dice: Dice, inks: Inks) -> str:
    """Large discs printed over one another."""
    art = []
    for number, ink in enumerate(dice.shuffled(inks[1:])):
        angle = number * 2.09 + dice.between(-0.4, 0.4)
        away = dice.between(70, 130)
        x, y = 300 + away * math.cos(angle), 300 + away * math.sin(angle)
        blend = ' style="mix-blend-mode:var(--blend)"'
        art.append(circle(x, y, dice.between(110, 185), ink, blend))
    if dice.chance(0.6):
        y = dice.between(420, 520)
        art.append(box(0, y, SIDE, 7, inks[0]))
        art.append(box(0, y + 18, SIDE, 3, inks[0]))
    return "".join(art)


def facets(dice: Dice, inks: Inks) -> str:
    """Triangles, most of them resting."""
    count = dice.pick((4, 5, 6))
    size = SIDE / count
    art = []
    for row in range(count):
        for column in range(count):
            x, y = column * size, row * size
            ends = [(x, y), (x + size, y), (x + size, y + size), (x, y + size)]
            skip = dice.below(4)
            first = [ends[i] for i in range(4) if i != skip]
            second = [ends[i] for i in range(4) if i != (skip + 2) % 4]
            for points in (first, second):
                if dice.chance(0.62):
                    ink = dice.weighted(inks, (4, 2, 2, 1))
                    line = "L".join(f"{px:.0f} {py:.0f}" for px, py in points)
                    art.append(shape(f"M{line}Z", ink, f' stroke="{ink}"'))
    return "".join(art)


def waves(dice: Dice, inks: Inks) -> str:
    """Bands that all swing a little later than the one above."""
    count = dice.whole(8, 13)
    step = 640 / count
    swing, length = dice.between(24, 62), dice.between(55, 120)
    shift = dice.between(0.25, 0.7) * dice.pick((-1, 1))
    colours = dice.shuffled([*inks, "var(--paper)"])
    art = []
    for number in range(count):
        base = number * step - 20
        points = [
            (x * 30.0, base + swing * math.sin(x * 30 / length + number * shift))
            for x in range(-1, 22)
        ]
        line = " ".join(f"{px:.0f} {py:.0f}" for px, py in smooth(points)[::2])
        art.append(shape(f"M{line}L640 700L-40 700Z", colours[number % len(colours)]))
    if dice.chance(0.5):
        art.append(circle(dice.between(150, 450), dice.between(150, 300), 84, inks[1]))
    return "".join(art)


def totem(dice: Dice, inks: Inks) -> str:
    """Half discs, blocks and diamonds in a stack."""
    storeys = dice.whole(4, 5)
    tall = 500 / storeys
    art = []
    previous = ""
    for number in range(storeys):
        top = 50 + number * tall
        ink = dice.pick([ink for ink in inks if ink != previous])
        previous = ink
        spot = dice.pick([other for other in inks if other != ink])
        radius = tall * dice.between(0.8, 1.0)
        kind = dice.below(4)
        if kind == 0:
            art.append(shape(half_disc(300, top + tall, radius, 1), ink))
            art.append(shape(half_disc(300, top + tall, radius * 0.5, 1), spot))
        elif kind == 1:
            art.append(shape(half_disc(300, top, radius, 0), ink))
            art.append(shape(half_disc(300, top, radius * 0.5, 0), spot))
        elif kind == 2:
            wide = radius * 1.5
            middle = top + tall / 2
            art.append(
                shape(
                    f"M{300 - wide:.0f} {middle:.0f}L300 {top:.0f}L{300 + wide:.0f} "
                    f"{middle:.0f}L300 {top + tall:.0f}Z",
                    ink,
                )
            )
            art.append(circle(300, middle, tall * 0.2, spot))
        else:
            art.append(box(300 - radius, top, radius * 2, tall, ink))
            art += [
                circle(300 + third * radius * 0.6, top + tall / 2, tall * 0.19, spot)
                for third in (-1, 0, 1)
            ]
    return "".join(art)


def grooves(dice: Dice, inks: Inks) -> str:
    """Rings around a centre near the edge, like a record seen too close."""
    x, y = dice.pick(((0, 600), (600, 600), (300, 640), (0, 300), (600, 0), (300, 300)))
    radius, art = dice.between(560, 680), []
    while radius > 60:
        ink = dice.weighted([*inks, "var(--paper)"], (3, 2, 2, 1, 3))
        art.append(circle(x, y, radius, ink))
        radius -= dice.pick((16, 26, 26, 44, 70))
    return "".join([*art, circle(x, y, 58, inks[1]), circle(x, y, 14, "var(--paper)")])


def mobile(dice: Dice, inks: Inks) -> str:
    """Pebbles hanging from thin wires."""
    art = []
    y = dice.between(70, 110)
    for _ in range(4):
        x = dice.between(230, 370)
        left, right = dice.between(90, 190), dice.between(90, 190)
        art.append(
            f'<path d="M{x - left:.0f} {y + 22:.0f}Q{x:.0f} {y - 26:.0f} {x + right:.0f} '
            f'{y + 22:.0f}" fill="none" stroke="{inks[0]}" stroke-width="3"/>'
        )
        for end in (x - left, x + right):
            drop, size = dice.between(28, 60), dice.between(22, 46)
            art.append(box(end - 1, y + 20, 3, drop, inks[0]))
            angle = dice.between(-35, 35)
            art.append(
                f'<ellipse cx="{end:.0f}" cy="{y + 20 + drop + size * 0.7:.0f}" rx="{size:.0f}" '
                f'ry="{size * dice.between(0.5, 0.8):.0f}" fill="{dice.pick(inks)}" '
                f'transform="rotate({angle:.0f} {end:.0f} {y + 20 + drop + size * 0.7:.0f})"/>'
            )
        y += dice.between(108, 128)
    return f'<path d="M300 0V{y - 100:.0f}" stroke="{inks[0]}" stroke-width="3"/>' + "".join(art)


FAMILIES: tuple[Callable[[Dice, Inks], str], ...] = (
    quarters,
    bars,
    hills,
    rainbow,
    halftone,
    lenses,
    overprint,
    facets,
    waves,
    totem,
    grooves,
    mobile,
)
