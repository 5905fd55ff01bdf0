package io.sluice.scsi.internal.unit;

import io.sluice.scsi.Nexus;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * How a unit appears to a nexus: at which LUN, and whether for reading only. It ends when it is taken away; a task that came
 * through it then uses the unit no more. Thread-safe.
 */
public final class LunMapping {

    private final int lun;
    private final BlockDevice unit;
    private final TaskServer server;
    private final NexusView view;
    private volatile boolean readOnly;
    private volatile boolean gone;
    private volatile Traffic traffic;

    /** Commands that wait because their initiator has a limit, and those of them that nobody may pass. */
    private final AtomicInteger held = new AtomicInteger();

    private final AtomicInteger heldOrdered = new AtomicInteger();

    /**
     * @param lun its number as the nexus sees it
     * @param unit the unit
     * @param server performs its commands
     * @param readOnly whether writes through this mapping are refused
     * @param view what else the nexus sees
     * @param traffic counts what comes through it
     */
    public LunMapping(int lun, BlockDevice unit, TaskServer server, boolean readOnly, NexusView view, Traffic traffic) {
        this.lun = lun;
        this.unit = unit;
        this.server = server;
        this.readOnly = readOnly;
        this.view = view;
        this.traffic = traffic;
    }

    /** Returns its number. */
    public int lun() {
        return lun;
    }

    /** Returns the unit. */
    public BlockDevice unit() {
        return unit;
    }

    /** Returns who performs its commands. */
    public TaskServer server() {
        return server;
    }

    /** Returns whether writes through this mapping are refused. */
    public boolean readOnly() {
        return readOnly;
    }

    /** Refuses writes from now on, or no more. */
    public void setReadOnly(boolean refused) {
        readOnly = refused;
    }

    /** Returns what else the nexus sees. */
    public NexusView view() {
        return view;
    }

    /** Returns the nexus that it is of. */
    public Nexus nexus() {
        return view.nexus();
    }

    /** Returns what counts the commands that come through it. */
    public Traffic traffic() {
        return traffic;
    }

    /** Has commands counted elsewhere from now on: it is of another LUN of the target, with the same unit. */
    public void count(Traffic elsewhere) {
        traffic = elsewhere;
    }

    /** Returns whether it was taken away. */
    public boolean gone() {
        return gone;
    }

    /** A command begins to wait because its initiator has a limit. */
    public void hold(boolean ordered) {
        held.incrementAndGet();
        if (ordered) {
            heldOrdered.incrementAndGet();
        }
    }

    /** A command does not wait any more. */
    public void letGo(boolean ordered) {
        held.decrementAndGet();
        if (ordered) {
            heldOrdered.decrementAndGet();
        }
    }

    /** Returns whether a command that comes now has to stay behind those that wait: if it is ordered, or one of them is. */
    public boolean holdsBack(boolean ordered) {
        return (ordered ? held : heldOrdered).get() > 0;
    }

    /** Takes it away; to be called before the tasks that came through it are looked for. */
    public void end() {
        gone = true;
    }
}
