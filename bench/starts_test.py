"""How starts are compared, without any. python3 -m unittest discover -s bench -p '*_test.py'"""

import contextlib
import io
import subprocess
import unittest
from types import SimpleNamespace
from unittest import mock

import starts
from clients import Case

READ = Case("read", "read", "random", 4096, 32)
WRITE = Case("write", "write", "random", 4096, 32)


def figures(rate, p50=100.0, p99=200.0, cpu=10.0, rss=200):
    return {"iops": rate, "p50": p50, "p99": p99, "cpu": cpu, "rss": rss}


def rates(*values):
    return [figures(value) for value in values]


class ComparedTest(unittest.TestCase):
    def test_the_ratio_is_that_of_medians(self):
        self.assertEqual("1.200", starts.Compared(READ, rates(50, 60, 90), rates(10, 50, 51)).verdict)

    def test_one_that_is_slower_at_each_start_has_the_mark(self):
        compared = starts.Compared(READ, rates(90, 91, 92), rates(100, 101, 102))
        self.assertEqual(("0.901 ▼", 9, 9), (compared.verdict, compared.slower, compared.pairs))

    def test_a_ratio_of_095_has_no_mark(self):
        self.assertEqual("0.950", starts.Compared(READ, rates(95), rates(100)).verdict)
        self.assertEqual("0.949 ▼?", starts.Compared(READ, rates(94.9), rates(100)).verdict)

    def test_where_the_starts_of_both_mingle_the_mark_is_doubtful(self):
        compared = starts.Compared(READ, rates(80, 90, 120), rates(85, 100, 110))
        self.assertEqual(("0.900 ▼?", 5), (compared.verdict, compared.slower))

    def test_nine_of_ten_pairs_are_enough(self):
        compared = starts.Compared(READ, rates(90), rates(*range(100, 109), 80))
        self.assertEqual((9, 10), (compared.slower, compared.pairs))
        self.assertTrue(compared.verdict.endswith("▼"))

    def test_two_starts_of_each_leave_doubt_whatever_they_say(self):
        self.assertEqual("0.500 ▼?", starts.Compared(READ, rates(50, 50), rates(100, 100)).verdict)
        self.assertEqual("0.500 ▼", starts.Compared(READ, rates(50, 50, 50), rates(100, 100, 100)).verdict)

    def test_a_row_has_the_spread_of_each_side_and_medians_of_the_rest(self):
        ours = [figures(90, 10, 30, 5.0, 210), figures(100, 10, 20, 6.0, 220), figures(95, 10, 90, 7.0, 230)]
        theirs = [figures(100, None, None, 8.0, 300)]
        cells = starts.Compared(READ, ours, theirs).cells()
        self.assertEqual(["read", "0.950", "2 of 3", "95 (90–100)", "100 (100–100)", "3.00, –", "6.0, 8.0", "220, 300"], cells)
        self.assertEqual(len(starts.COLUMNS), len(cells))


class ReportTest(unittest.TestCase):
    def last_line(self, seen):
        with contextlib.redirect_stdout(io.StringIO()) as printed:
            starts.report(seen)
        return printed.getvalue().splitlines()[-1]

    def test_the_last_line_counts_and_names_what_is_slower(self):
        seen = {READ: [rates(90), rates(100)], WRITE: [rates(100), rates(100)]}
        self.assertEqual("1 of 2 cases below 0.95 of before: read: 0.900 ▼?.", self.last_line(seen))

    def test_the_last_line_says_that_nothing_is_slower(self):
        self.assertEqual("0 of 1 cases below 0.95 of before.", self.last_line({READ: [rates(100), rates(100)]}))


class Kind:
    """A distribution that does nothing but remember in what order it was asked; it fails at the case that it is told to."""

    image = "none"

    def __init__(self, title, calls):
        self.title, self.calls = title, calls

    def start(self):
        self.calls.append(f"{self.title} unpacks")

    def restart(self):
        self.calls.append(f"{self.title} starts")

    def stop(self):
        self.calls.append(f"{self.title} stops")


class CompareTest(unittest.TestCase):
    ARGUMENTS = SimpleNamespace(starts=2, rounds=1, warm_up=12, seconds=3, size=1)

    def compare(self, calls, measured):
        kinds = [Kind("sluice", calls), Kind("before", calls)]
        quiet = contextlib.redirect_stderr(io.StringIO())
        with quiet, mock.patch("starts.measure", measured), mock.patch("starts.warm_up", lambda *_: None):
            return starts.compare(kinds, [READ, WRITE], {"client": None}, self.ARGUMENTS)

    def test_starts_are_in_turn_and_the_order_is_swapped(self):
        calls = []
        self.compare(calls, lambda *_: figures(1))
        first = ["sluice unpacks", "sluice stops", "before unpacks", "before stops"]
        sluice, before = ["sluice starts", "sluice stops"], ["before starts", "before stops"]
        self.assertEqual(first + sluice + before + before + sluice, calls)

    def test_a_case_counts_after_the_compiler_has_met_it(self):
        counter = iter(range(1, 100))
        seen = self.compare([], lambda *_: figures(next(counter)))
        # Of each start: a run of the first case that does not count, one that does, and the same of the second.
        self.assertEqual([[2, 14], [6, 10]], [[one["iops"] for one in side] for side in seen[READ]])
        self.assertEqual([[4, 16], [8, 12]], [[one["iops"] for one in side] for side in seen[WRITE]])

    def test_nothing_is_left_running_when_a_client_fails(self):
        calls = []
        with self.assertRaises(SystemExit):
            self.compare(calls, mock.Mock(side_effect=SystemExit("bench: the client has failed")))
        self.assertEqual("sluice stops", calls[-1])

    def test_what_has_failed_is_told_and_not_that_nothing_runs_any_more(self):
        failed, gone = ValueError("the client has failed"), subprocess.CalledProcessError(1, "stop")
        kind = Kind("sluice", [])
        kind.stop = mock.Mock(side_effect=gone)
        with mock.patch("starts.warm_up", mock.Mock(side_effect=failed)), self.assertRaises(ValueError) as told:
            starts.of_one_start(kind, [READ], {"client": None}, self.ARGUMENTS)
        self.assertIs(failed, told.exception)
        self.assertIsNone(failed.__context__)
        kind.stop.assert_called_once_with()

    def test_a_stop_that_fails_after_all_went_well_is_told(self):
        kind = Kind("sluice", [])
        kind.stop = mock.Mock(side_effect=subprocess.CalledProcessError(1, "stop"))
        with mock.patch("starts.warm_up"), self.assertRaises(subprocess.CalledProcessError):
            starts.of_one_start(kind, [], {"client": None}, self.ARGUMENTS)


if __name__ == "__main__":
    unittest.main()
