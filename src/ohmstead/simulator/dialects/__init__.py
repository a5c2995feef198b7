"""The words of each OCPP version; what happens behind them is the same station."""

from ohmstead.simulator.dialects.v2x import VoiceV2x
from ohmstead.simulator.dialects.v16 import VoiceV16
from ohmstead.simulator.voice import Voice
from ohmstead.wire.dialect import Dialect

VOICES: dict[Dialect, Voice] = {
    Dialect.V16: VoiceV16(),
    Dialect.V201: VoiceV2x(Dialect.V201),
    Dialect.V21: VoiceV2x(Dialect.V21),
}
