"""Sandboxed kernels as a jupyter_client provisioner: nbclient, nbconvert and nbgrader use them unchanged.

Selected by name in a kernelspec's metadata, or for every kernel by JUPYTER_DEFAULT_PROVISIONER_NAME=seq2grade-zygote.
"""

from __future__ import annotations

import asyncio
import atexit
import os
import signal
from typing import Any

from jupyter_client.kernelspec import KernelSpec, KernelSpecManager
from jupyter_client.provisioning.provisioner_base import KernelProvisionerBase

from autograder.errors import SandboxError
from autograder.model import Limits
from autograder.sandbox.client import Zygote
from autograder.sandbox.job import PORTS
from autograder.sandbox.running import Running
from autograder.sandbox.secrets import is_course

NAME = "seq2grade-zygote"
_shared: Zygote | None = None


def shared_zygote() -> Zygote:
    """The zygote of kernels that nobody gave one; SEQ2GRADE_SANDBOX names its backend."""
    global _shared
    if _shared is None:
        here = os.getcwd()
        _shared = Zygote(os.environ.get("SEQ2GRADE_SANDBOX", "auto"), secret=(here,) if is_course(here) else ())
        atexit.register(_shared.close)
    return _shared


class ZygoteProvisioner(KernelProvisionerBase):
    """Launches a kernel as a sandboxed fork. `start_kernel(zygote=..., limits=..., files=...)` are optional."""

    running: Running | None = None

    @property
    def has_process(self) -> bool:
        return self.running is not None

    async def pre_launch(self, **kwargs: Any) -> dict[str, Any]:
        zygote = kwargs.pop("zygote", None) or shared_zygote()
        limits = kwargs.pop("limits", None) or Limits()
        files = kwargs.pop("files", None)
        loop = asyncio.get_running_loop()
        running: Running = await loop.run_in_executor(None, zygote.launch, limits, files)
        self.running = running
        manager: Any = self.parent
        manager.transport, manager.ip = "ipc", running.sockets
        manager.session.key = running.job.key.encode()
        for name, port in PORTS.items():
            setattr(manager, name, port)
        self.connection_info = manager.get_connection_info()
        kwargs["cmd"] = ["seq2grade-sandbox"]  # never executed; part of the interface
        return await super().pre_launch(**kwargs)

    async def launch_kernel(self, cmd: list[str], **kwargs: Any) -> Any:
        assert self.running is not None
        loop = asyncio.get_running_loop()
        try:
            await loop.run_in_executor(None, self.running.wait_ready, 60.0)
        except SandboxError:
            self.running.stop()
            self.running = None
            raise
        return self.connection_info

    async def poll(self) -> int | None:
        return 0 if self.running is None else self.running.poll()

    async def wait(self) -> int | None:
        while self.running is not None and self.running.poll() is None:
            await asyncio.sleep(0.02)
        return await self.poll()

    async def send_signal(self, signum: int) -> None:
        if signum in (signal.SIGKILL, signal.SIGTERM):
            await self.kill()

    async def kill(self, restart: bool = False) -> None:
        if self.running is not None:
            await asyncio.get_running_loop().run_in_executor(None, self.running.stop)

    async def terminate(self, restart: bool = False) -> None:
        await self.kill(restart)

    async def cleanup(self, restart: bool = False) -> None:
        if self.running is not None:
            await self.kill(restart)
            self.running = None


class SpecManager(KernelSpecManager):
    """Whatever kernel a notebook asks for, it gets the sandboxed one."""

    def get_kernel_spec(self, kernel_name: str) -> KernelSpec:
        return KernelSpec(
            argv=["seq2grade-sandbox", "{connection_file}"],
            display_name="seq2grade sandbox",
            language="python",
            interrupt_mode="message",
            metadata={"kernel_provisioner": {"provisioner_name": NAME}},
        )
