"""Whether a target makes a write stable before it says so, as far as its system calls tell."""

import os
import re
import shutil
import subprocess
import time

# msync counts with MS_SYNC only, a write with one of the flags, and an asynchronous request with one of the operations.
SYNC = re.compile(r"\b(?:fsync|fdatasync|sync|syncfs)\(|\bmsync\(.*MS_SYNC|\bpwritev2\(.*RWF_D?SYNC|IOCB_CMD_FD?SYNC")
WRITE = re.compile(r"\bp?write(?:v2?|64)?\((\d+)")
CALLS = "fsync,fdatasync,sync,syncfs,msync,write,writev,pwrite64,pwritev,pwritev2,io_submit"
SYNCHRONOUS = os.O_DSYNC


def syncs_per_write(server, run):
    """
    Traces a target while a client runs, which returns how many requests it has made, and returns how many calls that make data
    stable there were for each, or None where strace is not installed. What a target gives to an io_uring is not seen.
    """
    if shutil.which("strace") is None:
        return None
    trace = f"{server.folder}/{server.name}.strace"
    words = ["strace", "-f", "-q", "-s", "0", "-e", f"trace={CALLS}", "-o", trace, "-p", str(server.pid)]
    tracer = subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        wait_until_attached(server.pid, tracer)
        requests = run()
    finally:
        tracer.terminate()
        tracer.wait()
    with open(trace, errors="replace") as lines:
        return count(lines, synchronous_files(server.pid)) / requests


def wait_until_attached(pid, tracer):
    deadline = time.monotonic() + 5
    while tracer.poll() is None and time.monotonic() < deadline:
        if all(is_traced(f"/proc/{pid}/task/{task}/status") for task in os.listdir(f"/proc/{pid}/task")):
            return
        time.sleep(0.02)


def is_traced(path):
    try:
        with open(path) as status:
            return "TracerPid:\t0\n" not in status.read()
    except FileNotFoundError:
        return True


def count(lines, synchronous):
    """Counts calls that make something stable: those that say so, and writes to files that were opened for it."""
    total = 0
    for line in lines:
        if "resumed>" in line:
            continue
        write = WRITE.search(line)
        total += bool(SYNC.search(line)) or bool(write and int(write.group(1)) in synchronous)
    return total


def synchronous_files(pid):
    """Returns the descriptors that were opened with O_DSYNC or O_SYNC."""
    found = set()
    for number in os.listdir(f"/proc/{pid}/fdinfo"):
        try:
            with open(f"/proc/{pid}/fdinfo/{number}") as info:
                flags = next(int(line.split()[1], 8) for line in info if line.startswith("flags:"))
        except FileNotFoundError:
            continue
        if flags & SYNCHRONOUS:
            found.add(int(number))
    return found


def words(syncs):
    if syncs is None:
        return "not counted: strace is not installed"
    return f"{syncs:.2f} sync calls a write" + (", so it does not make it stable" if syncs < 0.01 else "")
