import os
import zlib
from pathlib import Path

import numpy as np
import pytest
from filelock import FileLock

# Whoever runs the tests may have a store that counts: none of them is to write in it.
for _name in ("CMDIAD_STORE", "CMDIAD_PASSWORD"):
    os.environ.pop(_name, None)


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
def reproducible():
    """Return a function that makes a module with the random weights the parity numbers rest on.

    The recipe is that of the README beside the numbers; every entry depends on its name alone.
    """
    import torch

    def value(key, name, tensor):
        if name.endswith("num_batches_tracked"):
            return torch.zeros((), dtype=tensor.dtype)
        rng = np.random.default_rng([20241, zlib.crc32(key.encode())])
        x = rng.standard_normal(tuple(tensor.shape)).astype(np.float32)
        if name.endswith("running_var"):
            x = 0.5 + np.abs(x)
        elif name in ("cls_token", "pos_embed"):
            x = 0.02 * x
        elif x.ndim == 1:
            x = 1 + 0.1 * x if name.endswith("weight") else 0.02 * x
        else:
            x = x * 0.7 / np.sqrt(np.prod(x.shape[1:]))
        return torch.from_numpy(x.astype(np.float32))

    def filled(module, prefix, *arguments):
        with torch.device("meta"):  # what a module begins with is not needed
            made = module(*arguments)
        state = {n: value(f"{prefix}.{n}", n, t) for n, t in made.state_dict().items()}
        made.load_state_dict(state, assign=True)
        return made.eval()

    return filled


@pytest.fixture(scope="session")
def made_once(tmp_path_factory):
    """Return a function that makes a folder which all test processes share."""
    root = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        root = root.parent

    def folder(name: str, make) -> Path:
        with FileLock(root / f"{name}.lock"):
            if not (root / name).exists():
                make(root / name)
        return root / name

    return folder


@pytest.fixture(scope="session")
def demo_data(made_once) -> Path:
    """Return a small data set of demo parts; tests must not change it."""
    from cmdiad_core.data.demo import generate

    return made_once(
        "demo_parts",
        lambda root: generate(root, 0, train=6, validation=4, test_good=2, test_defective=9),
    )


@pytest.fixture(scope="session")
def demo_model(demo_data, made_once) -> Path:
    """Return a model for rgb and cloud, trained quickly on `demo_data`."""
    from cmdiad_core.data.layouts import open_dataset
    from cmdiad_core.data.loading import load_sample
    from cmdiad_core.detector import Detector, Recipe

    def make(folder: Path) -> None:
        dataset = open_dataset(demo_data)
        encoders = {"rgb": "filter_bank", "cloud": "surface"}
        recipe = Recipe(encoders=encoders, bank_size=400, bank_candidates=2000, steps=30)
        train, checks = (map(load_sample, dataset.split(name)) for name in ("train", "validation"))
        Detector.fit(train, checks, recipe=recipe, device="cpu").save(folder)

    return made_once("quick", make)


@pytest.fixture(scope="module")
def small_recipes():
    """Let workflows fit detectors with small banks and short distillation, for speed."""
    from functools import partial

    from cmdiad_core.detector import Recipe

    small = partial(Recipe, bank_size=300, bank_candidates=2000, steps=30)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("cmdiad_core.workflows.train.Recipe", small)
        patch.setattr("cmdiad_core.workflows.class_benchmark.Recipe", small)
        yield


@pytest.fixture
def closed_folder(tmp_path):
    """Return a folder in which this user, even root, may not write."""
    if os.geteuid() == 0:
        return Path("/sys/kernel")
    folder = tmp_path / "closed"
    folder.mkdir(mode=0o500)
    return folder
