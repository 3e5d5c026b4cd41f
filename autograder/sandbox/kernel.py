"""The Jupyter kernel inside the sandbox, started in a fork of the zygote."""

from __future__ import annotations

import contextlib
import os
import random
import shutil
import signal
import socket
import sys
import threading
import time
from types import FrameType
from typing import Any

import numpy as np
import torch
import zmq
from ipykernel.ipkernel import IPythonKernel
from ipykernel.kernelapp import IPKernelApp
from ipykernel.zmqshell import ZMQInteractiveShell
from traitlets import Type, default, observe
from traitlets.config import Config

from autograder.guest import switches
from autograder.guest.agent import remember_threads, serve_checks, take_words
from autograder.guest.devices import bound_memory
from autograder.sandbox import cut, lean
from autograder.sandbox.job import PORTS, Job

SERVE_REQUEST = "serve_checks_request"
LISTENS_REQUEST = "listens_request"


class GradedShell(ZMQInteractiveShell):
    """`exit()` and its like end no kernel here: the cell that asks is named, and everything after it is run. And an
    exception out of a deep recursion is shown in a moment: each frame of a traceback costs milliseconds."""

    def _get_exc_info(self, exc_tuple: Any = None) -> Any:
        found = super()._get_exc_info(exc_tuple)  # type: ignore[no-untyped-call]
        cut.shorten(found[1])
        if found[1] is not None:
            lean.cells_are_main(found[1].__traceback__, self.user_global_ns)
        return found

    def _format_exception_for_storage(self, exception: BaseException, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """For `%notebook`, which nobody reads here: it would write each traceback a second time."""
        return {"ename": type(exception).__name__, "evalue": "", "traceback": []}

    def ask_exit(self) -> None:
        self.exit_now = not self.keepkernel_on_exit

    @observe("exit_now")
    def _update_exit_now(self, change: Any) -> None:
        if change["new"]:
            GradedKernel.asked_to_exit = True


class GradedKernel(IPythonKernel):
    """An ordinary IPython kernel that, asked once the notebook has run, serves the judge from its main thread."""

    shell_class = Type(GradedShell)
    asked_to_exit = False
    shutting_down = False
    agent: socket.socket | None = None
    forks = True
    streams: tuple[Any, ...] = ()
    # RUF012: the base class's own form
    msg_types = [*IPythonKernel.msg_types, SERVE_REQUEST, LISTENS_REQUEST]  # noqa: RUF012

    def pre_handler_hook(self) -> None:
        """As in the base class, but with a handler that only stops what an interrupt is meant to stop."""
        self.saved_sigint_handler = signal.signal(signal.SIGINT, self._interrupt)

    def _interrupt(self, number: int, frame: FrameType | None) -> None:
        """Stop the student's code. An interrupt that comes when none of it runs is late for its cell; raised in the
        kernel's own code, it would lose the reply that the far side waits for."""
        shell: Any = self.shell
        while frame is not None:
            if frame.f_globals is shell.user_global_ns:
                raise KeyboardInterrupt
            frame = frame.f_back

    async def poll_stopped_queue(self) -> None:
        """There is no debugger that could stop anything."""

    async def shutdown_request(self, stream: Any, ident: Any, parent: Any) -> None:
        """From the far side, which means it."""
        self.shutting_down = True
        await super().shutdown_request(stream, ident, parent)  # type: ignore[no-untyped-call]

    def do_shutdown(self, restart: bool) -> Any:
        """A cell that calls this asks for an exit in other words."""
        if not self.shutting_down:
            GradedKernel.asked_to_exit = True
        return {"status": "ok", "restart": restart}

    @property
    def _supports_kernel_subshells(self) -> bool:
        return False

    def _publish_execute_input(self, code: str, parent: Any, execution_count: int) -> None:
        """Without the code, which whoever asked has. Other clients (see provisioner) take a cell's number from here."""
        super()._publish_execute_input("", parent, execution_count)  # type: ignore[no-untyped-call]

    def _publish_status(self, status: str, channel: str, parent: Any = None) -> None:
        """That a request has come to its end, so that nothing more is awaited. Nobody waits for it to begin."""
        asked = parent or self.get_parent(channel)  # type: ignore[no-untyped-call]
        if status != "busy" and asked.get("header", {}).get("msg_type") != LISTENS_REQUEST:
            super()._publish_status(status, channel, parent)  # type: ignore[no-untyped-call]

    async def listens_request(self, stream: Any, ident: Any, parent: Any) -> None:
        """That requests come in is all there is to say."""
        session: Any = self.session
        session.send(stream, "listens_reply", {}, parent, ident=ident)

    async def do_execute(self, *args: Any, **kwargs: Any) -> Any:
        """The reply says what the notebook's reader has to know: whether the cell asked for an exit, and whether its
        output was cut. It is short, and it always comes: an exception that cannot be printed would be none."""
        GradedKernel.asked_to_exit = False
        shell: Any = self.shell
        shell.exit_now = False
        try:
            reply = await super().do_execute(*args, **kwargs)  # type: ignore[no-untyped-call]
            if reply["status"] == "error":
                reply = cut.brief(reply)
        except Exception as error:
            reply = {"status": "error", "ename": type(error).__name__, "evalue": "", "traceback": []}
            reply |= {"execution_count": 0, "user_expressions": {}, "payload": []}
        parent = self.get_parent()  # type: ignore[no-untyped-call]
        was_cut = cut.id_of(parent) in cut.budget.cut
        return reply | {"asked_to_exit": GradedKernel.asked_to_exit, "cut": was_cut}

    async def serve_checks_request(self, stream: Any, ident: Any, parent: Any) -> None:
        """Hand the finished namespace to the agent; returns when the judge hangs up."""
        agent, GradedKernel.agent = GradedKernel.agent, None
        if agent is not None:
            for stream in self.streams:
                stream.flush()
            shell: Any = self.shell
            serve_checks(agent, shell.user_ns, self.streams, self.forks)


class _NoThread:
    """In place of the thread that hands cells to several shells (ipykernel 7): there is one, which takes its own."""

    def __init__(self) -> None:
        self.parent_thread = threading.current_thread()

    def __bool__(self) -> bool:
        return False


class _App(IPKernelApp):
    """No connection file: the key stays in memory, and there is nothing to write or remove."""

    def init_connection_file(self) -> None:
        pass

    def write_connection_file(self, **kwargs: Any) -> None:
        pass

    def init_crash_handler(self) -> None:
        pass

    def init_path(self) -> None:
        """Not yet: no file of the notebook's stands in for a module that the kernel still imports."""

    def open_folder(self) -> None:
        """From here on, modules are found beside the notebook."""
        super().init_path()  # type: ignore[no-untyped-call]

    @default("session")
    def _session_default(self) -> Any:
        return cut.CutSession(parent=self, username="kernel")

    def init_control(self, context: Any) -> None:
        super().init_control(context)  # type: ignore[no-untyped-call]
        self.shell_channel_thread = _NoThread()

    def init_iopub(self, context: Any) -> None:
        """Nothing that was printed is dropped on its way out: it waits here, in the notebook's own memory."""
        context.setsockopt(zmq.SNDHWM, 0)
        super().init_iopub(context)  # type: ignore[no-untyped-call]


def start_kernel(job: Job, sockets: str, folder: str, agent: socket.socket, ready: Any) -> None:
    """Run a kernel in this process until it is told to stop. `ready()` is called once it listens on all its
    sockets and returns when student code may run."""
    _reseed()
    take_words()
    config = Config()
    config.Session.key = job.key.encode()
    config.HistoryManager.enabled = False
    profile = os.path.join(folder, ".ipython")
    # start-up files that were handed in would run before anybody watches
    shutil.rmtree(profile, ignore_errors=True)
    with contextlib.suppress(OSError):
        os.unlink(profile)
    os.environ["IPYTHONDIR"] = profile
    cut.budget = cut.Budget(job.limits.output_kb * 1024)
    app: Any = _App.instance(
        config=config,
        kernel_class=GradedKernel,
        outstream_class="autograder.sandbox.cut.CutStream",
        transport="ipc",
        ip=os.path.join(sockets, "k"),
        log_level=50,
        **PORTS,
    )
    GradedKernel.agent, GradedKernel.forks = agent, job.forks
    with lean.no_modules_to_step_over():
        app.initialize(argv=[])
    GradedKernel.streams = (sys.stdout, sys.stderr)
    app.shell.enable_matplotlib("inline")  # pyplot was imported before there was a shell to show figures in
    app.open_folder()
    heartbeat = os.path.join(sockets, f"k-{PORTS['hb_port']}")
    for _ in range(200):  # bound by a thread of its own, some moments later
        if os.path.exists(heartbeat):
            break
        time.sleep(0.005)
    remember_threads()
    if job.device == "cuda":
        bound_memory(job.limits.gpu_memory_mb)
    switches.remember()
    ready()
    app.start()


def _reseed() -> None:
    """Forks of one zygote must not share random numbers."""
    seed = int.from_bytes(os.urandom(4), "big")
    random.seed(seed)
    np.random.seed(seed)
    torch.manual_seed(seed)
