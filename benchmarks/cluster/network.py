"""A network of this machine alone: one namespace for each machine of the cluster, joined by a bridge in another."""

import os
import signal
import subprocess
import time
from contextlib import suppress

from benchmarks.cluster.needs import program

BRIDGE = "bridge"
ENDED_WITHIN_SECONDS = 20


def ip(*arguments: str, may_fail: bool = False) -> str:
    done = subprocess.run([program("ip"), *arguments], capture_output=True, text=True)
    if done.returncode and not may_fail:
        raise OSError(f"ip {' '.join(arguments)}: {done.stderr.strip()}")
    return done.stdout


class Network:
    """Names carry the process id, so that runs do not meet; `close` ends all that runs in the namespaces."""

    def __init__(self) -> None:
        self.prefix = f"upt{os.getpid()}"
        self.subnet = f"10.213.{os.getpid() % 250}"
        self.hosts: list[str] = []
        self.switch = f"{self.prefix}-switch"
        ip("netns", "add", self.switch)
        self._in(self.switch, "link", "add", BRIDGE, "type", "bridge")
        self._in(self.switch, "link", "set", BRIDGE, "up")
        self._cable("driver", 1)
        ip("address", "add", f"{self.subnet}.1/24", "dev", self._end("driver"))
        ip("link", "set", self._end("driver"), "up")

    def _in(self, namespace: str, *arguments: str, may_fail: bool = False) -> str:
        return ip("-n", namespace, *arguments, may_fail=may_fail)

    def _end(self, host: str) -> str:
        """The name of a host's end of its cable; at most 15 characters."""
        return f"{self.prefix}{host[:1]}{host[-1:]}"

    def _port(self, host: str) -> str:
        return f"p{host[:1]}{host[-1:]}"

    def _cable(self, host: str, number: int) -> None:
        end, port = self._end(host), self._port(host)
        ip("link", "add", end, "type", "veth", "peer", "name", port, "netns", self.switch)
        self._in(self.switch, "link", "set", port, "master", BRIDGE)
        self._in(self.switch, "link", "set", port, "up")

    def add(self, host: str, number: int) -> str:
        """Add a machine; returns its address."""
        namespace, end = self.namespace(host), self._end(host)
        ip("netns", "add", namespace)
        self.hosts.append(host)
        self._cable(host, number)
        ip("link", "set", end, "netns", namespace)
        self._in(namespace, "address", "add", f"{self.subnet}.{number}/24", "dev", end)
        self._in(namespace, "link", "set", end, "up")
        self._in(namespace, "link", "set", "lo", "up")
        return f"{self.subnet}.{number}"

    def namespace(self, host: str) -> str:
        return f"{self.prefix}-{host}"

    def command(self, host: str) -> list[str]:
        """What to put before a command so that it runs on a machine."""
        return [program("ip"), "netns", "exec", self.namespace(host)]

    def unplug(self, host: str) -> None:
        self._in(self.switch, "link", "set", self._port(host), "down")

    def plug_in(self, host: str) -> None:
        self._in(self.switch, "link", "set", self._port(host), "up")

    def separate(self, host: str, addresses: list[str]) -> None:
        """Let no packet of a machine go to these addresses; others reach it as before."""
        for address in addresses:
            self._in(self.namespace(host), "route", "replace", "blackhole", f"{address}/32")

    def join(self, host: str, addresses: list[str]) -> None:
        for address in addresses:
            self._in(self.namespace(host), "route", "delete", "blackhole", f"{address}/32", may_fail=True)

    def processes(self, host: str) -> list[int]:
        return [int(pid) for pid in ip("netns", "pids", self.namespace(host), may_fail=True).split()]

    def signal(self, host: str, number: signal.Signals) -> None:
        """Send a signal to every process of a machine, until none of a killed machine is left."""
        ends = time.monotonic() + ENDED_WITHIN_SECONDS
        while pids := self.processes(host):
            for pid in pids:
                with suppress(ProcessLookupError):
                    os.kill(pid, number)
            if number is not signal.SIGKILL or time.monotonic() > ends:
                return

    def close(self) -> None:
        for host in self.hosts:
            self.signal(host, signal.SIGKILL)
            ip("netns", "delete", self.namespace(host), may_fail=True)
        ip("link", "delete", self._end("driver"), may_fail=True)
        ip("netns", "delete", self.switch, may_fail=True)
