"""Distillers predict the features of a missing modality from those of a measured one."""

from cmdiad_core.distillation.feature_to_feature import FeatureToFeature

__all__ = ["FeatureToFeature"]
