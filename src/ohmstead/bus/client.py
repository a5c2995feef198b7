"""A NATS client that never stops trying: what cannot be sent is dropped or named, nothing waits without an end."""

import logging
from collections.abc import Awaitable, Callable
from typing import Any, Final, Self

import msgspec
import nats.errors
from nats.aio.client import Client
from nats.aio.msg import Msg
from nats.aio.subscription import Subscription

log = logging.getLogger(__name__)

_encode: Final = msgspec.json.Encoder().encode
_RECONNECT_WAIT_S: Final = 0.25
_MOST_PENDING_BYTES: Final = 8 * 1024 * 1024


class BusUnavailable(Exception):
    """Nobody answered in time, or NATS is away."""


class NobodyServes(BusUnavailable):
    """The subject has no subscriber: the request surely reached nobody."""


_decoders: Final[dict[type, msgspec.json.Decoder[Any]]] = {}


def _decode[T](data: bytes, kind: type[T]) -> T:
    decoder = _decoders.get(kind)
    if decoder is None:
        decoder = _decoders[kind] = msgspec.json.Decoder(kind)
    answer: T = decoder.decode(data)
    return answer


class Message:
    """What a handler gets."""

    __slots__ = ("_bus", "_message", "data", "subject")

    def __init__(self, bus: "Bus", message: Msg) -> None:
        self.subject = message.subject
        self.data = message.data
        self._bus = bus
        self._message = message

    def decode[T](self, kind: type[T]) -> T:
        """Raises msgspec.DecodeError for anything else."""
        return _decode(self.data, kind)

    async def respond(self, answer: msgspec.Struct) -> None:
        """Dropped when NATS is away: the one who asked has its own time-out."""
        if self._message.reply:
            await self._bus.publish(self._message.reply, answer)


type Handler = Callable[[Message], Awaitable[None]]


class Bus:
    """`connect` once per process; handlers of one subscription run one after the other."""

    def __init__(self, name: str = "ohmstead") -> None:
        self.dropped = 0
        self._name = name
        self._client = Client()

    @property
    def connected(self) -> bool:
        return bool(self._client.is_connected)

    async def connect(self, url: str) -> Self:
        """Wait for NATS as long as it takes; afterwards reconnect for ever, subscriptions included."""
        await self._client.connect(
            url.split(","),
            name=self._name,
            max_reconnect_attempts=-1,
            reconnect_time_wait=_RECONNECT_WAIT_S,  # type: ignore[arg-type]
            connect_timeout=3,
            ping_interval=5,
            pending_size=_MOST_PENDING_BYTES,
            error_cb=_quietly,
            disconnected_cb=self._disconnected,
            reconnected_cb=self._reconnected,
        )
        return self

    async def close(self) -> None:
        """Send what is pending, then leave."""
        if self._client.is_connected:
            try:
                await self._client.flush(timeout=2)
            except (nats.errors.Error, TimeoutError) as error:
                log.info("Leaving NATS without a last word: %s", error)
        await self._client.close()

    async def publish(self, subject: str, message: msgspec.Struct | bytes) -> None:
        """Dropped while NATS is away: whoever needs it finds out by itself."""
        if not self._client.is_connected:
            self.dropped += 1
            return
        try:
            await self._client.publish(subject, message if isinstance(message, bytes) else _encode(message))
        except nats.errors.Error as error:
            self.dropped += 1
            log.debug("Dropped a message to %s: %s", subject, error)

    async def request[T](self, subject: str, message: msgspec.Struct, reply_type: type[T], timeout_s: float) -> T:
        """Raises BusUnavailable when there is no answer, or none that can be read."""
        if not self._client.is_connected:
            raise BusUnavailable("NATS is away.")
        try:
            answer = await self._client.request(subject, _encode(message), timeout=timeout_s)
            return _decode(answer.data, reply_type)
        except nats.errors.NoRespondersError:
            raise NobodyServes(f"Nobody serves {subject}.") from None
        except (nats.errors.TimeoutError, TimeoutError):
            raise BusUnavailable(f"No answer from {subject} within {timeout_s:g} s.") from None
        except (nats.errors.Error, msgspec.DecodeError, OSError) as error:
            raise BusUnavailable(f"{subject}: {error}") from error

    async def subscribe(self, subject: str, handler: Handler, queue: str | None = None) -> Subscription:
        """`queue` names the group whose members share the messages. A handler that raises loses only its message."""

        async def call(message: Msg) -> None:
            try:
                await handler(Message(self, message))
            except msgspec.DecodeError as error:
                log.warning("A message on %s cannot be read: %s", subject, error)

        return await self._client.subscribe(subject, queue=queue or "", cb=call)

    async def flush(self) -> None:
        """Return when the server has seen everything sent so far, subscriptions included."""
        await self._client.flush(timeout=5)

    async def _disconnected(self) -> None:
        if not self._client.is_closed:
            log.warning("NATS is away; trying again.")

    async def _reconnected(self) -> None:
        log.info("NATS is back.")


async def _quietly(error: Exception) -> None:
    log.debug("NATS: %s", error)
