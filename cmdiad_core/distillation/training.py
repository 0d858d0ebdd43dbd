"""Training of distillers on pairs of patches of normal parts."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import torch
from torch import Tensor, nn


def train(
    distiller: nn.Module,
    source: Tensor,
    target: Tensor,
    *,
    steps: int,
    batch: int,
    rate: float,
    seed: int,
    step_done: Callable[[int], None],
) -> None:
    """Fit `distiller` in place so that it turns `source` into `target`.

    The loss is the L2 norm of the difference per patch (CMDIAD, section 3), Adam with a warm-up
    over the first tenth of the steps, then a cosine decay to zero.

    Parameters
    ----------
    distiller : torch.nn.Module
        Maps (n, source channels) to (n, target channels).
    source, target : Tensor (n, channels)
        Patches of the same places, nothing missing.
    steps, batch : int
        Number of updates and patches in each.
    rate : float
        Largest learning rate.
    seed : int
        Of the order of the patches.
    step_done : callable
        Called with the number of steps done; what it raises ends the training.
    """
    generator = torch.Generator().manual_seed(seed)
    optimiser = torch.optim.Adam(distiller.parameters(), rate)
    warm_up = torch.optim.lr_scheduler.LinearLR(optimiser, 0.01, total_iters=max(steps // 10, 1))
    decay = torch.optim.lr_scheduler.CosineAnnealingLR(optimiser, max(steps - steps // 10, 1))
    schedule = torch.optim.lr_scheduler.ChainedScheduler([warm_up, decay])
    distiller.train()
    with _one_thread():
        for step in range(steps):
            chosen = torch.randint(len(source), (batch,), generator=generator).to(source.device)
            difference = distiller(source[chosen]) - target[chosen]
            loss = torch.linalg.vector_norm(difference, dim=1).mean()
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
            schedule.step()
            step_done(step + 1)
    distiller.eval()


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
