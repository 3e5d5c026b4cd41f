"""Serves the judge after the notebook has run, in forks of the finished process.

The judge holds the other end of the control socket since before any student code ran. A request
`{"serve": mode}` carries one socket (SCM_RIGHTS), on which checks are served in turn. With mode "fork" a child
answers on it; with "inline" this process itself does, for what cannot run in a fork (code that waits for threads made
before). Where nothing can (CUDA), this process answers whatever the mode.
"""

from __future__ import annotations

import contextlib
import fcntl
import gc
import os
import resource
import select
import signal
import socket
import sys
import warnings
from collections.abc import Callable, Iterator
from typing import Any

import torch

from autograder.errors import ChannelClosed, ProtocolError
from autograder.guest import state, switches
from autograder.guest.frames import receive_frame, send_frame
from autograder.guest.servant import Servant
from autograder.guest.wire import pack, unpack

_set_threads: Callable[[int], None] = torch.set_num_threads  # held: a notebook may overwrite what it finds in torch
_uses_cuda: Callable[[], bool] = torch.cuda.is_initialized
_give_back: Callable[[], None] = torch.cuda.empty_cache
_collect: Callable[[], int] = gc.collect
_set_timer: Callable[[int, float], object] = signal.setitimer
_usual_threads = 0
_SPARE = 15.0  # seconds in which the judge may stop what runs here, before the kernel's timer ends the process
_stopped: list[int] | None = None  # while this process itself serves: signals that the judge sent


class _Late(BaseException):
    """The judge has waited long enough for an answer from this process itself."""


def _stop(number: int, frame: Any) -> None:
    """The handler of SIGIO, which the kernel sends when a word of the judge's comes in."""
    if _stopped is not None:
        _stopped.append(number)
        raise _Late


def take_words() -> None:
    """Called first of all, so that this is the usual handler here."""
    signal.signal(signal.SIGIO, _stop)


def remember_threads() -> None:
    """Called before any student code runs: these threads do not count as the notebook's."""
    global _usual_threads
    _usual_threads = state.threads()


def serve_checks(
    control: socket.socket, namespace: dict[str, Any], streams: tuple[Any, ...] = (), forks: bool = True
) -> None:
    """Answer `serve` requests on `control` until the judge hangs up. `streams`: where the notebook printed, which
    must not be printed to any more: what is printed may be hidden inputs, and a fork lacks the thread that does it.
    `forks`: whether a fork of this process can run what the notebook defined."""
    switches.hand_over()
    control.setblocking(True)
    state.know_own_modules()
    gc.freeze()  # children would otherwise copy every page the collector touches
    while True:
        data, fds, _, _ = socket.recv_fds(control, 4096, 1)
        if not data:
            return
        if not fds:  # asked to end a fork that had just ended by itself
            continue
        request = unpack(data)
        channel = socket.socket(fileno=fds[0])
        threads = state.threads() > _usual_threads or _has_children()
        if request["serve"] == "inline" or not forks:
            control.sendall(pack(_serve_here(control, channel, namespace, float(request["seconds"]), streams)))
        else:
            control.sendall(pack(_serve_in_child(control, channel, namespace, request, streams, threads)))


def _has_children() -> bool:
    """Whether processes of the notebook's own run (a pool of workers, say)."""
    with contextlib.suppress(ChildProcessError):
        return os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOHANG | os.WNOWAIT) is None
    return False


def _serve_in_child(
    control: socket.socket,
    channel: socket.socket,
    namespace: dict[str, Any],
    request: dict[str, Any],
    streams: tuple[Any, ...],
    threads: bool,
) -> dict[str, Any]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # forking beside threads is what this agent is for
        pid = os.fork()
    if pid == 0:
        try:
            control.close()
            _become_child(float(request["seconds"]), streams)
            _serve(channel, namespace, threads)
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
    """Own time limit (the kernel's timer, default action), and one thread: a fork has none of the others, and would
    wait for their help for ever."""
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    _set_threads(1)
    _print_nowhere(streams)


def _print_nowhere(streams: tuple[Any, ...]) -> None:
    null = os.open(os.devnull, os.O_RDWR)
    for fd in (0, 1, 2):
        os.dup2(null, fd)
    os.close(null)
    sys.stdout = sys.stderr = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115 - lives as long as the process
    for stream in streams:  # a logger, say, still holds them
        stream.write, stream.flush = len, lambda: None


def _serve_here(
    control: socket.socket, channel: socket.socket, namespace: dict[str, Any], seconds: float, streams: tuple[Any, ...]
) -> dict[str, Any]:
    """Serve in this very process. Any word from the judge meanwhile stops what runs, if it can be stopped; the
    variables hold what they held before, afterwards, and memory that only the checks needed is given back. Where the
    judge says nothing for ever, the kernel's timer ends the process, as it would a fork."""
    if sys.stdout in streams:  # the first time
        _print_nowhere(streams)
    before = dict(namespace)
    stopped: list[int] = []
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    _set_timer(signal.ITIMER_REAL, seconds + _SPARE)
    with warnings.catch_warnings(), contextlib.suppress(_Late), _stopped_by(control, stopped):
        _serve(channel, namespace, False)
    _set_timer(signal.ITIMER_REAL, 0.0)
    if stopped:
        control.recv(64)
    for name in set(namespace) - set(before):
        del namespace[name]
    namespace.update(before)
    _collect()
    if _uses_cuda():
        _give_back()
    return {"exit": len(stopped), "cpu": 0.0}


@contextlib.contextmanager
def _stopped_by(control: socket.socket, stopped: list[int]) -> Iterator[None]:
    """Inside, whatever arrives on `control` is noted and raises _Late in this thread."""
    global _stopped
    flags = fcntl.fcntl(control, fcntl.F_GETFL)
    interrupt = signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGIO, _stop)
    _stopped = stopped
    fcntl.fcntl(control, fcntl.F_SETOWN, os.getpid())
    fcntl.fcntl(control, fcntl.F_SETFL, flags | os.O_ASYNC)
    try:
        yield
    finally:
        _stopped = None
        fcntl.fcntl(control, fcntl.F_SETFL, flags)
        signal.signal(signal.SIGINT, interrupt)


def _serve(channel: socket.socket, namespace: dict[str, Any], threads: bool) -> None:
    """Request, reply, request, reply, until the judge closes the channel."""

    def ask(name: str, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        send_frame(channel, pack({"ask": name, "args": list(args), "kwargs": kwargs}))
        answer = unpack(receive_frame(channel))
        if "error" in answer:
            raise ValueError(answer["error"])
        return answer["value"]

    servant = Servant(namespace, ask, alone=True)
    servant.threads = threads
    with channel:
        while True:
            try:
                send_frame(channel, servant.handle(receive_frame(channel)))
            except (ChannelClosed, ProtocolError, OSError):
                return
