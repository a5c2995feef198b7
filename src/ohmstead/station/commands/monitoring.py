"""What a station watches of itself and streams to us."""

from decimal import Decimal
from typing import Annotated, Literal

import msgspec

from ohmstead.station.commands.base import Command, Count, Part, RequestId, new_request_id
from ohmstead.station.commands.settings import VariableName

type Severity = Annotated[int, msgspec.Meta(ge=0, le=9)]  # 0 danger ... 9 debug


class StreamPace(Part, frozen=True, kw_only=True):
    """How often a stream of values is sent: after a time, or after a number of values."""

    interval_s: Count | None = None
    values: Count | None = None


class Monitor(Part, frozen=True, kw_only=True):
    """`value` in the variable's unit for thresholds and differences, in seconds for periodic monitors."""

    variable: VariableName
    kind: Literal[
        "delta", "lower_threshold", "periodic", "periodic_clock_aligned", "target_delta", "target_delta_relative",
        "upper_threshold",
    ]  # fmt: skip
    value: Decimal
    severity: Severity = 5
    monitor_id: Count | None = None
    in_sessions_only: bool | None = None
    stream: StreamPace | None = None


class SetMonitors(Command, frozen=True, kw_only=True):
    """Let the station watch variables and report them. OCPP: SetVariableMonitoring."""

    monitors: Annotated[tuple[Monitor, ...], msgspec.Meta(min_length=1)]


class ClearMonitors(Command, frozen=True, kw_only=True):
    """End monitors by their numbers. OCPP: ClearVariableMonitoring."""

    monitor_ids: Annotated[tuple[Count, ...], msgspec.Meta(min_length=1)]


class GetMonitors(Command, frozen=True, kw_only=True):
    """Ask for a report of the monitors that are set. OCPP: GetMonitoringReport."""

    variables: tuple[VariableName, ...] = ()
    kinds: tuple[Literal["threshold", "delta", "periodic"], ...] = ()
    request_id: RequestId = msgspec.field(default_factory=new_request_id)


class SetMonitoringBase(Command, frozen=True, kw_only=True):
    """Go back to all, the factory's or only the hard-wired monitors. OCPP: SetMonitoringBase."""

    base: Literal["all", "factory_default", "hard_wired_only"]


class SetMonitoringLevel(Command, frozen=True, kw_only=True):
    """Report only what is at least this severe, 0 being the worst. OCPP: SetMonitoringLevel."""

    severity: Severity


class GetEventStreams(Command, frozen=True, kw_only=True):
    """List the streams of values that are open. OCPP: GetPeriodicEventStream."""


class AdjustEventStream(Command, frozen=True, kw_only=True):
    """Change how often a stream of values is sent. OCPP: AdjustPeriodicEventStream."""

    stream_id: Count
    pace: StreamPace
