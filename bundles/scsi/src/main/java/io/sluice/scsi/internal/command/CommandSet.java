package io.sluice.scsi.internal.command;

import java.util.List;

/** The commands that there are, found by operation code and service action. */
public final class CommandSet {

    private static final int OPCODES = 256;
    private static final int SERVICE_ACTIONS = 32;

    private final List<CommandDescriptor> rows;
    private final CommandDescriptor[] byOpcode = new CommandDescriptor[OPCODES];
    private final CommandDescriptor[][] byServiceAction = new CommandDescriptor[OPCODES][];

    /**
     * Makes a set.
     *
     * @param rows in the order of operation codes
     * @throws IllegalStateException if there are two for the same command
     */
    public CommandSet(List<CommandDescriptor> rows) {
        this.rows = List.copyOf(rows);
        rows.forEach(this::index);
    }

    private void index(CommandDescriptor row) {
        CommandDescriptor[] slots = byOpcode;
        int slot = row.opcode();
        if (row.serviceAction() != CommandDescriptor.NO_SERVICE_ACTION) {
            if (byServiceAction[row.opcode()] == null) {
                byServiceAction[row.opcode()] = new CommandDescriptor[SERVICE_ACTIONS];
            }
            slots = byServiceAction[row.opcode()];
            slot = row.serviceAction();
        }
        if (slots[slot] != null) {
            throw new IllegalStateException("two rows for " + row.name() + " and " + slots[slot].name());
        }
        slots[slot] = row;
    }

    /** Returns all rows, in the order of operation code and service action. */
    public List<CommandDescriptor> rows() {
        return rows;
    }

    /** Returns the row of a CDB, or null if there is none. */
    public CommandDescriptor find(byte[] cdb) {
        return find(cdb[0] & 0xFF, cdb[1] & (SERVICE_ACTIONS - 1));
    }

    /** Returns the row of an operation code and, where that has any, service action, or null. */
    public CommandDescriptor find(int opcode, int serviceAction) {
        CommandDescriptor[] actions = byServiceAction[opcode];
        return actions == null ? byOpcode[opcode] : actions[serviceAction];
    }

    /** Returns whether commands of an operation code are told apart by a service action. */
    public boolean hasServiceActions(int opcode) {
        return byServiceAction[opcode] != null;
    }
}
