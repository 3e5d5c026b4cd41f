"""Put scripts and pictures with scripts into outputs, exceptions, types and text cells of a wrong answer.

about: reader
expect: no leak
points: 0
"""

SCRIPT = "<script>alert(1)</script><img src=x onerror=alert(2)>"
FIRST = f"""
from IPython.display import HTML, SVG, Javascript, Markdown, display
for show in (HTML, Markdown): display(show({SCRIPT!r}))
display(Javascript("alert(3)"))
display({{"image/svg+xml": "<svg xmlns='http://www.w3.org/2000/svg' onload='alert(4)'/>", "text/plain": "x"}}, raw=True)
print({SCRIPT!r})
raise type({SCRIPT!r}, (Exception,), {{}})({SCRIPT!r})
"""
ANSWER = f"def tempered_softmax(z, tau):\n    raise type({SCRIPT!r}, (Exception,), {{}})({SCRIPT!r})"
CHOICE = f'answers["hot-limit"] = {{{SCRIPT!r}}}\nhot_tau = {SCRIPT!r}'


def edit(notebook):
    for cell in notebook["cells"]:
        if cell["metadata"].get("nbgrader", {}).get("grade_id") == "shift-proof":
            cell["source"] = SCRIPT


def after(grade, seen):
    page = seen[seen.lower().index("<!doctype") : seen.index("</html>")]
    assert "&lt;script&gt;alert" in page, "the text itself may be shown, as text"
    assert "<script>alert" not in page
    assert "<img src=x" not in page
    assert "onload=" not in page
