"""OCPP 2.x: what a station watches of itself."""

from typing import Any, Final

from ohmstead.station import commands as c
from ohmstead.wire.saying import Sayings, made, pascal, said
from ohmstead.wire.v2.commanding.settings import chosen, placed


def set_monitors(m: Any, command: c.SetMonitors) -> Any:
    return made(
        m.SetVariableMonitoringRequest, set_monitoring_data=tuple(_monitor(m, each) for each in command.monitors)
    )


def _monitor(m: Any, monitor: c.Monitor) -> Any:
    return made(
        m.SetMonitoringData,
        value=monitor.value,
        type=pascal(monitor.kind),
        severity=monitor.severity,
        id=monitor.monitor_id,
        transaction=monitor.in_sessions_only,
        periodic_event_stream=pace_of(m, monitor.stream) if monitor.stream else None,
        **placed(m, monitor.variable),
    )


def pace_of(m: Any, pace: c.StreamPace) -> Any:
    struct = getattr(m, "PeriodicEventStreamParams", None)  # since 2.1; made() of the monitor refuses it before
    return made(struct, interval=pace.interval_s, values=pace.values) if struct else pace


def clear_monitors(m: Any, command: c.ClearMonitors) -> Any:
    return made(m.ClearVariableMonitoringRequest, id=command.monitor_ids)


def monitors(m: Any, command: c.GetMonitors) -> Any:
    return made(
        m.GetMonitoringReportRequest,
        request_id=command.request_id,
        component_variable=chosen(m, command.variables),
        monitoring_criteria=tuple(f"{pascal(kind)}Monitoring" for kind in command.kinds),
    )


def base(m: Any, command: c.SetMonitoringBase) -> Any:
    return m.SetMonitoringBaseRequest(monitoring_base=pascal(command.base))


def level(m: Any, command: c.SetMonitoringLevel) -> Any:
    return m.SetMonitoringLevelRequest(severity=command.severity)


SAYINGS: Final[Sayings] = {
    c.SetMonitors: said(set_monitors, "SetVariableMonitoring"),
    c.ClearMonitors: said(clear_monitors, "ClearVariableMonitoring"),
    c.GetMonitors: said(monitors, "GetMonitoringReport"),
    c.SetMonitoringBase: said(base, "SetMonitoringBase"),
    c.SetMonitoringLevel: said(level, "SetMonitoringLevel"),
}
