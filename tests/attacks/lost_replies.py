"""Answer with garbage in place of every reply, from the first cell on: wrong headers, wrong parents, no signature.

about: judge
expect: full marks
points: 6
"""

from tests.attacks import RIGHT_ANSWER, RIGHT_CHOICE

FIRST = """
kernel = get_ipython().kernel
send = kernel.session.send
def forged(stream, msg_or_type, content=None, parent=None, ident=None, *args, **kwargs):
    if not isinstance(msg_or_type, str) or not msg_or_type.endswith("_reply"):
        return send(stream, msg_or_type, content, parent, ident, *args, **kwargs)
    idents = ident if isinstance(ident, list) else [ident]
    for parts in ([b"<IDS|MSG>"], [b"<IDS|MSG>", b"", b"{}", b"{}", b"{}", b"{}"], [b"x"] * 9, [b"<IDS|MSG>"] * 9,
                  [b"<IDS|MSG>", b"\\xff" * 99, b"[" * 9999, b"[]", b"7", b"nan"]):
        stream.send_multipart([*idents, *parts])
    for header in (7, None, [], {}, {"msg_id": []}, {"msg_id": "x" * 10**6, "msg_type": {}}):
        parts = kernel.session.serialize({"header": header, "parent_header": header, "metadata": header, "content": {}})
        stream.send_multipart([*idents, *parts])
    return {"content": {"status": "ok"}}
kernel.session.send = forged
"""
ANSWER = RIGHT_ANSWER
CHOICE = RIGHT_CHOICE


def after(grade, seen):
    assert [cell.cell for cell in grade.cells if cell.status == "died"] == ["first"]
