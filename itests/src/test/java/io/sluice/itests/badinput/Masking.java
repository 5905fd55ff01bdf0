package io.sluice.itests.badinput;

import static org.junit.Assert.assertArrayEquals;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import io.sluice.testkit.initiator.Cdb;
import io.sluice.testkit.initiator.CopyList;
import io.sluice.testkit.initiator.LoginResult;
import io.sluice.testkit.initiator.ScsiResult;
import io.sluice.testkit.initiator.TestInitiator;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** Hosts that reach for what is not theirs (SAM-5 4.7, SPC-4 5.17.7 and 7.8.6, SBC-3 4.7.3). */
final class Masking {

    private static final int WRITE_PROTECTED = 0x072700;
    private static final int LOGICAL_UNIT_NOT_SUPPORTED = 0x052500;
    private static final int COPY_TARGET_DEVICE_NOT_REACHABLE = 0x0A0D02;
    private static final int NOT_FOUND = 0x0203;
    private static final String MASKED = "iqn.2026-11.io.sluice:masked";
    private static final String HOST = "iqn.2026-11.com.example:masked-host";
    private static final int BLOCKS = (4 << 20) / World.BLOCK;

    private Masking() {}

    static List<BadInput> inputs() {
        return List.of(
                new BadInput(122, "a LUN that is not shown to the host", with(Masking::hiddenLun)),
                new BadInput(
                        123,
                        "every command that writes, to a LUN that the host may only read",
                        with(Masking::readOnly)),
                new BadInput(124, "a target that is granted to other names and networks", with(Masking::addresses)),
                new BadInput(125, "a copy to or from a LUN that is not shown to the host", with(Masking::copies)),
                new BadInput(
                        126, "designators of units: unique, and the same by every way", with(Masking::designators)),
                new BadInput(127, "blocks that were never written, or given back", Masking::newBlocks));
    }

    /** Makes a target of three LUNs for an attempt, and takes it away. */
    private static BadInput.Attempt with(BadInput.Attempt attempt) {
        return world -> {
            world.console("backstore:create file masked0 --path masked0.img --size 4M;"
                    + " backstore:create file masked1 --path masked1.img --size 4M;"
                    + " backstore:create memory masked2 --size 4M; target:create " + MASKED
                    + " --backstore masked0 --backstore masked1 --backstore masked2; initiator:create masked --iqn "
                    + HOST);
            try {
                attempt.run(world);
            } finally {
                world.console("target:delete " + MASKED + " --force; initiator:delete masked;"
                        + " backstore:delete masked0; backstore:delete masked1; backstore:delete masked2");
            }
        };
    }

    private static TestInitiator host(World world) throws IOException {
        return world.connect().name(HOST);
    }

    private static void hiddenLun(World world) throws Exception {
        world.console("target:allow " + MASKED + " masked --lun 0=1 --lun 9=2");
        try (TestInitiator host = host(world).login(MASKED)) {
            byte[] list =
                    host.execute(0, Cdb.twelve(0xA0, 0, 0, 256), null, 256).data();
            assertEquals(16, ByteBuffer.wrap(list).getInt());
            assertEquals(0L, ByteBuffer.wrap(list).getLong(8));
            assertEquals(9L << 48, ByteBuffer.wrap(list).getLong(16));
            for (int lun : new int[] {1, 2, 3, 16_383}) {
                long field = (lun > 255 ? 0x4000L | lun : lun) << 48;
                assertEquals(
                        0x7F, host.execute(field, Cdb.inquiry(36), null, 36).expectGood()[0] & 0xFF);
                for (byte[] command : List.of(
                        Cdb.testUnitReady(),
                        Cdb.read10(0, 1),
                        Cdb.hex("9e 10 00 00 00 00 00 00 00 00 00 00 00 20 00 00"))) {
                    host.execute(field, command, null, 512).expectSense(LOGICAL_UNIT_NOT_SUPPORTED);
                }
                host.execute(field, Cdb.write10(0, 1), new byte[World.BLOCK], 0)
                        .expectSense(LOGICAL_UNIT_NOT_SUPPORTED);
                host.execute(field, Cdb.hex("5e 00 00 00 00 00 00 00 08 00"), null, 8)
                        .expectSense(LOGICAL_UNIT_NOT_SUPPORTED);
            }
            while (host.execute(9L << 48, Cdb.testUnitReady(), null, 0).status() != 0) {
                // One unit attention after the other.
            }
            host.write10(9L << 48, 0, new byte[World.BLOCK], World.BLOCK);
        }
    }

    private static void readOnly(World world) throws Exception {
        world.console("target:allow " + MASKED + " masked --lun 0:ro --lun 1");
        try (TestInitiator host = host(world).login(MASKED)) {
            Disk.ready(host);
            byte[] block = new byte[World.BLOCK];
            byte[] two = new byte[2 * World.BLOCK];
            byte[] descriptor = ByteBuffer.allocate(24)
                    .putShort((short) 22)
                    .putShort((short) 16)
                    .array();
            Map<byte[], byte[]> writes = Map.ofEntries(
                    Map.entry(Cdb.hex("0a 00 00 00 01 00"), block),
                    Map.entry(Cdb.write10(0, 1), block),
                    Map.entry(Cdb.twelve(0xAA, 0, 0, 1), block),
                    Map.entry(Cdb.sixteen(0x8A, 0, 0, 1), block),
                    Map.entry(Cdb.ten(0x2E, 0, 0, 1), block),
                    Map.entry(Cdb.sixteen(0x8E, 0, 0, 1), block),
                    Map.entry(Cdb.ten(0x41, 0, 0, 1), block),
                    Map.entry(Cdb.sixteen(0x93, 0, 0, 1), block),
                    Map.entry(Cdb.sixteen(0x8B, 0, 0, 1), block),
                    Map.entry(Cdb.hex("9c 00 00 00 00 00 00 00 00 00 00 00 00 01 00 00"), block),
                    Map.entry(Cdb.hex("89 00 00 00 00 00 00 00 00 00 00 00 00 01 00 00"), two),
                    Map.entry(Cdb.hex("42 00 00 00 00 00 00 00 18 00"), descriptor),
                    Map.entry(Cdb.hex("04 00 00 00 00 00"), new byte[0]),
                    Map.entry(Cdb.hex("48 02 00 00 00 00 00 00 00 00"), new byte[0]));
            for (Map.Entry<byte[], byte[]> write : writes.entrySet()) {
                ScsiResult result = host.execute(0, write.getKey(), write.getValue(), 0);
                assertEquals(HexFormat.of().formatHex(write.getKey()), WRITE_PROTECTED, result.senseCode());
            }
            copy(host, 1, 0).expectSense(COPY_TARGET_DEVICE_NOT_REACHABLE, WRITE_PROTECTED);
            copy(host, 0, 1).result().expectGood();
            byte[] register = ByteBuffer.allocate(24).putLong(8, 1).array();
            host.execute(0, Cdb.hex("5f 00 00 00 00 00 00 00 18 00"), register, 0)
                    .expectSense(WRITE_PROTECTED);
            assertArrayEquals(block, host.read10(0, 0, 1, World.BLOCK));
        }
    }

    /** What came of a copy. */
    private record Copied(ScsiResult result) {

        /** Fails unless it was refused in one of the ways that the standard leaves to a copy manager. */
        void expectSense(int... allowed) {
            assertTrue(
                    Integer.toHexString(result.senseCode()),
                    Arrays.stream(allowed).anyMatch(code -> code == result.senseCode())
                            || result.senseCode() >> 16 == 0x0A);
        }
    }

    private static Copied copy(TestInitiator host, int from, int to) throws IOException {
        return new Copied(CopyList.copy(
                host,
                CopyList.list(
                        List.of(CopyList.target(host, from), CopyList.target(host, to)),
                        List.of(CopyList.segment(0, 1, 0, 0, 8)))));
    }

    private static void addresses(World world) throws Exception {
        int port = world.portal().getPort();
        world.console("portal:create [::1]:" + port + "; initiator:create near --address 127.0.9.0/24 --address ::1;"
                + " target:allow " + MASKED + " near");
        try {
            for (String address : new String[] {"127.0.9.0", "127.0.9.255"}) {
                try (TestInitiator host = TestInitiator.connectFrom(address, world.portal())) {
                    host.login(MASKED);
                }
            }
            try (TestInitiator host = TestInitiator.connect(new InetSocketAddress("::1", port))) {
                host.login(MASKED);
            }
            for (String address : new String[] {"127.0.8.255", "127.0.10.0", "127.0.0.1"}) {
                try (TestInitiator host = TestInitiator.connectFrom(address, world.portal())) {
                    refused(host);
                }
                try (TestInitiator host = TestInitiator.connectFrom(address, world.portal())) {
                    assertFalse(address, discovers(host));
                }
            }
            world.console("initiator:set near --iqn " + HOST);
            try (TestInitiator host = TestInitiator.connectFrom("127.0.9.1", world.portal())) {
                refused(host.name(HOST + "x"));
            }
            try (TestInitiator host = TestInitiator.connectFrom("127.0.9.1", world.portal())) {
                host.name(HOST).login(MASKED);
            }
        } finally {
            world.console("target:deny " + MASKED + " near --open-to-all; initiator:delete near; portal:delete [::1]:"
                    + port);
        }
    }

    private static void refused(TestInitiator host) throws IOException {
        LoginResult result = host.tryLogin(host.names("Normal", MASKED));
        assertEquals(NOT_FOUND, result.status());
    }

    private static boolean discovers(TestInitiator host) throws IOException {
        return host.loginDiscovery().text(Map.of("SendTargets", "All")).contains(MASKED);
    }

    private static void copies(World world) throws Exception {
        byte[] hidden;
        try (TestInitiator other = world.connect().login(MASKED)) {
            Disk.ready(other);
            hidden = CopyList.target(other, 2);
        }
        Medium medium = Medium.filled(world, MASKED, 2, World.BLOCK, BLOCKS);
        world.console("target:allow " + MASKED + " masked --lun 0 --lun 1; initiator:create any; target:allow " + MASKED
                + " any");
        try (TestInitiator host = host(world).login(MASKED)) {
            Disk.ready(host);
            byte[] own = CopyList.target(host, 0);
            for (List<byte[]> units : List.of(List.of(own, hidden), List.of(hidden, own), List.of(hidden, hidden))) {
                CopyList.copy(host, CopyList.list(units, List.of(CopyList.segment(0, 1, 0, 8, 8))))
                        .expectSense(COPY_TARGET_DEVICE_NOT_REACHABLE);
            }
            copy(host, 0, 1).result().expectGood();
        }
        medium.expectKnown();
        world.console("target:deny " + MASKED + " any; initiator:delete any");
    }

    private static void designators(World world) throws Exception {
        String second = MASKED + "2";
        world.console("target:create " + second + " --backstore masked2 --backstore masked0");
        try {
            List<String> seen = designators(world, MASKED, 3);
            assertEquals("each has its own", 3, new TreeSet<>(seen).size());
            List<String> again = designators(world, second, 2);
            assertEquals(List.of(seen.get(2), seen.get(0)), again);
            world.console("gateway:apply");
            assertEquals(seen, designators(world, MASKED, 3));
            Set<String> others = new TreeSet<>(designators(world, World.TARGET, 2));
            others.retainAll(seen);
            assertEquals(Set.of(), others);
        } finally {
            world.console("target:delete " + second + " --force");
        }
    }

    private static List<String> designators(World world, String target, int luns) throws IOException {
        List<String> designators = new ArrayList<>();
        try (TestInitiator host = world.connect().login(target)) {
            Disk.ready(host);
            for (int lun = 0; lun < luns; lun++) {
                byte[] descriptor = CopyList.target(host, lun);
                designators.add(HexFormat.of().formatHex(descriptor, 8, 24));
            }
        }
        return designators;
    }

    /** A file that has just been deleted leaves its blocks to the next one; nobody may see them. */
    private static void newBlocks(World world) throws Exception {
        for (String kind : new String[] {"file", "memory"}) {
            for (int round = 0; round < 2; round++) {
                world.console("backstore:create " + kind + " fresh --size 4M"
                        + (kind.equals("file") ? " --path fresh.img" : "") + "; target:create " + MASKED
                        + " --backstore fresh");
                expectZeros(world, BLOCKS);
                Medium filled = Medium.filled(world, MASKED, 0, World.BLOCK, BLOCKS);
                world.console("backstore:resize fresh 6M");
                expectZerosFrom(world, BLOCKS, BLOCKS / 2);
                filled.expectKnown();
                unmapAll(world);
                expectZeros(world, BLOCKS);
                Medium.filled(world, MASKED, 0, World.BLOCK, BLOCKS);
                world.console("target:delete " + MASKED + " --force; backstore:delete fresh");
                Files.deleteIfExists(world.sluice().folder().resolve("volumes/fresh.img"));
            }
        }
    }

    private static void unmapAll(World world) throws IOException {
        byte[] list = ByteBuffer.allocate(24)
                .putShort((short) 22)
                .putShort((short) 16)
                .putInt(16, BLOCKS)
                .array();
        try (TestInitiator host = world.connect().login(MASKED)) {
            Disk.ready(host);
            host.execute(0, Cdb.hex("42 00 00 00 00 00 00 00 18 00"), list, 0).expectGood();
        }
    }

    private static void expectZeros(World world, int blocks) throws IOException {
        expectZerosFrom(world, 0, blocks);
    }

    private static void expectZerosFrom(World world, int lba, int blocks) throws IOException {
        try (TestInitiator host = world.connect().login(MASKED)) {
            Disk.ready(host);
            byte[] data = host.read10(0, lba, blocks, World.BLOCK);
            assertArrayEquals(new byte[data.length], data);
        }
    }
}
