"""Training of distillers on pairs of patches of normal parts."""

import math
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

from cmdiad_core.distillation.feature_to_feature import FeatureToFeature

Features = NDArray[np.float32]


def train(
    source: Features,
    target: Features,
    *,
    hidden: int,
    steps: int,
    batch: int,
    rate: float,
    seed: int,
    device: str,
    step_done: Callable[[int], None],
    start: FeatureToFeature | None = None,
) -> FeatureToFeature:
    """Return a distiller that turns `source` into `target`.

    The loss is the L2 norm of the difference per patch (CMDIAD, section 3), Adam with a warm-up
    over the first tenth of the steps, then a cosine decay to zero. Beside the prediction, the
    last layer learns the error to expect (Gaussian likelihood, Nix and Weigend, 1994) from what
    the hidden layers know anyway: it has no say in what they learn.

    Parameters
    ----------
    source, target : array (n, channels)
        Patches of the same places, nothing missing.
    hidden : int
        Width of the two hidden layers.
    steps, batch : int
        Number of updates and patches in each.
    rate : float
        Largest learning rate.
    seed : int
        Of the first weights and of the order of the patches.
    device : str
        Torch device.
    step_done : callable
        Called with the number of steps done; what it raises ends the training.
    start : FeatureToFeature or None
        A distiller of the same sizes to go on from.
    """
    given, wanted = (torch.from_numpy(rows).to(device) for rows in (source, target))
    # A generator of its own state: the caller's random numbers must not depend on ours.
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        network = nn.Sequential(
            nn.Linear(given.shape[1], hidden),
            nn.GELU("tanh"),
            nn.Linear(hidden, hidden),
            nn.GELU("tanh"),
        ).to(device)
        predict = nn.Linear(hidden, wanted.shape[1]).to(device)
        doubt = nn.Linear(hidden, 1).to(device)
    if start is not None:
        _take_over(start, [network[0], network[2]], predict, doubt)
    generator = torch.Generator().manual_seed(seed)
    parameters = [*network.parameters(), *predict.parameters(), *doubt.parameters()]
    optimiser = torch.optim.Adam(parameters, rate)
    schedule = torch.optim.lr_scheduler.LambdaLR(optimiser, lambda step: _pace(step, steps))
    with _one_thread():
        for step in range(steps):
            chosen = torch.randint(len(given), (batch,), generator=generator).to(device)
            known = network(given[chosen])
            error = torch.linalg.vector_norm(predict(known) - wanted[chosen], dim=1)
            expected = doubt(known.detach())[:, 0]
            likelihood = expected + error.detach().square() * torch.exp(-expected)
            optimiser.zero_grad()
            (error.mean() + likelihood.mean()).backward()
            optimiser.step()
            schedule.step()
            step_done(step + 1)
    layers = [layer for layer in network if isinstance(layer, nn.Linear)]
    weights = [layer.weight for layer in layers] + [torch.cat([predict.weight, doubt.weight])]
    biases = [layer.bias for layer in layers] + [torch.cat([predict.bias, doubt.bias])]
    return FeatureToFeature(
        tuple(weight.detach().cpu().numpy() for weight in weights),
        tuple(bias.detach().cpu().numpy() for bias in biases),
        np.asarray(max(float(target.var(0).sum()), 1e-12), np.float32),
    )


def _pace(step: int, steps: int) -> float:
    """Return the share of the learning rate that a step has."""
    warm_up = max(steps // 10, 1)
    if step < warm_up:
        return 0.01 + 0.99 * step / warm_up
    return (1 + math.cos(math.pi * (step - warm_up) / max(steps - warm_up, 1))) / 2


def _take_over(
    start: FeatureToFeature, hidden: list[nn.Module], predict: nn.Linear, doubt: nn.Linear
) -> None:
    values = [torch.from_numpy(np.array(one)) for one in (*start.weights, *start.biases)]
    (first, second, last), (*biases, last_bias) = values[:3], values[3:]
    state = zip([*hidden, predict, doubt], [first, second, last[:-1], last[-1:]], strict=True)
    for (layer, weight), bias in zip(state, [*biases, last_bias[:-1], last_bias[-1:]], strict=True):
        layer.load_state_dict({"weight": weight, "bias": bias})


@contextmanager
def _one_thread() -> Iterator[None]:
    # The batches are too small to share: beside other work, threads that wait for each other
    # take ten times as long.
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(before)
