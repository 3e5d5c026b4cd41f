"""Hidden checks of part 1: weights of convolutions, and the kernel that two cheap ones equal."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor
from torch.nn.functional import conv2d

from autograder.judge import Draw, Handle, Student, check, expect, properties

_GIVEN = ((3, 4, 3), (5, 7, 1), (2, 9, 5), (8, 3, 7), (6, 9, 3))


def _whole(value: Any, *, what: str) -> float:
    return expect.number(value, what=what)


@check(item="s003-3a", points=2)
def counts_are_those_of_the_weights(student: Student, draw: Draw) -> None:
    """The count is that of the weights of torch's layer, for any channels and kernel."""
    for cin, cout, k in (*_GIVEN, (draw.integer(2, 6), draw.integer(7, 12), draw.integer(2, 5))):
        got = _whole(student.conv_params(cin, cout, k), what="conv_params(cin, cout, k)")
        hint = "each output channel has a weight for every input channel and every place of the kernel"
        expect.close(got, cin * cout * k * k, what="the number of weights", hint=hint)


@check(item="s003-3a")
def single_channels_and_large_layers_are_counted(student: Student, draw: Draw) -> None:
    """One input or output channel, a kernel of one place, and layers of thousands of channels come out right."""
    for cin, cout, k in ((1, 6, 3), (7, 1, 3), (4, 5, 1), (1, 1, 1), (4097, 2051, 3)):
        got = _whole(student.conv_params(cin, cout, k), what="conv_params(cin, cout, k)")
        expect.close(got, cin * cout * k * k, what="the number of weights of a thin or a large layer")


# --- s003-3b -----------------------------------------------------------------


@check(item="s003-3b", points=2)
def separable_counts_are_right(student: Student, draw: Draw) -> None:
    """The count is that of both layers together, for any channels and kernel."""
    for cin, cout, k in (*_GIVEN, (1, 5, 3), (6, 1, 5), (8191, 4094, 3)):
        got = _whole(student.dwsep_params(cin, cout, k), what="dwsep_params(cin, cout, k)")
        hint = "one filter for each input channel; then one number for each pair of channels"
        expect.close(got, cin * k * k + cin * cout, what="the number of weights of both layers", hint=hint)


def _layer(student: Student, cin: int, cout: int, k: int) -> Handle:
    return expect.handle(student.make_layer(cin, cout, k), what="what make_layer gives")


@check(item="s003-3b")
def module_has_no_more_weights_than_counted(student: Student, draw: Draw) -> None:
    """The module has the weights of a depthwise and a pointwise layer, and no others."""
    for cin, cout, k in ((3, 4, 3), (2, 7, 5), (1, 3, 1)):
        count = sum(p.numel() for p in _layer(student, cin, cout, k).parameters().values())
        hint = "are there biases, or does each filter see all channels?"
        expect.true(count == cin * k * k + cin * cout, "The module has another number of weights than the task.", hint)


@check(item="s003-3b")
def image_keeps_its_size(student: Student, draw: Draw) -> None:
    """The module turns (b, cin, h, w) into (b, cout, h, w)."""
    for cin, cout, k in ((3, 4, 3), (2, 7, 5), (5, 2, 1)):
        out = _layer(student, cin, cout, k)(draw.tensor(2, cin, 6, 8, dtype=torch.float32))
        expect.shape(out, (2, cout, 6, 8), what="the module's output", hint="how many zeros stand around the image?")


@check(item="s003-3b")
def first_layer_mixes_no_channels(student: Student, draw: Draw) -> None:
    """Each channel that comes out of layer[0] depends on one input channel alone, and not all on the same."""
    cin = 3
    first = _layer(student, cin, 4, 3).made("__getitem__", 0)
    sources = []

    def seen(image: Tensor) -> Any:
        return expect.numbers(first(image), (1, cin, 5, 6), what="what layer[0] gives")

    for channel in range(cin):
        image = torch.zeros(1, cin, 5, 6)
        image[:, channel] = draw.tensor(5, 6, dtype=torch.float32)
        out = seen(image) - seen(torch.zeros(1, cin, 5, 6))
        moved = [c for c in range(cin) if abs(out[0, c]).max() > 1e-9]
        expect.true(
            len(moved) == 1, "In layer[0] an input channel reaches several outputs, or none.", "what is `groups` for?"
        )
        sources += moved
    expect.true(sorted(sources) == list(range(cin)), "In layer[0] two channels come out as one.")


@check(item="s003-3b")
def module_is_depthwise_then_pointwise(student: Student, draw: Draw) -> None:
    """The module is one convolution with zeros around the image, and each input channel goes through one filter."""
    cin, cout, k = 3, 5, 3
    layer = _layer(student, cin, cout, k)
    # However its weights are kept: what single pixels in the middle become is its kernel, turned round.
    kernel = _kernel(layer, cin, cout)
    filters = _kernel(layer.made("__getitem__", 0), cin, cin).sum(0)
    image = draw.tensor(2, cin, 6, 7, dtype=torch.float32)
    got = expect.numbers(layer(image), (2, cout, 6, 7), what="the module's output")
    hint = "first one filter for each channel, then the mixing; nothing in between"
    want = conv2d(image.double(), kernel, padding=k // 2)
    expect.close(got, want, what="the module's output", hint=hint, rtol=properties.SINGLE)
    for slices, own in zip(kernel.transpose(0, 1), filters, strict=True):
        flat, line = slices.reshape(cout, k * k), own.reshape(k * k)
        rest = flat - torch.outer(flat @ line, line) / (line @ line).clamp(min=1e-12)
        hint = "what layer[0] makes of a channel is all that the mixing sees of it"
        expect.true(
            bool(rest.abs().max() < 1e-3 * flat.abs().max()), "An input channel does not go through one filter.", hint
        )
    _as_torch_reads_it(layer, kernel)


def _kernel(layer: Handle, cin: int, cout: int) -> Tensor:
    """(cout, cin, 3, 3): what single pixels become, one channel after the other."""
    pixels = torch.zeros(cin, cin, 5, 5)
    for channel in range(cin):
        pixels[channel, channel, 2, 2] = 1
    seen = expect.tensor(layer(pixels), (cin, cout, 5, 5), what="the module's output", most=1e6)
    return seen[:, :, 1:4, 1:4].flip(2, 3).transpose(0, 1)


def _as_torch_reads_it(layer: Handle, kernel: Tensor) -> None:
    """Weights of the shapes that torch's layers have say what its layers would compute with them."""
    cout, cin, k, _ = kernel.shape
    found = [expect.tensor(p, what="a weight of the module", most=1e6) for p in layer.parameters().values()]
    filters, mixing = ([p for p in found if p.shape == form] for form in ((cin, 1, k, k), (cout, cin, 1, 1)))
    if len(filters) == len(mixing) == 1 and len(found) == 2:
        want = mixing[0] * filters[0][:, 0]
        expect.close(
            kernel, want, what="what the module computes", hint="nothing but its two layers", rtol=properties.SINGLE
        )


def _two_steps(image: Tensor, D: Tensor, P: Tensor) -> Tensor:
    return conv2d(conv2d(image, D[:, None], groups=len(D)), P[:, :, None, None])


@check(item="s003-3b", points=2)
def one_kernel_does_what_both_steps_do(student: Student, draw: Draw) -> None:
    """A convolution with the kernel gives what the two steps give."""
    cin, cout, k = 3, 4, 5
    D, P, image = draw.tensor(cin, k, k), draw.tensor(cout, cin), draw.tensor(2, cin, 7, 8)
    kernel = expect.tensor(student.equivalent_kernel(D, P), (cout, cin, k, k), what="equivalent_kernel(D, P)")
    hint = "from one input channel to one output channel: a filter, times one number"
    expect.close(
        conv2d(image, kernel), _two_steps(image, D, P), what="an image under your kernel", hint=hint, rtol=1e-5
    )


@check(item="s003-3b")
def thin_kernels_come_out_right(student: Student, draw: Draw) -> None:
    """One input channel, one output channel, filters of one place and large weights are no exceptions."""
    for cin, cout, k in ((1, 3, 3), (4, 1, 3), (2, 3, 1)):
        D, P = draw.tensor(cin, k, k, scale=1e3), draw.tensor(cout, cin)
        got = student.equivalent_kernel(D, P)
        expect.close(got, torch.einsum("oc,cij->ocij", P, D), what="the kernel of a thin layer", rtol=1e-5)


@check(item="s003-3b")
def kernel_keeps_dtype_and_arguments(student: Student, draw: Draw) -> None:
    """The kernel has the dtype of the filters, and the arguments stay as they were."""
    D, P = draw.tensor(2, 3, 3), draw.tensor(4, 2)
    other = draw.tensor(2, 3, 3), draw.tensor(4, 2)
    properties.no_side_effects(student, "equivalent_kernel", (D, P), other)
    properties.keeps_precision(student, "equivalent_kernel", lambda step: (D + step * other[0], P + step * other[1]))
