"""Draws Ampersham, the demo's town: a place that does not exist, so that a trial looks like a town at street zoom.

.tools/uv/bin/uv run --with shapely tools/demo_town.py
"""

import json
import math
from pathlib import Path
from random import Random

import shapely
from shapely import LineString, Polygon, affinity

TARGET = Path(__file__).parents[1] / "src" / "ohmstead" / "web" / "static" / "demo" / "town.json"
MIDDLE = (8.917, 53.7535)
WIDE = 1 / math.cos(math.radians(53.75))  # a degree of longitude is shorter than one of latitude
STEP = 0.0024
TURNED = 11
NAMES = """
    Millrace;Linden Road;Heron Lane;Cooper Street;Kiln Street;Orchard Row;Weaver Street;Volta Street;Ferry Street;
    Chapel Row;Mason Street;Glover Lane;Ampere Street;Barley Row;Meadow Street;Bell Lane;Gauss Street;Tanner Row
""".replace("\n", "").split(";")


def river(offset: float) -> list[tuple[float, float]]:
    places = [8.80 + step * 0.002 for step in range(126)]
    return [(x, 53.746 + 0.004 * math.sin((x - 8.885) * 90) + (x - 8.935) * 0.05 + offset) for x in places]


def grid() -> tuple[list[LineString], list[Polygon]]:
    """Streets and the blocks between them, turned a little, as grown towns are."""
    lines, blocks = [], []
    for n in range(-9, 10):
        lines.append(LineString([(n * STEP * WIDE, -0.03), (n * STEP * WIDE, 0.03)]))
        lines.append(LineString([(-0.05, n * STEP * 0.7), (0.05, n * STEP * 0.7)]))
        for m in range(-9, 10):
            x, y = n * STEP * WIDE, m * STEP * 0.7
            blocks.append(shapely.box(x, y, x + STEP * WIDE, y + STEP * 0.7).buffer(-0.00022))
    placed = [affinity.translate(affinity.rotate(each, TURNED, origin=(0, 0)), *MIDDLE) for each in (*lines, *blocks)]
    return placed[: len(lines)], placed[len(lines) :]  # type: ignore[return-value]


def main() -> None:
    random = Random("Ampersham")
    water = Polygon([*river(0.0011), *reversed(river(-0.0011))])
    town = affinity.scale(shapely.Point(MIDDLE).buffer(1), 0.03, 0.0125)
    dry = town.difference(water.buffer(0.0005))
    lines, blocks = grid()
    found: list[tuple[str, str, shapely.Geometry]] = [
        ("ground", "", affinity.scale(shapely.Point(MIDDLE).buffer(1), 0.11, 0.05)),
        ("river", "Amper", water),
    ]
    for block in blocks:
        if block.within(dry):
            found.append(("park" if random.random() < 0.09 else "block", "", block))
    names = iter(NAMES)
    for number, line in enumerate(lines):
        for part in shapely.get_parts(line.intersection(dry)):
            if part.length > 0.004:
                found.append(("street", next(names, ""), part))
        if number in (12, 17, 26):
            found.append(("avenue", "", line.intersection(town.buffer(0.004))))
    found += [
        ("avenue", "Quayside", LineString([(x, y) for x, y in river(0.0017) if 8.895 < x < 8.94])),
        ("avenue", "Motorway Road", LineString([(8.93, 53.7465), (8.945, 53.7415), (8.9618, 53.7397), (8.99, 53.738)])),
        ("motorway", "", LineString([(8.952, 53.70), (8.959, 53.73), (8.9635, 53.745), (8.972, 53.77), (8.99, 53.80)])),
        ("quarter", "Ampersham", shapely.Point(8.9155, 53.7528)),
        ("quarter", "East Services", shapely.Point(8.966, 53.7387)),
    ]
    features = [
        {
            "type": "Feature",
            "properties": {"kind": kind} | ({"name": name} if name else {}),
            "geometry": json.loads(shapely.to_geojson(shapely.set_precision(shape, 0.00001))),
        }
        for kind, name, shape in found
        if not shape.is_empty
    ]
    TARGET.parent.mkdir(exist_ok=True)
    TARGET.write_text(json.dumps({"type": "FeatureCollection", "features": features}, separators=(",", ":")) + "\n")
    print(f"{len(features)} shapes, {TARGET.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
