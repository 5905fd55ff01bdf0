package io.sluice.testkit.initiator;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * An initiator with several paths to one logical unit, as a host with multipath over ALUA has them: it uses one path, and when a
 * command fails there that may do well elsewhere, it sends the same command through the next one. A path whose ports stand by is
 * told by SET TARGET PORT GROUPS to become active first (SPC-5 5.16.2.7). One thread.
 */
public final class MultipathInitiator implements AutoCloseable {

    private static final int UNIT_ATTENTION = 0x06;
    private static final int NOT_READY = 0x02;
    private static final int CHECK_CONDITION = 0x02;
    private static final int BUSY = 0x08;
    private static final int TASK_SET_FULL = 0x28;
    private static final int TARGET_PORT_GROUP = 0x15;
    private static final int DATA_LENGTH = 1024;
    private static final long BETWEEN_ROUNDS_MILLIS = 20;

    /** Which unit attentions and answers that are busy are taken one after the other at most. */
    private static final int PATIENCE = 200;

    /** A way to the unit: a portal and a target. LUN 0 is meant. */
    public record Path(InetSocketAddress portal, String target) {}

    /** The access state of a target port group (SPC-5 6.36). */
    public record Group(int number, int state) {}

    private final String name;
    private final long isid;
    private final List<Path> paths;
    private final Duration answer;
    private final Duration patience;
    private int current;
    private TestInitiator session;
    private int switches;

    /**
     * @param answer how long a path may take to answer before it is given up
     * @param patience how long a command is tried over all paths
     */
    public MultipathInitiator(String name, long isid, Duration answer, Duration patience, List<Path> paths) {
        this.name = name;
        this.isid = isid;
        this.answer = answer;
        this.patience = patience;
        this.paths = List.copyOf(paths);
    }

    /** Returns how often it has gone over to another path. */
    public int switches() {
        return switches;
    }

    /** Returns which path it uses. */
    public int current() {
        return current;
    }

    /** Goes over to a path, and has it become active there, before the next command. */
    public void use(int path) {
        leave();
        current = path;
    }

    /**
     * Runs a command to its end, whichever path that takes.
     *
     * @return what came of it that no other path would better
     * @throws IOException if no path has done it in time
     */
    public ScsiResult execute(byte[] cdb, byte[] dataOut, long dataInLength) throws IOException {
        long deadline = System.nanoTime() + patience.toNanos();
        IOException last = null;
        do {
            try {
                ScsiResult result = patient(path(), cdb, dataOut, dataInLength);
                if (!elsewhere(result)) {
                    return result;
                }
                last = new IOException("path " + current + ": " + result);
            } catch (IOException broken) {
                last = broken;
            }
            next();
        } while (System.nanoTime() < deadline);
        throw new IOException("no path has done it in " + patience + ": " + last.getMessage(), last);
    }

    /** Returns whether another path may do better: this one is not ready, or its ports stand by. */
    private static boolean elsewhere(ScsiResult result) {
        return result.status() == CHECK_CONDITION && result.senseCode() >> 16 == NOT_READY;
    }

    private void next() throws IOException {
        leave();
        current = (current + 1) % paths.size();
        switches++;
        if (current == 0) {
            try {
                TimeUnit.MILLISECONDS.sleep(BETWEEN_ROUNDS_MILLIS);
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
                throw new IOException("interrupted", interrupted);
            }
        }
    }

    private void leave() {
        if (session != null) {
            try {
                session.close();
            } catch (IOException gone) {
                // The path is given up because it is not well.
            }
            session = null;
        }
    }

    private TestInitiator path() throws IOException {
        if (session == null) {
            Path path = paths.get(current);
            TestInitiator made = TestInitiator.connect(path.portal(), answer, 0)
                    .name(name)
                    .isid(isid)
                    .login(path.target());
            session = made;
            activate(made);
        }
        return session;
    }

    /** As a device handler does it: only what stands by is told to become active. */
    private static void activate(TestInitiator path) throws IOException {
        int own = ownGroup(path);
        int state = groups(path).stream()
                .filter(group -> group.number() == own)
                .findFirst()
                .orElseThrow(() -> new IOException("group " + own + " is not reported"))
                .state();
        if (state == 0) {
            return;
        }
        byte[] list = ByteBuffer.allocate(8).putShort(6, (short) own).array();
        ScsiResult set = patient(path, Cdb.hex("a4 0a 00 00 00 00 00 00 00 08 00 00"), list, 0);
        if (set.status() != 0) {
            throw new IOException("the group " + own + " does not become active: " + set);
        }
    }

    /** Returns the target port group of the port that the path goes to (SPC-5 7.7.6.8). */
    public static int ownGroup(TestInitiator path) throws IOException {
        byte[] page = data(patient(path, Cdb.hex("12 01 83 04 00 00"), null, DATA_LENGTH));
        for (int at = 4; at + 8 <= page.length; at += 4 + (page[at + 3] & 0xFF)) {
            if ((page[at + 1] & 0x3F) == TARGET_PORT_GROUP) {
                return ByteBuffer.wrap(page).getShort(at + 6) & 0xFFFF;
            }
        }
        throw new IOException("there is no target port group in the Device Identification page");
    }

    /** Returns the target port groups that a path tells of. */
    public static List<Group> groups(TestInitiator path) throws IOException {
        byte[] data = data(patient(path, Cdb.hex("a3 0a 00 00 00 00 00 00 04 00 00 00"), null, DATA_LENGTH));
        List<Group> groups = new ArrayList<>();
        for (int at = 4; at + 8 <= data.length; at += 8 + 4 * (data[at + 7] & 0xFF)) {
            groups.add(new Group(ByteBuffer.wrap(data).getShort(at + 2) & 0xFFFF, data[at] & 0x0F));
        }
        return groups;
    }

    /** Returns what a command has brought, which may be less than there was room for. */
    private static byte[] data(ScsiResult result) throws IOException {
        if (result.status() != 0) {
            throw new IOException("the path does not tell what it is: " + result);
        }
        return result.data();
    }

    /** Tries a command again that was not performed because there was something to tell first, or too much to do. */
    private static ScsiResult patient(TestInitiator path, byte[] cdb, byte[] dataOut, long dataInLength)
            throws IOException {
        ScsiResult result = null;
        for (int i = 0; i < PATIENCE; i++) {
            result = path.execute(0, cdb, dataOut, dataInLength);
            boolean told = result.status() == CHECK_CONDITION && result.senseCode() >> 16 == UNIT_ATTENTION;
            if (!told && result.status() != BUSY && result.status() != TASK_SET_FULL) {
                return result;
            }
        }
        throw new IOException("the path does not perform a command: " + result);
    }

    @Override
    public void close() {
        leave();
    }
}
