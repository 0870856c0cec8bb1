"""The formats: seeds, mutators, and what the program is asked to do with a mutated file."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from fuzzing.mutators import archives, fields, parts, pickled, text
from fuzzing.mutators.raw import Mutator, change_raw
from fuzzing.seeds import data_sets, images, models
from fuzzing.seeds.data_sets import Files

Command = tuple[str, ...]


@dataclass(frozen=True)
class Format:
    """A format that is read.

    Attributes:
        seeds: returns whole files; each is a folder's content.
        mutators: one is chosen for each change.
        commands: one is chosen for each case; its words name files of the folder, which is the
            current one. The first word `corrections` is our own entry, the loader of the window.
        mutated: end of the names of the files that are mutated.
    """

    seeds: Callable[[], Sequence[Files]]
    mutators: tuple[Mutator, ...]
    commands: tuple[Command, ...]
    mutated: str = ""


def _named(name: str, contents: Callable[[], list[bytes]]) -> Callable[[], list[Files]]:
    return lambda: [{name: content} for content in contents()]


def _image(
    suffix: str, seeds: Callable[[], list[bytes]], *mutators: Mutator, pages: bool = False
) -> Format:
    name = f"image.{suffix}"
    predict, read = ("predict", name), ("read", name, "--jobs", "1", "--json")
    commands = (read,) if pages else (predict, predict, (*predict, "--json"), read)
    return Format(_named(name, seeds), (change_raw, *mutators), commands)


def _imported(name: str) -> tuple[Command, ...]:
    return (("model", "import", name, "--out", "made.safetensors"),)


_INFO = (("data", "info", "--data", "set"),)
_CHANGED_NPY = (fields.change_npy, fields.change_npy, fields.change_values, change_raw)
_CHANGED_SAFE = (text.change_safetensors, text.change_safetensors, text.change_floats, change_raw)


def _any_of(mutators: Sequence[Mutator]) -> Mutator:
    return lambda data, rng: mutators[int(rng.integers(len(mutators)))](data, rng)


def _data_file(name: str) -> tuple[Command, ...]:
    """Count the images; and read the rows, which a table without labels is for."""
    info = ("data", "info", "--data", name)
    return (info, (*info, "--json"), ("predict", name, "--submission", "made.csv"))


_NPZ = archives.changes_in_zip(_any_of(_CHANGED_NPY))
_GZIPPED_IDX = archives.changes_in_gzip(_any_of((fields.change_idx, change_raw)))
_GZIPPED_CSV = archives.changes_in_gzip(_any_of((text.change_table, parts.changes_of(parts.LINES))))
_ZIPPED_PNG = archives.changes_in_zip(_any_of((parts.changes_of(parts.PNG), change_raw)))

FORMATS: dict[str, Format] = {
    "png": _image("png", images.png, *[parts.changes_of(parts.PNG)] * 2),
    "jpeg": _image("jpg", images.jpeg, *[parts.changes_of(parts.JPEG)] * 2),
    "tiff": _image("tif", images.tiff, *[fields.change_tiff] * 2),
    "tiff-pages": _image("tif", images.tiff_pages, *[fields.change_tiff] * 2, pages=True),
    "gif": _image("gif", images.gif, *[parts.changes_of(parts.GIF)] * 2),
    "webp": _image("webp", images.webp, *[parts.changes_of(parts.WEBP)] * 2),
    "bmp": _image("bmp", images.bmp, *[fields.change_bmp] * 2),
    "pdf": _image(
        "pdf", images.pdf, *[text.change_numbers] * 2, parts.changes_of(parts.PDF), pages=True
    ),
    "idx": Format(lambda: data_sets.idx(zipped=False), (fields.change_idx, change_raw), _INFO),
    "idx.gz": Format(
        lambda: data_sets.idx(zipped=True), (_GZIPPED_IDX, _GZIPPED_IDX, change_raw), _INFO
    ),
    "csv": Format(
        lambda: data_sets.tables(zipped=False),
        (text.change_table, text.change_table, parts.changes_of(parts.LINES), change_raw),
        _data_file("set.csv"),
    ),
    "csv.gz": Format(
        lambda: data_sets.tables(zipped=True),
        (_GZIPPED_CSV, _GZIPPED_CSV, change_raw),
        _data_file("set.csv.gz"),
    ),
    "mat": Format(data_sets.mat, (fields.change_mat, change_raw), _data_file("set.mat")),
    "npz": Format(data_sets.npz, (_NPZ, _NPZ, change_raw), _data_file("set.npz")),
    "class-zip": Format(
        data_sets.class_zip, (_ZIPPED_PNG, _ZIPPED_PNG, change_raw), _data_file("set.zip")
    ),
    "corrections": Format(
        data_sets.corrections,
        (text.change_json, text.change_json, text.change_json, change_raw),
        (("corrections", "set"),),
        mutated=".json",
    ),
    "model": Format(
        models.own_models,
        _CHANGED_SAFE,
        (
            ("model", "info", "net.safetensors"),
            ("model", "info", "net.safetensors", "--json"),
            ("predict", "digit.png", "--model", "net.safetensors"),
            ("predict", "digit.png", "--model", "net.safetensors", "--json", "--max-error", "5%"),
            ("model", "export", "npz", "made.npz", "--model", "net.safetensors"),
        ),
        mutated=".safetensors",
    ),
    "checkpoint": Format(
        models.checkpoints,
        _CHANGED_SAFE,
        (
            (
                *("train", *models.TRAINING, "--data", "set", "--out", "net.safetensors"),
                *("--resume", "--json"),
            ),
        ),
        mutated=".safetensors",
    ),
    "theta": Format(
        lambda: models.exported("theta"),
        (text.change_words, text.change_words, parts.changes_of(parts.LINES), change_raw),
        _imported("net"),
        mutated=".txt",
    ),
    "npy-model": Format(
        lambda: models.exported("npy"), _CHANGED_NPY, _imported("net"), mutated=".npy"
    ),
    "npz-model": Format(
        lambda: models.exported("npz"), (_NPZ, _NPZ, change_raw), _imported("net.npz")
    ),
    "pickle": Format(
        models.pickled, (*[pickled.change_pickle] * 3, change_raw), _imported("net.pkl")
    ),
    "journal": Format(
        models.journals,
        (text.change_json_line, text.change_json_line, parts.changes_of(parts.LINES), change_raw),
        (
            ("read", "pages", "--csv", "out.csv", "--resume", "--jobs", "1"),
            ("read", "pages", "--csv", "out.csv", "--resume", "--jobs", "1", "--json"),
        ),
        mutated=".journal",
    ),
}
