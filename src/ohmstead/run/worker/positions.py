"""How far each leased shard has come in each stream. Shards that stand at the same place are read together."""

from collections.abc import Iterable, Mapping

import msgspec


class Stretch(msgspec.Struct, frozen=True):
    """Read these streams after these seqs for these shards; not beyond `cap`, where other shards already stand."""

    shards: frozenset[int]
    after: dict[int, int]
    cap: dict[int, int] | None


class Positions:
    def __init__(self) -> None:
        self._at: dict[int, dict[int, int]] = {}  # shard -> stream -> seq

    def take(self, shards: Iterable[int], stored: Mapping[tuple[int, int], int]) -> None:
        for shard in shards:
            self._at[shard] = {stream: seq for (of, stream), seq in stored.items() if of == shard}

    def drop(self, shards: Iterable[int]) -> None:
        for shard in shards:
            self._at.pop(shard, None)

    def stretches(self, streams: Mapping[int, int | None]) -> list[Stretch]:
        """`streams`: number -> last seq, None while it is written to.

        One stretch of all shards when they stand together; else those that lag catch up with the foremost first.
        """
        groups: dict[tuple[tuple[int, int], ...], set[int]] = {}
        for shard, at in self._at.items():
            place = tuple((stream, at.get(stream, 0)) for stream in sorted(streams))
            groups.setdefault(place, set()).add(shard)
        if len(groups) == 1:
            [(place, shards)] = groups.items()
            after = {stream: seq for stream, seq in place if (last := streams[stream]) is None or seq < last}
            return [Stretch(frozenset(shards), after, None)] if after else []
        foremost = {stream: max((dict(place)[stream] for place in groups), default=0) for stream in streams}
        lagging = []
        for place, shards in groups.items():
            after = {stream: seq for stream, seq in place if seq < foremost[stream]}
            if after:
                lagging.append(Stretch(frozenset(shards), after, {stream: foremost[stream] for stream in after}))
        return lagging

    def moved(self, shards: Iterable[int], upto: Mapping[int, int]) -> None:
        for shard in shards:
            self._at[shard].update(upto)
