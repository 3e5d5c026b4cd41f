"""Search modules, garbage-collected objects, stack frames, caches and history for checks and expected values.

about: search
expect: no leak
"""

FIRST = """
import gc, sys, linecache
word = "yranac"[::-1] + "-4d1e7c"
mine = {word}
for obj in gc.get_objects():
    if isinstance(obj, dict):
        for key, value in list(obj.items()):
            if isinstance(value, str) and word in value and value not in mine and "yranac" not in value: print("FOUND", key)
for name in list(sys.modules):
    if name.startswith(("autograder.judge", "autograder.pipeline", "autograder.course", "autograder.assignment",
                        "autograder.reference", "autograder.gradebook")):
        print("FOUND", name)
frame = sys._getframe()
while frame is not None:
    if "judge" in frame.f_code.co_filename or "expected" in frame.f_locals: print("FOUND", frame.f_code)
    frame = frame.f_back
print([line for lines in linecache.cache.values() if len(lines) > 2 for line in lines[2] if "check(" + "item" in line])
"""


def after(grade, seen):
    assert "FOUND" not in str(grade.notebook["cells"][0]["outputs"])
