"""The desktop window: draw digits, open images, browse MNIST, look inside the network.

``run`` opens it. Qt is loaded only after a check that a window can be opened.
"""

from digitus.desktop.display import check_window

__all__ = ["check_window", "run"]


def run(model: str | None = None) -> int:
    """Open the window, wait until it is closed, and return the exit code.

    Args:
        model: a shipped name or a model file; None is the last one used.

    Raises:
        WindowError: if no window can be opened here.
        ModelFileError: if the model cannot be loaded.
    """
    check_window()
    from digitus.desktop.application import run_window

    return run_window(model)
