"""Distillers predict a missing modality from a measured one.

`FeatureToFeature`, trained by `training.train` on patches, is the detector's. `networks` are the
paper's, trained by `map_training.train_network` on the maps of whole parts.
"""

from cmdiad_core.distillation.feature_to_feature import FeatureToFeature

__all__ = ["FeatureToFeature"]
