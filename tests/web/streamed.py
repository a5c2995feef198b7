"""Answers that are sent piece by piece."""

import asyncio


def pieces_of(answer):
    async def read(stream):
        return [piece async for piece in stream]

    return asyncio.run(read(answer.streaming_content)) if answer.is_async else list(answer.streaming_content)


def text_of(answer):
    """Of a stream that never ends, nothing."""
    if not answer.streaming:
        return answer.text
    if answer.headers["Content-Type"] == "text/event-stream":
        return ""
    return b"".join(pieces_of(answer)).decode(errors="replace")
