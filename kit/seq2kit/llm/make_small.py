"""Makes the kit's small language model: `python -m seq2kit.llm.make_small`, about eleven minutes of one core.

A Llama of 0.45 million weights that reads characters, trained on the tasks of `small_tasks` alone. It is stored in half
precision, in the layout of the hub, so that the loading code is the one of any other model.
"""

from __future__ import annotations

import argparse
import json
import random
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import save_model
from tokenizers import Tokenizer, decoders
from tokenizers.models import BPE
from torch import Tensor
from torch.nn.functional import cross_entropy
from transformers import LlamaConfig, LlamaForCausalLM, PreTrainedTokenizerFast

from seq2kit.llm.small_tasks import document
from seq2kit.llm.sources import OURS

STEPS, BATCH, LENGTH, RATE, SEED = 1500, 48, 160, 4e-3, 0
CONTEXT = 512
END, UNKNOWN = "<end>", "<unk>"
CHARACTERS = "\n" + "".join(map(chr, range(32, 127)))
DRAWN = 0.1  # weight of the loss on what cannot be foretold
SIZES: dict[str, Any] = {
    "hidden_size": 96, "intermediate_size": 256, "num_hidden_layers": 4, "num_attention_heads": 4,
    "num_key_value_heads": 4, "max_position_embeddings": CONTEXT, "tie_word_embeddings": True,
}  # fmt: skip
TEMPLATE = (
    "{% for message in messages %}{% if message['role'] == 'user' %}{{ 'User: ' + message['content'] + '\n' }}"
    "{% elif message['role'] == 'assistant' %}{{ 'Assistant: ' + message['content'] + '<end>\n' }}{% endif %}"
    "{% endfor %}{% if add_generation_prompt %}{{ 'Assistant: ' }}{% endif %}"
)


def vocabulary() -> dict[str, int]:
    """Token -> its number: the end of a text is 0."""
    return {token: number for number, token in enumerate([END, UNKNOWN, *CHARACTERS])}


def tokenizer() -> PreTrainedTokenizerFast:
    """A token per character; what it does not know is one unknown token."""
    plain = Tokenizer(BPE(vocabulary(), [], unk_token=UNKNOWN))
    plain.decoder = decoders.Fuse()
    kind: Any = PreTrainedTokenizerFast  # which ships no types
    made: PreTrainedTokenizerFast = kind(
        tokenizer_object=plain, eos_token=END, unk_token=UNKNOWN, pad_token=END, model_max_length=CONTEXT,
        clean_up_tokenization_spaces=False,
    )  # fmt: skip
    made.chat_template = TEMPLATE
    return made


def batch(draw: random.Random, numbers: dict[str, int], size: int = BATCH) -> tuple[Tensor, Tensor]:
    """(ids, weights), both (size, LENGTH + 1): rows of whole texts, one after the other, cut at the end."""
    rows, weights = [], []
    for _ in range(size):
        row: list[int] = []
        weight: list[float] = []
        while len(row) <= LENGTH:
            for text, foretold in document(draw):
                pieces = _tokens(text, numbers)
                row += pieces
                weight += [1.0 if foretold else DRAWN] * len(pieces)
        rows.append(row[: LENGTH + 1])
        weights.append(weight[: LENGTH + 1])
    return torch.tensor(rows), torch.tensor(weights)


def _tokens(text: str, numbers: dict[str, int]) -> list[int]:
    parts = text.split(END)
    ids = [numbers[character] for character in parts[0]]
    for part in parts[1:]:
        ids += [numbers[END], *(numbers[character] for character in part)]
    return ids


def trained(steps: int, seed: int, told: int = 100) -> Any:
    """The model after so many updates, float32. Prints the loss of answers now and then."""
    torch.manual_seed(seed)
    draw, numbers = random.Random(seed), vocabulary()
    model: Any = LlamaForCausalLM(LlamaConfig(vocab_size=len(numbers), eos_token_id=0, bos_token_id=None,
                                         pad_token_id=0, **SIZES))  # fmt: skip
    optimizer = torch.optim.AdamW(model.parameters(), lr=RATE, betas=(0.9, 0.98), weight_decay=0.01)
    rates = torch.optim.lr_scheduler.OneCycleLR(optimizer, RATE, total_steps=steps, pct_start=0.05)
    begin = time.process_time()
    for step in range(steps):
        ids, weights = batch(draw, numbers)
        losses = cross_entropy(model(ids[:, :-1]).logits.flatten(0, 1), ids[:, 1:].flatten(), reduction="none")
        weight = weights[:, 1:].flatten()
        optimizer.zero_grad(set_to_none=True)
        ((losses * weight).sum() / weight.sum()).backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        rates.step()
        if step % told == 0 or step == steps - 1:
            loss = losses[weight == 1].mean().item()
            print(f"{step:5} {loss:.3f} nats on answers, {time.process_time() - begin:.0f} CPU-s", flush=True)
    return model.eval()


def save(model: Any, folder: Path) -> None:
    """The model and its tokenizer, in the layout of the hub, in half precision."""
    folder.mkdir(parents=True, exist_ok=True)
    save_model(model.half(), str(folder / "model.safetensors"), metadata={"format": "pt"})
    (folder / "model.safetensors").chmod(0o644)  # it is written for its owner alone
    model.config.save_pretrained(folder)
    words = tokenizer()
    words.chat_template = None  # else it would get a file of its own, of a kind that wheels leave out
    words.save_pretrained(folder)
    told = folder / "tokenizer_config.json"
    # PreTrainedTokenizerFast by the name that every version of transformers knows
    known = json.loads(told.read_text(encoding="utf-8"))
    settings = {**known, "tokenizer_class": "PreTrainedTokenizerFast", "chat_template": TEMPLATE}
    settings.pop("backend", None)
    told.write_text(json.dumps(settings, indent=2) + "\n", encoding="utf-8")


def main(arguments: Sequence[str] | None = None) -> None:
    """Train the small model and write it to where the kit keeps it."""
    parser = argparse.ArgumentParser(prog="python -m seq2kit.llm.make_small", description=main.__doc__)
    parser.add_argument("--into", type=Path, default=OURS)
    parser.add_argument("--steps", type=int, default=STEPS)
    parser.add_argument("--seed", type=int, default=SEED)
    options = parser.parse_args(arguments)
    save(trained(options.steps, options.seed), options.into)


if __name__ == "__main__":
    main()
