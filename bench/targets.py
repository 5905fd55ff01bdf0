"""The targets that are measured: each serves one file on 127.0.0.1, by a process whose cost can be read."""

import json
import os
import shlex
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time

HOME = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
TARGET = "iqn.2026-11.io.sluice:bench"


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_for(port, process, seconds=30, host="127.0.0.1"):
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if process is not None and process.poll() is not None:
            sys.exit(f"bench: {process.args[0]} ended while starting")
        try:
            socket.create_connection((host, port), 1).close()
            return
        except OSError:
            time.sleep(0.05)
    sys.exit(f"bench: nothing answers on port {port}")


class Server:
    """A target that serves the file; pid is that of the process whose cost counts."""

    def __init__(self, folder, image):
        self.folder = folder
        self.image = image
        self.port = free_port()
        self.pid = None

    def url(self):
        return f"iscsi://127.0.0.1:{self.port}/{TARGET}/{self.lun}"

    @classmethod
    def missing(cls):
        """Returns why it cannot be started, or None."""
        return None if shutil.which(cls.program) else f"is not installed: apt-get install {cls.program_package}"

    def restart(self):
        """Starts it after it was killed."""
        self.start()

    def stop(self):
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def cpu_seconds(self):
        with open(f"/proc/{self.pid}/stat") as stat:
            fields = stat.read().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def resident_mib(self):
        with open(f"/proc/{self.pid}/status") as status:
            return next(int(line.split()[1]) // 1024 for line in status if line.startswith("VmRSS"))


class Sluice(Server):
    name = "sluice"
    lun = 0
    BUILT = f"{HOME}/karaf-assembly/target/assembly"
    home = BUILT
    options = ""

    @classmethod
    def missing(cls):
        return None

    def start(self):
        if not os.access(f"{self.home}/bin/sluice", os.X_OK):
            sys.exit(f"bench: there is no bin/sluice in {self.home}: name an unpacked distribution, or build one with ./mvnw -q -DskipTests package")
        self.environment = dict(
            os.environ,
            SLUICE_PORTAL=f"127.0.0.1:{self.port}",
            SLUICE_SSH_PORT=str(free_port()),
            KARAF_DATA=f"{self.folder}/{self.name}/data",
            KARAF_ETC=f"{self.folder}/{self.name}/etc",
            SLUICE_STATE=f"{self.folder}/{self.name}/state",
            # Images and what a benchmark makes beside them are in one folder.
            SLUICE_VOLUMES=os.path.dirname(os.path.abspath(self.image)),
            EXTRA_JAVA_OPTS=self.options,
            # On a machine that does something else as well.
            SLUICE_START_SECONDS="240",
        )
        self.begin()
        try:
            self.run("client", f"target:create {TARGET} --file {self.image}")
        except BaseException:
            self.stop()
            raise
        self.read_pid()

    def restart(self):
        self.begin()
        self.read_pid()

    def begin(self):
        try:
            self.run("start")
        except BaseException:
            # One that has something to complain of, or whose start was interrupted, may run all the same.
            words = [f"{self.home}/bin/sluice", "stop"]
            subprocess.run(words, env=self.environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            raise

    def read_pid(self):
        with open(f"{self.folder}/{self.name}/data/sluice.pid") as pid:
            self.pid = int(pid.read())

    def run(self, *words):
        subprocess.run([f"{self.home}/bin/sluice", *words], env=self.environment, check=True, stdout=subprocess.DEVNULL)

    def stop(self):
        self.run("stop")

    def version(self):
        """Returns the commit of what was built here, and the folder of what was not."""
        if self.home != self.BUILT:
            return self.home
        return subprocess.run(["git", "-C", HOME, "rev-parse", "--short", "HEAD"], capture_output=True, text=True).stdout.strip()


class Before(Sluice):
    """Another distribution, such as that of an earlier version; a file can be open in one of the two only."""

    name = "before"
    home = None

    def __init__(self, folder, image):
        super().__init__(folder, f"{image}.before")
        shutil.copyfile(image, self.image)


class Distribution(Sluice):
    """One of several that share a file, of which one runs at a time; options are for Java."""

    def __init__(self, title, home, options, folder, image):
        self.title, self.home, self.options = title, home, options
        super().__init__(tempfile.mkdtemp(dir=folder), image)


class Tgt(Server):
    name = "tgt"
    program = "tgtd"
    program_package = "tgt"
    lun = 1

    def start(self):
        self.control = str(1 + os.getpid() % 30000)
        self.process = subprocess.Popen(
            ["tgtd", "-f", "-C", self.control, "--iscsi", f"portal=127.0.0.1:{self.port}"],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        self.pid = self.process.pid
        wait_for(self.port, self.process)
        self.admin("--op", "new", "--mode", "target", "--tid", "1", "-T", TARGET)
        self.admin("--op", "new", "--mode", "logicalunit", "--tid", "1", "--lun", "1", "-b", self.image)
        self.admin("--op", "bind", "--mode", "target", "--tid", "1", "-I", "ALL")

    def admin(self, *words):
        subprocess.run(["tgtadm", "-C", self.control, "--lld", "iscsi", *words], check=True)

    @staticmethod
    def version():
        return package("tgt")


class Istgt(Server):
    name = "istgt"
    program = "istgt"
    program_package = "istgt"
    lun = 0

    CONFIGURATION = """
[Global]
  NodeBase "iqn.2026-11.io.sluice"
  PidFile {folder}/istgt.pid
  AuthFile {folder}/istgt.auth
  MediaDirectory {folder}
  LogFacility "local7"
  Timeout 30
  NopInInterval 20
  DiscoveryAuthMethod None
  MaxSessions 16
  MaxConnections 4
  MaxR2T 32
  MaxOutstandingR2T 16
  DefaultTime2Wait 2
  DefaultTime2Retain 60
  FirstBurstLength 262144
  MaxBurstLength 1048576
  MaxRecvDataSegmentLength 262144
  InitialR2T Yes
  ImmediateData Yes
  DataPDUInOrder Yes
  DataSequenceInOrder Yes
  ErrorRecoveryLevel 0
[UnitControl]
  AuthMethod None
  Portal UC1 127.0.0.1:{control}
  Netmask 127.0.0.1
[PortalGroup1]
  Portal DA1 127.0.0.1:{port}
[InitiatorGroup1]
  InitiatorName "ALL"
  Netmask ALL
[LogicalUnit1]
  TargetName bench
  TargetAlias "bench"
  Mapping PortalGroup1 InitiatorGroup1
  AuthMethod None
  UnitType Disk
  QueueDepth 128
  LUN0 Storage {image} Auto
"""

    def start(self):
        path = f"{self.folder}/istgt.conf"
        with open(path, "w") as configuration:
            configuration.write(
                self.CONFIGURATION.format(folder=self.folder, control=free_port(), port=self.port, image=self.image)
            )
        with open(f"{self.folder}/istgt.auth", "w"):
            os.chmod(f"{self.folder}/istgt.auth", 0o600)
        self.process = subprocess.Popen(
            ["istgt", "-D", "-c", path], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        self.pid = self.process.pid
        wait_for(self.port, self.process)

    @staticmethod
    def version():
        return package("istgt")


class Gotgt(Server):
    """gotgt, whose program SLUICE_BENCH_GOTGT names; it reads .gotgt/config.json in its home."""

    name = "gotgt"
    program = os.environ.get("SLUICE_BENCH_GOTGT")
    lun = 0

    @classmethod
    def missing(cls):
        return None if cls.program else "is not named: set SLUICE_BENCH_GOTGT to its program"

    def start(self):
        home = f"{self.folder}/{self.name}"
        os.makedirs(f"{home}/.gotgt", exist_ok=True)
        with open(f"{home}/.gotgt/config.json", "w") as configuration:
            json.dump(
                {
                    "storages": [{"deviceID": 1, "path": f"file:{self.image}", "online": True}],
                    "iscsiportals": [{"id": 0, "portal": f"127.0.0.1:{self.port}"}],
                    "iscsitargets": {TARGET: {"tpgts": {"1": [0]}, "luns": {"0": 1}}},
                },
                configuration,
            )
        self.process = subprocess.Popen(
            [self.program, "daemon"],
            env=dict(os.environ, HOME=home),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        self.pid = self.process.pid
        wait_for(self.port, self.process)

    @staticmethod
    def version():
        return Gotgt.program


class Spdk(Server):
    """SPDK's iscsi_tgt with an aio bdev, out of the folder that SLUICE_BENCH_SPDK names; it polls, with a processor of its own."""

    name = "spdk"
    home = os.environ.get("SLUICE_BENCH_SPDK")
    options = os.environ.get("SLUICE_BENCH_SPDK_OPTIONS", "--no-huge -s 1024 -m 0x1")
    lun = 0

    @classmethod
    def missing(cls):
        return None if cls.home else "is not named: set SLUICE_BENCH_SPDK to the folder that it was built in"

    def start(self):
        self.control = f"{self.folder}/spdk.sock"
        self.process = subprocess.Popen(
            [f"{self.home}/build/bin/iscsi_tgt", "-r", self.control, *shlex.split(self.options)],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        self.pid = self.process.pid
        self.admin("framework_wait_init")
        self.admin("bdev_aio_create", self.image, "bench", "512")
        self.admin("iscsi_create_portal_group", "1", f"127.0.0.1:{self.port}")
        self.admin("iscsi_create_initiator_group", "1", "ANY", "ANY")
        self.admin("iscsi_create_target_node", TARGET, "bench", "bench:0", "1:1", "128", "-d")
        wait_for(self.port, self.process)

    def admin(self, *words):
        """Waits for the socket for a while, so that the first one may come early."""
        program = [f"{self.home}/scripts/rpc.py", "-s", self.control, "-r", "300"]
        subprocess.run([*program, *words], check=True, stdout=subprocess.DEVNULL)

    @staticmethod
    def version():
        return Spdk.home


def package(name):
    return subprocess.run(["dpkg-query", "-W", "-f", "${Version}", name], capture_output=True, text=True).stdout


def write_image(path, mebibytes, piece):
    """The kernel keeps a file in pages as large as the pieces that it was written in, and later writes cost accordingly."""
    block = os.urandom(1 << 20)
    with open(path, "wb", buffering=0) as file:
        for _ in range(mebibytes):
            for offset in range(0, len(block), piece):
                file.write(block[offset : offset + piece])
        os.fsync(file.fileno())


def drop_from_cache(path):
    """Has the kernel forget a file, so that it is read from the disk."""
    with open(path, "rb") as file:
        os.fsync(file.fileno())
        os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)


def read_into_cache(path):
    with open(path, "rb", buffering=0) as file:
        while file.read(1 << 20):
            pass


def installed(kind):
    """Returns whether a kind of target can be started, and says so if not."""
    reason = kind.missing()
    if reason is not None:
        print(f"bench: {kind.name} {reason}; it is left out", file=sys.stderr)
    return reason is None


def started(names, folder, image):
    """Starts those that can be, and says which cannot. Whatever fails, nothing is left running."""
    servers = []
    try:
        for kind in (Sluice, Before, Tgt, Istgt, Gotgt, Spdk):
            if kind.name in names and installed(kind):
                server = kind(folder, image)
                server.start()
                servers.append(server)
    except BaseException:
        for server in servers:
            server.stop()
        raise
    return servers
