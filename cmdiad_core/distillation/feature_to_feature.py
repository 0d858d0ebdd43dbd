"""Feature to feature: an MLP per patch (CMDIAD, arXiv 2405.13571, "FtoF")."""

from torch import Tensor, nn


class FeatureToFeature(nn.Module):
    """Predict a patch's features in one modality from its features in another.

    The paper ends in a GELU, which cannot predict values below -0.17; features here are centred,
    so the last layer is linear.

    Parameters
    ----------
    source, target : int
        Channels of the measured and of the predicted modality.
    hidden : int
        Width of the two hidden layers.
    """

    def __init__(self, source: int, target: int, hidden: int) -> None:
        super().__init__()
        self.layers = nn.Sequential(
            nn.Linear(source, hidden),
            nn.GELU(),
            nn.Linear(hidden, hidden),
            nn.GELU(),
            nn.Linear(hidden, target),
        )

    def forward(self, features: Tensor) -> Tensor:
        """Return predictions (..., target) for features (..., source)."""
        predicted: Tensor = self.layers(features)
        return predicted
