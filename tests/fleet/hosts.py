"""Hosts of their own: network namespaces with an address each, on a bridge, that share this machine's files.

Only root can make them. Names and addresses are drawn, so that two trials do not meet.
"""

from __future__ import annotations

import contextlib
import random
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True)
class Host:
    """A namespace, its address, and the end of its cable that lies in the bridge."""

    name: str
    address: str
    cable: str

    def command(self, *words: str) -> list[str]:
        """To be run on this host."""
        return ["ip", "netns", "exec", self.name, *words]

    def cut_off(self) -> None:
        """Nothing gets there and nothing comes from there any more; nobody is told."""
        _ip("link", "set", self.cable, "down")


@contextlib.contextmanager
def network(count: int) -> Iterator[tuple[str, list[Host]]]:
    """So many hosts, and the address by which they reach this machine."""
    tag, net = f"{random.randrange(16**4):04x}", f"10.{random.randrange(64, 128)}.{random.randrange(256)}"
    bridge = f"s2g{tag}"
    with contextlib.ExitStack() as stack:
        _ip("link", "add", bridge, "type", "bridge")
        stack.callback(_ip, "link", "del", bridge)
        _ip("addr", "add", f"{net}.1/24", "dev", bridge)
        _ip("link", "set", bridge, "up")
        hosts = []
        for number in range(count):
            host = Host(f"s2g{tag}h{number}", f"{net}.{number + 2}", f"s2g{tag}c{number}")
            _ip("netns", "add", host.name)
            stack.callback(_ip, "netns", "del", host.name)
            _ip("link", "add", host.cable, "type", "veth", "peer", "name", "eth0", "netns", host.name)
            _ip("link", "set", host.cable, "master", bridge)
            _ip("link", "set", host.cable, "up")
            _ip("-n", host.name, "addr", "add", f"{host.address}/24", "dev", "eth0")
            for device in ("lo", "eth0"):
                _ip("-n", host.name, "link", "set", device, "up")
            hosts.append(host)
        yield f"{net}.1", hosts


def _ip(*words: str) -> None:
    subprocess.run(["ip", *words], check=True)
