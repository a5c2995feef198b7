"""What was answered lately on one connection, so that a repeated call is answered again without a second effect."""

_NOTHING: dict[int, bytes | None] = {}


class RecentAnswers:
    """Remembers whole frames by their hash, in two generations of bounded size.

    The whole frame counts, not only its message id: some stations use one id for everything, and what differs is new.
    Once a station was heard to do that, only a call sent twice in a row is a repetition: "Available" may come again.
    """

    __slots__ = ("_last", "_last_id", "_new", "_old", "_one_id_for_all")
    KEPT = 8  # per generation

    def __init__(self) -> None:
        self._new: dict[int, bytes | None] = _NOTHING
        self._old: dict[int, bytes | None] = _NOTHING
        self._one_id_for_all = False
        self._last, self._last_id = 0, ""

    def repeated(self, message_id: str, key: int) -> bool:
        """Whether this very call was taken before; asked once for each call, in order."""
        last, self._last = self._last, key
        if message_id == self._last_id:
            if key != last:
                self._one_id_for_all = True
        else:
            self._last_id = message_id
        known = key in self._new or key in self._old
        return known and (not self._one_id_for_all or key == last)

    def reply(self, key: int) -> bytes | None:
        """None while the first answer is still being found."""
        return self._new[key] if key in self._new else self._old.get(key)

    def remember(self, key: int, reply: bytes | None) -> None:
        new = self._new
        if new is _NOTHING:
            new = self._new = {}
        elif len(new) >= self.KEPT and key not in new:
            self._old = new
            new = self._new = {}
        new[key] = reply

    def age(self) -> None:
        """Forget the older generation; called once per minute or so, so that a quiet line holds nothing."""
        if self._old or self._new:
            self._old, self._new = self._new, _NOTHING
