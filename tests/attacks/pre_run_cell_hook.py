"""Print the source of every cell before it runs, to read hidden tests as they are inserted.

about: search
expect: no leak
"""

FIRST = """
seen = []
def spy(info):
    seen.append(info.raw_cell)
    print("SOURCE", info.raw_cell)
get_ipython().events.register("pre_run_cell", spy)
"""
LAST = "print('found', 'check_' + 'here' in str(seen) or 'HIDDEN ' + 'TESTS' in str(seen)); print(str(In)[-3000:])"


def after(grade, seen):
    assert grade.notebook["cells"][-1]["outputs"][0]["text"].count("found False") == 1
