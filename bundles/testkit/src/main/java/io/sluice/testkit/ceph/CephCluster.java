package io.sluice.testkit.ceph;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.rules.ExternalResource;

/**
 * A Ceph cluster of this machine for as long as a test class: one monitor and one OSD, on ports of 127.0.0.1 that were free, with
 * all that it has in a temporary folder. It has a pool {@code rbd} without anything in it. Needs the Debian packages ceph-mon,
 * ceph-osd and ceph-common, and no rights.
 */
public final class CephCluster extends ExternalResource {

    /** What the OSD keeps its data in. */
    public enum Store {
        /**
         * Memory: quick, and gone with the process. A part of the data is served under a lease that lasts as long as others
         * take to notice that an OSD is gone, and an OSD that has been stopped for longer may not take it up again (Ceph
         * 16.2.15): there are no others here, so it lasts.
         */
        MEMORY("memstore", 3600),
        /** A sparse file: it is there again after a crash, when the lease has run out. */
        DISK("bluestore", 6);

        private final String name;
        private final int graceSeconds;

        Store(String name, int graceSeconds) {
            this.name = name;
            this.graceSeconds = graceSeconds;
        }
    }

    private static final String POOL = "rbd";
    private static final int OSD_PORTS = 40;
    private static final int COMMAND_SECONDS = 180;
    private static final int READY_SECONDS = 180;
    private static final int LOG_LINES = 40;

    private final Store store;
    private Path folder;
    private Process monitor;
    private Process osd;

    /** @param store where the data is */
    public CephCluster(Store store) {
        this.store = store;
    }

    @Override
    protected void before() throws Throwable {
        folder = Files.createTempDirectory("sluice-ceph");
        try {
            start();
        } catch (IOException | RuntimeException | Error failed) {
            after();
            throw failed;
        }
    }

    private void start() throws IOException {
        String id = UUID.randomUUID().toString();
        int port = freePort();
        Files.createDirectories(folder.resolve("mon"));
        Files.createDirectories(folder.resolve("osd"));
        Files.writeString(conf(), settings(id, port));
        String map = folder.resolve("monmap").toString();
        run("monmaptool", "--create", "--clobber", "--fsid", id, "--addv", "a", "[v2:127.0.0.1:" + port + "]", map);
        run("ceph-mon", "-i", "a", "--mkfs", "--monmap", map);
        monitor = begin("ceph-mon", "-i", "a", "-f");
        String osdId = UUID.randomUUID().toString();
        ceph("osd", "new", osdId);
        run("ceph-osd", "-i", "0", "--mkfs", "--osd-uuid", osdId);
        startOsd();
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(READY_SECONDS);
        while (!ceph("osd", "stat").contains("1 up")) {
            if (System.nanoTime() > deadline) {
                throw new IllegalStateException("the OSD does not come up: " + log("osd"));
            }
        }
        ceph("osd", "pool", "create", POOL, "8", "8");
        rbd("pool", "init", POOL);
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private String settings(String id, int port) throws IOException {
        int osdPort = Math.min(freePort(), 65_535 - OSD_PORTS);
        return """
                [global]
                fsid = %1$s
                mon_host = v2:127.0.0.1:%2$d
                mon_initial_members = a
                public_network = 127.0.0.0/8
                ms_bind_ipv6 = false
                ms_bind_msgr1 = false
                ms_bind_port_min = %3$d
                ms_bind_port_max = %4$d
                ms_async_op_threads = 2
                auth_cluster_required = none
                auth_service_required = none
                auth_client_required = none
                auth_allow_insecure_global_id_reclaim = false
                keyring = %5$s/keyring
                osd_pool_default_size = 1
                osd_pool_default_min_size = 1
                osd_pool_default_pg_autoscale_mode = off
                osd_crush_chooseleaf_type = 0
                mon_allow_pool_size_one = true
                mon_data_avail_warn = 1
                mon_data_avail_crit = 1
                run_dir = %5$s
                crash_dir = %5$s/crash
                log_to_stderr = false
                err_to_stderr = false
                [mon]
                mon_data = %5$s/mon
                log_file = %5$s/mon.log
                admin_socket = %5$s/mon.asok
                pid_file = %5$s/mon.pid
                paxos_propose_interval = 0.05
                [osd]
                osd_data = %5$s/osd
                log_file = %5$s/osd.log
                admin_socket = %5$s/osd.asok
                pid_file = %5$s/osd.pid
                osd_objectstore = %6$s
                memstore_device_bytes = 4294967296
                memstore_page_set = true
                memstore_page_size = 4096
                bluestore_block_size = 10737418240
                bluestore_fsck_on_mkfs = false
                bluestore_cache_autotune = false
                bluestore_cache_size = 134217728
                osd_op_num_shards = 2
                osd_op_num_threads_per_shard = 1
                osd_class_update_on_start = false
                osd_crush_initial_weight = 1
                osd_heartbeat_grace = %7$d
                osd_heartbeat_interval = 2
                debug_osd = 0/0
                debug_bluestore = 0/0
                debug_bdev = 0/0
                debug_rocksdb = 0/0
                [client]
                rbd_default_features = 61
                """
                .formatted(id, port, osdPort, osdPort + OSD_PORTS - 1, folder, store.name, store.graceSeconds);
    }

    @Override
    protected void after() {
        for (Process process : new Process[] {osd, monitor}) {
            if (process != null) {
                process.destroyForcibly().onExit().join();
            }
        }
        try (Stream<Path> all = Files.walk(folder)) {
            all.sorted(Comparator.reverseOrder()).map(Path::toFile).forEach(File::delete);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    /** Returns the settings with which clients find it. */
    public Path conf() {
        return folder.resolve("ceph.conf");
    }

    /** Starts the OSD again after {@link #killOsd}. */
    public void startOsd() {
        osd = begin("ceph-osd", "-i", "0", "-f");
    }

    /** Ends the OSD as a loss of power would. */
    public void killOsd() {
        osd.destroyForcibly().onExit().join();
    }

    /** Has a cluster in memory answer nobody until {@link #resume}; what it was sent meanwhile it does then. */
    public void pause() {
        run("kill", "-STOP", Long.toString(osd.pid()));
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(READY_SECONDS);
        while (!isStopped()) {
            if (System.nanoTime() > deadline) {
                throw new IllegalStateException("the OSD does not stop");
            }
        }
    }

    /** A signal reaches the threads one after the other; those that are under way may still answer something. */
    private boolean isStopped() {
        try (Stream<Path> threads = Files.list(Path.of("/proc", Long.toString(osd.pid()), "task"))) {
            return threads.allMatch(thread -> {
                try {
                    return Files.readString(thread.resolve("stat")).contains(") T ");
                } catch (IOException gone) {
                    throw new UncheckedIOException(gone);
                }
            });
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    /** Has the cluster go on. */
    public void resume() {
        run("kill", "-CONT", Long.toString(osd.pid()));
    }

    /** Runs the program {@code ceph} and returns what it says; fails if it fails, or takes three minutes. */
    public String ceph(String... arguments) {
        return run(command("ceph", arguments));
    }

    /** Runs the program {@code rbd} and returns what it says; fails if it fails, or takes three minutes. */
    public String rbd(String... arguments) {
        return run(command("rbd", arguments));
    }

    /** Runs the program {@code rados} on the pool of images and returns what it says; fails if it fails, or takes a minute. */
    public String rados(String... arguments) {
        List<String> all = new ArrayList<>(List.of("-p", POOL));
        all.addAll(List.of(arguments));
        return run(command("rados", all.toArray(String[]::new)));
    }

    /** Returns what to look at when a test has failed: how the cluster is, what it is doing, and the end of what it has logged. */
    public String report() {
        StringBuilder report = new StringBuilder();
        report.append("monitor alive ")
                .append(monitor.isAlive())
                .append(", OSD alive ")
                .append(osd.isAlive());
        String[][] questions = {
            command("ceph", "--connect-timeout", "5", "status"),
            command("rbd", "ls"),
            {"ceph", "--admin-daemon", folder.resolve("osd.asok").toString(), "dump_ops_in_flight"}
        };
        for (String[] question : questions) {
            report.append('\n');
            try {
                report.append(run(question));
            } catch (IllegalStateException failed) {
                report.append(failed.getMessage());
            }
        }
        for (String name : List.of("mon", "osd")) {
            List<String> lines = log(name).lines().toList();
            lines.subList(Math.max(0, lines.size() - LOG_LINES), lines.size())
                    .forEach(line -> report.append('\n').append(line));
        }
        return report.toString();
    }

    /** Returns the names of the images. */
    public List<String> images() {
        return rbd("ls").lines().toList();
    }

    /** Returns a command of a client of this cluster. */
    public String[] command(String program, String... arguments) {
        List<String> command = new ArrayList<>(List.of(program, "--conf", conf().toString()));
        command.addAll(List.of(arguments));
        return command.toArray(new String[0]);
    }

    private String log(String name) {
        try {
            return Files.readString(folder.resolve(name + ".log"));
        } catch (IOException failed) {
            return failed.toString();
        }
    }

    private ProcessBuilder builder(String... command) {
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().put("CEPH_CONF", conf().toString());
        return builder;
    }

    private Process begin(String... command) {
        try {
            return builder(command)
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(
                            folder.resolve("output").toFile()))
                    .start();
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    private String run(String... command) {
        try {
            Path output = Files.createTempFile(folder, "run", "");
            Process process = builder(command).redirectOutput(output.toFile()).start();
            boolean ended = process.waitFor(COMMAND_SECONDS, TimeUnit.SECONDS);
            if (!ended) {
                process.destroyForcibly().onExit().join();
            }
            String said = Files.readString(output);
            Files.delete(output);
            if (!ended || process.exitValue() != 0) {
                throw new IllegalStateException(String.join(" ", command) + (ended ? " failed: " : " hangs: ") + said);
            }
            return said;
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(interrupted);
        }
    }
}
