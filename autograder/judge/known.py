"""Texts of Python's, torch's and numpy's exceptions that leave no doubt about what happened, in a student's words."""

from __future__ import annotations

import re

_GPU = (
    "there is no GPU where this is graded: work on the device of the inputs, and ask torch.cuda.is_available() before "
    "you use another"
)
CUTS = "detach, .data, .item(), numpy, a tensor made anew from numbers, or torch.no_grad() cut gradients"
_TABLE = {
    # devices
    r"Torch not compiled with CUDA|No CUDA GPUs are available|Found no NVIDIA driver|CUDA driver": _GPU,
    r"not linked with support for mps|MPS backend|Cannot access accelerator": _GPU,
    r"[Mm]eta tensor|'Meta' backend": "a tensor there has no data: it was made on the device `meta`",
    r"on the same device|not on the expected device": (
        "tensors on different devices meet there: make new ones on the device of the inputs"
    ),
    # what a laptop has and a grader has not
    r"name resolution|Name or service not known|Network is unreachable|getaddrinfo failed|Max retries exceeded|"
    r"couldn't connect to": "there is no internet where this is graded",
    r"frontend does not support input|EOF when reading a line": "nobody is there to answer input()",
    # shapes
    r"shapes cannot be multiplied|[Ss]ize mismatch|must match the (?:existing )?size|Sizes of tensors must match|"
    r"is invalid for input of size|could not be broadcast|inconsistent tensor size|shape mismatch|size of tensor a|"
    r"Expected size for first two dimensions|mismatch in its core dimension|shapes \(|Given normalized_shape": (
        "shapes do not fit there: the hidden inputs have all sizes different"
    ),
    r"Dimension out of range|axis -?\d+ is out of bounds|too many indices": "an axis is asked for that is not there",
    r"Boolean value of Tensor with more than one|truth value of an array": (
        "an `if`, `and` or `or` is asked about many numbers at once: any(), all(), or where"
    ),
    r"only one element tensors can be converted|only length-1 arrays|only 0-dimensional arrays|"
    r"elements cannot be converted to Scalar": "one number is expected there, and there are several",
    r"(?:not enough|too many) values to unpack": "there are more or fewer values than names that take them",
    r"pop from (?:an )?empty|(?:arg|argument) is (?:an )?empty|zero-size array": (
        "something there is empty: try the smallest sizes"
    ),
    # dtypes
    r"expected scalar type|same dtype|expected m1 and m2|can't be cast to the desired|Found dtype": (
        "two dtypes meet there that do not go together: keep to the dtype of the inputs"
    ),
    r"not implemented for '(?:Half|BFloat16|Long|Int|Bool|Char|Byte|Short)'|Input dtype must be either a floating": (
        "this operation does not exist for the dtype that it meets there"
    ),
    r"tensors used as indices must be|arrays used as indices must be|only integers, slices|"
    r"only integer tensors of a single element": (
        "an index must be a whole number, or a tensor of whole numbers or of bools"
    ),
    r"^index out of range in self": "an index has no row in its table there: below zero, or as large as the table",
    # gradients
    r"a leaf Variable that requires grad": (
        "a tensor that requires gradients is changed in place: x = x + y makes a new one"
    ),
    r"modified by an inplace operation": ("a tensor that backward still needs was changed in place (+=, x[0] = ...)"),
    r"does not require grad and does not have a grad_fn": f"no gradient can flow back from there: {CUTS}",
    r"backward through the graph a second time": "the same graph is gone through backwards twice: compute it anew",
    r"Can't call numpy\(\) on Tensor that requires grad": "a tensor with gradients becomes numpy by .detach().numpy()",
    # modules and the rest
    r'missing the required "forward" function': "the class has no method forward: is it indented as part of the class?",
    r"before (?:\w+\.)?__init__\(\) call": "super().__init__() has to come first in __init__",
    r"math domain error": "a root or a logarithm is taken of a number that has none",
    r"can't allocate memory|Unable to allocate": "this asks for more memory than there is",
}
_OWN_TABLE = {
    r"^(?:[a-z]+ )*(?:division|modulo)(?: or modulo)? by zero$|^float (?:modulo|divmod\(\))$": (
        "a divisor is zero there"
    ),
    r"^0(?:\.0)? cannot be raised to a negative": "zero is raised to a negative power there",
    r"^(?:[a-z]+ ){0,3}index out of range$|^index -?\d+ is out of bounds for": "an index runs past the end there",
    r"^cannot access local variable|^local variable .* referenced before assignment": (
        "a variable is read there before it gets a value"
    ),
    r"^cannot convert float infinity to integer": "infinity cannot become a whole number",
    r"^cannot convert float NaN to integer": "NaN cannot become a whole number",
    r"^math range error|^\(34, |^int too large to convert to": "numbers grow too large there",
    r"^maximum recursion depth exceeded": "calls are nested too deeply: does the recursion end, for every input?",
}
_KNOWN = tuple((re.compile(pattern), hint) for pattern, hint in _TABLE.items())
_OWN = tuple((re.compile(pattern), hint) for pattern, hint in _OWN_TABLE.items())


def known(text: str, own: bool = False) -> str:
    """What the text of an exception says, or "". `own`: it was raised in the student's very line, so that what Python
    says of its own operations is said of that line."""
    return next((hint for pattern, hint in (*_KNOWN, *(_OWN if own else ())) if pattern.search(text)), "")
