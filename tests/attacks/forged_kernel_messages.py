"""Forge signed kernel messages: outputs, idle states and good replies for cells that have not run yet.

about: forge
expect: no gain
"""

FIRST = """
kernel = get_ipython().kernel
session, parent = kernel.session, kernel.get_parent()
base, _, number = parent["header"]["msg_id"].rpartition("_")
def forge():
    for ahead in range(1, 40):
        header = {**parent["header"], "msg_id": f"{base}_{int(number) + ahead}"}
        for kind, content in (
            ("stream", {"name": "stdout", "text": "all tests passed"}),
            ("stream", {"name": "stdout", "text": {"not": "text"}}),
            ("display_data", {"data": {"text/html": ["<script>"], "image/png": 7}, "metadata": None}),
            ("error", {"ename": None, "evalue": 3, "traceback": 5}),
            ("clear_output", {"wait": False}), ("comm_open", {"comm_id": "x"}), ("comm_msg", None),
            ("status", {"execution_state": "idle"}), ("nonsense", {}), ("execute_result", {"data": 1}),
        ):
            session.send(kernel.iopub_socket, kind, content, parent={"header": header})
        session.send(kernel.shell_streams[0] if kernel.shell_streams else kernel.shell_stream, "execute_reply",
                     {"status": "ok", "execution_count": 99}, parent={"header": header})
try: forge()
except Exception as error: print(type(error))
"""
