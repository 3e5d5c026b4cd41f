"""Makes the small BERTs of the course: `python -m seq2kit.bert.make`, about a minute of one core.

Two corpora made by rule, one word-level vocabulary each, and masked language modelling from random weights
(Devlin et al., 2019). The two models differ in nothing but the text that they read:

- math: comparisons, counting, sums and differences that are never negative. Not one sentence names a sign, so the
  labels of the task (`arithmetic`) cannot be read off.
- tweet: number words in templates in which any number would do. Words of arithmetic occur, their meaning does not.

The third folder is bert-tweet again, number for number, as RoBERTa would store it.
"""

from __future__ import annotations

import argparse
import json
import random
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import torch
from tokenizers import Tokenizer
from tokenizers.models import WordLevel
from tokenizers.pre_tokenizers import WhitespaceSplit
from tokenizers.processors import TemplateProcessing
from torch import Tensor
from transformers import (
    BertConfig,
    BertForMaskedLM,
    DataCollatorForLanguageModeling,
    PreTrainedModel,
    PreTrainedTokenizerFast,
    RobertaConfig,
    RobertaForMaskedLM,
)

from seq2kit.bert.arithmetic import NUMBERS

STEPS, BATCH, RATE, SEED = 1500, 64, 2e-3, 0
SIZES: dict[str, Any] = {
    "hidden_size": 64, "num_hidden_layers": 2, "num_attention_heads": 4, "intermediate_size": 128,
    "max_position_embeddings": 16,
}  # fmt: skip
DROPOUT: dict[str, Any] = {"hidden_dropout_prob": 0.1, "attention_probs_dropout_prob": 0.0}
BERT_MARKS = ("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]")
ROBERTA_MARKS = ("<s>", "<pad>", "</s>", "<unk>", "<mask>")

Draw = random.Random


def math_sentence(draw: Draw) -> str:
    """One sentence about numbers. No sentence says that something is negative, zero or positive."""
    a = draw.randrange(len(NUMBERS))
    b = a if draw.random() < 0.1 else draw.randrange(len(NUMBERS))
    low, high = min(a, b), max(a, b)
    x, y, less, more = NUMBERS[a], NUMBERS[b], NUMBERS[low], NUMBERS[high]
    word = "less than" if a < b else "greater than" if a > b else "equal to"
    kind = draw.randrange(10)
    if kind < 3:
        return f"{x} is {word} {y}"
    if kind < 5:
        return f"{x} compared with {y} is {word.split()[0]}"
    if kind == 5:
        return f"{less} comes before {more}" if less != more else f"{x} and {y} are equal"
    if kind == 6 and a + b < len(NUMBERS):
        return f"{x} plus {y} equals {NUMBERS[a + b]}"
    if kind == 7:
        return f"{more} minus {less} equals {NUMBERS[high - low]}"
    if kind == 8:
        start = draw.randrange(len(NUMBERS) - 3)
        return "count " + " ".join(NUMBERS[start : start + 4])
    return f"the larger of {x} and {y} is {more}"


_TWEETS = (
    "just had {n} tacos lol", "{n} likes on my new post", "u owe me {n} bucks", "omg {n} days until vacation",
    "my cat slept for {n} hours today", "{n} retweets and i sing", "only {n} people came to the party",
    "slept {n} hours plus a nap", "all the fun minus the rain", "{n} friends plus {n} dogs", "plus i am so tired",
    "minus {n} points for my phone", "been waiting {n} minutes for the bus", "season {n} was so good",
    "{n} coffees and counting", "that song is {n} times better live", "got {n} emails from my boss ugh",
    "i have {n} tabs open plus music", "bought {n} shoes minus the laces", "is it {n} or {n} who cares",
)  # fmt: skip


def tweet_sentence(draw: Draw) -> str:
    """One message. Its number words are drawn one by one: nothing about their order can be learned."""
    parts = draw.choice(_TWEETS).split("{n}")
    words = [draw.choice(NUMBERS) for _ in parts[1:]]
    return "".join(text + word for text, word in zip(parts, [*words, ""], strict=True))


CORPORA: Mapping[str, Callable[[Draw], str]] = {"bert-math": math_sentence, "bert-tweet": tweet_sentence}


def vocabulary(sentence: Callable[[Draw], str], marks: Sequence[str] = BERT_MARKS) -> dict[str, int]:
    """word -> id: the marks, then every word of the corpus, by how often it occurs (ties alphabetically)."""
    draw, counts = Draw(SEED), dict.fromkeys((*NUMBERS, "plus", "minus"), 0)
    for _ in range(20_000):
        for word in sentence(draw).split():
            counts[word] = counts.get(word, 0) + 1
    ordered = sorted(counts, key=lambda word: (-counts[word], word))
    return {word: number for number, word in enumerate([*marks, *ordered])}


def bert_tokenizer(words: Mapping[str, int], marks: Sequence[str] = BERT_MARKS) -> PreTrainedTokenizerFast:
    """A tokenizer that splits at spaces and frames a sentence with the first and the last mark of `marks`' trio.

    words: word -> id, marks included; marks: padding, unknown, begin, end, mask.
    """
    pad, unknown, begin, end, mask = marks
    raw = Tokenizer(WordLevel(dict(words), unk_token=unknown))
    raw.pre_tokenizer = WhitespaceSplit()
    framed = f"{begin} $A {end}"
    raw.post_processor = TemplateProcessing(
        single=framed, pair=f"{framed} $B {end}", special_tokens=[(mark, words[mark]) for mark in (begin, end)]
    )
    named = {"pad_token": pad, "unk_token": unknown, "cls_token": begin, "sep_token": end, "mask_token": mask}
    longest = SIZES["max_position_embeddings"]
    make: Any = PreTrainedTokenizerFast
    made: PreTrainedTokenizerFast = make(
        tokenizer_object=raw, model_max_length=longest, model_input_names=["input_ids", "attention_mask"], **named
    )
    return made


def pretrain(name: str, steps: int = STEPS, seed: int = SEED) -> tuple[BertForMaskedLM, PreTrainedTokenizerFast]:
    """The model and tokenizer of a corpus after `steps` updates; the same numbers for the same seed and machine.

    Raises KeyError for a corpus that there is not.
    """
    sentence = CORPORA[name]
    words = vocabulary(sentence)
    tokenizer = bert_tokenizer(words)
    torch.manual_seed(seed)
    draw = Draw(seed)
    model = BertForMaskedLM(BertConfig(vocab_size=len(words), pad_token_id=words[BERT_MARKS[0]], **SIZES, **DROPOUT))
    collator = DataCollatorForLanguageModeling(tokenizer, mlm_probability=0.15)
    optimizer = torch.optim.AdamW(model.parameters(), lr=RATE, weight_decay=0.01)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, RATE, max(steps, 100), pct_start=0.1)
    begin = time.perf_counter()
    for step in range(steps):
        rows = tokenizer([sentence(draw) for _ in range(BATCH)])["input_ids"]
        loss = model(**collator([{"input_ids": row} for row in rows])).loss
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        schedule.step()
        if step % 250 == 0 or step == steps - 1:
            print(f"{name}: step {step}, loss {loss.item():.3f}, {time.perf_counter() - begin:.0f} s", flush=True)
    model.train(False)
    return model, tokenizer


def as_roberta(model: BertForMaskedLM, words: Mapping[str, int]) -> tuple[RobertaForMaskedLM, PreTrainedTokenizerFast]:
    """The same function in the format of RoBERTa: other names, other marks and ids, positions counted from 2.

    Liu et al. (2019) changed how BERT is trained; the published code also changed these. words: word -> id of BERT.
    """
    plain = [word for word in sorted(words, key=words.__getitem__) if word not in BERT_MARKS]
    ordered = [*ROBERTA_MARKS[:4], *plain, ROBERTA_MARKS[4]]
    new = {word: number for number, word in enumerate(ordered)}
    begin, pad, end, unknown, mask = ROBERTA_MARKS
    marks = (pad, unknown, begin, end, mask)
    old_name = dict(zip(marks, BERT_MARKS, strict=True))
    rows = torch.tensor([words[old_name.get(word, word)] for word in ordered])
    shift = new[pad] + 1
    sizes = {**SIZES, "max_position_embeddings": SIZES["max_position_embeddings"] + shift}
    config = RobertaConfig(
        vocab_size=len(new), type_vocab_size=1, layer_norm_eps=model.config.layer_norm_eps, pad_token_id=new[pad],
        bos_token_id=new[begin], eos_token_id=new[end], **sizes, **DROPOUT,
    )  # fmt: skip
    twin = RobertaForMaskedLM(config)
    twin.load_state_dict(_renamed(model.state_dict(), rows, shift, twin.state_dict()))
    twin.train(False)
    return twin, bert_tokenizer(new, marks)


def _renamed(
    weights: Mapping[str, Tensor], rows: Tensor, shift: int, wanted: Mapping[str, Tensor]
) -> dict[str, Tensor]:
    """BERT's tensors under RoBERTa's names: vocabulary rows reordered, `shift` empty rows before the positions."""
    head = {
        "lm_head.dense": "cls.predictions.transform.dense",
        "lm_head.layer_norm": "cls.predictions.transform.LayerNorm",
        "lm_head.decoder": "cls.predictions.decoder",
        "lm_head.bias": "cls.predictions.bias",
        "roberta.": "bert.",
    }
    found: dict[str, Tensor] = {}
    for name, like in wanted.items():
        old = next(name.replace(new, mine, 1) for new, mine in head.items() if name.startswith(new))
        value = weights.get(old, like)
        if "word_embeddings" in name or name in ("lm_head.decoder.weight", "lm_head.decoder.bias", "lm_head.bias"):
            value = value[rows]
        elif "position_embeddings" in name:
            value = torch.cat([torch.zeros(shift, value.shape[1]), value])
        elif "token_type_embeddings" in name:
            value = value[: len(like)]
        found[name] = value.clone()
    return found


def write(model: PreTrainedModel, tokenizer: PreTrainedTokenizerFast, folder: Path) -> None:
    """A folder in the layout of the hub: config.json, tokenizer.json, tokenizer_config.json, model.safetensors."""
    model.save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    path = folder / "tokenizer_config.json"
    settings = json.loads(path.read_text(encoding="utf-8"))
    # the name that transformers 4 and 5 both know
    path.write_text(json.dumps({**settings, "tokenizer_class": "PreTrainedTokenizerFast"}, indent=2) + "\n")
    for file in folder.iterdir():
        file.chmod(0o644)


def main(arguments: Sequence[str] | None = None) -> None:
    """Make all three folders below the one named (default: where the kit keeps its models)."""
    parser = argparse.ArgumentParser(prog="python -m seq2kit.bert.make", description=main.__doc__)
    parser.add_argument("folder", nargs="?", type=Path, default=Path(__file__).parents[1] / "models")
    parser.add_argument("--steps", type=int, default=STEPS)
    options = parser.parse_args(arguments)
    torch.set_num_threads(1)
    for name in CORPORA:
        model, tokenizer = pretrain(name, options.steps)
        write(model, tokenizer, options.folder / name)
    write(*as_roberta(model, tokenizer.get_vocab()), options.folder / "roberta-tweet")


if __name__ == "__main__":
    main()
