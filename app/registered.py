"""What is known of the models of the store at one moment."""

from dataclasses import dataclass

from cmdiad_core.models import Promotion, RegisteredModel


@dataclass(frozen=True)
class Registered:
    """Models and promotions.

    Parameters
    ----------
    models : tuple of RegisteredModel
        The one in use first, then the newest.
    promotions : tuple of Promotion
        Oldest first.
    """

    models: tuple[RegisteredModel, ...] = ()
    promotions: tuple[Promotion, ...] = ()

    @property
    def champion(self) -> RegisteredModel | None:
        """The model in use."""
        return self.find(self.promotions[-1].model) if self.promotions else None

    @property
    def can_roll_back(self) -> bool:
        """Whether another model was ever in use; the store knows exactly."""
        return len({one.model for one in self.promotions}) > 1

    def find(self, digest: str) -> RegisteredModel | None:
        """Return a model by its digest, None where it was forgotten."""
        return next((one for one in self.models if one.digest == digest), None)

    def name(self, digest: str) -> str:
        """Return what a model is called; the start of its digest where it was forgotten."""
        found = self.find(digest)
        return digest[:12] if found is None else found.name

    def taken(self, digest: str) -> Promotion | None:
        """Return the newest promotion of a model, None where it never was in use."""
        return next((one for one in reversed(self.promotions) if one.model == digest), None)
