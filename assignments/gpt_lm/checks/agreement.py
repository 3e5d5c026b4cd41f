"""The hidden check of what a mean loss hides: whether verbs agree with subjects that stand far away."""

from __future__ import annotations

import math

from autograder.judge import Draw, Feedback, Student, calibrated, check, expect

from . import reference as ref
from . import run

_NEAR = 0.05  # nats per word: so close to the best, a GPT is of the kind that it was trained in
_BETWEEN = {
    1: "one relative clause",
    2: "two relative clauses",
    3: "three relative clauses",
    4: "four relative clauses",
}


@check(item="s000-5.1.9c", points=2, training=run.TRAINING)
def verbs_agree_across_relative_clauses(student: Student, draw: Draw) -> None:
    """With one to four relative clauses between subject and verb, the model expects verbs that agree, as retrained
    references do."""
    weights = run.plain(run.trained_model(student).parameters())
    windows = ref.validation_windows()[:16]
    found = dict(ref.kinds_of(weights, windows, ref.best_loss(windows) + _NEAR))
    if not found:
        raise Feedback("The weights of best_model are not those of a GPT(**CONFIG).", "return it as it was trained")
    kind = min(found, key=lambda one: found[one] if math.isfinite(found[one]) else math.inf)
    if not found[kind] < run.LEARNED:
        raise Feedback("The weights of best_model have not learned the language.", run.MISSING)
    shares = ref.agreements(weights, draw.seed, kind)
    bar = calibrated(__file__, "agreement")
    for clauses, share in zip(ref.DISTANCES, shares, strict=True):
        expect.true(
            bar.met_by(share),
            f"With {_BETWEEN[clauses]} between subject and verb, the model too often expects the wrong number.",
            "only the subject says which number is right: does the model see it, and was it trained for long enough?",
            f"{shares} for {ref.DISTANCES}",
        )
