import numpy as np

from digitus.nn.workspace import Workspace


def test_the_arrays_of_the_backward_pass_are_made_once():
    work = Workspace(4, [3, 2], np.dtype(np.float32))
    assert work.gradients == []
    work.prepare_backward()
    first = [id(array) for array in work.gradients]
    work.prepare_backward()
    assert [id(array) for array in work.gradients] == first


def test_gradients_have_the_shapes_of_the_outputs():
    work = Workspace(4, [3, 2], np.dtype(np.float32))
    work.prepare_backward()
    assert [a.shape for a in work.gradients] == [a.shape for a in work.outputs] == [(4, 3), (4, 2)]


def test_the_last_gradient_is_the_losss(make_network, make_examples):
    network, rows = make_network(), make_examples()
    network.loss_and_gradient(rows.x, rows.targets)
    assert network.work.gradients[-1] is network.work.loss.grad


def test_a_network_uses_one_workspace_a_batch_size(make_network, make_examples):
    network, rows = make_network(), make_examples(n=10)
    network.loss_and_gradient(rows.x, rows.targets)
    whole = network.work
    network.loss_and_gradient(rows.x[:4], rows.targets[:4])
    assert network.work is not whole
    network.loss_and_gradient(rows.x, rows.targets)
    assert network.work is whole


def test_many_batch_sizes_do_not_pile_up(make_network, make_examples):
    network, rows = make_network(), make_examples(n=40)
    for n in range(1, 41):
        network.loss_and_gradient(rows.x[:n], rows.targets[:n])
    assert len(network._workspaces) <= 4
