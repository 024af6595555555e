"""The few shapes that sleeves are drawn with, as SVG."""

from itertools import pairwise


def circle(x: float, y: float, radius: float, ink: str, extra: str = "") -> str:
    """A filled circle."""
    return f'<circle cx="{x:.0f}" cy="{y:.0f}" r="{radius:.0f}" fill="{ink}"{extra}/>'


def ring(x: float, y: float, radius: float, ink: str, width: float) -> str:
    """A circle's line."""
    return (
        f'<circle cx="{x:.0f}" cy="{y:.0f}" r="{radius:.0f}" fill="none" '
        f'stroke="{ink}" stroke-width="{width:.0f}"/>'
    )


def box(x: float, y: float, width: float, height: float, ink: str) -> str:
    """A filled rectangle."""
    return f'<rect x="{x:.0f}" y="{y:.0f}" width="{width:.0f}" height="{height:.0f}" fill="{ink}"/>'


def shape(path: str, ink: str, extra: str = "") -> str:
    """A filled path."""
    return f'<path d="{path}" fill="{ink}"{extra}/>'


def smooth(points: list[tuple[float, float]]) -> list[tuple[float, float]]:
    """A finer line through points, by cutting corners twice."""
    for _ in range(2):
        cut = [points[0]]
        for (ax, ay), (bx, by) in pairwise(points):
            cut.append((ax * 0.75 + bx * 0.25, ay * 0.75 + by * 0.25))
            cut.append((ax * 0.25 + bx * 0.75, ay * 0.25 + by * 0.75))
        points = [*cut, points[-1]]
    return points


def half_disc(x: float, y: float, radius: float, up: int) -> str:
    """A half disc standing on its flat side, or hanging from it when `up` is 0."""
    return f"M{x - radius:.0f} {y:.0f}A{radius:.0f} {radius:.0f} 0 0 {up} {x + radius:.0f} {y:.0f}Z"
