"""OCPP 2.x: messages on a station's display."""

from typing import Any, Final

from ohmstead.station import commands as c
from ohmstead.wire.refusals import CommandNotInDialect
from ohmstead.wire.saying import Sayings, made, said, spelt
from ohmstead.wire.v2.commanding.settings import named


def content(m: Any, text: c.DisplayText) -> Any:
    return made(m.MessageContent, format=text.format, content=text.content, language=text.language)


def show(m: Any, command: c.SetDisplayMessage) -> Any:
    message = made(
        m.MessageInfo,
        id=command.message_id,
        priority=spelt(command.priority),
        message=content(m, command.text),
        display=_display(m, command),
        state=spelt(command.state),
        start_date_time=command.starts_at,
        end_date_time=command.ends_at,
        transaction_id=command.transaction_id,
        message_extra=tuple(content(m, text) for text in command.other_languages),
    )
    return m.SetDisplayMessageRequest(message=message)


def _display(m: Any, command: c.SetDisplayMessage) -> Any:
    if command.display is None:
        if command.display_evse is not None:
            raise CommandNotInDialect("Name the display component whose outlet is meant.")
        return None
    evse = None if command.display_evse is None else m.EVSE(id=command.display_evse)
    return named(m.Component, command.display, evse=evse)


def shown(m: Any, command: c.GetDisplayMessages) -> Any:
    return made(
        m.GetDisplayMessagesRequest,
        request_id=command.request_id,
        id=command.message_ids,
        priority=spelt(command.priority),
        state=spelt(command.state),
    )


def clear(m: Any, command: c.ClearDisplayMessage) -> Any:
    return m.ClearDisplayMessageRequest(id=command.message_id)


SAYINGS: Final[Sayings] = {
    c.SetDisplayMessage: said(show, "SetDisplayMessage"),
    c.GetDisplayMessages: said(shown, "GetDisplayMessages"),
    c.ClearDisplayMessage: said(clear, "ClearDisplayMessage"),
}
