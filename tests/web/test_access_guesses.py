"""Guesses at the token are slowed down, in a bounded amount of memory."""

import pytest

from digitus.web.access.guesses import GuessLimiter, GuessLimits

LIMITS = GuessLimits(at_once=3, every_s=10, most_clients=4)


class Clock:
    now = 1000.0

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def limiter(clock):
    return GuessLimiter(LIMITS, clock)


def test_a_client_may_be_wrong_a_few_times_in_a_row(limiter):
    for _ in range(LIMITS.at_once):
        assert limiter.wait_s("192.0.2.1") == 0
        limiter.count_wrong("192.0.2.1")
    assert limiter.wait_s("192.0.2.1") == LIMITS.every_s


def test_then_it_may_be_wrong_once_in_a_while(limiter, clock):
    tried = 0
    for _ in range(600):
        if limiter.wait_s("192.0.2.1") == 0:
            limiter.count_wrong("192.0.2.1")
            tried += 1
        clock.now += 1
    assert tried == LIMITS.at_once + 600 // LIMITS.every_s - 1


def test_other_clients_do_not_wait(limiter):
    for _ in range(9):
        limiter.count_wrong("192.0.2.1")
    assert limiter.wait_s("192.0.2.2") == 0


def test_addresses_of_one_ipv6_network_wait_together(limiter):
    for i in range(9):
        limiter.count_wrong(f"2001:db8::{i}")
    assert limiter.wait_s("2001:db8::abcd") > 0
    assert limiter.wait_s("2001:db8:0:1::1") == 0


def test_many_clients_take_no_more_memory_and_share_one_allowance(limiter):
    for i in range(1000):
        limiter.count_wrong(f"192.0.2.{i % 250}")
    assert len(limiter) <= LIMITS.most_clients + 1
    assert limiter.wait_s("203.0.113.9") > 0


def test_clients_that_have_waited_are_forgotten(limiter, clock):
    for i in range(1000):
        limiter.count_wrong(f"192.0.2.{i % 250}")
    clock.now += 1e6
    assert limiter.wait_s("203.0.113.9") == 0
    assert len(limiter) == 0


def test_a_client_without_an_address_is_counted(limiter):
    for _ in range(9):
        limiter.count_wrong("")
    assert limiter.wait_s("") > 0
