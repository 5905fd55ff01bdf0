package io.sluice.itests;

import static org.junit.Assert.assertEquals;

import io.sluice.testkit.initiator.ScsiResult;
import io.sluice.testkit.initiator.TestInitiator;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;

/** A host that sends what a cluster or hypervisor would, written as CDBs. */
final class Host implements AutoCloseable {

    static final int GOOD = 0x00;
    static final int RESERVATION_CONFLICT = 0x18;
    static final int MISCOMPARE = 0x0E1D00;

    static final int REGISTER = 0;
    static final int RESERVE = 1;
    static final int RELEASE = 2;
    static final int CLEAR = 3;
    static final int PREEMPT = 4;
    static final int PREEMPT_AND_ABORT = 5;
    static final int REGISTER_AND_IGNORE = 6;
    static final int WRITE_EXCLUSIVE_REGISTRANTS_ONLY = 5;

    private static final int UNIT_ATTENTION = 0x06;
    private static final HexFormat HEX = HexFormat.ofDelimiter(" ");

    private final TestInitiator initiator;

    private Host(TestInitiator initiator) {
        this.initiator = initiator;
    }

    /** Logs in and clears the unit attention of a new session. */
    static Host logIn(Sluice sluice, String target, long isid) throws IOException {
        return logIn(sluice, target, isid, Duration.ofSeconds(5));
    }

    /** As {@link #logIn(Sluice, String, long)}, and waits so long for an answer. */
    static Host logIn(Sluice sluice, String target, long isid, Duration patience) throws IOException {
        TestInitiator initiator = TestInitiator.connect(sluice.portal(), patience, 0)
                .name("iqn.2026-11.io.sluice:host" + isid)
                .isid(0x4000_0137_0000L + isid)
                .login(target);
        Host host = new Host(initiator);
        host.clearUnitAttention();
        return host;
    }

    void clearUnitAttention() throws IOException {
        while (run("00 00 00 00 00 00").senseCode() >> 16 == UNIT_ATTENTION) {
            // The next one may be pending.
        }
    }

    /** Takes the next unit attention, which has to be this one. */
    void expectUnitAttention(int code) throws IOException {
        assertEquals(
                Integer.toHexString(code),
                Integer.toHexString(0x060000 | code),
                Integer.toHexString(run("00 00 00 00 00 00").senseCode()));
    }

    ScsiResult run(String cdb) throws IOException {
        return initiator.execute(0, HEX.parseHex(cdb), new byte[0], 4096);
    }

    ScsiResult send(String cdb, byte[] data) throws IOException {
        return initiator.execute(0, HEX.parseHex(cdb), data, 0);
    }

    ScsiResult reserveOut(int action, int type, long key, long actionKey, boolean persistent) throws IOException {
        byte[] list = ByteBuffer.allocate(24)
                .putLong(key)
                .putLong(actionKey)
                .put(20, (byte) (persistent ? 1 : 0))
                .array();
        return send(String.format("5f %02x %02x 00 00 00 00 00 18 00", action, type), list);
    }

    /** Returns the registered keys. */
    long[] keys() throws IOException {
        ByteBuffer data = ByteBuffer.wrap(run("5e 00 00 00 00 00 00 08 00 00").data());
        long[] keys = new long[data.getInt(4) / 8];
        data.position(8).asLongBuffer().get(keys);
        return keys;
    }

    /** Returns key and type of the reservation as text, or an empty text. */
    String reservation() throws IOException {
        byte[] data = run("5e 01 00 00 00 00 00 08 00 00").data();
        ByteBuffer fields = ByteBuffer.wrap(data);
        return fields.getInt(4) == 0 ? "" : Long.toHexString(fields.getLong(8)) + " type " + (data[21] & 0x0F);
    }

    int read(long lba) throws IOException {
        return run(String.format("28 00 00 00 00 %02x 00 00 01 00", lba)).status();
    }

    int write(long lba, int value) throws IOException {
        byte[] block = new byte[512];
        Arrays.fill(block, (byte) value);
        return send(String.format("2a 00 00 00 00 %02x 00 00 01 00", lba), block)
                .status();
    }

    /** COMPARE AND WRITE of one block: the VMFS test-and-set. */
    ScsiResult compareAndWrite(long lba, byte[] expected, byte[] replacement) throws IOException {
        byte[] both = Arrays.copyOf(expected, 1024);
        System.arraycopy(replacement, 0, both, 512, 512);
        return send(String.format("89 00 00 00 00 00 00 00 00 %02x 00 00 00 01 00 00", lba), both);
    }

    TestInitiator initiator() {
        return initiator;
    }

    @Override
    public void close() throws IOException {
        initiator.close();
    }
}
