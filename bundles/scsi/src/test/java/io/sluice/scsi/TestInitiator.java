package io.sluice.scsi;

import io.sluice.scsi.target.ScsiTarget;
import io.sluice.scsi.target.TargetUnavailableException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/** An initiator that is logged in to one target, and sees there what its rights let it see. */
public final class TestInitiator implements Nexus.Listener {

    public static final String HOST = "iqn.2026-11.io.sluice:initiator";

    public final ScsiTarget target;
    public final Nexus nexus;

    /** LUN and sense, as they came. */
    private final List<String> events = new ArrayList<>();

    public TestInitiator(ScsiTarget target, TargetPort port, String name, NexusRights rights) {
        this.target = target;
        try {
            nexus = target.open(new InitiatorPort(name, 1), port, rights);
        } catch (TargetUnavailableException refused) {
            throw new AssertionError(refused);
        }
    }

    /** Logs in and takes note of the first unit attentions. */
    public static TestInitiator at(ScsiTarget target, int number, String name, NexusRights rights) {
        TestInitiator initiator = new TestInitiator(target, new TargetPort(target.name(), 1, number), name, rights);
        for (int lun = 0; lun < 8; lun++) {
            initiator.run(lun, "03 00 00 00 ff 00").expectGood();
        }
        return initiator;
    }

    @Override
    public synchronized void attention(long lun, SenseData sense) {
        events.add(Long.toHexString(lun >>> 48) + " " + sense.sense());
        notifyAll();
    }

    /** Waits for so many events. */
    public synchronized List<String> events(int count) throws InterruptedException {
        while (events.size() < count) {
            wait();
        }
        return List.copyOf(events);
    }

    public TestTask task(int lun, String cdb, byte[] data) {
        return new TestTask(
                nexus, Lun.encode(lun), HexFormat.ofDelimiter(" ").parseHex(cdb), data, data.length == 0 ? 1 << 20 : 0);
    }

    public TestTask send(TestTask task) {
        target.execute(task);
        return task;
    }

    public TestTask run(int lun, String cdb) {
        return write(lun, cdb, new byte[0]);
    }

    public TestTask write(int lun, String cdb, byte[] data) {
        return send(task(lun, cdb, data));
    }

    /** What REPORT LUNS lists, as the second byte of each. */
    public List<Integer> luns(int through) {
        byte[] list =
                run(through, "a0 00 00 00 00 00 00 00 10 00 00 00").expectGood().data();
        List<Integer> luns = new ArrayList<>();
        for (int offset = 8; offset < list.length; offset += 8) {
            luns.add(list[offset + 1] & 0xFF);
        }
        return luns;
    }

    public void change(NexusRights rights) {
        target.change(nexus, rights).toCompletableFuture().join();
    }

    public void close() {
        target.close(nexus).toCompletableFuture().join();
    }
}
