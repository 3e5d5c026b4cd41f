"""What is handed in never decides how much work the judge has: far too much of it fails, soon and in little room."""

from __future__ import annotations

import resource
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
import torch
from torch import nn

from autograder.audit.quick import judged
from autograder.errors import Feedback
from autograder.judge import expect
from autograder.judge.student import Student
from autograder.model import Status
from tests.assignments.ready import ROOT, trusted

SECONDS, MEGABYTES = 25.0, 600  # what the largest reply that the wire lets through takes to be unpacked is in it


@contextmanager
def bounded() -> Iterator[None]:
    """What happens inside takes a bounded amount of CPU time and of memory."""
    begin, before = time.process_time(), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    yield
    assert time.process_time() - begin < SECONDS
    assert (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024 < MEGABYTES


TOLD = ("larger than the task", "larger model than the task", "do not fit", "not those of", "not built from")


def all_fail(assignment: str, names: tuple[str, ...], **space: Any) -> None:
    """Each of these checks fails for a notebook in which these names are others, within bounds."""
    checks = {check.name: check for check in trusted(assignment).checks}
    full = {**trusted(assignment).reference(), **space}
    for name in names:
        with bounded():
            result = judged(checks[name], full, 7)
        assert result.status is Status.FAILED, (name, result)
        assert any(words in result.message for words in TOLD), result


def of_shapes(**shapes: tuple[int, ...]) -> nn.Module:
    """A module with parameters of these shapes; two underscores in a name stand for a dot."""
    whole = nn.Module()
    for name, shape in shapes.items():
        *path, last = name.split("__")
        place = whole
        for part in path:
            if not hasattr(place, part):
                place.add_module(part, nn.Module())
            place = getattr(place, part)
        place.register_parameter(last, nn.Parameter(torch.zeros(*shape)))
    return whole


@pytest.mark.long
@pytest.mark.parametrize("edges", [
    lambda T: {(f"a{k}", f"a{k + 1}") for k in range(100_000)},
    lambda T: {(f"h{k}", f"h{j}") for k in range(300) for j in range(300)},
    lambda T: {("h0", "h" + "1" * 5_000)},
])  # fmt: skip
def test_graphs_of_any_size(edges: Callable[[int], Any]) -> None:
    """A graph with more edges than can be drawn between the quantities of the network, or a name of any length."""
    names = tuple(check.name for check in trusted("rnn_backprop").checks_of("s000-3.1"))
    all_fail("rnn_backprop", names, rnn_graph=edges)


def test_a_graph_is_walked_in_one_go() -> None:
    """A long chain with many edges beside it is followed once, not once per node."""
    from autograder.judge.registry import load_module

    ref = load_module(ROOT / "assignments" / "rnn_backprop", "checks/reference.py")
    chain = frozenset((str(k), str(k + d)) for k in range(20_000) for d in (1, 2, 3))
    with bounded():
        assert len(ref.reach(chain, "0")) == 20_002
        assert ref.reach(chain, "0", without="2") == ref.reach(chain, "0") - {"2"}


@pytest.mark.long
@pytest.mark.parametrize("shapes", [
    {"embedding__weight": (70, 50_000), "position__table": (1, 50_000)},
    {"embedding__weight": (70, 900), "position__table": (64, 900)},
    {"embedding__weight": (50_000, 64), "position__table": (64, 64)},
    {f"blocks__{k}__norm1__weight": (1,) for k in range(1_500)},
    {"embedding__weight": (3_000, 3_000)},
])  # fmt: skip
def test_a_gpt_of_any_size(shapes: dict[str, tuple[int, ...]]) -> None:
    """Weights of another size than the notebook's GPT has are not put into one."""
    all_fail("gpt_lm", ("the_model_is_close_to_the_best_possible",), best_model=of_shapes(**shapes))


@pytest.mark.long
def test_logs_of_any_length() -> None:
    """A log of hundreds of thousands of rows."""
    log = [[float(k), 1.5, 1.5] for k in range(300_000)]
    names = ("the_loss_log_is_a_whole_curve", "the_model_is_the_best_of_its_log", "the_perplexity_curve_falls_from_v")
    all_fail("gpt_lm", names, loss_log=log, ppl_log=log)


@pytest.mark.long
@pytest.mark.parametrize("shapes", [
    {f"encoder_attention__{k}__Q__weight": (1,) for k in range(500)},
    {f"encoder_attention__{k}__Q__weight": (1,) for k in range(3_000)},
    {"output__weight": (30, 200_000)},
])  # fmt: skip
def test_a_translator_of_any_size(shapes: dict[str, tuple[int, ...]]) -> None:
    """Translators of 500 layers, or of any width, are not built."""
    from dataclasses import replace

    model = of_shapes(**shapes)
    runs = {key: replace(run, model=model) for key, run in trusted("nmt_attention").reference()["runs"].items()}
    all_fail("nmt_attention", ("trained_weights_give_the_losses_of_their_runs",), runs=runs)


@pytest.mark.long
def test_tables_of_any_length() -> None:
    """A hundred thousand runs are not asked for one by one."""
    runs = {(32, "small", seed): None for seed in range(100_000)}
    all_fail("nmt_attention", ("every_run_is_a_run_of_its_own", "new_words_are_translated"), runs=runs)


@pytest.mark.long
@pytest.mark.parametrize("shapes", [
    {"source_embedding__weight": (1, 199_000)},
    {"embedding__weight": (31, 1), "output__weight": (100_000, 1), "output__bias": (1,), "positions": (40, 1)},
    {f"x{k}__attention__in_proj_weight": (1,) for k in range(1_900)},
])  # fmt: skip
def test_decoders_of_any_size(shapes: dict[str, tuple[int, ...]]) -> None:
    """Weights with a side, or a number of layers, that would make a model of gigabytes are not put into one."""
    models = {kind: [of_shapes(**shapes)] * 3 for kind in ("encoder_decoder", "decoder_only", "prefix")}
    all_fail("decoder_only_nmt", ("unseen_words_surprise_little",), models=models)


@pytest.mark.long
def test_lists_of_runs_of_any_length() -> None:
    """A thousand times the same run is not measured a thousand times."""
    tuned = {size: runs * 400 for size, runs in trusted("bert_finetuning").reference()["tuned"].items()}
    all_fail("bert_finetuning", ("models_know_more_than_the_majority_class",), tuned=tuned)


def test_results_of_any_size() -> None:
    """Numbers without end are refused before they are copied; a long list is read in little time."""
    with bounded(), pytest.raises(Feedback, match="larger than the task needs"):
        expect.array(torch.zeros(60_000_000, dtype=torch.int8), what="it")
    with bounded():
        assert expect.array([0.5] * 1_900_000, what="it").shape == (1_900_000,)
    with bounded(), pytest.raises(Feedback, match="larger than the task needs"):
        expect.mask(torch.zeros(400_000, 3, 3), torch.ones(3, 3), what="it")


def test_parameters_of_any_number() -> None:
    """A model of more numbers, or of more tensors, than any task asks for is not taken in."""
    from autograder.judge.ports import LocalPort

    for model in (of_shapes(a=(5_000_000,)), of_shapes(**{f"p{k}": (1,) for k in range(2_500)})):
        handle = Student(LocalPort({"make": lambda model=model: model})).make()
        with bounded(), pytest.raises(Feedback, match="far larger"):
            handle.parameters()
