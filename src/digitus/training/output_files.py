"""The files of a training run: where they lie, and the history and curves beside the model."""

from importlib.metadata import version
from pathlib import Path
from platform import python_version
from tempfile import TemporaryFile
from typing import Any

from digitus.errors import WriteError
from digitus.files import is_stream, replacing
from digitus.json_values import dump_json
from digitus.nn.fitting.history import History


def beside(out: Path, kind: str) -> Path:
    """Name a file beside the model: ``runs/s3.safetensors`` -> ``runs/s3.history.json``."""
    return out.with_name(f"{out.stem}.{kind}")


def overwrite_notice(checkpoint: Path) -> str:
    """Return the message that a new run overwrites the checkpoint of an interrupted one."""
    return (
        f"{checkpoint}: left by an interrupted run; it will be overwritten. "
        f"Use --resume to continue that run"
    )


def refuse_replacement(out: Path) -> None:
    """Check that no trained model would be replaced.

    Raises:
        WriteError: if ``out`` is a file that is not empty.
    """
    if out.is_file() and out.stat().st_size:
        raise WriteError(f"{out}: exists already; choose another name, or replace it with --force")


def refuse_unwritable(out: Path) -> None:
    """Check before the training, not after it, that the model can be written.

    Raises:
        WriteError: if ``out`` is a folder, a pipe or a device, or its folder cannot be written.
    """
    if is_stream(out):
        raise WriteError(f"{out}: is a pipe or a device; name the model file that is to be written")
    if out.is_dir():
        raise WriteError(f"{out}: is a folder; name the model file that is to be written")
    try:
        with TemporaryFile(dir=out.parent):
            pass
    except OSError as error:
        raise WriteError(
            f"{out}: cannot be written ({error.strerror}); choose another place"
        ) from error


def versions() -> dict[str, str]:
    """Return the versions that a training record holds."""
    packages = {package: version(package) for package in ("digitus", "numpy", "scipy")}
    return {**packages, "python": python_version()}


def write_history(history: History, record: dict[str, Any], out: Path) -> list[Path]:
    """Write the history as JSON and the curves as PNG beside the model; return both paths.

    Raises:
        WriteError: if one of them cannot be written.
    """
    path = beside(out, "history.json")
    content = {
        "record": record,
        "first_gradient_norms": history.first_gradient_norms,
        "epochs": history.to_json(),
    }
    with replacing(path) as draft:
        draft.write_text(dump_json(content, indent=1) + "\n", encoding="utf-8")
    from digitus.plots import save_figure, training_curves  # matplotlib, after the training

    curves = beside(out, "curves.png")
    save_figure(training_curves(history.to_json()), curves)
    return [path, curves]
