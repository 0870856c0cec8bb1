"""The layers and units of a network in words and numbers; no widgets."""

from PySide6.QtCore import QCoreApplication

from digitus.models.inside import Inside, Stage, Unit

_STEPS = {
    "batch_normalization": "normalization",
    "leaky_relu": "leaky ReLU",
    "max_pooling": "pooling",
    "relu": "ReLU",
}
_N_DIGITS = 10


def tr(text: str) -> str:
    """Return a text in the user's language."""
    return QCoreApplication.translate("Inside", text)


def stage_titles(inside: Inside) -> list[str]:
    """Return the titles of the stages; convolutions and hidden layers are counted separately."""
    titles, filters, hidden = [], 0, 0
    for stage in inside.stages:
        filters += stage.has_maps
        hidden += not stage.has_maps
        if stage.is_output:
            titles.append(tr("Output"))
        elif stage.has_maps:
            titles.append(tr("Convolution {i}").format(i=filters))
        else:
            titles.append(tr("Hidden layer {i}").format(i=hidden))
    return titles


def stage_note(stage: Stage, loss: str) -> str:
    """Return the number of units and the steps after their sums."""
    rows, cols, n = stage.activations.shape
    steps = steps_text(stage, loss)
    if stage.has_maps:
        text = tr("{n} feature maps of {rows} \u00d7 {cols}").format(n=n, rows=rows, cols=cols)
    else:
        text = tr("{n} units").format(n=n)
    return f"{text}, {steps}" if steps else text


def steps_text(stage: Stage, loss: str) -> str:
    """Return the steps after the sum, such as ``pooling, normalization, ReLU``."""
    steps = [*stage.steps, *([loss.partition("_")[0]] if stage.is_output else [])]
    return ", ".join(_STEPS.get(step, step) for step in steps)


def unit_name(stage: Stage, index: int) -> str:
    """Return the name of a unit; an output is named by its class."""
    if stage.is_output:
        return str(index) if index < _N_DIGITS else tr("not a digit")
    name = tr("Filter {i}") if stage.has_maps else tr("Unit {i}")
    return name.format(i=index)


def unit_texts(stage: Stage) -> list[str]:
    """Return one line for each unit: its name and its numbers."""
    sums, activations = stage.sums.max(axis=(0, 1)), stage.activations.max(axis=(0, 1))
    text = (
        tr("{name}: largest activation {activation}, of {places} places")
        if stage.has_maps
        else tr("{name}: sum {sum}, activation {activation}")
    )
    places = stage.activations[..., 0].size
    return [
        text.format(
            name=unit_name(stage, i), sum=number(sums[i]), activation=number(a), places=places
        )
        for i, a in enumerate(activations)
    ]


def unit_numbers(unit: Unit, steps: str) -> str:
    """Return two lines: the sum with its terms, and the activation with its steps."""
    sign = "\N{MINUS SIGN}" if unit.bias < 0 else "+"
    total = tr("Sum {total} = {products} ({n} inputs \u00d7 weights) {sign} {bias} (bias)").format(
        total=number(unit.total),
        products=number(float(unit.products.sum())),
        n=unit.weights.size,
        sign=sign,
        bias=number(abs(unit.bias)),
    )
    after = tr("Activation {activation}, after {steps}") if steps else tr("Activation {activation}")
    return f"{total}\n{after.format(activation=number(unit.activation), steps=steps)}"


def number(value: float) -> str:
    r"""Write a number with three decimals, or three digits if it is small, and a true minus.

    >>> number(2.76691), number(-0.5), number(0.0000123), number(0.0)
    ('2.767', '\u22120.500', '1.23e\u221205', '0.000')
    """
    small = value != 0 and abs(value) < 5e-4
    return (f"{value:.3g}" if small else f"{value:.3f}").replace("-", "\N{MINUS SIGN}")
