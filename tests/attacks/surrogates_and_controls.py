"""Print text that no file can hold, terminal escapes, workflow commands and spreadsheet formulas, in a right answer.

about: reader
expect: full marks
points: 6
"""

from tests.attacks import RIGHT_ANSWER, RIGHT_CHOICE

FIRST = """
kernel = get_ipython().kernel
print("\\ud800 \\x00 \\x1b[2J \\x1b]0;title\\x07 ::error:: =HYPERLINK(1) \\u202e")
kernel.send_response(kernel.iopub_socket, "stream", {"name": "stdout", "text": "\\ud800\\udfff lone"})
kernel.send_response(kernel.iopub_socket, "display_data", {"data": {"text/plain": "\\ud800"}, "metadata": {}, "transient": {}})
"""
ANSWER = RIGHT_ANSWER
CHOICE = RIGHT_CHOICE
