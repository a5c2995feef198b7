"""What was answered lately on one connection, so that a repeated call is answered again without a second effect."""

type _Answered = tuple[int, bytes | None]  # hash of the whole call, and the answer unless it is still being found

_NOTHING: dict[str, _Answered] = {}


class RecentAnswers:
    """Remembers the last call under each message id, in two generations of bounded size.

    The whole frame counts, not only its id: some stations use one id for everything, and what differs is new.
    Once a station was heard to do that, only a call sent twice in a row is a repetition: "Available" may come again.
    """

    __slots__ = ("_ids_come_again", "_last", "_new", "_old")
    KEPT = 8  # per generation

    def __init__(self) -> None:
        self._new = self._old = _NOTHING
        self._ids_come_again = False
        self._last = 0

    def repeated(self, message_id: str, key: int) -> bool:
        """Whether this very call was taken before; asked once for each call, in order."""
        last, self._last = self._last, key
        known = self._new.get(message_id) or self._old.get(message_id)
        if known is None:
            return False
        if known[0] != key:
            self._ids_come_again = True
            return False
        return key == last or not self._ids_come_again

    def new(self, message_id: str, key: int, reply: bytes) -> bool:
        """`repeated` and `remember` in one, for a call whose answer is known at once; False: it was taken before."""
        known = self._new.get(message_id) or self._old.get(message_id)
        if known is None:
            self._last = key
        elif self.repeated(message_id, key):
            return False
        self.remember(message_id, key, reply)
        return True

    def reply(self, message_id: str) -> bytes | None:
        """None while the first answer is still being found."""
        known = self._new.get(message_id) or self._old.get(message_id)
        return None if known is None else known[1]

    def remember(self, message_id: str, key: int, reply: bytes | None) -> None:
        new = self._new
        if new is _NOTHING:
            new = self._new = {}
        elif len(new) >= self.KEPT and message_id not in new:
            self._old = new
            new = self._new = {}
        new[message_id] = key, reply

    def age(self) -> None:
        """Forget the older generation; called once per minute or so, so that a quiet line holds nothing."""
        if self._old or self._new:
            self._old, self._new = self._new, _NOTHING
