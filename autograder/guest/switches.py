"""Process-wide switches that a notebook may leave on (gradients off, another default dtype, warnings as errors), and
how they are set back before an answer is judged: a right answer is right whatever a later cell left behind.

Standard is what a notebook finds when it starts. All functions are taken at import, before any student code ran, so
names that a notebook overwrites make no difference.
"""

from __future__ import annotations

import builtins
import decimal
import faulthandler
import gc
import locale
import os
import resource
import signal
import sys
import warnings
from collections.abc import Callable
from typing import Any

import torch
from numpy import get_printoptions, geterr, geterrcall, set_printoptions, seterr, seterrcall
from torch import (
    are_deterministic_algorithms_enabled,
    get_default_dtype,
    get_float32_matmul_precision,
    is_anomaly_enabled,
    is_autocast_cache_enabled,
    is_autocast_enabled,
    is_grad_enabled,
    is_inference_mode_enabled,
    set_anomaly_enabled,
    set_autocast_cache_enabled,
    set_autocast_enabled,
    set_flush_denormal,
)
from torch.nn.modules import module as _hooks

_ERRORS, _ERROR_CALL, _DTYPE = geterr(), geterrcall(), get_default_dtype()
_DECIMAL = decimal.getcontext().copy()
_TORCH, _NUMPY_PRINTS = torch._C, get_printoptions()
_set_grad, _set_dtype, _Inference = _TORCH._set_grad_enabled, _TORCH._set_default_dtype, _TORCH._InferenceMode
_functions, _pop_function = _TORCH._len_torch_function_stack, _TORCH._pop_torch_function_stack
_dispatchers, _pop_dispatcher = _TORCH._len_torch_dispatch_stack, _TORCH._pop_torch_dispatch_stack
_set_deterministic, _set_precision = _TORCH._set_deterministic_algorithms, _TORCH._set_float32_matmul_precision
_PRECISION, _clear_autocast = get_float32_matmul_precision(), torch.clear_autocast_cache
_DEVICE, _PRINTS = torch._GLOBAL_DEVICE_CONTEXT, torch._tensor_str.PRINT_OPTS
_TORCH_PRINTS = dict(vars(_PRINTS))
_HOOKS = tuple(vars(_hooks)[name] for name in sorted(vars(_hooks)) if name.startswith("_global_") and
               isinstance(vars(_hooks)[name], dict))  # fmt: skip
_get_limit, _set_limit, _get_context, _set_context = (
    sys.getrecursionlimit, sys.setrecursionlimit, decimal.getcontext, decimal.setcontext)  # fmt: skip
_set_trace, _set_profile, _filters_mutated = sys.settrace, sys.setprofile, getattr(warnings, "_filters_mutated", None)
_KEPT: list[Any] = []  # guards that act for as long as they live
_TIMERS = (signal.ITIMER_REAL, signal.ITIMER_VIRTUAL, signal.ITIMER_PROF)
_SIGNALS = tuple(s for s in signal.valid_signals() if s not in (signal.SIGKILL, signal.SIGSTOP, signal.SIGINT))
_SOFT = tuple(getattr(resource, n) for n in ("RLIMIT_AS", "RLIMIT_DATA", "RLIMIT_STACK", "RLIMIT_NOFILE", "RLIMIT_CPU",
              "RLIMIT_FSIZE", "RLIMIT_NPROC") if hasattr(resource, n))  # fmt: skip
_signal, _handler_of, _timer = signal.signal, signal.getsignal, signal.setitimer
_mask_signals, _SET = signal.pthread_sigmask, signal.SIG_SETMASK
_rlimit, _set_rlimit, _umask, _chdir, _getcwd = resource.getrlimit, resource.setrlimit, os.umask, os.chdir, os.getcwd
_locale, _gc_on, _no_dump = locale.setlocale, gc.enable, faulthandler.cancel_dump_traceback_later

Step = Callable[[], object]
_standard: list[Step] = []  # what only the start of a notebook tells, as steps back to it
_start = {"recursion": _get_limit()}


def remember() -> None:
    """Note what a notebook finds: to be called in its process just before its first cell. Cheap."""
    _standard[:] = [*_builtins(), *_signals(), *_limits(), *_place()]
    _start["recursion"] = _get_limit()


def hand_over() -> None:
    """Once, when the notebook has run: everything back, also what takes some time or what nobody leaves on twice."""
    for step in (_recursion, _no_timers, _no_dump, *_standard, _no_hooks, _prints, _gc_on):
        _carefully(step)
    set_back()


def set_back() -> bool:
    """Before each request: the switches that change what a right answer does. Takes microseconds.

    Returns whether gradients were on."""
    gradients = is_grad_enabled()
    for step in _EACH:
        _carefully(step)
    return gradients


def gradients(on: bool) -> None:
    """Switch the recording of gradients."""
    _set_grad(on)


def _carefully(step: Step) -> None:
    try:  # noqa: SIM105 - this is run before each request, and suppress() costs as much as a step
        step()
    except Exception:  # one that cannot be set back leaves the others a chance
        pass


def _recursion() -> None:
    if _get_limit() < _start["recursion"]:  # somebody who needs a deeper one keeps it
        _set_limit(_start["recursion"])


def _no_tracing() -> None:
    _set_trace(None)
    _set_profile(None)


def _no_modes() -> None:
    """No torch function or dispatch mode (a default device is one) that was entered and never left."""
    if not _functions() and not _dispatchers():
        return
    for _ in range(_functions()):
        _pop_function()
    for _ in range(_dispatchers()):
        _pop_dispatcher(None)
    if getattr(_DEVICE, "device_context", None) is not None:
        _DEVICE.device_context = None
    current: Any = sys.modules.get("torch.utils._device")
    if current is not None:
        current.CURRENT_DEVICE = None


def _record() -> None:
    if is_inference_mode_enabled():
        _KEPT.append(_Inference(False))
    if not is_grad_enabled():
        _set_grad(True)


def _numbers() -> None:
    if get_default_dtype() is not _DTYPE:
        _set_dtype(_DTYPE)
    if is_autocast_enabled("cpu"):
        set_autocast_enabled("cpu", False)
        _clear_autocast()
    if not is_autocast_cache_enabled():
        set_autocast_cache_enabled(True)
    if is_anomaly_enabled():
        set_anomaly_enabled(False)
    if are_deterministic_algorithms_enabled():
        _set_deterministic(False, warn_only=False)
    if get_float32_matmul_precision() != _PRECISION:
        _set_precision(_PRECISION)


def _numpy() -> None:
    if geterr() != _ERRORS:
        seterr(**_ERRORS)
    if geterrcall() is not _ERROR_CALL:
        seterrcall(_ERROR_CALL)


def _no_errors_for_warnings() -> None:
    """A filter that turns warnings into exceptions is dropped; the others stay."""
    filters = warnings.filters
    if any(entry[0] == "error" for entry in filters):
        filters[:] = [entry for entry in filters if entry[0] != "error"]  # type: ignore[index]
        if _filters_mutated is not None:
            _filters_mutated()


def _decimals() -> None:
    _set_context(_DECIMAL.copy())


_EACH = (_recursion, _no_tracing, _no_modes, _record, _numbers, _numpy, _no_errors_for_warnings, _decimals)


def _no_timers() -> None:
    for timer in _TIMERS:
        _timer(timer, 0)


def _no_hooks() -> None:
    for registered in _HOOKS:
        registered.clear()
    set_flush_denormal(False)


def _prints() -> None:
    set_printoptions(**_NUMPY_PRINTS)
    vars(_PRINTS).update(_TORCH_PRINTS)


def _builtins() -> list[Step]:
    space, saved = vars(builtins), dict(vars(builtins))
    return [lambda: space.update(saved)]


def _signals() -> list[Step]:
    """Handlers as they were; a child whose end is ignored, say, could never be waited for."""
    handlers = {s: handler for s in _SIGNALS if (handler := _handler_of(s)) is not None}
    blocked = _mask_signals(signal.SIG_BLOCK, ())

    def back() -> None:
        for number, handler in handlers.items():
            if _handler_of(number) is not handler and _handler_of(number) != handler:
                _signal(number, handler)

    return [back, lambda: _mask_signals(_SET, blocked)]


def _limits() -> list[Step]:
    """Soft limits that were lowered go up again, as far as that is allowed."""
    soft = {kind: _rlimit(kind)[0] for kind in _SOFT}

    def raised(kind: int, was: int) -> Step:
        def back() -> None:
            now, hard = _rlimit(kind)
            if now != was:
                unlimited = resource.RLIM_INFINITY
                _set_rlimit(kind, (was if hard == unlimited or (was != unlimited and was <= hard) else hard, hard))

        return back

    return [raised(kind, was) for kind, was in soft.items()]


def _place() -> list[Step]:
    """The folder, the mask of new files, and the language of numbers."""
    folder, words, mask = _getcwd(), _locale(locale.LC_ALL), _umask(0)
    _umask(mask)
    switch, digits = sys.getswitchinterval(), getattr(sys, "get_int_max_str_digits", lambda: 0)()
    set_switch, set_digits = sys.setswitchinterval, getattr(sys, "set_int_max_str_digits", lambda _: None)
    return [
        lambda: _chdir(folder), lambda: _umask(mask), lambda: _locale(locale.LC_ALL, words),
        lambda: set_switch(switch), lambda: set_digits(digits),
    ]  # fmt: skip
