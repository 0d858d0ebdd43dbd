"""The torch device that a detector computes on."""

from importlib.metadata import version

from cmdiad_core.errors import InputError


def resolve_device(device: str) -> str:
    """Return the torch device meant by `device`; ``"auto"`` prefers a GPU.

    Raises
    ------
    InputError
        When it does not exist on this machine.
    """
    # Asking a torch that was built without GPUs takes a second and 200 MB.
    if device == "cpu" or (device == "auto" and version("torch").endswith("+cpu")):
        return "cpu"
    import torch

    if device == "auto":
        return "cuda" if torch.cuda.is_available() else "cpu"
    try:
        torch.zeros(1, device=device)
    except (RuntimeError, AssertionError) as error:
        raise InputError(f"device {device}", "is not available; use auto or cpu") from error
    return device
