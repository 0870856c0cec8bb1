"""What is drawn in the page: random numbers, first weights, dropout; and its sparse rows."""

from collections.abc import Callable
from math import sqrt
from typing import Any

import numpy as np
import pytest

WORDS = 2**32


def xoshiro128(state: list[int], n: int) -> list[float]:
    """The generator as its authors write it, to compare with."""
    s, numbers = list(state), []

    def rotated(word: int, k: int) -> int:
        return ((word << k) | (word >> (32 - k))) % WORDS

    for _ in range(n):
        numbers.append(rotated(s[1] * 5 % WORDS, 7) * 9 % WORDS / WORDS)
        shifted = s[1] << 9
        s[2] ^= s[0]
        s[3] ^= s[1]
        s[1] ^= s[2]
        s[0] ^= s[3]
        s[2] = (s[2] ^ shifted) % WORDS
        s[3] = rotated(s[3], 11)
    return numbers


DRAW = """({ Random }) => {
    const numbers = (random, n, draw = "random") =>
        Array.from({ length: n }, () => random[draw](7));
    const seeds = [8, [7], [7, 0], [7, 1], [0], -7, 7 + 2 ** 32];
    const random = new Random(7);
    const state = random.state();
    const first = numbers(random, 50);
    const kept = JSON.parse(JSON.stringify(random.state()));
    const order = Uint32Array.from({ length: 1000 }, (_, i) => i);
    new Random(3).shuffle(order);
    const firsts = [0, 0, 0];
    for (let seed = 0; seed < 3000; seed++) {
        const three = Uint32Array.of(0, 1, 2);
        new Random(seed).shuffle(three);
        firsts[three[0]]++;
    }
    return {
        state, first, again: numbers(new Random(7), 50),
        next: numbers(random, 20), restored: numbers(Random.restore(kept), 20),
        starts: seeds.map((seed) => numbers(new Random(seed), 1)[0]),
        uniform: numbers(new Random(1), 20000), normal: numbers(new Random(2), 20000, "normal"),
        below: numbers(new Random(4), 7000, "below"), order: [...order], firsts,
    };
}"""


def test_random_numbers_are_those_of_the_generator_and_can_be_restored(
    run_engine: Callable[..., Any],
) -> None:
    drawn = run_engine(DRAW)
    assert drawn["first"] == xoshiro128(drawn["state"], 50)
    assert drawn["again"] == drawn["first"]
    assert drawn["restored"] == drawn["next"]
    of_seeds = drawn["starts"]
    assert of_seeds[1] == drawn["first"][0], "a seed alone and in a list are the same"
    assert len({drawn["first"][0], *of_seeds}) == len(of_seeds), "seeds give numbers of their own"
    uniform, normal = np.array(drawn["uniform"]), np.array(drawn["normal"])
    assert uniform.min() >= 0
    assert uniform.max() < 1
    counts = np.histogram(uniform, bins=20, range=(0, 1))[0]
    assert ((counts - 1000) ** 2 / 1000).sum() < 44  # chi-square, 19 degrees: 1 in 1000
    assert abs(normal.mean()) < 4 / sqrt(20_000)
    assert normal.std() == pytest.approx(1, abs=0.02)
    assert np.mean(np.abs(normal) < 1) == pytest.approx(0.6827, abs=0.015)
    assert np.bincount(drawn["below"], minlength=7) == pytest.approx(1000, abs=120)
    assert sorted(drawn["order"]) == list(range(1000))
    assert drawn["order"] != list(range(1000))
    assert drawn["firsts"] == pytest.approx([1000] * 3, abs=110)


INITIALIZE = """(engine) => {
    const [d, h] = [300, 50];
    const initializers = {
        zeros: engine.zeros, heNormal: engine.heNormal, heUniform: engine.heUniform,
        glorotNormal: engine.glorotNormal, glorotUniform: engine.glorotUniform,
        scaledNormal: engine.scaledNormal, uniform: engine.uniform(0.15),
    };
    return Object.fromEntries(Object.entries(initializers).map(([name, weights]) => {
        const layer = new engine.Dense(h, { weights, biases: engine.uniform(2) });
        new engine.Network(d, [layer], { random: new engine.Random(5) });
        return [name, { weight: [...layer.weight], bias: [...layer.bias] }];
    }));
}"""


def test_first_weights_have_the_deviation_and_range_of_their_source(
    run_engine: Callable[..., Any],
) -> None:
    drawn = run_engine(INITIALIZE)
    d, h = 300, 50
    normal = {
        "heNormal": sqrt(2 / d),
        "glorotNormal": sqrt(2 / (d + h)),
        "scaledNormal": sqrt(1 / d),
    }
    within = {"heUniform": sqrt(6 / d), "glorotUniform": sqrt(6 / (d + h)), "uniform": 0.15}
    assert not np.any(drawn["zeros"]["weight"])
    for name, deviation in normal.items():
        weight = np.array(drawn[name]["weight"])
        assert weight.std() == pytest.approx(deviation, rel=0.03), name
        assert np.abs(weight).max() > 3 * deviation, name
    for name, limit in within.items():
        weight = np.array(drawn[name]["weight"])
        assert 0.99 * limit < np.abs(weight).max() <= limit * 1.000001, name
        assert weight.std() == pytest.approx(limit / sqrt(3), rel=0.03), name
    for found in drawn.values():
        assert 1 < np.abs(found["bias"]).max() <= 2


DROP = """({ Dropout, Dense, Network, Random }) => {
    const layer = new Dropout(0.25);
    const x = new Float32Array(20000).fill(3);
    const [y, gradX] = [new Float32Array(x.length), new Float32Array(x.length)];
    layer.forward(x, y, 10, new Random(1));
    layer.backward(x, y, new Float32Array(x.length).fill(1), gradX, 10);
    const inTraining = { y: [...y], gradX: [...gradX] };
    layer.forward(x, y, 10, null);
    layer.backward(x, y, new Float32Array(x.length).fill(1), gradX, 10);
    return { inTraining, isCopy: y.every((v) => v === 3) && gradX.every((v) => v === 1) };
}"""


def test_dropout_keeps_the_expected_value_and_masks_the_gradient_alike(
    run_engine: Callable[..., Any],
) -> None:
    found = run_engine(DROP)
    y, grad = (np.array(found["inTraining"][name]) for name in ("y", "gradX"))
    assert set(y.tolist()) == {0, 4}
    assert y.mean() == pytest.approx(3, abs=0.06)
    np.testing.assert_allclose(grad, y / 3, rtol=1e-6)
    assert found["isCopy"], "without a source of masks it is the identity"


SPARSE = """({ SparseRows }, { x, n, d, indices }) => {
    const rows = SparseRows.of(Uint8Array.from(x), n, d, 255);
    const dense = (some) => [...some.toDense(new Float32Array(some.n * some.d))];
    const batch = rows.rows(indices);
    const used = rows.rows(indices.toReversed(), batch);
    const columns = rows.slice(2, 7).transposed();
    return {
        all: dense(rows), slice: dense(rows.slice(2, 7)), chosen: dense(rows.rows(indices)),
        reversed: dense(used), isSame: used === batch, columns: dense(columns),
        usedColumns: dense(rows.slice(3, 8).transposed(columns)),
    };
}"""


def test_sparse_rows_hold_the_entries_that_are_not_zero(run_engine: Callable[..., Any]) -> None:
    rng = np.random.default_rng(0)
    n, d = 9, 13
    pixels = np.where(rng.random((n, d)) < 0.6, 0, rng.integers(1, 256, (n, d)))
    pixels[4] = 0
    indices = [8, 0, 4, 8]
    sent = {"x": pixels.ravel().tolist(), "n": n, "d": d, "indices": indices}
    found = run_engine(SPARSE, sent)
    x = pixels.astype(np.float32) / np.float32(255)
    wanted = {
        "all": x,
        "slice": x[2:7],
        "chosen": x[indices],
        "reversed": x[indices[::-1]],
        "columns": x[2:7].T,
        "usedColumns": x[3:8].T,
    }
    for name, values in wanted.items():
        assert np.array_equal(np.float32(found[name]).reshape(values.shape), values), name
    assert found["isSame"], "the arrays of a batch of the same size are used again"


REFUSE = """(engine) => {
    const { Adam, Convolution, Dense, Dropout, LeakyReLU, MaxPooling, Network, SGD } = engine;
    const layer = new Dense(2);
    const attempts = {
        "at least 1 output": () => new Dense(0),
        "share": () => new Dropout(1),
        "slope": () => new LeakyReLU(1),
        "momentum": () => new SGD({ momentum: 1 }),
        "betas": () => new Adam({ beta1: -1 }),
        "epsilon": () => new Adam({ epsilon: 0 }),
        "stands twice": () => new Network(2, [layer, layer]),
        "at least one input": () => new Network(0, [new Dense(2)]),
        "expected 8 parameters": () =>
            new Network(3, [new Dense(2)], { parameters: new Float32Array(9) }),
        "cannot take 7 inputs": () => new Network(7, [new MaxPooling({ shape: [2, 2, 2] })]),
        "less padding": () => new Convolution(1, { shape: [5, 5, 1], size: 2, padding: 2 }),
        "fits images": () => new Convolution(1, { shape: [2, 2, 1], size: 4, padding: 0 }),
        "rows of 3": () => new Network(3, [new Dense(2)]).logits(new Float32Array(4)),
        "epoch 0": () => new engine.Staged({ 1: 0.1 }),
        "double precision": () =>
            engine.checkGradient(new Network(1, [new Dense(2)]), [1], [1, 0], [0]),
        "outputs are 0 to 1": () =>
            engine.inputGradient(new Network(1, [new Dense(2)]), new Float32Array(1), 2),
    };
    return Object.entries(attempts).map(([wanted, run]) => {
        try {
            run();
        } catch (error) {
            return [wanted, error.message];
        }
        return [wanted, "nothing was refused"];
    });
}"""


def test_values_out_of_range_are_refused(run_engine: Callable[..., Any]) -> None:
    for wanted, message in run_engine(REFUSE):
        assert wanted in message


def test_schedules_give_the_rate_of_the_stage(run_engine: Callable[..., Any]) -> None:
    rates = run_engine(
        """({ Constant, Staged }) => [new Constant(0.3).at(7),
            ...[0, 1.9, 2, 3].map((epoch) => new Staged({ 0: 0.1, 2: 0.01 }).at(epoch))]"""
    )
    assert rates == [0.3, 0.1, 0.1, 0.01, 0.01]
