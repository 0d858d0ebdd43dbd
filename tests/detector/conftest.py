import numpy as np
import pytest
from scipy import ndimage

from cmdiad_core.detector import Detector, Recipe
from cmdiad_core.sample import Sample

SHAPE = (48, 64)


def _part(number, names=("rgb", "infrared", "cloud")):
    """A ribbed plate with a print: places that are alike on all parts, and noise that is not."""
    rng = np.random.default_rng(number)
    rows, columns = np.mgrid[: SHAPE[0], : SHAPE[1]].astype(np.float64)
    ribs = 0.5 + 0.2 * np.sin(columns / 4)
    ribs[20:28] += 0.15
    noise = ndimage.gaussian_filter(rng.normal(size=(*SHAPE, 4)), (1, 1, 0)) * 0.05
    rgb = np.clip(ribs[..., None] * (1.0, 0.9, 0.7) + noise[..., :3], 0, 1)
    cloud = np.stack(
        [columns * 0.001, rows * 0.001, 0.5 + 0.002 * ribs + 0.002 * noise[..., 3]], -1
    )
    values = {
        "rgb": rgb,
        "infrared": np.clip(1 - ribs + 0.5 * noise[..., 3], 0, 1),
        "cloud": cloud,
    }
    kept = {name: values[name].astype(np.float32) for name in names}
    return Sample(f"part/{number}", kept, metric=True)


@pytest.fixture(scope="session")
def part():
    """Make good part number n, of all modalities or of some."""
    return _part


@pytest.fixture(scope="session")
def recipe():
    return Recipe(
        encoders={"rgb": "filter_bank", "infrared": "filter_bank", "cloud": "surface"},
        components=12,
        bank_size=150,
        bank_candidates=1500,
        hidden=16,
        steps=30,
        batch=256,
        false_reject_rate=0.2,
    )


@pytest.fixture(scope="session")
def fitted(part, recipe):
    """A detector for three modalities, some of whose parts lack some of them."""
    train = [*map(part, range(5)), part(5, ("rgb", "cloud")), part(6, ("rgb",))]
    checks = [*map(part, range(10, 17)), part(17, ("rgb", "cloud"))]
    return Detector.fit(train, checks, recipe=recipe, device="cpu")
