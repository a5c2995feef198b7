"""OCPP 2.1: dynamic schedules, signals of the grid, streams of values."""

from typing import Final

from ohmstead.station import commands as c
from ohmstead.wire.flows import common_unit
from ohmstead.wire.saying import Sayings, made, said
from ohmstead.wire.v2.commanding.monitoring import pace_of
from ohmstead.wire.v2.commanding.power import flow_of
from ohmstead.wire.v21 import messages as m


def dynamic(command: c.UpdateDynamicSchedule) -> m.Message:
    common_unit((command.flow,))  # that of the profile, which the station knows
    update = made(m.ChargingScheduleUpdate, **flow_of(command.flow))
    return m.UpdateDynamicScheduleRequest(charging_profile_id=command.profile_id, schedule_update=update)


def frequency_signal(command: c.SendFrequencySignal) -> m.Message:
    return made(m.AFRRSignalRequest, timestamp=command.at, signal=command.signal)


def streams(command: c.GetEventStreams) -> m.Message:
    return m.GetPeriodicEventStreamRequest()


def adjust_stream(command: c.AdjustEventStream) -> m.Message:
    return m.AdjustPeriodicEventStreamRequest(id=command.stream_id, params=pace_of(m, command.pace))


SAYINGS: Final[Sayings] = {
    c.UpdateDynamicSchedule: said(dynamic, "UpdateDynamicSchedule"),
    c.SendFrequencySignal: said(frequency_signal, "AFRRSignal"),
    c.GetEventStreams: said(streams, "GetPeriodicEventStream"),
    c.AdjustEventStream: said(adjust_stream, "AdjustPeriodicEventStream"),
}
