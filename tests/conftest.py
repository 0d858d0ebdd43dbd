from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def recordings() -> Path:
    """Real recordings that lie beside the repository and must not be copied into it."""
    folder = Path(__file__).parents[1] / ".." / "shared" / "data"
    if not folder.is_dir():
        pytest.skip("the real recordings (../shared/data) are not on this machine")
    return folder.resolve()


@pytest.fixture(scope="session")
def parity() -> Path:
    """Numbers of the published implementation, which lie beside the repository."""
    folder = Path(__file__).parents[1] / ".." / "shared" / "parity"
    if not folder.is_dir():
        pytest.skip("the numbers to agree with (../shared/parity) are not on this machine")
    return folder.resolve()


@pytest.fixture(scope="session")
def demo_data(tmp_path_factory) -> Path:
    """Return a small data set of demo parts; tests must not change it."""
    from cmdiad_core.data.demo import generate

    root = tmp_path_factory.mktemp("demo") / "parts"
    generate(root, 0, train=6, validation=4, test_good=2, test_defective=9)
    return root


@pytest.fixture(scope="session")
def demo_model(demo_data, tmp_path_factory) -> Path:
    """Return a model for rgb and cloud, trained quickly on `demo_data`."""
    from cmdiad_core.data.layouts import open_dataset
    from cmdiad_core.data.loading import load_sample
    from cmdiad_core.detector import Detector, Recipe

    dataset = open_dataset(demo_data)
    recipe = Recipe(
        encoders={"rgb": "filter_bank", "cloud": "surface"},
        bank_size=400,
        bank_candidates=2000,
        steps=30,
    )
    train, checks = (map(load_sample, dataset.split(name)) for name in ("train", "validation"))
    folder = tmp_path_factory.mktemp("model") / "quick"
    Detector.fit(train, checks, recipe=recipe, device="cpu").save(folder)
    return folder
