"""Availability patterns: what is measured, and what is predicted from it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import combinations


@dataclass(frozen=True, order=True)
class Pattern:
    """What a score rests on.

    Parameters
    ----------
    measured : tuple of str
        Modalities at hand, sorted.
    predicted : tuple of str
        Modalities whose predictions count as well, sorted.
    alone : bool
        True for the score of the predictions on their own, without the measured ones.
    """

    measured: tuple[str, ...]
    predicted: tuple[str, ...] = ()
    alone: bool = False

    def __str__(self) -> str:
        measured = "+".join(self.measured)
        if not self.predicted:
            return measured
        return f"{f'({measured})' if self.alone else measured}>{'+'.join(self.predicted)}"

    @classmethod
    def parse(cls, text: str) -> "Pattern":
        """Return the pattern whose `str` is `text`."""
        measured, _, predicted = text.partition(">")
        names = tuple(measured.strip("()").split("+"))
        return cls(names, tuple(filter(None, predicted.split("+"))), measured.startswith("("))

    def sources(self, pairs: Iterable[tuple[str, str]]) -> dict[str, tuple[str, ...]]:
        """Return by modality the banks to ask: its own, or those of its predictions.

        Parameters
        ----------
        pairs : iterable of (str, str)
            The distillers there are, from and to.
        """
        known = set(pairs)
        own = {} if self.alone else {name: (name,) for name in self.measured}
        predicted = {
            name: tuple(bank(m, name) for m in self.measured if (m, name) in known)
            for name in self.predicted
        }
        return own | {name: banks for name, banks in predicted.items() if banks}


def bank(source: str, target: str) -> str:
    """Return the name of the bank of `target` as predicted from `source`."""
    return f"{source}>{target}"


def measured_for(bank_name: str) -> str:
    """Return the modality that has to be measured for a bank to be asked."""
    return bank_name.split(">")[0]


def patterns(modalities: Iterable[str], pairs: Iterable[tuple[str, str]]) -> Iterator[Pattern]:
    """Yield every pattern of the modalities: plain, with all predictions, each prediction alone.

    Parameters
    ----------
    modalities : iterable of str
        All that the model knows.
    pairs : iterable of (str, str)
        The distillers there are, from and to.
    """
    names, known = sorted(modalities), set(pairs)
    for size in range(1, len(names) + 1):
        for measured in combinations(names, size):
            yield Pattern(measured)
            targets = tuple(n for n in names if any((m, n) in known for m in measured))
            absent = tuple(n for n in targets if n not in measured)
            if absent:
                yield Pattern(measured, absent)
            for name in absent:
                yield Pattern(measured, (name,), alone=True)
