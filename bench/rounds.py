"""What a round of a case is made of, and what is made of the figures of rounds."""

import statistics

import targets
from clients import Case, measure


def warm_up(server, client, seconds, span):
    for direction in ("read", "write"):
        measure(client, server, Case("", direction, "random", 4096, 32), seconds / 2, span)


def prepare(case, server):
    if case.cold:
        targets.drop_from_cache(server.image)
    elif case.restarted:
        server.stop()
        server.restart()


def seconds_of(case, seconds):
    return 1 if case.restarted else seconds


def read_once(image):
    """What a disk is asked for the first time after it was written may take it longer, which the first target would pay for."""
    targets.drop_from_cache(image)
    targets.read_into_cache(image)


def median(rounds, key):
    values = [figures[key] for figures in rounds if figures.get(key) is not None]
    return statistics.median(values) if values else None


def text(value, decimals=0):
    return "" if value is None else f"{value:.{decimals}f}"


def table(columns, rows):
    print(f"| {' | '.join(columns)} |")
    print("|---" * len(columns) + "|")
    for cells in rows:
        print(f"| {' | '.join(cells)} |")
