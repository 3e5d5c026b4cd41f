"""Hidden checks of the thirteen choices: a hint says where to look again, never which letter."""

from __future__ import annotations

from autograder.judge import Draw, Student, check

from .shared import chosen


@check(item="s000-2.01")
def the_model_can_write(student: Student, draw: Draw) -> None:
    """The chosen kind of model continues a prompt."""
    chosen(
        student,
        "s000-2.01",
        "ab",
        "b",
        "look at what the stack without a mask wrote: what was there in training, and is not in use?",
    )


@check(item="s000-2.02")
def the_model_can_sort(student: Student, draw: Draw) -> None:
    """The kind of model is chosen that one typically takes to sort texts."""
    chosen(
        student,
        "s000-2.02",
        "ab",
        "a",
        "how many of the words does each place hear, in either kind? 'typically' asks for one kind",
    )


@check(item="s000-2.03")
def the_tasks_are_many_to_one(student: Student, draw: Draw) -> None:
    """The chosen tasks are those with one label for a whole sequence, and no others."""
    chosen(student, "s000-2.03", "abc", "bc", "for each task: how many labels has one output?")


@check(item="s000-2.04")
def the_sources_of_bias_are_named(student: Student, draw: Draw) -> None:
    """Every place is named where a bias can come from."""
    chosen(
        student, "s000-2.04", "abc", "abc", "look at the gap of each of the versions: which of them is away from zero?"
    )


@check(item="s000-2.05")
def the_axes_are_named(student: Student, draw: Draw) -> None:
    """The axes of what a base model gives are those that it has."""
    chosen(student, "s000-2.05", "abc", "c", "print the shape of the states of several texts at once")


@check(item="s000-2.06")
def the_step_is_named(student: Student, draw: Draw) -> None:
    """What a recurrent language model estimates at one step."""
    chosen(
        student,
        "s000-2.06",
        "abcd",
        "c",
        "which tokens has the model read when row t is made? and of what is a row a distribution?",
    )


@check(item="s000-2.07")
def the_cause_is_named(student: Student, draw: Draw) -> None:
    """The most likely cause of NaN in all weights and activations."""
    chosen(
        student,
        "s000-2.07",
        "abcd",
        "b",
        "which of the runs stopped being finite? and what are the values and slopes at a large z?",
    )


@check(item="s000-2.08")
def the_sentences_are_random(student: Student, draw: Draw) -> None:
    """What happens at each step in which random sentences are sampled."""
    hint = "how many different sentences does each way of choosing give? and is there a training text to read from?"
    chosen(student, "s000-2.08", "abcd", "d", hint)


@check(item="s000-2.09")
def the_direction_fits_the_crab(student: Student, draw: Draw) -> None:
    """The network hears what the mood depends on, for the reason that is given."""
    chosen(
        student,
        "s000-2.09",
        "abcd",
        "c",
        "which days does the mood of day t depend on? hold each letter's reason against that",
    )


@check(item="s000-2.10")
def the_encoder_is_judged(student: Student, draw: Draw) -> None:
    """Whether the encoder models the probability of the source."""
    chosen(
        student,
        "s000-2.10",
        "ab",
        "b",
        "of which sentences does something sum to 1: of sources, or of targets for a given source?",
    )


@check(item="s000-2.11")
def the_gain_is_placed(student: Student, draw: Draw) -> None:
    """Where attention gains most over recurrent and fixed-window models."""
    chosen(
        student, "s000-2.11", "ab", "a", "at which length do the three readers differ most, and at which not at all?"
    )


@check(item="s000-2.12")
def the_head_is_named(student: Student, draw: Draw) -> None:
    """What a model head is."""
    chosen(
        student,
        "s000-2.12",
        "abc",
        "c",
        "what did your two functions add to the base, and what did they leave as it was?",
    )


@check(item="s000-2.13")
def the_techniques_are_named(student: Student, draw: Draw) -> None:
    """The techniques that a batch of different lengths needs, and no others."""
    chosen(
        student,
        "s000-2.13",
        "abcd",
        "acd",
        "what had your function to do to rows of different lengths? and what would be the same with lists?",
    )
