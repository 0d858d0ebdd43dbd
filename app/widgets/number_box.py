"""A field for a number, written and typed as the language has it."""

from PySide6.QtGui import QValidator
from PySide6.QtWidgets import QDoubleSpinBox

_SIGNS = (".", ",")


class NumberBox(QDoubleSpinBox):
    """Takes a point and a comma for the decimal sign: digits are never grouped."""

    def validate(self, words: str, place: int) -> tuple[QValidator.State, str, int]:
        """Say whether what was typed can become a number."""
        state, written, at = super().validate(self._with_own_sign(words), place)
        return state, written, at

    def valueFromText(self, words: str) -> float:  # noqa: N802
        """Return the number that was typed."""
        return super().valueFromText(self._with_own_sign(words))

    def _with_own_sign(self, words: str) -> str:
        before, after = len(self.prefix()), len(words) - len(self.suffix())
        number = words[before:after]
        for sign in _SIGNS:
            number = number.replace(sign, self.locale().decimalPoint())
        return words[:before] + number + words[after:]
