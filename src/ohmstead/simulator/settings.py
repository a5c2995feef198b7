"""The settings of a station: one table for the keys of 1.6 and the variables of 2.x."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Setting:
    """`key` is the 1.6 name, `variable` the 2.x name "Component.Variable"; None where a dialect has no such thing."""

    name: str
    key: str | None
    variable: str | None
    default: str
    kind: str = "integer"  # integer, boolean, string, list
    writable: bool = True
    readable: bool = True
    unit: str | None = None


TABLE = (
    Setting("heartbeat_s", "HeartbeatInterval", "OCPPCommCtrlr.HeartbeatInterval", "300", unit="s"),
    Setting("car_timeout_s", "ConnectionTimeOut", "TxCtrlr.EVConnectionTimeOut", "180", unit="s"),
    Setting("meter_interval_s", "MeterValueSampleInterval", "SampledDataCtrlr.TxUpdatedInterval", "60", unit="s"),
    Setting("clock_interval_s", "ClockAlignedDataInterval", "AlignedDataCtrlr.Interval", "0", unit="s"),
    Setting("message_attempts", "TransactionMessageAttempts", "OCPPCommCtrlr.MessageAttempts", "5"),
    Setting("retry_s", "TransactionMessageRetryInterval", "OCPPCommCtrlr.MessageAttemptInterval", "10", unit="s"),
    Setting("ping_s", "WebSocketPingInterval", "OCPPCommCtrlr.WebSocketPingInterval", "0", unit="s"),
    Setting("authorise_remote", "AuthorizeRemoteTxRequests", "AuthCtrlr.AuthorizeRemoteStart", "false", "boolean"),
    Setting("offline_known", "LocalAuthorizeOffline", "AuthCtrlr.LocalAuthorizeOffline", "true", "boolean"),
    Setting("pre_authorise", "LocalPreAuthorize", "AuthCtrlr.LocalPreAuthorize", "false", "boolean"),
    Setting(
        "offline_unknown", "AllowOfflineTxForUnknownId", "AuthCtrlr.OfflineTxForUnknownIdEnabled", "false", "boolean"
    ),
    Setting("cache", "AuthorizationCacheEnabled", "AuthCacheCtrlr.Enabled", "true", "boolean"),
    Setting("local_list", "LocalAuthListEnabled", "LocalAuthListCtrlr.Enabled", "true", "boolean"),
    Setting("local_list_most", "LocalAuthListMaxLength", "LocalAuthListCtrlr.Entries", "500", writable=False),
    Setting(
        "local_list_at_once", "SendLocalListMaxLength", "LocalAuthListCtrlr.ItemsPerMessage", "100", writable=False
    ),
    Setting("stop_on_invalid", "StopTransactionOnInvalidId", "TxCtrlr.StopTxOnInvalidId", "true", "boolean"),
    Setting(
        "stop_on_unplug", "StopTransactionOnEVSideDisconnect", "TxCtrlr.StopTxOnEVSideDisconnect", "true", "boolean"
    ),
    Setting("start_point", None, "TxCtrlr.TxStartPoint", "PowerPathClosed", "list"),
    Setting("stop_point", None, "TxCtrlr.TxStopPoint", "Authorized,EVConnected", "list"),
    Setting("phase_rotation", "ConnectorPhaseRotation", "ChargingStation.PhaseRotation", "NotApplicable", "string"),
    Setting(
        "measurands",
        "MeterValuesSampledData",
        "SampledDataCtrlr.TxUpdatedMeasurands",
        "Energy.Active.Import.Register,Power.Active.Import,Power.Offered,Current.Import,Voltage,SoC",
        "list",
    ),
    Setting(
        "clock_measurands",
        "MeterValuesAlignedData",
        "AlignedDataCtrlr.Measurands",
        "Energy.Active.Import.Register",
        "list",
    ),
    Setting("end_measurands", "StopTxnSampledData", "SampledDataCtrlr.TxEndedMeasurands", "", "list"),
    Setting("password", "AuthorizationKey", "SecurityCtrlr.BasicAuthPassword", "", "string", readable=False),
    Setting("security_profile", "SecurityProfile", "SecurityCtrlr.SecurityProfile", "0"),
    Setting("organisation", "CpoName", "SecurityCtrlr.OrganizationName", "Ohmstead Demo", "string"),
    Setting("identity", None, "SecurityCtrlr.Identity", "", "string", writable=False),
    Setting("certificate_store", "CertificateStoreMaxLength", None, "8", writable=False),
    Setting("connectors", "NumberOfConnectors", "ChargingStation.EvseCount", "1", writable=False),
    Setting(
        "feature_profiles",
        "SupportedFeatureProfiles",
        None,
        "Core,FirmwareManagement,LocalAuthListManagement,Reservation,SmartCharging,RemoteTrigger",
        "list",
        writable=False,
    ),
    Setting(
        "rate_units",
        "ChargingScheduleAllowedChargingRateUnit",
        "SmartChargingCtrlr.RateUnit",
        "Current,Power",
        "list",
        writable=False,
    ),
    Setting("periods", "ChargingScheduleMaxPeriods", "SmartChargingCtrlr.PeriodsPerSchedule", "48", writable=False),
    Setting("stack", "ChargeProfileMaxStackLevel", "SmartChargingCtrlr.ProfileStackLevel", "9", writable=False),
    Setting("profiles", "MaxChargingProfilesInstalled", "SmartChargingCtrlr.Entries", "40", writable=False),
    Setting("keys_at_once", "GetConfigurationMaxKeys", "DeviceDataCtrlr.ItemsPerMessage", "50", writable=False),
    Setting("reserve_station", "ReserveConnectorZeroSupported", None, "true", "boolean", writable=False),
    Setting("vendor", None, "ChargingStation.VendorName", "", "string", writable=False),
    Setting("model", None, "ChargingStation.Model", "", "string", writable=False),
    Setting("serial", None, "ChargingStation.SerialNumber", "", "string", writable=False),
    Setting("firmware", None, "ChargingStation.FirmwareVersion", "", "string", writable=False),
)
BY_NAME = {setting.name: setting for setting in TABLE}
BY_KEY = {setting.key: setting for setting in TABLE if setting.key}
BY_VARIABLE = {setting.variable: setting for setting in TABLE if setting.variable}


@dataclass(slots=True)
class Settings:
    """Only what differs from the defaults is kept, so that a thousand stations stay small."""

    changed: dict[str, str] = field(default_factory=dict)

    def text(self, name: str) -> str:
        return self.changed.get(name, BY_NAME[name].default)

    def seconds(self, name: str) -> int:
        return int(self.text(name))

    number = seconds

    def on(self, name: str) -> bool:
        return self.text(name).lower() == "true"

    def items(self, name: str) -> list[str]:
        return [item for item in self.text(name).split(",") if item]

    def put(self, name: str, value: str) -> None:
        self.changed[name] = value


def acceptable(setting: Setting, value: str) -> bool:
    """Whether the value fits the setting's kind."""
    if setting.kind == "integer":
        return value.isdecimal() and len(value) < 10
    if setting.kind == "boolean":
        return value.lower() in ("true", "false")
    if setting.name == "password":
        return 8 <= len(value) <= 128
    return len(value) <= 1000


def as_text(value: str | int | bool) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
