"""The catalogue of cars that comes with Ohmstead (data/cars.csv)."""

from functools import cache
from importlib.resources import files

from ohmstead.drivers.rules.cars import CarModel, read_catalogue


@cache
def cars() -> dict[str, CarModel]:
    return read_catalogue((files("ohmstead.drivers") / "data" / "cars.csv").read_text("utf-8").splitlines())
