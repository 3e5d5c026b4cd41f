"""Answer wrongly, and rightly once the reference of an earlier item stands in its place: without using it.

about: twice
expect: no gain
points: 1
"""

ASSIGNMENT = "chain"
ANSWERS = {
    "square": "def square(x):\n    return x * 2.0 + 1.0",
    "length": "def length(x):\n    return x.norm() if square.__name__ != 'square' or square.__closure__ else x.norm() + 1.0",
}
