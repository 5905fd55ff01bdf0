package io.sluice.itests;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;
import static org.junit.Assume.assumeNoException;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.ClassRule;
import org.junit.Test;

/** File systems of the kernel on a logical unit: what programs have written is there, and the checker finds nothing. */
public class FileSystemIT {

    private static final String WELL = "iqn.2026-11.io.sluice:well";
    private static final String BAD = "iqn.2026-11.io.sluice:bad";
    private static final String WRITES = "pwrite64,pwritev,pwritev2";
    private static final int ERRORS = 1000;
    private static final int ATTEMPTS = 3;

    /** How a file system is made and checked. xfs takes no disk below 300 MiB. */
    private enum Kind {
        EXT4(64, List.of("mkfs.ext4", "-q", "-F"), List.of("fsck.ext4", "-f", "-n")),
        XFS(320, List.of("mkfs.xfs", "-q", "-f"), List.of("xfs_repair", "-n"));

        private final int mebibytes;
        private final List<String> make;
        private final List<String> check;

        Kind(int mebibytes, List<String> make, List<String> check) {
            this.mebibytes = mebibytes;
            this.make = make;
            this.check = check;
        }
    }

    @ClassRule
    public static final Sluice SLUICE = new Sluice();

    private static Tool.Result on(LoopDisk disk, List<String> command) {
        return Tool.run(
                Stream.concat(command.stream(), Stream.of(disk.device())).toArray(String[]::new));
    }

    /** Skips the test where this machine cannot do the same on a file of its own, without any gateway. */
    private static void assumePossible(Kind kind) throws IOException {
        Path raw = Files.createTempFile(SLUICE.folder(), "local", ".raw");
        try (RandomAccessFile file = new RandomAccessFile(raw.toFile(), "rw")) {
            file.setLength((long) kind.mebibytes << 20);
        }
        try (LoopDisk disk = LoopDisk.attach(SLUICE.folder(), "driver=file,filename=" + raw)) {
            on(disk, kind.make).expectSuccess();
            disk.mount();
            Tool.run("fio", "--version").expectSuccess();
        } catch (IOException | AssertionError impossible) {
            System.out.println("FileSystemIT is skipped for " + kind + ": " + impossible.getMessage());
            assumeNoException(impossible);
        } finally {
            Files.delete(raw);
        }
    }

    private static void create(String target, Kind kind) throws IOException {
        String file = target.substring(target.indexOf(':') + 1) + ".img";
        SLUICE.console("target:create " + target + " --file " + file + " --size " + kind.mebibytes + "M");
    }

    /** The same name, size and seed each time, so that what was written once can be verified later. */
    private static Tool.Result fio(Path folder, String name, String... options) {
        String[] always = {
            "fio",
            "--name=" + name,
            "--directory=" + folder,
            "--size=16m",
            "--bs=4k",
            "--ioengine=psync",
            "--fsync=64",
            "--verify=crc32c",
            "--verify_fatal=1",
            "--verify_state_save=0",
        };
        return Tool.run(Stream.of(always, options).flatMap(Stream::of).toArray(String[]::new));
    }

    /** Between writing and reading all is detached, so that no cache of the kernel answers. */
    private static void makeUseAndCheck(Kind kind, String target) throws IOException {
        try (LoopDisk disk = LoopDisk.attach(SLUICE.folder(), SLUICE, target)) {
            on(disk, kind.make).expectSuccess();
            Path mounted = disk.mount();
            fio(mounted, "mixed", "--rw=randrw").expectSuccess();
            fio(mounted, "kept", "--rw=randwrite", "--do_verify=0").expectSuccess();
        }
        try (LoopDisk disk = LoopDisk.attach(SLUICE.folder(), SLUICE, target)) {
            on(disk, kind.check).expectSuccess();
            Path mounted = disk.mount();
            fio(mounted, "kept", "--rw=randwrite", "--verify_only").expectSuccess();
            try (RandomAccessFile file =
                    new RandomAccessFile(mounted.resolve("kept.0.0").toFile(), "rw")) {
                file.seek(5 << 20);
                file.write(new byte[512]);
            }
            fio(mounted, "kept", "--rw=randwrite", "--verify_only").expectFailure();
        }
    }

    private static void assertWhole(Kind kind) throws IOException {
        assumePossible(kind);
        String target = "iqn.2026-11.io.sluice:" + kind.name().toLowerCase(Locale.ROOT);
        create(target, kind);
        makeUseAndCheck(kind, target);
    }

    @Test
    public void ext4IsWhole() throws Exception {
        assertWhole(Kind.EXT4);
    }

    @Test
    public void xfsIsWhole() throws Exception {
        assertWhole(Kind.XFS);
    }

    @Test
    public void manyErrorsBelowOneDiskDisturbNoOther() throws Exception {
        assumePossible(Kind.EXT4);
        create(WELL, Kind.EXT4);
        create(BAD, Kind.EXT4);
        long pid = SLUICE.pid();
        try (VerifiedLoad load = new VerifiedLoad(SLUICE.portal(), WELL, 2, Duration.ofMillis(1))) {
            long before = load.done();
            long errors = failToMake(pid);
            long meanwhile = load.done() - before;
            System.out.println(errors + " writes failed below one disk, " + meanwhile + " were verified on the other");
            assertTrue("enough errors have come", errors >= ERRORS);
            assertTrue("the other disk goes on", meanwhile > 0);
        }
        makeUseAndCheck(Kind.EXT4, BAD);
        assertEquals("the gateway is the same", pid, SLUICE.pid());
        assertFalse("a stack is in the log", SLUICE.log().contains("\n\tat "));
    }

    /** Returns how many writes have failed meanwhile. */
    private static long failToMake(long pid) throws IOException {
        try (LoopDisk disk = LoopDisk.attach(SLUICE.folder(), SLUICE, BAD);
                FailingCalls failing = failing(pid)) {
            for (int i = 0; i < ATTEMPTS; i++) {
                on(disk, Kind.EXT4.make).expectFailure();
            }
            Tool.run(
                    "fio",
                    "--name=errors",
                    "--filename=" + disk.device(),
                    "--rw=randwrite",
                    "--bs=4k",
                    "--size=4m",
                    "--direct=1",
                    "--continue_on_error=write");
            return failing.count();
        }
    }

    private static FailingCalls failing(long pid) throws IOException {
        try {
            return FailingCalls.each(pid, SLUICE.volumes().resolve("bad.img"), WRITES, "error=EIO");
        } catch (IOException refused) {
            System.out.println("FileSystemIT is skipped for errors: " + refused.getMessage());
            assumeNoException(refused);
            throw refused;
        }
    }
}
