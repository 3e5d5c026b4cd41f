"""Serves the judge after the notebook has run: one fresh fork of the finished process per check.

The judge holds the other end of the control socket since before any student code ran. A request
`{"serve": mode}` carries one socket (SCM_RIGHTS): the channel of that check. With mode "fork" a child
answers on it, so that checks cannot disturb each other; with "inline" (CUDA cannot fork) this process does.
"""

from __future__ import annotations

import gc
import os
import resource
import select
import signal
import socket
import sys
import warnings
from typing import Any

import torch

from autograder.errors import ChannelClosed, ProtocolError
from autograder.guest.servant import Servant
from autograder.guest.wire import pack, receive_frame, send_frame, unpack


def serve_checks(control: socket.socket, namespace: dict[str, Any], streams: tuple[Any, ...] = ()) -> None:
    """Answer `serve` requests on `control` until the judge hangs up. `streams`: where the notebook printed, which
    forks must not: they lack the thread that does the printing, and would wait for it."""
    control.setblocking(True)
    gc.freeze()  # children would otherwise copy every page the collector touches
    while True:
        data, fds, _, _ = socket.recv_fds(control, 4096, 1)
        if not data:
            return
        if not fds:  # asked to end a fork that had just ended by itself
            continue
        request = unpack(data)
        channel = socket.socket(fileno=fds[0])
        inline = request["serve"] == "inline" or (torch.cuda.is_available() and torch.cuda.is_initialized())
        if inline:
            _serve(channel, namespace)
            control.sendall(pack({"exit": 0, "cpu": 0.0}))
        else:
            control.sendall(pack(_serve_in_child(control, channel, namespace, request, streams)))


def _serve_in_child(
    control: socket.socket,
    channel: socket.socket,
    namespace: dict[str, Any],
    request: dict[str, Any],
    streams: tuple[Any, ...],
) -> dict[str, Any]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # forking beside threads is what this agent is for
        pid = os.fork()
    if pid == 0:
        try:
            control.close()
            _become_child(float(request["seconds"]), streams)
            _serve(channel, namespace)
        finally:
            os._exit(0)
    channel.close()
    return _wait(pid, control)


def _wait(pid: int, control: socket.socket) -> dict[str, Any]:
    """Wait for the child; any word from the judge meanwhile means: end it now."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    handle = os.pidfd_open(pid) if hasattr(os, "pidfd_open") else -1
    try:
        if handle >= 0:
            ready, _, _ = select.select([handle, control.fileno()], [], [])
            if control.fileno() in ready and handle not in ready:
                control.recv(64)
                os.kill(pid, signal.SIGKILL)
        _, status = os.waitpid(pid, 0)
    finally:
        if handle >= 0:
            os.close(handle)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return {"exit": os.waitstatus_to_exitcode(status), "cpu": cpu}


def _become_child(seconds: float, streams: tuple[Any, ...]) -> None:
    """Own time limit (the kernel's timer, default action), and no way to print hidden inputs."""
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    null = os.open(os.devnull, os.O_RDWR)
    for fd in (0, 1, 2):
        os.dup2(null, fd)
    sys.stdout = sys.stderr = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115 - lives as long as the child
    for stream in streams:  # a logger, say, still holds them
        stream.write, stream.flush = len, lambda: None


def _serve(channel: socket.socket, namespace: dict[str, Any]) -> None:
    """Request, reply, request, reply, until the judge closes the channel."""

    def ask(name: str, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        send_frame(channel, pack({"ask": name, "args": list(args), "kwargs": kwargs}))
        answer = unpack(receive_frame(channel))
        if "error" in answer:
            raise ValueError(answer["error"])
        return answer["value"]

    servant = Servant(namespace, ask)
    with channel:
        while True:
            try:
                request = receive_frame(channel)
            except (ChannelClosed, ProtocolError):
                return
            send_frame(channel, servant.handle(request))
