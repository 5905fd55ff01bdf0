"""The program of the test kit that writes to a disk, remembers what it wrote, and judges what is there."""

import subprocess
import sys

import targets

CLASSES = f"{targets.HOME}/bundles/testkit/target/classes"
KINDS = ("lost", "torn", "resurrected", "of another block", "never written")


class Recorder:
    """What it may be asked, and what it answers, says its class Recorder. It gives up by itself when a target is silent."""

    def __init__(self, target, block_size, mebibytes, sessions, seed, disk=0):
        words = (target.host, target.port, target.target, target.lun, block_size, mebibytes, sessions, seed, disk)
        self.process = subprocess.Popen(
            ["java", "-cp", CLASSES, "io.sluice.testkit.durability.Recorder", *map(str, words)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self.answer("ready")

    def ask(self, command, first=""):
        try:
            self.process.stdin.write(command + "\n")
            self.process.stdin.flush()
        except BrokenPipeError:
            pass
        return self.answer(first)

    def answer(self, first):
        line = self.process.stdout.readline().split()
        if not line or first and line[0] != first:
            sys.exit("bench: the recorder has failed; what it said stands above")
        return line

    def close(self):
        try:
            self.process.stdin.close()
        except BrokenPipeError:
            pass
        self.process.wait()
