package io.sluice.scsi.internal.spc;

import io.sluice.scsi.CheckConditionException;
import io.sluice.scsi.Sense;
import io.sluice.scsi.SenseData;
import io.sluice.scsi.internal.command.Command;
import io.sluice.scsi.internal.format.Bytes;
import io.sluice.scsi.internal.task.Execution;
import io.sluice.scsi.internal.unit.EchoBuffers;

/** READ BUFFER(10) (SPC-5 6.18): what WRITE BUFFER has put into the echo buffer, and how much fits. */
public final class ReadBufferCommand implements Command {

    private static final int ECHO = 0x0A;
    private static final int ECHO_DESCRIPTOR = 0x0B;

    @Override
    public void execute(Execution execution) throws CheckConditionException {
        byte[] cdb = execution.cdb();
        int length = Bytes.u24(cdb, 6);
        switch (cdb[1] & 0x1F) {
            case ECHO -> {
                byte[] echo = execution.unit().echoBuffers().get(execution.nexus());
                if (echo == null) {
                    throw new CheckConditionException(Sense.COMMAND_SEQUENCE_ERROR);
                }
                execution.respond(echo, length);
            }
            case ECHO_DESCRIPTOR -> {
                byte[] descriptor = new byte[4];
                Bytes.put16(descriptor, 2, EchoBuffers.CAPACITY);
                execution.respond(descriptor, length);
            }
            default -> throw new CheckConditionException(SenseData.invalidFieldInCdb(1, 4));
        }
    }
}
