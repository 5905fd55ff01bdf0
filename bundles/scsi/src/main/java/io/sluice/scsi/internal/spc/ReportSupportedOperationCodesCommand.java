package io.sluice.scsi.internal.spc;

import io.sluice.scsi.CheckConditionException;
import io.sluice.scsi.SenseData;
import io.sluice.scsi.internal.command.Command;
import io.sluice.scsi.internal.command.CommandDescriptor;
import io.sluice.scsi.internal.command.CommandSet;
import io.sluice.scsi.internal.format.Bytes;
import io.sluice.scsi.internal.task.Execution;
import java.util.List;
import java.util.function.Supplier;

/** REPORT SUPPORTED OPERATION CODES (SPC-5 6.34): the command table itself. */
public final class ReportSupportedOperationCodesCommand implements Command {

    private static final int RCTD = 0x80;
    private static final int SERVACTV = 0x01;
    private static final int CTDP_OF_LIST = 0x02;
    private static final int CTDP_OF_ONE = 0x80;
    private static final int DESCRIPTOR = 8;
    private static final int TIMEOUTS = 12;

    /** SUPPORT: there is no such command, or it is as the standard says. */
    private static final int NOT_SUPPORTED = 0x01;

    private static final int SUPPORTED = 0x03;

    private final Supplier<CommandSet> commands;

    /** @param commands the set that this command is in, too */
    public ReportSupportedOperationCodesCommand(Supplier<CommandSet> commands) {
        this.commands = commands;
    }

    @Override
    public void execute(Execution execution) throws CheckConditionException {
        byte[] cdb = execution.cdb();
        boolean timeouts = (cdb[2] & RCTD) != 0;
        int opcode = Bytes.u8(cdb, 3);
        int action = Bytes.u16(cdb, 4);
        byte[] data =
                switch (cdb[2] & 0x07) {
                    case 0 -> all(execution, timeouts);
                    case 1 -> one(execution, onlyOpcode(opcode), timeouts);
                    case 2 -> one(execution, withServiceAction(opcode, action), timeouts);
                    case 3 -> one(execution, either(opcode, action), timeouts);
                    default -> throw new CheckConditionException(SenseData.invalidFieldInCdb(2, 2));
                };
        execution.respond(data, Bytes.u32(cdb, 6));
    }

    /** Reporting option 1 is refused for an operation code that has service actions. */
    private CommandDescriptor onlyOpcode(int opcode) throws CheckConditionException {
        if (commands.get().hasServiceActions(opcode)) {
            throw new CheckConditionException(SenseData.invalidFieldInCdb(2, 2));
        }
        return commands.get().find(opcode, 0);
    }

    /** Reporting option 2 is refused for an operation code that has none. */
    private CommandDescriptor withServiceAction(int opcode, int action) throws CheckConditionException {
        if (!commands.get().hasServiceActions(opcode)) {
            throw new CheckConditionException(SenseData.invalidFieldInCdb(2, 2));
        }
        return find(opcode, action);
    }

    /** Reporting option 3 says "not supported" where the other two refuse. */
    private CommandDescriptor either(int opcode, int action) {
        return commands.get().hasServiceActions(opcode) || action == 0 ? find(opcode, action) : null;
    }

    private CommandDescriptor find(int opcode, int action) {
        return action > 0x1F ? null : commands.get().find(opcode, action);
    }

    private static boolean offered(Execution execution, CommandDescriptor row) {
        return row.offeredBy(execution.unit()) && row.allowedTo(execution.nexus());
    }

    private byte[] all(Execution execution, boolean timeouts) {
        List<CommandDescriptor> rows = commands.get().rows().stream()
                .filter(row -> offered(execution, row))
                .toList();
        int entry = DESCRIPTOR + (timeouts ? TIMEOUTS : 0);
        byte[] data = new byte[4 + rows.size() * entry];
        Bytes.put32(data, 0, data.length - 4);
        int offset = 4;
        for (CommandDescriptor row : rows) {
            boolean hasAction = row.serviceAction() != CommandDescriptor.NO_SERVICE_ACTION;
            data[offset] = (byte) row.opcode();
            Bytes.put16(data, offset + 2, hasAction ? row.serviceAction() : 0);
            data[offset + 5] = (byte) ((hasAction ? SERVACTV : 0) | (timeouts ? CTDP_OF_LIST : 0));
            Bytes.put16(data, offset + 6, row.usage().length);
            if (timeouts) {
                putTimeouts(data, offset + DESCRIPTOR);
            }
            offset += entry;
        }
        return data;
    }

    private static byte[] one(Execution execution, CommandDescriptor row, boolean timeouts) {
        if (row == null || !offered(execution, row)) {
            return new byte[] {0, NOT_SUPPORTED, 0, 0};
        }
        int usageLength = row.usage().length;
        byte[] data = new byte[4 + usageLength + (timeouts ? TIMEOUTS : 0)];
        data[1] = (byte) (SUPPORTED | (timeouts ? CTDP_OF_ONE : 0));
        Bytes.put16(data, 2, usageLength);
        System.arraycopy(row.usage(), 0, data, 4, usageLength);
        if (timeouts) {
            putTimeouts(data, 4 + usageLength);
        }
        return data;
    }

    /** No timeout is recommended: the length alone is filled in (SPC-5 6.34.4). */
    private static void putTimeouts(byte[] data, int offset) {
        Bytes.put16(data, offset, TIMEOUTS - 2);
    }
}
