"""Content of files in chunks of one size; a file without its digest is not complete."""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from hashlib import md5, sha256
from typing import Final
from uuid import UUID

from ohmstead.network.models import StoredChunk, StoredFile

CHUNK_BYTES: Final = 256 * 1024
BROKEN_KEPT_FOR: Final = timedelta(hours=6)


class Writing:
    """Takes pieces of any size; `finish` makes the file whole."""

    def __init__(self, organisation_id: UUID, name: str) -> None:
        self.file = StoredFile.objects.create(organisation_id=organisation_id, name=name)
        self._waiting = bytearray()
        self._number = 0
        self._sha256, self._md5 = sha256(), md5(usedforsecurity=False)

    def add(self, piece: bytes) -> int:
        """The size so far."""
        self._sha256.update(piece)
        self._md5.update(piece)
        self.file.size_bytes += len(piece)
        self._waiting += piece
        while len(self._waiting) >= CHUNK_BYTES:
            self._put(bytes(self._waiting[:CHUNK_BYTES]))
            del self._waiting[:CHUNK_BYTES]
        return self.file.size_bytes

    def finish(self) -> StoredFile:
        if self._waiting:
            self._put(bytes(self._waiting))
        self.file.sha256, self.file.md5 = self._sha256.hexdigest(), self._md5.hexdigest()
        self.file.save(update_fields=["size_bytes", "sha256", "md5"])
        return self.file

    def give_up(self) -> None:
        self.file.delete()

    def _put(self, content: bytes) -> None:
        StoredChunk.objects.create(file=self.file, number=self._number, content=content)
        self._number += 1


def store(organisation_id: UUID, name: str, pieces: Iterable[bytes]) -> StoredFile:
    writing = Writing(organisation_id, name)
    for piece in pieces:
        writing.add(piece)
    return writing.finish()


def read(file_id: UUID, first: int, last: int) -> Iterator[bytes]:
    """The bytes from `first` to `last`, both included; one query a chunk, so that memory stays small."""
    for number in range(first // CHUNK_BYTES, last // CHUNK_BYTES + 1):
        chunk = StoredChunk.objects.filter(file=file_id, number=number).values_list("content", flat=True).first()
        if chunk is None:
            return
        begins = number * CHUNK_BYTES
        yield bytes(chunk)[max(first - begins, 0) : last - begins + 1]


def forget_broken(now: datetime) -> None:
    StoredFile.objects.filter(sha256="", began_at__lt=now - BROKEN_KEPT_FOR).delete()
