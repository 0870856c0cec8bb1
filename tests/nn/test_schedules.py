import numpy as np
import pytest

from digitus.nn.schedules import Constant, Cosine, InverseScaling, OneCycle, Staged, WarmUp

STAGES = {0: 10**-1.1, 5: 10**-1.5, 10: 10**-1.6, 15: 10**-1.7}
KEY_POINTS = [
    (Constant(0.3), 0, 0.3),
    (Constant(0.3), 9.9, 0.3),
    (Staged(STAGES), 0, 10**-1.1),
    (Staged(STAGES), 4.99, 10**-1.1),
    (Staged(STAGES), 5, 10**-1.5),
    (Staged(STAGES), 10, 10**-1.6),
    (Staged(STAGES), 20, 10**-1.7),
    (Cosine(0.4), 0, 0.4),
    (Cosine(0.4), 5, 0.2),
    (Cosine(0.4), 10, 0.0),
    (Cosine(0.4, last=0.1), 10, 0.1),
    (Cosine(0.4, last=0.1), 12, 0.1),
    (OneCycle(1.0), 0, 1 / 25),
    (OneCycle(1.0), 3, 1.0),
    (OneCycle(1.0), 10, 1e-4),
    (OneCycle(1.0), 11, 1e-4),
    (OneCycle(1.0, rise=0.5, first=4, last=10), 5, 1.0),
    (OneCycle(1.0, rise=0.0), 0, 1.0),
    (WarmUp(Constant(0.5), epochs=2), 0, 0.005),
    (WarmUp(Constant(0.5), epochs=2), 1, 0.2525),
    (WarmUp(Constant(0.5), epochs=2), 2, 0.5),
    (WarmUp(Constant(0.5), epochs=2), 7, 0.5),
    (WarmUp(Constant(0.5), epochs=0), 0, 0.5),
    (WarmUp(Constant(0.5), epochs=2, first=0.5), 0, 0.25),
    (WarmUp(Cosine(0.4), epochs=1), 5, 0.2),
    (InverseScaling(0.1, n=100), 0.5, 0.1),
    (InverseScaling(0.1, n=100), 1, 0.1 / 101**0.5),
    (InverseScaling(0.1, power=1, n=10), 2.9, 0.1 / 21),
]
FALLING = [Cosine(0.4), Cosine(0.4, last=0.1), Staged(STAGES), InverseScaling(0.1, n=100)]


@pytest.mark.parametrize(("schedule", "epoch", "rate"), KEY_POINTS)
def test_a_schedule_passes_its_key_points(schedule, epoch, rate):
    assert schedule(epoch, 10) == pytest.approx(rate, abs=1e-12)


@pytest.mark.parametrize("schedule", FALLING)
def test_a_falling_schedule_never_rises(schedule):
    rates = [schedule(epoch, 10) for epoch in np.linspace(0, 12, 200)]
    assert (np.diff(rates) <= 0).all()


def test_one_cycle_rises_then_falls():
    cycle = OneCycle(1.0)
    up = [cycle(epoch, 10) for epoch in np.linspace(0, 3, 100)]
    down = [cycle(epoch, 10) for epoch in np.linspace(3, 10, 100)]
    assert (np.diff(up) > 0).all()
    assert (np.diff(down) < 0).all()


def test_a_warm_up_rises_linearly():
    ramp = [WarmUp(Constant(1.0), epochs=2)(epoch, 10) for epoch in np.linspace(0, 2, 50)]
    np.testing.assert_allclose(np.diff(ramp), 0.99 / 49)


def test_staged_rates_need_a_rate_for_the_first_epoch():
    with pytest.raises(ValueError, match="epoch 0"):
        Staged({1: 0.1})


@pytest.mark.parametrize("rise", [-0.1, 1.0])
def test_a_one_cycle_that_only_rises_is_refused(rise):
    with pytest.raises(ValueError, match="rise"):
        OneCycle(0.1, rise=rise)
