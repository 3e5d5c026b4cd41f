"""The judge: hidden checks as plain functions over a proxy of the student's notebook."""

from autograder.errors import Feedback
from autograder.guest.functions import Elementwise, elementwise
from autograder.judge import expect, pictures, properties, said
from autograder.judge.draw import Draw
from autograder.judge.gradients import gradients_fit_values
from autograder.judge.personal import answered
from autograder.judge.ports import in_process
from autograder.judge.registry import Check, check, load_checks
from autograder.judge.student import Handle, NameMissing, NotData, Student, StudentRaised
from autograder.judge.thresholds import Threshold, calibrated

__all__ = [
    "Check",
    "Draw",
    "Elementwise",
    "Feedback",
    "Handle",
    "NameMissing",
    "NotData",
    "Student",
    "StudentRaised",
    "Threshold",
    "answered",
    "calibrated",
    "check",
    "elementwise",
    "expect",
    "gradients_fit_values",
    "in_process",
    "load_checks",
    "pictures",
    "properties",
    "said",
]
