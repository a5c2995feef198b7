"""Which fields of which messages may be missing or odd; keys are (struct, attribute), in all dialects."""

from typing import Any, Final

# A required field we can do without, and what stands for it. An empty time becomes the arrival time.
DISPENSABLE: Final[dict[tuple[str, str], Any]] = {
    ("AuthorizationData", "id_tag_info"): None,
    ("BootNotificationRequest", "charge_point_model"): "",
    ("BootNotificationRequest", "charge_point_vendor"): "",
    ("BootNotificationRequest", "reason"): "Unknown",
    ("ChargingStation", "model"): "",
    ("ChargingStation", "vendor_name"): "",
    ("IdToken", "type"): "",
    ("MeterValue", "sampled_value"): [],
    ("MeterValue", "timestamp"): "",
    ("MeterValuesRequest", "meter_value"): [],
    ("SecurityEventNotificationRequest", "timestamp"): "",
    ("SignedMeterValue", "encoding_method"): "",
    ("SignedMeterValue", "public_key"): "",
    ("SignedMeterValue", "signing_method"): "",
    ("StartTransactionRequest", "meter_start"): None,
    ("StartTransactionRequest", "timestamp"): "",
    ("StatusNotificationRequest", "error_code"): "NoError",
    ("StatusNotificationRequest", "timestamp"): "",
    ("StopTransactionRequest", "meter_stop"): None,
    ("StopTransactionRequest", "timestamp"): "",
    ("StopTransactionRequest", "transaction_id"): -1,
    ("TransactionData", "sampled_value"): [],
    ("TransactionData", "timestamp"): "",
    ("TransactionEventRequest", "seq_no"): None,
    ("TransactionEventRequest", "timestamp"): "",
    ("TransactionEventRequest", "trigger_reason"): "",
}

# Words on which the meaning of the whole message hangs: an unknown one is refused.
DECISIVE: Final = frozenset({("TransactionEventRequest", "event_type")})

# Whole numbers that some stations send with decimals which must not be lost.
FRACTIONAL: Final = frozenset({("StartTransactionRequest", "meter_start"), ("StopTransactionRequest", "meter_stop")})
