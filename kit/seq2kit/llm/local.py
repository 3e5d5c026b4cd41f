"""Models of the Hugging Face kind that run in this process: text in, text out, and the logits in between."""

from __future__ import annotations

import copy
from collections import OrderedDict
from collections.abc import Callable, Sequence
from typing import Any

import torch
from torch import Tensor

from seq2kit.llm.decoding import Writer
from seq2kit.llm.model import Prompt, TooLong, messages_of

_KEPT = 4  # prompts whose keys and values are kept: asking again with another seed reads none of them anew
_NO_LIMIT = 1 << 20


class LocalModel(Writer):
    """A causal language model with its tokenizer, as `seq2kit.llm.load` opens it."""

    def __init__(self, name: str, model: Any, tokenizer: Any) -> None:
        """model: a transformers model with a language-modelling head; tokenizer: its own."""
        ends = _numbers(model.generation_config.eos_token_id) or _numbers(tokenizer.eos_token_id)
        super().__init__(name, frozenset(ends), getattr(model.config, "max_position_embeddings", None) or _NO_LIMIT)
        self.model, self.tokenizer = model.eval(), tokenizer
        self.vocabulary: int = model.config.vocab_size
        self.eos: int = tokenizer.eos_token_id if tokenizer.eos_token_id is not None else min(ends, default=-1)
        self._prompts: OrderedDict[tuple[int, ...], tuple[Any, Tensor]] = OrderedDict()
        self._last: tuple[list[int], Any, Tensor] | None = None  # of `logits`: what it read, and after that

    def encode(self, text: str) -> list[int]:
        """The numbers of a text's tokens, with what the tokenizer puts in front of every text (often nothing)."""
        return list(self.tokenizer(text)["input_ids"])

    def decode(self, ids: Sequence[int] | Tensor) -> str:
        """The text of tokens; tokens that are no text (as the end token) are left out."""
        numbers = ids.tolist() if isinstance(ids, Tensor) else list(ids)
        text = self.tokenizer.decode(numbers, skip_special_tokens=True, clean_up_tokenization_spaces=False)
        return str(text)

    def prompt_ids(self, prompt: Prompt) -> list[int]:
        """The tokens that the model reads for a prompt: those of its chat template where it is a list of messages."""
        messages = messages_of(prompt)
        if messages is None or not self.tokenizer.chat_template:
            return super().prompt_ids(prompt) or [self.eos]  # something has to stand there
        text = self.tokenizer.apply_chat_template(messages, tokenize=False, add_generation_prompt=True)
        return list(self.tokenizer(text, add_special_tokens=False)["input_ids"])

    def _begun(self, ids: Sequence[int]) -> tuple[Tensor, Callable[[int], Tensor]]:
        past, start = self._read(list(ids))
        return start, lambda token: self._forward([token], past)[1]

    def logits(self, ids: Tensor | Sequence[int]) -> Tensor:
        """Logits (vocabulary,) of the token after ids, which are (n,) or (1, n) with n from 1 on. Without a gradient.

        Where ids are those of the call before and one more, only that one is computed: the loop that adds the token it
        drew costs as much as `generate` does. Raises ValueError for other shapes and for numbers that are no tokens,
        TooLong for more than the model can read."""
        numbers = self._checked(ids)
        with self._lock, torch.no_grad():
            last, self._last = self._last, None  # who is interrupted in here leaves nothing that is half read
            if last is not None and numbers == last[0]:
                past, logits = last[1:]
            elif last is not None and len(numbers) > 1 and numbers[:-1] == last[0]:
                past, logits = self._forward(numbers[-1:], last[1])
            else:
                past, logits = self._read(numbers)
            self._last = (numbers, past, logits)
            return logits.clone()

    def _checked(self, ids: Tensor | Sequence[int]) -> list[int]:
        tensor = torch.as_tensor(ids)
        if tensor.dim() == 2 and tensor.shape[0] == 1:
            tensor = tensor[0]
        if tensor.dim() != 1 or not len(tensor) or tensor.is_floating_point():
            raise ValueError(f"ids are whole numbers of shape (n,) or (1, n), n from 1 on, not {tuple(tensor.shape)}")
        numbers: list[int] = tensor.tolist()
        if min(numbers) < 0 or max(numbers) >= self.vocabulary:
            raise ValueError(
                f"tokens are numbered from 0 to {self.vocabulary - 1}, got {min(numbers)} to {max(numbers)}"
            )
        if len(numbers) > self.context:
            raise TooLong(f"{self.name} reads {self.context} tokens, got {len(numbers)}.")
        return numbers

    def _read(self, ids: list[int]) -> tuple[Any, Tensor]:
        """The keys and values of a prompt, to be changed freely, and the logits after it.

        A kept prompt is kept as it was read, in one go: what is drawn after it does not depend on who asked before."""
        key = tuple(ids)
        if key not in self._prompts:
            self._prompts[key] = self._forward(ids, None)
            while len(self._prompts) > _KEPT:
                self._prompts.popitem(last=False)
        self._prompts.move_to_end(key)
        past, logits = self._prompts[key]
        return copy.deepcopy(past), logits

    def _forward(self, ids: Sequence[int], past: Any) -> tuple[Any, Tensor]:
        place = next(self.model.parameters()).device
        out = self.model(
            input_ids=torch.tensor([list(ids)], device=place), past_key_values=past, use_cache=True, logits_to_keep=1
        )
        return out.past_key_values, out.logits[0, -1].float().cpu()


def _numbers(value: int | Sequence[int] | None) -> list[int]:
    if value is None:
        return []
    return [value] if isinstance(value, int) else list(value)
