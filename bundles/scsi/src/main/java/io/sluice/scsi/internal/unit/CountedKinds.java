package io.sluice.scsi.internal.unit;

import io.sluice.metrics.CommandKind;
import java.util.Arrays;

/** What commands are counted as, by their operation codes (SBC-4 Annex E; SPC-5 Annex D). */
final class CountedKinds {

    private static final int[] READS = {0x08, 0x28, 0xA8, 0x88};

    /** WRITE, WRITE AND VERIFY, WRITE ATOMIC, COMPARE AND WRITE and ORWRITE: those with all of their blocks in Data-Out. */
    private static final int[] WRITES = {0x0A, 0x2A, 0xAA, 0x8A, 0x2E, 0xAE, 0x8E, 0x9C, 0x89, 0x8B};

    /** SYNCHRONIZE CACHE. */
    private static final int[] FLUSHES = {0x35, 0x91};

    private static final CommandKind[] BY_CODE = byCode();

    private CountedKinds() {}

    private static CommandKind[] byCode() {
        CommandKind[] kinds = new CommandKind[256];
        Arrays.fill(kinds, CommandKind.OTHER);
        put(kinds, READS, CommandKind.READ);
        put(kinds, WRITES, CommandKind.WRITE);
        put(kinds, FLUSHES, CommandKind.FLUSH);
        return kinds;
    }

    private static void put(CommandKind[] kinds, int[] codes, CommandKind kind) {
        for (int code : codes) {
            kinds[code] = kind;
        }
    }

    static CommandKind of(byte[] cdb) {
        return BY_CODE[cdb[0] & 0xFF];
    }
}
