"""The rows of bench/run."""

from clients import Case

KIB, MIB = 1 << 10, 1 << 20

CACHED = [
    Case("4 KiB random read, depth 1", "read", "random", 4 * KIB, 1, means="the way there and back: latency of one request"),
    Case("4 KiB random write, depth 1", "write", "random", 4 * KIB, 1, means="the same, and a write of the page cache"),
    Case("4 KiB random read, depth 32", "read", "random", 4 * KIB, 32, means="requests a second of one session"),
    Case("4 KiB random write, depth 32", "write", "random", 4 * KIB, 32, means="the same for writes, without a flush"),
    Case("4 KiB random read, 4 x 32", "read", "random", 4 * KIB, 32, sessions=4, means="four sessions; fair if p99 is near p50"),
    Case("4 KiB random write, 4 x 32", "write", "random", 4 * KIB, 32, sessions=4, means="the same for writes"),
    Case("4 KiB random 70/30, depth 32", "mix", "random", 4 * KIB, 32, means="seven reads to three writes, as databases do"),
    Case("4 KiB random read, depth 32, digests", "read", "random", 4 * KIB, 32, digests=True, means="with CRC32C of headers"),
    Case("128 KiB sequential read, depth 8", "read", "sequential", 128 * KIB, 8, means="what hosts ask for when they read ahead"),
    Case("256 KiB sequential read, depth 8", "read", "sequential", 256 * KIB, 8, means="throughput out of the page cache"),
    Case("256 KiB sequential read, 4 x 8", "read", "sequential", 256 * KIB, 8, sessions=4, means="the same of four sessions"),
    Case("512 KiB sequential read, depth 8", "read", "sequential", 512 * KIB, 8, means="the same with requests of two PDUs"),
    Case("256 KiB sequential write, depth 8", "write", "sequential", 256 * KIB, 8, means="throughput into the page cache"),
    Case("1 MiB sequential read, depth 4", "read", "sequential", MIB, 4, means="the same with requests of several PDUs"),
    Case("1 MiB sequential write, depth 4", "write", "sequential", MIB, 4, means="the same with several R2Ts"),
]

COLD = [
    Case(
        "256 KiB sequential read, depth 8, not cached",
        "read",
        "sequential",
        256 * KIB,
        8,
        cold=True,
        means="the disk, once through the file: does the pattern reach the read-ahead?",
    ),
    Case(
        "256 KiB sequential read, 4 streams, depth 8, not cached",
        "read",
        "sequential",
        256 * KIB,
        8,
        streams=4,
        cold=True,
        means="the same, but four sequences in turn, each in a quarter of the file",
    ),
    Case("4 KiB random read, depth 1, not cached", "read", "random", 4 * KIB, 1, cold=True, means="latency of the disk and of us"),
    Case("4 KiB random read, depth 32, not cached", "read", "random", 4 * KIB, 32, cold=True, means="how much the disk is asked at once"),
]

DURABLE = [
    Case("4 KiB write and flush, depth 1", "write", "random", 4 * KIB, 1, flush_every=1, means="a SYNCHRONIZE CACHE after each write"),
    Case("4 KiB write and flush, depth 8", "write", "random", 4 * KIB, 8, flush_every=1, means="flushes that come together may share one"),
    Case(
        "4 KiB write and flush, 8 x 1", "write", "random", 4 * KIB, 1, sessions=8, flush_every=1, means="the same, of eight sessions"
    ),
    Case("4 KiB write with FUA, depth 1", "write", "random", 4 * KIB, 1, fua=True, means="each write is stable when it is answered"),
    Case("4 KiB write with FUA, depth 8", "write", "random", 4 * KIB, 8, fua=True, means="the same, eight at a time"),
]

FIRST_SECOND = [
    Case(
        "4 KiB random read, depth 32, first second", "read", "random", 4 * KIB, 32, restarted=True, means="code that is cold, after a start"
    ),
    Case(
        "4 KiB random write, depth 32, first second", "write", "random", 4 * KIB, 32, restarted=True, means="the same for writes"
    ),
]

OTHER_CLIENTS = [
    Case("iscsi-perf: 4 KiB random read, depth 32", "read", "random", 4 * KIB, 32, client="iscsi-perf", means="another client"),
    Case(
        "qemu-img bench: 4 KiB read, depth 32", "read", "sequential", 4 * KIB, 32, client="qemu-img bench", means="QEMU's block layer"
    ),
    Case(
        "qemu-img bench: 4 KiB write, depth 32", "write", "sequential", 4 * KIB, 32, client="qemu-img bench", means="the same for writes"
    ),
    Case(
        "qemu-img bench: 4 KiB write, depth 32, flush every 32",
        "write",
        "sequential",
        4 * KIB,
        32,
        client="qemu-img bench",
        flush_every=32,
        means="a flush now and then, as file systems do",
    ),
    Case(
        "qemu-img bench: 256 KiB read, depth 8", "read", "sequential", 256 * KIB, 8, client="qemu-img bench", means="throughput to QEMU"
    ),
    Case(
        "qemu-img bench: 256 KiB write, depth 8", "write", "sequential", 256 * KIB, 8, client="qemu-img bench", means="and from it"
    ),
]

# Restarts come last, because what follows one would be cold as well.
CASES = CACHED + COLD + DURABLE + OTHER_CLIENTS + FIRST_SECOND
