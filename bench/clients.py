"""The initiators that drive a target. Each returns what it has seen: requests, seconds and, where it tells, latencies."""

import json
import os
import re
import subprocess
import sys
from dataclasses import dataclass

HERE = os.path.dirname(os.path.abspath(__file__))


@dataclass(frozen=True)
class Case:
    """What is asked of a target; `means` says in one line what a row of it tells."""

    name: str
    direction: str
    """read, write, or mix: seven of ten requests are reads"""
    order: str
    """random or sequential"""
    size: int
    depth: int
    sessions: int = 1
    luns: int = 1
    client: str = "client"
    means: str = ""
    flush_every: int = 0
    """writes with a flush after so many; of `client`, after each if it is not 0"""
    fua: bool = False
    digests: bool = False
    streams: int = 1
    cold: bool = False
    """the file is not in the page cache when a round begins; a sequential one ends with the file"""
    restarted: bool = False
    """the target was started just before a round, which takes a second"""

    @property
    def durable(self):
        return self.client == "client" and (self.flush_every > 0 or self.fua)

    @property
    def warm(self):
        """The name of the same case of code that is warm, for one that is not."""
        return self.name.removesuffix(", first second") if self.restarted else None


def output(words, what):
    result = subprocess.run([str(word) for word in words], capture_output=True, text=True)
    if result.returncode != 0:
        sys.exit(f"bench: {what}: {(result.stderr or result.stdout).strip()}")
    return result.stdout


def compiled(name, folder, *libraries):
    program = f"{folder}/{name}"
    subprocess.run(["gcc", "-O2", "-Wall", "-o", program, f"{HERE}/{name}.c", *libraries], check=True)
    return program


class Client:
    """client.c: the only one that tells latencies, and that drives several sessions or logical units."""

    name = "client"

    def __init__(self, folder):
        self.program = compiled("client", folder, "-liscsi")

    def run(self, server, case, seconds, span):
        words = [self.program, *self.options(case), server.url(), case.direction, case.order, case.size, case.depth]
        return json.loads(output([*words, case.sessions, seconds, span], server.name))

    @staticmethod
    def options(case):
        flags = (("-o", case.cold and case.order == "sequential"), ("-f", case.flush_every), ("-F", case.fua), ("-d", case.digests))
        return ["-l", case.luns, "-s", case.streams, *(flag for flag, wanted in flags if wanted)]


class IscsiPerf:
    """iscsi-perf of libiscsi: reads only."""

    name = "iscsi-perf"

    def run(self, server, case, seconds, span):
        words = ["iscsi-perf", "-m", case.depth, "-b", case.size // 512, "-t", max(1, round(seconds))]
        text = output([*words, *(["-r"] if case.order == "random" else []), server.url()], server.name)
        rate = int(re.findall(r"iops average (\d+)", text)[-1])
        return {"requests": rate * max(1, round(seconds)), "seconds": max(1, round(seconds))}


class QemuImg:
    """qemu-img bench: sequential only, and a number of requests in place of a time."""

    name = "qemu-img bench"
    calibration = 4000

    def run(self, server, case, seconds, span):
        probe = self.requests(server, case, min(self.calibration, span // case.size), span)
        count = max(self.calibration, int(self.calibration / probe["seconds"] * seconds))
        return self.requests(server, case, min(count, span // case.size), span)

    @staticmethod
    def requests(server, case, count, span):
        words = ["qemu-img", "bench", "-f", "raw", "-t", "none", "-c", count, "-d", case.depth, "-s", case.size]
        if case.direction == "write":
            words += ["-w"]
        if case.flush_every:
            words += [f"--flush-interval={case.flush_every}", "--no-drain"]
        before = server.cpu_seconds()
        text = output([*words, server.url()], server.name)
        cpu = server.cpu_seconds() - before
        return {"requests": count, "seconds": float(re.search(r"completed in ([\d.]+)", text).group(1)), "cpu": cpu}


def measure(client, server, case, seconds, span):
    """Runs a client and adds what the target has spent meanwhile."""
    before = server.cpu_seconds()
    seen = client.run(server, case, seconds, span)
    cpu = seen.get("cpu", server.cpu_seconds() - before)
    requests = seen["requests"]
    return {
        "iops": requests / seen["seconds"],
        "mib": requests * case.size / seen["seconds"] / 1048576,
        "p50": seen.get("p50"),
        "p99": seen.get("p99"),
        "max": seen.get("max"),
        "cpu": cpu * 1e6 / requests,
        "client_cpu": seen["client_cpu"] * 1e6 / requests if "client_cpu" in seen else None,
        "rss": server.resident_mib(),
    }
