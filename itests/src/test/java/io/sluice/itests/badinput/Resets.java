package io.sluice.itests.badinput;

import static org.junit.Assert.assertEquals;

import io.sluice.testkit.initiator.Cdb;
import io.sluice.testkit.initiator.RawPdu;
import io.sluice.testkit.initiator.TestInitiator;
import java.io.IOException;
import java.util.HexFormat;
import java.util.List;

/** Resets of a whole target, and what each nexus gets to know of what others do (RFC 7143 11.5.1, SAM-5 5.14). */
final class Resets {

    private static final int AUTHORIZATION_FAILED = 6;
    private static final int TARGET_WARM_RESET = 6;
    private static final int TARGET_COLD_RESET = 7;
    private static final int POWER_ON = 0x062900;
    private static final int RESET_OCCURRED = 0x062903;
    private static final int MODE_PARAMETERS_CHANGED = 0x062A01;
    private static final int CAPACITY_DATA_HAS_CHANGED = 0x062A09;

    private Resets() {}

    static List<BadInput> inputs() {
        return List.of(
                new BadInput(
                        111,
                        "warm and cold resets of a target: refused where they hit others; else tasks end, a cold one closes its sessions and no others (RFC 7143 11.5.1)",
                        Resets::targetResets),
                new BadInput(
                        115,
                        "unit attentions of several causes: for each nexus, in order, once (SAM-5 5.14)",
                        Resets::unitAttentions));
    }

    private static void targetResets(World world) throws IOException {
        Medium medium = Medium.attacked(world);
        try (TestInitiator one = world.login();
                TestInitiator other = world.login()) {
            for (int function : new int[] {TARGET_WARM_RESET, TARGET_COLD_RESET}) {
                assertEquals(AUTHORIZATION_FAILED, one.taskManagement(function, 0, RawPdu.RESERVED_TAG, 0));
            }
            Expect.serves(one);
            Expect.serves(other);
        }
        world.console("initiator:create managers; target:allow " + World.TARGET + " managers --manage");
        try {
            permittedResets(world);
        } finally {
            world.console("target:deny " + World.TARGET + " managers --open-to-all; initiator:delete managers");
        }
        medium.expectKnown();
    }

    private static void permittedResets(World world) throws IOException {
        try (TestInitiator one = world.login();
                TestInitiator other = world.login()) {
            RawPdu write = other.command(0, Cdb.write10(0, 8), 4096, 0);
            other.send(write);
            int tag = other.expect(RawPdu.R2T).int32(20);
            assertEquals(0, one.taskManagement(TARGET_WARM_RESET, 0, RawPdu.RESERVED_TAG, 0));
            other.send(other.dataOut(0, write.taskTag(), tag, 0, 0, new byte[4096], true));
            for (TestInitiator host : List.of(one, other)) {
                for (long lun = 0; lun < 2; lun++) {
                    host.execute(lun << 48, Cdb.testUnitReady(), null, 0).expectSense(RESET_OCCURRED);
                    host.execute(lun << 48, Cdb.testUnitReady(), null, 0).expectGood();
                }
                Expect.serves(host);
            }
            other.send(other.command(0, Cdb.write10(0, 8), 4096, 0));
            other.expect(RawPdu.R2T);
            assertEquals(0, one.taskManagement(TARGET_COLD_RESET, 0, RawPdu.RESERVED_TAG, 0));
            one.expectClosed();
            other.expectClosed();
        }
        try (TestInitiator anew = world.login()) {
            Expect.serves(anew);
        }
    }

    private static int ready(TestInitiator host) throws IOException {
        return host.execute(0, Cdb.testUnitReady(), null, 0).senseCode();
    }

    private static boolean told(TestInitiator host, int senseCode) {
        try {
            return ready(host) == senseCode;
        } catch (IOException lost) {
            throw new AssertionError(lost);
        }
    }

    private static void unitAttentions(World world) throws IOException {
        try (Disk disk = new Disk(world, "attentive", "file attentive --path attentive.img --size 1M");
                TestInitiator one = disk.login();
                TestInitiator other = disk.login()) {
            world.console("backstore:resize " + disk.name() + " 2M");
            // Units are told of a new size when the storage has it, which may be after the console line.
            World.await("the new size is told", World.SLACK, () -> told(one, CAPACITY_DATA_HAS_CHANGED));
            byte[] writeThrough = HexFormat.ofDelimiter(" ").parseHex("00 00 00 00 08 12 00" + " 00".repeat(17));
            one.execute(0, Cdb.hex("15 10 00 00 18 00"), writeThrough, 0).expectGood();
            assertEquals(0, one.taskManagement(Aborts.LOGICAL_UNIT_RESET, 0, RawPdu.RESERVED_TAG, 0));
            other.execute(0, Cdb.inquiry(36), null, 36).expectGood();
            assertEquals(
                    0,
                    other.execute(0, Cdb.hex("a0 00 00 00 00 00 00 00 10 00 00 00"), null, 4096)
                            .status());
            byte[] sense =
                    other.execute(0, Cdb.hex("03 00 00 00 12 00"), null, 18).expectGood();
            assertEquals("REQUEST SENSE takes the first", 0x2903, sense[12] << 8 | sense[13]);
            assertEquals(MODE_PARAMETERS_CHANGED, ready(other));
            assertEquals(CAPACITY_DATA_HAS_CHANGED, ready(other));
            assertEquals(-1, ready(other));
            assertEquals("its own reset is one, its own change is none", RESET_OCCURRED, ready(one));
            assertEquals(-1, ready(one));
            try (TestInitiator late = world.connect().login(disk.target())) {
                assertEquals(POWER_ON, ready(late));
                assertEquals(-1, ready(late));
            }
            assertEquals(-1, ready(one));
            assertEquals(-1, ready(other));
        }
    }
}
