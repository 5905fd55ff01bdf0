package io.sluice.scsi.internal.unit;

/** How a unit appears to a nexus. It ends when it is taken away; a task that came through it then uses the unit no more. */
public final class LunMapping {

    private final int lun;
    private final BlockDevice unit;
    private final TaskServer server;
    private final boolean readOnly;
    private final TargetDevice target;
    private volatile boolean gone;

    /**
     * @param lun its number
     * @param unit the unit
     * @param server performs its commands
     * @param readOnly whether writes through this mapping are refused
     * @param target the target that it is mapped into
     */
    public LunMapping(int lun, BlockDevice unit, TaskServer server, boolean readOnly, TargetDevice target) {
        this.lun = lun;
        this.unit = unit;
        this.server = server;
        this.readOnly = readOnly;
        this.target = target;
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

    /** Returns the target that it is mapped into. */
    public TargetDevice target() {
        return target;
    }

    /** Returns whether it was taken away. */
    public boolean gone() {
        return gone;
    }

    /** Takes it away; to be called before the tasks that came through it are looked for. */
    public void end() {
        gone = true;
    }
}
