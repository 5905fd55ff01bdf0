package io.sluice.iscsi.session;

import io.sluice.management.SessionHabits;
import java.util.List;

/**
 * How an initiator uses a session. Counted on the event loop of the session alone, in plain fields, because it is done for each
 * command; who asks from another thread may be told what was so a moment ago.
 */
public final class Habits {

    private static final int READ_10 = 0x28;
    private static final int WRITE_10 = 0x2A;
    private static final int READ_16 = 0x88;
    private static final int WRITE_16 = 0x8A;
    /** Eight blocks of 512 bytes are one of 4,096. */
    private static final int WITHIN_EIGHT = 7;

    private int mostCommands;
    private long transfers;
    private long odd;
    private long pings;

    /**
     * A command begins.
     *
     * @param underWay how many there are now, this one too
     */
    public void command(byte[] cdb, int underWay) {
        if (underWay > mostCommands) {
            mostCommands = underWay;
        }
        switch (cdb[0] & 0xFF) {
            case READ_10, WRITE_10 -> transfer(cdb[5] | cdb[8]);
            case READ_16, WRITE_16 -> transfer(cdb[9] | cdb[13]);
            default -> {}
        }
    }

    /** @param low the low bytes of the first block and of the number of blocks, one over the other */
    private void transfer(int low) {
        transfers++;
        if ((low & WITHIN_EIGHT) != 0) {
            odd++;
        }
    }

    /** The initiator asks whether the gateway is there. */
    public void ping() {
        pings++;
    }

    /** Returns what is known of sessions that have a target. */
    public static List<SessionHabits> of(List<Session> sessions) {
        return sessions.stream()
                .filter(session -> session.target() != null)
                .map(session -> session.habits().of(session.tsih()))
                .toList();
    }

    private SessionHabits of(int session) {
        return new SessionHabits(session, mostCommands, transfers, odd, pings);
    }
}
