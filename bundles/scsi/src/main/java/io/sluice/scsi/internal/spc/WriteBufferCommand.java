package io.sluice.scsi.internal.spc;

import io.sluice.scsi.CheckConditionException;
import io.sluice.scsi.SenseData;
import io.sluice.scsi.internal.command.Command;
import io.sluice.scsi.internal.format.Bytes;
import io.sluice.scsi.internal.task.Execution;
import io.sluice.scsi.internal.unit.EchoBuffers;

/** WRITE BUFFER (SPC-5 6.49): echo mode alone; there is no microcode to download. */
public final class WriteBufferCommand implements Command {

    private static final int ECHO = 0x0A;

    @Override
    public void execute(Execution execution) throws CheckConditionException {
        byte[] cdb = execution.cdb();
        if ((cdb[1] & 0x1F) != ECHO) {
            throw new CheckConditionException(SenseData.invalidFieldInCdb(1, 4));
        }
        int length = Bytes.u24(cdb, 6);
        if (length > EchoBuffers.CAPACITY) {
            throw new CheckConditionException(SenseData.invalidFieldInCdb(6, -1));
        }
        execution.receiveParameters(length, data -> {
            execution.unit().echoBuffers().put(execution.nexus(), data);
            execution.good();
        });
    }
}
