"""Asks SmolLM2 what the course has asked it: `python -m seq2kit.lab.make_replies replies.jsonl`, a minute or two.

The file lies beside the notebook, so that its answers can be marked where SmolLM2 is not installed.
"""

from __future__ import annotations

import sys
from pathlib import Path

from seq2kit import llm
from seq2kit.lab import debates, questions


def main(path: str) -> None:
    """Ask, and keep the answers in a file; what it holds already is not asked again."""
    model = llm.Cached("smollm2", Path(path))
    for seed, prompt in enumerate(questions.sums(debates.SEED, debates.SUMS)):
        model.generate(prompt, seed=seed, **debates.ASKED)
    for a, b in questions.divisions(debates.SEED, debates.DIVISIONS):
        model.generate(debates.user(debates.DIVIDE.format(a=a, b=b)), max_new_tokens=12)
    for prompt, count, tokens in ((debates.REVERSE, debates.REVERSALS, 110), (debates.HELLO, debates.HELLOS, 40)):
        for seed in range(count):
            model.generate(debates.user(prompt), max_new_tokens=tokens, temperature=0.7, seed=seed)


if __name__ == "__main__":
    main(sys.argv[1])
