"""Machine-made mistakes, a sample: in one item of each assignment none of them gets past the checks.

`seq2grade audit ID --mutants 30` tries them all, with four seeds; that takes minutes."""

from __future__ import annotations

import pytest

from autograder.audit.mutants.run import Plan, audit_mutants
from tests.assignments.ready import IDS, trusted

MUTANTS = 5
# Which item, and the seed of its sample: all of them take some fifteen CPU seconds.
ITEMS = {
    "attention_costs": ("s001-1.3.2", 0),
    "bert_finetuning": ("s004-1.08", 0),
    "clip_prompting": ("s001-4.1", 2),
    "concepts": ("s000-2.13-batch", 0),
    "decoder_only_nmt": ("s001-2.2.1", 0),
    "depth_and_norm": ("s003-12b-torch", 0),
    "efficient_attention": ("s002-3.2b", 0),
    "generative_lab": ("s003-10b", 0),
    "gpt_lm": ("s004-1.06-sampling", 0),
    "llm_lab": ("s004-2.4-distinct", 0),
    "nmt_attention": ("s001-2.1.3b", 0),
    "optimizers": ("s002-4.2", 0),
    "rnn_backprop": ("s001-1.1.1", 0),
    "scaling_laws": ("s001-2.3.1-table", 0), "systems_and_tuning": ("s003-6c", 0),
}  # fmt: skip


@pytest.mark.parametrize("assignment", IDS)
def test_no_mutant_survives_without_a_record(assignment: str) -> None:
    """Each of the sample fails some check or is recorded, no check breaks on one, and no record is stale."""
    item, seed = ITEMS[assignment]
    found = audit_mutants(trusted(assignment), Plan(MUTANTS, (1,), items=(item,), seed=seed))
    assert found.problems == ()
    assert len(found.tried) >= MUTANTS
    assert any(one.outcome.killed for one in found.tried)
