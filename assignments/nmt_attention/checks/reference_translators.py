"""What the checks of the trained translators share: runs as handed in, and their models judged on the trusted side."""

from __future__ import annotations

import hashlib
import math
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import torch
from seq2kit.translation.piglatin import load_pairs, pig_latin
from seq2kit.translation.seq2seq import MAX_LENGTH, EncoderDecoder
from seq2kit.translation.translate import Batch, Vocabulary, batches, exact_match, translate, translation_loss
from torch import Tensor, nn

from autograder.judge import Draw, Feedback, Handle, NameMissing, NotData, Student, StudentRaised, expect

from . import reference_layers as parts

CONFIGURATIONS = tuple((hidden, data) for hidden in (32, 64) for data in ("small", "large"))
HAND_IN = (
    "train all runs on your own machine, restart and run all cells, and hand in the folder checkpoints/ together with "
    "the notebook (models of the fast profile lie in checkpoints-fast/ and do not count)"
)
_VOCABULARY = Vocabulary()
_STACKS = {
    "encoder_attention": "ScaledDotAttention",
    "self_attention": "CausalScaledDotAttention",
    "cross_attention": "ScaledDotAttention",
}
_MOST_LAYERS, _MOST_RUNS = 4, 100


@dataclass(frozen=True)
class Trained:
    """One entry of the student's `runs`."""

    key: tuple[int, str, Any]
    handle: Handle
    train_losses: tuple[float, ...]
    validation_losses: tuple[float, ...]

    @property
    def name(self) -> str:
        """How a message calls it."""
        return f"the run (hidden {self.key[0]}, {self.key[1]}, seed {_seed(self.key[2])})"


def _seed(given: Any) -> str:
    """A seed in a message: the student chose it, so only what a seed looks like is repeated."""
    return str(given) if isinstance(given, int) and 0 <= given < 100 else "other than 0 to 99"


def named(configuration: tuple[int, str]) -> str:
    """How a message calls a configuration."""
    return f"hidden {configuration[0]}, {configuration[1]}"


def table_of(student: Student, needed: tuple[tuple[int, str], ...] = CONFIGURATIONS) -> dict[tuple[int, str], float]:
    """The `needed` entries of `val_table`. Raises Feedback that says what is missing."""
    table = student.value("val_table")
    if not isinstance(table, dict):
        raise Feedback("val_table is not a dict.", "its keys are (hidden, data), its values losses")
    missing = [c for c in needed if c not in table]
    if missing:
        what = f"val_table has no entry for {'; '.join(map(named, missing))}."
        raise Feedback(what + lacking(student), HAND_IN)
    found = {c: expect.number(table[c], what=f"val_table[{c}]") for c in needed}
    for c, value in found.items():
        expect.true(value > 0, f"val_table[{c}] is not positive.", "a cross-entropy in nats")
    return found


def lacking(student: Student) -> str:
    """A sentence that names the checkpoints which were not handed in, or nothing."""
    try:
        folder = student.value("checkpoints")
        names = [f"translator-h{hidden}-{data}-{seed}" for hidden, data in CONFIGURATIONS for seed in (1, 2, 3)]
        absent = [name for name in names if not folder.method("exists", name)]
    except (StudentRaised, NameMissing, NotData, AttributeError):
        return ""
    if not absent:
        return ""
    others = f" and {len(absent) - 2} more" if len(absent) > 2 else ""
    return f" The folder checkpoints/ lacks {', '.join(f'{name}.safetensors' for name in absent[:2])}{others}."


def runs_of(student: Student) -> dict[tuple[int, str], list[Trained]]:
    """The student's runs by configuration, three or more of each. Raises Feedback that says what is missing."""
    runs = student.value("runs")
    if not isinstance(runs, dict):
        raise Feedback(
            "runs is not a dict.",
            "its keys are (hidden, data, seed), its values what train_translator returned",
        )
    expect.modest(len(runs), _MOST_RUNS, what="runs")
    found: dict[tuple[int, str], list[Trained]] = {c: [] for c in CONFIGURATIONS}
    for key, run in sorted(runs.items(), key=lambda pair: str(pair[0])):
        if not isinstance(key, tuple) or len(key) != 3 or key[:2] not in found:
            raise Feedback("A key of runs is not (hidden, data, seed).", 'such as (32, "small", 1)')
        if not isinstance(run, Handle):
            raise Feedback("An entry of runs is not a Run.", "keep what train_translator returned")
        found[key[:2]].append(Trained(key, run, _curve(run.train_losses, key), _curve(run.validation_losses, key)))
    short = [c for c, chosen in found.items() if len(chosen) < 3]
    if short:
        what = f"There are fewer than three trained runs for {'; '.join(map(named, short))}."
        raise Feedback(what + lacking(student), HAND_IN)
    return found


def _curve(values: Any, key: Any) -> tuple[float, ...]:
    what = f"the losses of the run (hidden {key[0]}, {key[1]}, seed {_seed(key[2])})"
    curve = expect.numbers(values, what=what).reshape(-1)
    expect.true(len(curve) > 0, f"There are no numbers in {what}.")
    expect.modest(len(curve), 10_000, what=what)
    return tuple(float(v) for v in curve)


def output_of(run: Trained) -> Tensor:
    """The last matrix of its model: of runs with other seeds, these lie further from each other than from zero."""
    model = run.handle.model
    weight = model.method("get_parameter", "output.weight") if isinstance(model, Handle) else None
    if not isinstance(weight, Tensor):
        raise Feedback(f"The model of {run.name} is missing.", "keep the Run as train_translator returned it")
    expect.modest(weight.numel(), 100_000, what=f"the model of {run.name}")
    return weight.detach().float()


def loss(student: Student, draw: Draw, run: Trained, words: str) -> float:
    """Nats per letter of the weights of this run on the "validation" words, or on the "unseen" ones."""
    return at_work(_judged(student, draw, run), words)


def right(student: Student, draw: Draw, run: Trained) -> float:
    """The share of the unseen words that the weights of this run translate right."""
    return at_work(_judged(student, draw, run), "translations")


def learned(student: Student, draw: Draw) -> None:
    """Stop here when a run, drawn by chance, has weights that have learned nothing: what its history tells, and a table
    made from that, is about no run."""
    chosen = draw.choice([run for runs in runs_of(student).values() for run in runs])
    expect.true(
        loss(student, draw, chosen, "validation") < math.log(len(_VOCABULARY)) / 2,
        f"The weights of {chosen.name} have learned next to nothing, so nothing follows from its history.",
        HAND_IN,
    )


def fits(run: Trained, loss: float) -> bool:
    """Whether a loss on the validation words is the lowest in the history of this run."""
    told = min(run.validation_losses)
    return abs(loss - told) <= 0.01 * told + 1e-4


def _judged(student: Student, draw: Draw, run: Trained) -> nn.Module | _Frozen:
    """The weights of a run, to be put into a model of the right layers on the trusted side.

    Weights that were trained in wrong layers work in those only. So where they do not do here what their history
    says, and the student's layers are wrong, these are asked, over the wire, between the other parts of ours: a mistake
    in a layer is not paid for twice."""
    model = run.handle.model
    if not isinstance(model, Handle):
        raise Feedback(f"The model of {run.name} is missing.", "keep the Run as train_translator returned it")
    weights = _Frozen(run.key[0], _weights_of(model), run.name)
    try:
        works_here = fits(run, at_work(weights, "validation"))
    except Feedback:  # they do not even fit into the right layers
        if layers_are_right(student, draw):
            raise
        works_here = False
    return weights if works_here or layers_are_right(student, draw) else _with_own_layers(student, draw, weights)


def _weights_of(model: Handle) -> dict[str, Any]:
    """The weights of a translator by their names in the reference. A layer whose Q, K and V are those of another module
    inside it registers them under other names: what counts is the attributes."""
    weights = model.parameters()
    for stack in ("encoder_attention", "self_attention", "cross_attention"):
        if f"{stack}.0.Q.weight" in weights:
            continue
        try:
            layer = model.method("get_submodule", f"{stack}.0")
            for part in parts.PARTS:
                held = getattr(layer, part).parameters()
                weights |= {f"{stack}.0.{part}.{kind}": value for kind, value in held.items()}
        except (AttributeError, StudentRaised, NameMissing, NotData):
            continue
    return weights


def layers_are_right(student: Student, draw: Draw) -> bool:
    """Whether both attention layers and the positions of this student equal the reference."""
    sizes = parts.Sizes(2, 4, 6, 8)
    try:
        for name, causal in (("ScaledDotAttention", False), ("CausalScaledDotAttention", True)):
            weights, inputs = parts.drawn_weights(draw, sizes.h), parts.drawn_inputs(draw, sizes)
            got = parts.Layer(student, name, weights)(*inputs)
            for mine, ours in zip(got, parts.reference(weights, inputs, causal), strict=True):
                expect.close(mine, ours, what="a layer", rtol=1e-4)
        expect.close(student.sinusoidal(MAX_LENGTH, 8), codes(MAX_LENGTH, 8), what="positions", rtol=1e-4)
    except (Feedback, StudentRaised, NameMissing, NotData):
        return False
    return True


def codes(n: int, d: int) -> Tensor:
    """The sinusoidal table, float32."""
    angle = torch.arange(n, dtype=torch.float64)[:, None] * 10000.0 ** (-torch.arange(0, d, 2, dtype=torch.float64) / d)
    return torch.stack((angle.sin(), angle.cos()), dim=-1).reshape(n, d).float()


class _Attention(nn.Module):
    """Scaled dot-product attention, the reference on the trusted side."""

    causal = False

    def __init__(self, hidden: int) -> None:
        super().__init__()
        self.Q, self.K, self.V = (nn.Linear(hidden, hidden) for _ in range(3))

    def forward(self, queries: Tensor, keys: Tensor, values: Tensor) -> tuple[Tensor, Tensor]:
        scores = self.Q(queries) @ self.K(keys).mT / math.sqrt(queries.shape[-1])
        if self.causal:
            scores = scores.masked_fill(~parts.visible(*scores.shape[1:]), -math.inf)
        weights = torch.softmax(scores, dim=2)
        return weights @ self.V(values), weights.mT


class _CausalAttention(_Attention):
    causal = True


def _none(hidden: int) -> nn.Module:
    """A place for a layer that comes from elsewhere."""
    return nn.Identity()


class _Frozen:
    """Weights as they were handed in, with a fingerprint, so that each set of weights is put to work only once."""

    def __init__(self, hidden: int, weights: dict[str, Any], name: str) -> None:
        self.hidden, self.name = hidden, name
        self.weights = {key: value.detach().float() for key, value in weights.items()}
        digest = hashlib.sha256(str(hidden).encode())
        for key in sorted(self.weights):
            digest.update(key.encode() + self.weights[key].numpy().tobytes())
        self.digest = digest.hexdigest()

    def __hash__(self) -> int:
        return hash(self.digest)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Frozen) and self.digest == other.digest

    def model(self, positions: Tensor | None = None, layers: bool = True) -> EncoderDecoder:
        """The reference model with these weights, but for those of its attention layers if `layers` is False. Raises
        Feedback when they do not fit."""
        count = len({key.split(".")[1] for key in self.weights if key.startswith("encoder_attention.")})
        expect.modest(count, _MOST_LAYERS, what=f"The number of layers in {self.name}")
        positions = codes(MAX_LENGTH, self.hidden) if positions is None else positions
        kinds = (_Attention, _CausalAttention) if layers else (_none, _none)
        model = EncoderDecoder(len(_VOCABULARY), self.hidden, count, *kinds, positions)
        # a layer may keep a number of its own, such as its factor as a parameter: the reference has no use for it
        known = {key: value for key, value in self.weights.items() if key in model.state_dict()}
        try:
            model.load_state_dict(known)
        except RuntimeError as error:
            hint = "the key says how wide the model is, and the model is what new_translator makes"
            raise Feedback(
                f"The weights of {self.name} do not fit a model of width {self.hidden}.",
                hint,
                str(error)[:300],
            ) from None
        for value in self.weights.values():
            expect.finite(value, what=f"a weight of {self.name}")
        return model.eval()


class _Asked(nn.Module):
    """A layer of the student's, made anew with these weights, and asked over the wire between parts of ours."""

    def __init__(self, layer: Handle, turn: Tensor) -> None:
        super().__init__()
        self.layer, self.turn = layer, turn

    def forward(self, *states: Tensor) -> tuple[Tensor, Tensor]:
        reply = self.layer(*(part @ self.turn for part in states))
        context = reply[0] if isinstance(reply, (tuple, list)) and reply else reply
        expect.shape(context, tuple(states[0].shape), what="the context of a layer in a trained model")
        expect.finite(context, what="the context of a layer in a trained model")
        return torch.as_tensor(context).detach().float() @ self.turn.T, torch.zeros(0)


def _with_own_layers(student: Student, draw: Draw, weights: _Frozen) -> nn.Module:
    """Our model with these weights, in which the student's own attention layers and positions do their part.

    A whole model of the student's could look the words up, and never use what was trained. A layer sees no word: only
    states, and those in another basis each time, which changes nothing for a layer of linear maps and products."""
    hidden = weights.hidden
    codes_ = expect.array(student.sinusoidal(MAX_LENGTH, hidden), what="sinusoidal(n, d)")
    expect.shape(codes_, (MAX_LENGTH, hidden), what="sinusoidal(n, d)")
    expect.finite(codes_, what="sinusoidal(n, d)")
    turn = draw.orthogonal(hidden).float()
    model = weights.model(torch.from_numpy(codes_).float(), layers=False)
    for stack, name in _STACKS.items():
        attention = getattr(model, stack)
        for number in range(len(attention)):
            start = f"{stack}.{number}."
            own = {key.removeprefix(start): part for key, part in weights.weights.items() if key.startswith(start)}
            layer = getattr(student, name)(hidden)
            if not isinstance(layer, Handle):
                raise Feedback(f"{name}(hidden) is no nn.Module.")
            known = {key: _turned(own[key], turn) for key in layer.parameters() if key in own}
            layer.method("load_state_dict", known, False)
            attention[number] = _Asked(layer.method("eval"), turn)
    return model.eval()


def _turned(weight: Tensor, turn: Tensor) -> Tensor:
    """A weight of a linear layer, or its bias, for states in the other basis."""
    if weight.shape == turn.shape:
        return turn.T @ weight @ turn
    return weight @ turn if weight.shape == turn.shape[:1] else weight


@lru_cache(maxsize=1)
def words_never_seen() -> tuple[str, ...]:
    """English words that the kit does not ship."""
    lines = (Path(__file__).resolve().parent / "hidden_words.txt").read_text(encoding="ascii").splitlines()
    return tuple(line for line in lines if line and not line.startswith("#"))


@lru_cache(maxsize=2)
def _batches(kind: str) -> tuple[Batch, ...]:
    unseen = [(word, pig_latin(word)) for word in words_never_seen()]
    pairs = load_pairs("small").validation if kind == "validation" else unseen
    return tuple(batches(pairs, _VOCABULARY, 256))


def at_work(model: nn.Module | _Frozen, words: str) -> float:
    """The loss on "validation" or "unseen" words; for "translations" the share of unseen words that come out right."""
    if isinstance(model, _Frozen):
        return _weighed(model, words)
    if words == "translations":
        truths = [pig_latin(word) for word in words_never_seen()]
        return exact_match(translate(model, words_never_seen(), _VOCABULARY), truths)
    with torch.no_grad():
        sums = [translation_loss(model, batch) for batch in _batches(words)]
    return sum(float(total) for total, _ in sums) / sum(count for _, count in sums)


@lru_cache(maxsize=256)
def _weighed(weights: _Frozen, words: str) -> float:
    return at_work(weights.model(), words)
