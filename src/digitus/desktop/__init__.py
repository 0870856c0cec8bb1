"""The desktop window: draw, open, browse, and see what the network sees.

``run`` opens it. Nothing of Qt is loaded before it is known that a window can be opened.
"""

from digitus.desktop.display import check_window

__all__ = ["check_window", "run"]


def run(model: str | None = None) -> int:
    """Open the window and wait until it is closed; give the exit code.

    Args:
        model: a shipped name or a model file; None is the one used last.

    Raises:
        WindowError: if no window can be opened here.
        ModelFileError: if there is no such model.
    """
    check_window()
    from digitus.desktop.application import run_window

    return run_window(model)
