"""The engine of the page computes what `digitus.nn` computes on the same weights."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from digitus.models.architecture import describe
from digitus.nn.activations import LeakyReLU, ReLU, Sigmoid, Tanh
from digitus.nn.batch_normalization import BatchNormalization
from digitus.nn.convolution import Convolution, MaxPooling
from digitus.nn.inspection import gradient_norms, input_gradient, layer_outputs
from digitus.nn.layers import Dense, Dropout, InputBias, Layer
from digitus.nn.losses import Loss, SigmoidBinaryCrossEntropy, SoftmaxCrossEntropy
from digitus.nn.network import Network

N, N_INPUTS, N_CLASSES = 24, 48, 5


def spatial_layers() -> list[Layer]:
    """Layers as in the network `cnn`, on images (6, 4, 2), with every kind of padding."""
    return [
        Convolution(5, shape=(6, 4, 2)),
        MaxPooling(shape=(6, 4, 5), size=(2, 1)),
        BatchNormalization(shape=(3, 4, 5)),
        ReLU(),
        Convolution(6, shape=(3, 4, 5), size=(3, 2), padding=(0, 1)),
        BatchNormalization(shape=(1, 5, 6)),
        Tanh(),
        Dense(N_CLASSES),
    ]


LAYERS: dict[str, Callable[[], list[Layer]]] = {
    "one": lambda: [Dense(N_CLASSES)],
    "relu": lambda: [Dense(19), ReLU(), Dense(10), ReLU(), Dense(N_CLASSES)],
    "leaky relu": lambda: [Dense(16), LeakyReLU(0.2), Dropout(0.5), Dense(N_CLASSES)],
    "tanh": lambda: [Dense(17), Tanh(), Dense(N_CLASSES)],
    "sigmoid": lambda: [Dense(9), Sigmoid(), Dense(N_CLASSES)],
    "input bias": lambda: [InputBias(), Dense(8), Tanh(), Dense(N_CLASSES)],
    "spatial": spatial_layers,
}
LOSSES: dict[str, Callable[[], Loss]] = {
    "softmax": SoftmaxCrossEntropy,
    "smoothed": lambda: SoftmaxCrossEntropy(0.1),
    "sigmoid": SigmoidBinaryCrossEntropy,
    "several": lambda: SigmoidBinaryCrossEntropy(exclusive=False),
}
PASS = """(engine, { cases, x, targets }) => {
    const { build, gradientNorms, inputGradient, layerOutputs, SparseRows } = engine;
    const repeated = (rows, times) => {
        const indices = Array.from({ length: rows.n * times }, (_, i) => i % rows.n);
        return rows.rows(indices);
    };
    return cases.map(({ architecture, parameters, l2 }) => {
        const n = targets.length / 5;
        const network = build(architecture, parameters);
        const dense = network.dtype.from(x);
        const wanted = network.dtype.from(targets);
        const loss = network.lossAndGradient(dense, wanted, n, { l2 });
        const gradient = [...network.gradient];
        const rows = SparseRows.of(dense, n, dense.length / n);
        const norms = gradientNorms(network).map(({ norm }) => norm);
        const half = wanted.subarray(0, wanted.length / 2);
        network.lossAndGradient(rows, wanted, n, { l2 });
        const ofSparse = [...network.gradient];
        const chunk = { total: n };
        const first = network.lossAndGradient(rows.slice(0, n / 2), half, n / 2, chunk);
        const second = network.lossAndGradient(
            rows.slice(n / 2, n), wanted.subarray(wanted.length / 2), n / 2,
            { ...chunk, accumulate: true, l2 },
        );
        const ofChunks = [...network.gradient];
        return {
            loss, gradient, ofSparse, norms, chunkLoss: first + second,
            meanLoss: network.meanLoss(rows, wanted),
            nRight: network.loss.countCorrect(network.logits(dense), wanted, n, 5),
            ofChunks,
            options: network.layers.map((layer) => ({ kind: layer.kind, ...layer.options() })),
            lossOptions: { kind: network.loss.kind, ...network.loss.options() },
            probabilities: [...network.probabilities(rows)],
            ofMany: [...network.probabilities(repeated(rows, 30))].slice(-targets.length),
            outputs: layerOutputs(network, dense).map((values) => [...values]),
            inputGradient: [...inputGradient(network, dense, 3)],
        };
    });
}"""


def make_network(layers: str, loss: str, dtype: Any = np.float32) -> Network:
    """A network whose parameters are all drawn, running variances included."""
    rng = np.random.default_rng(len(layers))
    network = Network(N_INPUTS, LAYERS[layers](), loss=LOSSES[loss](), dtype=dtype, rng=rng)
    network.parameters[...] += rng.uniform(0, 0.3, network.parameters.size)
    return network


def rows_and_targets(dtype: Any = np.float32) -> tuple[Any, Any]:
    """Rows of which half the entries are zero, and their classes."""
    rng = np.random.default_rng(5)
    x = np.where(rng.random((N, N_INPUTS)) < 0.5, 0, rng.normal(size=(N, N_INPUTS)))
    return x.astype(dtype), np.eye(N_CLASSES, dtype=dtype)[rng.integers(0, N_CLASSES, N)]


@pytest.fixture
def passes(run_engine: Callable[..., Any]) -> list[tuple[str, Network, Any]]:
    """Name, network in Python and results in the browser, of all layers and losses."""
    names = [(layers, "softmax") for layers in LAYERS]
    names += [
        ("relu", "smoothed"),
        ("relu", "sigmoid"),
        ("spatial", "sigmoid"),
        ("tanh", "several"),
    ]
    networks = [make_network(layers, loss) for layers, loss in names]
    x, targets = rows_and_targets()
    cases = [
        {
            "architecture": describe(network),
            "parameters": network.parameters.tolist(),
            "l2": 0.5,
        }
        for network in networks
    ]
    sent = {"cases": cases, "x": x.ravel().tolist(), "targets": targets.ravel().tolist()}
    found = run_engine(PASS, sent)
    titles = [" with ".join(name) for name in names]
    return list(zip(titles, networks, found, strict=True))


def assert_near(found: Any, wanted: Any, share: float, what: str) -> None:
    """Check that no entry is off by more than a share of the largest entry."""
    found = np.asarray(found).reshape(np.shape(wanted))
    error, largest = np.abs(found - wanted).max(), np.abs(wanted).max()
    assert error <= share * largest, f"{what}: off by {error:.2e}, largest {largest:.2e}"


def test_losses_gradients_and_outputs_equal_those_of_python(
    passes: list[tuple[str, Network, Any]],
) -> None:
    x, targets = rows_and_targets()
    for name, network, found in passes:
        loss = network.loss_and_gradient(x, targets, l2=0.5)
        assert found["loss"] == pytest.approx(loss, rel=1e-5), name
        for kind in ("gradient", "ofSparse", "ofChunks"):
            start = 0
            for parameter, values, gradient in network.named_parameters():
                part = found[kind][start : start + values.size]
                if parameter.split(".")[1] not in ("mean", "variance"):  # their gradient is zero
                    assert_near(part, gradient, 1e-5, f"{name}, {kind}, {parameter}")
                else:
                    assert not np.any(part), f"{name}, {parameter}"
                start += values.size
            assert start == len(found[kind])
        assert found["chunkLoss"] == pytest.approx(loss, rel=1e-5), name
        assert_near(found["probabilities"], network.probabilities(x), 1e-5, name)
        assert found["ofMany"] == found["probabilities"], "the same rows in a later chunk"
        assert found["norms"] == pytest.approx(gradient_norms(network), rel=1e-5), name
        plain = network.loss_and_gradient(x, targets)
        assert found["meanLoss"] == pytest.approx(plain, rel=1e-5), name
        n_right = network.loss.count_correct(network.logits(x), targets, network.work.loss)
        assert found["nRight"] == n_right, name
        outputs = layer_outputs(network, x)
        for i, (ours, theirs) in enumerate(zip(found["outputs"], outputs, strict=True)):
            assert_near(ours, theirs, 1e-5, f"{name}, outputs of layer {i}")
        assert_near(found["inputGradient"], input_gradient(network, x, 3), 1e-5, name)
        described = describe(network)
        assert found["options"] == described["layers"]
        assert found["lossOptions"] == described["loss"]


CHECK = """({ build, checkGradient, asFloat64 }, { cases, x, targets }) =>
    cases.map(({ architecture, parameters }) => {
        const single = build(architecture, parameters);
        const network = asFloat64(single);
        const before = [...network.parameters];
        const [rows, wanted] = [Float64Array.from(x), Float64Array.from(targets)];
        const learned = network.namedParameters().filter(
            ({ name }) => !name.endsWith(".mean") && !name.endsWith(".variance"),
        );
        const checks = learned.map(({ name, start, values }) => {
            const indices = Array.from(values, (_, i) => start + i);
            const { relativeError, verdict } = checkGradient(network, rows, wanted, indices);
            return { name, relativeError, verdict };
        });
        const wrong = (network, x, targets) => {
            network.lossAndGradient(x, targets);
            return network.gradient.map((value) => 1.00001 * value);
        };
        const all = learned.flatMap(({ start, values }) => [...values.map((_, i) => start + i)]);
        const ofWrong = checkGradient(network, rows, wanted, all, wrong).verdict;
        const isSame = before.every((value, i) => value === network.parameters[i]);
        return { checks, ofWrong, isSame };
    })"""


def test_measured_gradients_agree_with_backpropagation(run_engine: Callable[..., Any]) -> None:
    names = [(layers, "softmax") for layers in LAYERS] + [("relu", "smoothed"), ("tanh", "sigmoid")]
    networks = [make_network(layers, loss) for layers, loss in names]
    x, targets = rows_and_targets(np.float64)
    cases = [
        {"architecture": describe(network), "parameters": network.parameters.tolist()}
        for network in networks
    ]
    few = {"x": x[:4].ravel().tolist(), "targets": targets[:4].ravel().tolist()}
    found = run_engine(CHECK, {"cases": cases, **few})
    for name, check in zip(names, found, strict=True):
        for array in check["checks"]:
            assert array["verdict"] == "agree", (name, array)
        assert check["ofWrong"] == "differ", "a wrong gradient must be seen"
        assert check["isSame"], "the measurement must leave the parameters as they are"


def test_a_derivative_is_measured_and_the_vector_restored(run_engine: Callable[..., Any]) -> None:
    found = run_engine(
        """({ numericalGradient }) => {
            const vector = Float64Array.of(2, -3, 0.5);
            const cost = () => vector[0] ** 2 * vector[1] + Math.exp(vector[2]);
            const measured = [...numericalGradient(cost, vector, [2, 0])];
            return { measured, vector: [...vector] };
        }"""
    )
    assert found["measured"] == pytest.approx([np.exp(0.5), 2 * 2 * -3], rel=1e-8)
    assert found["vector"] == [2, -3, 0.5]


STEPS = """({ build, SGD, Adam, SparseRows }, { cases, x, targets, orders }) =>
    cases.map(({ architecture, parameters, optimizer, options, rate, l2 }) => {
        const network = build(architecture, parameters);
        const stepper = optimizer === "adam" ? new Adam(options) : new SGD(options);
        stepper.bind(network);
        const [d, k] = [network.nInputs, network.nOutputs];
        const rows = SparseRows.of(x, x.length / d, d);
        let batch = null;
        return orders.map((indices) => {
            batch = rows.rows(indices, batch);
            const wanted = Float32Array.from(
                indices.flatMap((i) => targets.slice(i * k, (i + 1) * k)),
            );
            const loss = network.lossAndGradient(batch, wanted, batch.n, { l2 });
            stepper.step(rate);
            return loss;
        });
    })"""
STEPPERS: list[tuple[str, str, str, dict[str, Any], float, float]] = [
    ("relu", "softmax", "sgd", {}, 0.2, 0.0),
    ("tanh", "softmax", "sgd", {"momentum": 0.9}, 0.03, 0.05),
    ("sigmoid", "sigmoid", "sgd", {"momentum": 0.8, "nesterov": True}, 0.1, 0.0),
    ("relu", "sigmoid", "adam", {}, 0.002, 0.1),
    ("leaky", "softmax", "adam", {"weight_decay": 0.05}, 0.003, 0.0),
    ("input bias", "softmax", "sgd", {}, 0.1, 0.0),
]


def test_losses_of_200_steps_equal_those_of_python(run_engine: Callable[..., Any]) -> None:
    from digitus.nn.optimizers import SGD, Adam

    rng = np.random.default_rng(3)
    x = np.where(rng.random((300, N_INPUTS)) < 0.6, 0, rng.random((300, N_INPUTS)))
    x = x.astype(np.float32)
    labels = (x @ rng.normal(size=(N_INPUTS, N_CLASSES))).argmax(axis=1)
    targets = np.eye(N_CLASSES, dtype=np.float32)[labels]
    orders = [rng.choice(300, 30 - i % 3, replace=False) for i in range(200)]
    cases, wanted = [], []
    for layers, loss, optimizer, options, rate, l2 in STEPPERS:
        chain = {**LAYERS, "leaky": lambda: [Dense(16), LeakyReLU(), Dense(N_CLASSES)]}[layers]()
        network = Network(N_INPUTS, chain, loss=LOSSES[loss](), rng=np.random.default_rng(8))
        camel = {"weight_decay": "weightDecay"}
        cases.append(
            {
                "architecture": describe(network),
                "parameters": network.parameters.tolist(),
                "optimizer": optimizer,
                "options": {camel.get(name, name): value for name, value in options.items()},
                "rate": rate,
                "l2": l2,
            }
        )
        stepper = (Adam if optimizer == "adam" else SGD)(**options)
        stepper.bind(network)
        losses = []
        for order in orders:
            losses.append(network.loss_and_gradient(x[order], targets[order], l2=l2))
            stepper.step(rate)
        wanted.append(losses)
    sent = {"x": x.ravel().tolist(), "targets": targets.ravel().tolist()}
    found = run_engine(STEPS, {**sent, "cases": cases, "orders": [o.tolist() for o in orders]})
    for case, ours, theirs in zip(STEPPERS, found, wanted, strict=True):
        assert np.mean(theirs[-20:]) < 0.9 * np.mean(theirs[:20]), f"{case} must learn"
        np.testing.assert_allclose(ours, theirs, rtol=0, atol=1e-3, err_msg=str(case))


def test_a_network_whose_weights_have_diverged_gives_no_finite_loss(
    run_engine: Callable[..., Any],
) -> None:
    is_finite = run_engine(
        """({ Dense, LeakyReLU, Network, ReLU, Sigmoid, Tanh }) =>
            [new ReLU(), new LeakyReLU(), new Tanh(), new Sigmoid()].map((activation) => {
                const network = new Network(2, [new Dense(3), activation, new Dense(2)]);
                const before = Number.isFinite(network.meanLoss(Float32Array.of(1, 2), [1, 0]));
                network.parameters[0] = NaN;
                const after = Number.isFinite(network.meanLoss(Float32Array.of(1, 2), [1, 0]));
                return [before, after];
            })"""
    )
    assert is_finite == [[True, False]] * 4
