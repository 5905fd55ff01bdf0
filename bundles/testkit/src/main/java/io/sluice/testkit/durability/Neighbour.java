package io.sluice.testkit.durability;

import io.sluice.testkit.initiator.TestInitiator;
import java.io.IOException;

/** Another host at the disk that is recorded: it comes and goes, and resets the unit under the commands of others. */
final class Neighbour {

    private static final int FIRST_NUMBER = 9000;
    private static final int LOGICAL_UNIT_RESET = 5;
    private static final int FUNCTION_COMPLETE = 0;
    private static final int HEADER_BYTES = 4;
    private static final int TAS_BYTE = HEADER_BYTES + 5;
    private static final int TAS = 0x40;
    private static final int CONTROL_BYTES = HEADER_BYTES + 12;

    private final Recording.Setup setup;

    Neighbour(Recording.Setup setup) {
        this.setup = setup;
    }

    /** Logs in some sessions, and then logs out all of them. */
    void visit(int sessions) throws IOException {
        TestInitiator[] visitors = new TestInitiator[sessions];
        try {
            for (int i = 0; i < sessions; i++) {
                visitors[i] = Recording.logIn(setup, FIRST_NUMBER + i);
            }
            for (TestInitiator visitor : visitors) {
                visitor.logout();
            }
        } finally {
            for (TestInitiator visitor : visitors) {
                if (visitor != null) {
                    visitor.close();
                }
            }
        }
    }

    /** Resets the unit. Before that it has those be told whose commands are aborted: they would wait for ever otherwise. */
    void reset() throws IOException {
        try (TestInitiator initiator = Recording.logIn(setup, FIRST_NUMBER)) {
            byte[] page = initiator
                    .execute(setup.lun(), new byte[] {0x1A, 0x08, 0x0A, 0, CONTROL_BYTES, 0}, null, CONTROL_BYTES)
                    .expectGood();
            page[0] = 0;
            page[2] = 0;
            page[HEADER_BYTES] &= 0x7F;
            page[TAS_BYTE] |= TAS;
            initiator
                    .execute(setup.lun(), new byte[] {0x15, 0x10, 0, 0, (byte) page.length, 0}, page, 0)
                    .expectGood();
            int response = initiator.taskManagement(LOGICAL_UNIT_RESET, setup.lun(), -1, 0);
            if (response != FUNCTION_COMPLETE) {
                throw new IOException("the reset of the unit was answered with " + response);
            }
            initiator.logout();
        }
    }
}
