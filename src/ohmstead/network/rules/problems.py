"""What is wrong with a value, in a sentence that can be translated."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Problem:
    """`text` is the English sentence with %(name)s places, `values` fill them."""

    text: str
    values: Mapping[str, object] = field(default_factory=dict)

    def __str__(self) -> str:
        return self.text % self.values if self.values else self.text


class Unusable(ValueError):
    """A value that cannot be used, and why."""

    def __init__(self, sentence: str, /, **values: object) -> None:
        self.problem = Problem(sentence, values)
        super().__init__(str(self.problem))
