"""Read In, Out, the history file and the displayhook for whatever the grader ran.

about: search
expect: no leak
"""

LAST = """
ip = get_ipython()
print(list(ip.history_manager.get_range())[-5:], In[-3:], list(Out.items())[-5:])
print([n for n in ip.user_ns if n.startswith("_i")][-5:], ip.user_ns_hidden.keys() & {"check", "student", "expected"})
"""
ANSWER = """
kept = []
def tempered_softmax(z, tau):
    kept.append((z, tau, list(In), dict(Out)))
    open("kept.txt", "a").write(repr(kept))
    return z * 0
"""
