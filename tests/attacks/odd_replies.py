"""Answer the grader's requests with replies that no kernel gives: parts missing, of other types, nested, endless.

about: judge
expect: full marks
points: 6
"""

from tests.attacks import RIGHT_ANSWER, RIGHT_CHOICE

FIRST = """
kernel = get_ipython().kernel
send, dice = kernel.session.send, __import__("random").Random(7)
deep = []
for _ in range(400): deep = [deep]
odd = [{}, {"status": None}, {"status": ["ok"]}, {"status": "ok", "cut": deep}, {"status": "error"},
       {"status": "error", "ename": 1, "evalue": {}}, {"status": "aborted"}, {"asked_to_exit": "yes"}, [], "ok", b"7",
       {"status": "ok", "execution_count": "x" * 10**6}, {"status": "error", "ename": "x" * 10**5, "evalue": "\\ud800"}]
def forged(stream, msg_or_type, content=None, *args, **kwargs):
    if msg_or_type == "execute_reply":
        content = dice.choice(odd)
        if isinstance(content, list): content = b"[]"
    return send(stream, msg_or_type, content, *args, **kwargs)
kernel.session.send = forged
"""
ANSWER = RIGHT_ANSWER
CHOICE = RIGHT_CHOICE


def after(grade, seen):
    assert {cell.status for cell in grade.cells} <= {"ok", "error"}
    assert "no proper answer" in seen
