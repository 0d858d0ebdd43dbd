"""The paper's preprocessing: only the part is kept, on a square grid."""

from cmdiad_core.data.preprocessing._distances import PAPER, Distances
from cmdiad_core.data.preprocessing._part import blanked, preprocessed
from cmdiad_core.data.preprocessing._square import squared

__all__ = ["PAPER", "Distances", "blanked", "preprocessed", "squared"]
