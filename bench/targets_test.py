"""How Sluice is started for a bench, by a distribution that only tells what it was asked."""

import contextlib
import io
import os
import subprocess
import tempfile
import unittest

import targets


class StartTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = folder.name

    def distribution(self, script):
        """Returns one whose bin/sluice is a shell script, in which $log is where it may say what it was asked."""
        os.makedirs(f"{self.folder}/home/bin")
        with open(f"{self.folder}/home/bin/sluice", "w") as program:
            os.chmod(program.fileno(), 0o755)
            program.write(f"#!/bin/sh\nlog={self.folder}/log\n{script}\n")
        return targets.Distribution("sluice", f"{self.folder}/home", "", self.folder, f"{self.folder}/bench.img")

    def asked(self):
        with open(f"{self.folder}/log") as log:
            return log.read().split()

    def test_a_folder_without_a_distribution_is_named(self):
        empty = targets.Distribution("sluice", f"{self.folder}/none", "", self.folder, f"{self.folder}/bench.img")
        with self.assertRaises(SystemExit) as ended:
            empty.start()
        self.assertIn(f"no bin/sluice in {self.folder}/none", str(ended.exception))

    def test_one_that_starts_with_a_problem_is_stopped(self):
        complaining = self.distribution('echo "$1" >>"$log"; [ "$1" != start ] || exit 2')
        with self.assertRaises(subprocess.CalledProcessError) as failed:
            complaining.start()
        self.assertEqual((2, ["start", "stop"]), (failed.exception.returncode, self.asked()))

    def test_one_that_never_ran_keeps_the_exit_status_of_its_start(self):
        broken = self.distribution("exit 1")
        with self.assertRaises(subprocess.CalledProcessError) as failed:
            broken.start()
        self.assertIn("start", failed.exception.cmd)

    def test_what_was_not_built_here_is_told_by_its_folder(self):
        self.assertEqual(f"{self.folder}/home", self.distribution("exit 0").version())


if __name__ == "__main__":
    unittest.main()
