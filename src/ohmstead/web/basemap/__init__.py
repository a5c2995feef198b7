"""The map under the map: our own world, or the operator's tiles."""
