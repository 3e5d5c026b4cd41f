"""The Jupyter kernel inside the sandbox, started in a fork of the zygote."""

from __future__ import annotations

import os
import random
import signal
import socket
import sys
import time
from types import FrameType
from typing import Any

import numpy as np
import torch
from ipykernel.ipkernel import IPythonKernel
from ipykernel.kernelapp import IPKernelApp
from traitlets.config import Config

from autograder.guest.agent import serve_checks
from autograder.sandbox.job import PORTS, Job

SERVE_REQUEST = "serve_checks_request"


class GradedKernel(IPythonKernel):
    """An ordinary IPython kernel that, asked once the notebook has run, serves the judge from its main thread."""

    agent: socket.socket | None = None
    streams: tuple[Any, ...] = ()
    msg_types = [*IPythonKernel.msg_types, SERVE_REQUEST]  # noqa: RUF012 - the base class's own form

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

    async def serve_checks_request(self, stream: Any, ident: Any, parent: Any) -> None:
        """Hand the finished namespace to the agent; returns when the judge hangs up."""
        agent, GradedKernel.agent = GradedKernel.agent, None
        if agent is not None:
            for stream in self.streams:
                stream.flush()
            shell: Any = self.shell
            serve_checks(agent, shell.user_ns, self.streams)


class _App(IPKernelApp):
    """No connection file: the key stays in memory, and there is nothing to write or remove."""

    def init_connection_file(self) -> None:
        pass

    def write_connection_file(self, **kwargs: Any) -> None:
        pass

    def init_crash_handler(self) -> None:
        pass


def start_kernel(job: Job, sockets: str, folder: str, agent: socket.socket, ready: Any) -> None:
    """Run a kernel in this process until it is told to stop. `ready()` is called once it listens on all its
    sockets and returns when student code may run."""
    _reseed()
    config = Config()
    config.Session.key = job.key.encode()
    config.HistoryManager.enabled = False
    os.environ["IPYTHONDIR"] = os.path.join(folder, ".ipython")
    app: Any = _App.instance(
        config=config,
        kernel_class=GradedKernel,
        transport="ipc",
        ip=os.path.join(sockets, "k"),
        log_level=50,
        **PORTS,
    )
    GradedKernel.agent = agent
    app.initialize(argv=[])
    GradedKernel.streams = (sys.stdout, sys.stderr)
    app.shell.enable_matplotlib("inline")  # pyplot was imported before there was a shell to show figures in
    heartbeat = os.path.join(sockets, f"k-{PORTS['hb_port']}")
    for _ in range(200):  # bound by a thread of its own, some moments later
        if os.path.exists(heartbeat):
            break
        time.sleep(0.005)
    ready()
    app.start()


def _reseed() -> None:
    """Forks of one zygote must not share random numbers."""
    seed = int.from_bytes(os.urandom(4), "big")
    random.seed(seed)
    np.random.seed(seed)
    torch.manual_seed(seed)
