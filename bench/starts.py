"""
Two distributions of Sluice beside each other, by fresh starts of each in turn.

What the compiler of a virtual machine makes of a program is another thing at each start, and stays until it ends: rounds of one
start agree with each other and say nothing of the next. So a start counts once, and starts are compared with starts.
"""

import contextlib
import itertools
import os
import statistics
import subprocess
import sys

import targets
from clients import measure
from rounds import median, prepare, read_once, seconds_of, table, text, warm_up

SLOWER = 0.95
# What part of the pairs of starts, and how many, have to agree before a ratio is taken for more than luck.
AGREEING = 0.9
FEWEST_PAIRS = 9
COLUMNS = (
    "case",
    "IOPS: sluice/before",
    "pairs slower",
    "IOPS of sluice",
    "IOPS of before",
    "p99/p50: sluice, before",
    "CPU µs/request: sluice, before",
    "RSS MiB: sluice, before",
)


class Compared:
    """What the starts of both say of a case; each is a list with the figures of a start."""

    def __init__(self, case, ours, theirs):
        self.case, self.ours, self.theirs = case, ours, theirs
        self.ratio = median(ours, "iops") / median(theirs, "iops")
        pairs = [a["iops"] < b["iops"] for a, b in itertools.product(ours, theirs)]
        self.slower, self.pairs = sum(pairs), len(pairs)

    @property
    def below(self):
        return self.ratio < SLOWER

    @property
    def verdict(self):
        """The ratio with what is to be seen at a glance."""
        unsure = self.pairs < FEWEST_PAIRS or self.slower < AGREEING * self.pairs
        return f"{self.ratio:.3f}" + (" ▼" + "?" * unsure if self.below else "")

    def cells(self):
        return [
            self.case.name,
            self.verdict,
            f"{self.slower} of {self.pairs}",
            spread(self.ours),
            spread(self.theirs),
            self.both(tail, 2),
            self.both(lambda starts: median(starts, "cpu"), 1),
            self.both(lambda starts: median(starts, "rss")),
        ]

    def both(self, figure, decimals=0):
        return ", ".join(text(figure(starts), decimals) or "–" for starts in (self.ours, self.theirs))


def spread(starts):
    rates = [figures["iops"] for figures in starts]
    return f"{statistics.median(rates):.0f} ({min(rates):.0f}–{max(rates):.0f})"


def tail(starts):
    ratios = [figures["p99"] / figures["p50"] for figures in starts if figures.get("p50")]
    return statistics.median(ratios) if ratios else None


def compare(kinds, cases, clients, arguments):
    """Returns, for each case, the figures of all starts of each of the kinds."""
    seen = {case: [[] for _ in kinds] for case in cases}
    if any(case.cold for case in cases):
        read_once(kinds[0].image)
    for kind in kinds:
        # The first start unpacks what later ones find.
        kind.start()
        kind.stop()
    for number in range(arguments.starts):
        order = list(enumerate(kinds))
        for place, kind in order if number % 2 == 0 else order[::-1]:
            for case, figures in of_one_start(kind, cases, clients, arguments).items():
                seen[case][place].append(figures)
            rates = ", ".join(f"{starts[place][-1]['iops']:.0f}" for starts in seen.values())
            load = os.getloadavg()[0]
            print(f"bench: start {number + 1} of {arguments.starts}, {kind.title}: IOPS {rates}; load {load:.1f}", file=sys.stderr)
    return seen


def of_one_start(kind, cases, clients, arguments):
    """Returns what one start makes of each case."""
    kind.restart()
    try:
        warm_up(kind, clients["client"], arguments.warm_up, arguments.size << 20)
        seen = {case: figures_of(kind, case, clients[case.client], arguments) for case in cases}
    except BaseException:
        # What does not run any more cannot be stopped, and why it does not is what has to be seen.
        with contextlib.suppress(subprocess.CalledProcessError):
            kind.stop()
        raise
    kind.stop()
    return seen


def figures_of(kind, case, client, arguments):
    """Returns the medians of the rounds, before which the compiler has met the case."""
    span, seconds = arguments.size << 20, seconds_of(case, arguments.seconds)
    if not case.cold and not case.restarted:
        measure(client, kind, case, seconds, span)
    rounds = []
    for _ in range(arguments.rounds):
        prepare(case, kind)
        rounds.append(measure(client, kind, case, seconds, span))
    if case.cold:
        targets.read_into_cache(kind.image)
    return {key: median(rounds, key) for key in ("iops", "p50", "p99", "cpu", "rss")}


def report(seen):
    compared = [Compared(case, *both) for case, both in seen.items()]
    table(COLUMNS, (one.cells() for one in compared))
    print()
    print(last_line(compared))


def last_line(compared):
    below = [f"{one.case.name}: {one.verdict}" for one in compared if one.below]
    counted = f"{len(below)} of {len(compared)} cases below {SLOWER} of before"
    return ": ".join([counted, *(["; ".join(below)] if below else [])]) + "."
