"""The only door between workflows and mathematics."""

from cmdiad_core.detector.detector import Detector
from cmdiad_core.detector.pattern import Pattern
from cmdiad_core.detector.recipe import Recipe

__all__ = ["Detector", "Pattern", "Recipe"]
