package io.sluice.itests.badinput;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import io.sluice.testkit.initiator.Cdb;
import io.sluice.testkit.initiator.RawPdu;
import io.sluice.testkit.initiator.TestInitiator;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Hosts that ask for more than they take, or for as much as they can. */
final class Readers {

    private static final int WINDOW = 128;
    private static final int MIB = 1 << 20;
    private static final int BLOCKS_OF_MIB = MIB / World.BLOCK;
    private static final int MIBS = World.BLOCKS / BLOCKS_OF_MIB;

    /** What one initiator may have of the memory for data. */
    private static final long SHARE = 32L << 20;

    private Readers() {}

    static List<BadInput> inputs() {
        return List.of(
                new BadInput(
                        92,
                        "reads are asked for and nothing is read from the socket: what is queued is bounded, and nothing is lost",
                        Readers::unreadSocket),
                new BadInput(93, "1,000 reads of 1 MiB, as many at a time as the window lets", Readers::largeReads));
    }

    private static void unreadSocket(World world) throws IOException {
        Medium medium = Medium.attacked(world);
        for (String digest : new String[] {"None", "CRC32C"}) {
            try (TestInitiator initiator = TestInitiator.connect(world.portal(), Duration.ofSeconds(20), 64 << 10)) {
                World.ready(initiator
                        .name("iqn.2026-11.io.sluice:unread")
                        .login(World.TARGET, Map.of("DataDigest", digest)));
                Map<Integer, Integer> asked = new HashMap<>();
                for (int i = 0; i < WINDOW; i++) {
                    RawPdu read = read(initiator, i);
                    asked.put(read.taskTag(), i);
                    initiator.send(read);
                }
                long used = world.status().required("dataMemoryBytes").asLong();
                assertTrue("memory " + used, used <= SHARE);
                takeAll(initiator, asked, medium);
                Expect.serves(initiator);
            }
        }
    }

    private static RawPdu read(TestInitiator initiator, int number) {
        return initiator.command(0, Cdb.read10(lba(number), BLOCKS_OF_MIB), 0, MIB);
    }

    private static int lba(int number) {
        return number % MIBS * BLOCKS_OF_MIB;
    }

    /** Takes the data of reads that are answered in any order; each is the medium's. */
    private static void takeAll(TestInitiator initiator, Map<Integer, Integer> asked, Medium medium)
            throws IOException {
        Map<Integer, Integer> taken = new HashMap<>();
        while (!asked.isEmpty()) {
            takeOne(initiator, asked, taken, medium);
        }
    }

    private static void takeOne(
            TestInitiator initiator, Map<Integer, Integer> asked, Map<Integer, Integer> taken, Medium medium)
            throws IOException {
        RawPdu pdu = initiator.expect(RawPdu.DATA_IN);
        byte[] data = pdu.data();
        int number = asked.get(pdu.taskTag());
        int offset = taken.getOrDefault(pdu.taskTag(), 0);
        assertEquals("in order", offset, pdu.int32(40));
        medium.expectAt((long) lba(number) * World.BLOCK + offset, data);
        taken.put(pdu.taskTag(), offset + data.length);
        if ((pdu.int8(1) & 1) != 0) {
            assertEquals("whole", MIB, offset + data.length);
            asked.remove(pdu.taskTag());
        }
    }

    private static void largeReads(World world) throws IOException {
        Medium medium = Medium.attacked(world);
        try (TestInitiator initiator = world.login(Map.of("MaxRecvDataSegmentLength", "262144"))) {
            Map<Integer, Integer> asked = new HashMap<>();
            Map<Integer, Integer> taken = new HashMap<>();
            int sent = 0;
            while (sent < 1000 || !asked.isEmpty()) {
                while (sent < 1000 && initiator.maxCmdSn() - initiator.cmdSn() >= 0) {
                    RawPdu read = read(initiator, sent);
                    asked.put(read.taskTag(), sent++);
                    initiator.send(read);
                }
                if (sent == 500) {
                    long used = world.status().required("dataMemoryBytes").asLong();
                    assertTrue("memory " + used, used <= SHARE);
                }
                takeOne(initiator, asked, taken, medium);
            }
            Expect.serves(initiator);
        }
    }
}
