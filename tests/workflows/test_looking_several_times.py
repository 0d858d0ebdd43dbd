"""What a comparison needs to look at a part in several ways."""

from dataclasses import replace

import numpy as np

from cmdiad_core.data.layouts import open_dataset
from cmdiad_core.data.loading import load_sample
from cmdiad_core.detector import Detector
from cmdiad_core.workflows.map_file import MapFile
from cmdiad_core.workflows.remembering import remembering


def test_a_part_is_encoded_once_and_the_next_one_anew(demo_model, demo_data):
    detector = Detector.load(demo_model, "cpu")
    asked = []

    class Counting:
        def __init__(self, name):
            self.name = name

        def encode(self, values):
            asked.append(self.name)
            return detector.encoders[self.name].encode(values)

    counting = replace(detector, encoders={n: Counting(n) for n in detector.encoders})
    looking = remembering(counting)
    for part in open_dataset(demo_data).split("test")[:2]:
        asked.clear()
        sample = load_sample(part)
        for using in (None, ("rgb",), ("cloud",)):
            assert looking.inspect(sample, using).score == detector.inspect(sample, using).score
        assert sorted(asked) == ["cloud", "rgb"]


def test_maps_come_back_as_they_were():
    rng = np.random.default_rng(0)
    maps = [rng.normal(size=shape).astype(np.float32) for shape in ((3, 5), (1, 1), (7, 2))]
    kept = MapFile()
    numbers = [kept.add(values) for values in maps]
    for number, values in reversed(list(zip(numbers, maps, strict=True))):
        np.testing.assert_array_equal(kept[number], values)
    turned = kept.add(maps[0].T)
    np.testing.assert_array_equal(kept[turned], maps[0].T)
