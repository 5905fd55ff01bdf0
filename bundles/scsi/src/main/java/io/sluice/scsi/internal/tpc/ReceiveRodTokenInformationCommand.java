package io.sluice.scsi.internal.tpc;

import io.sluice.scsi.CheckConditionException;
import io.sluice.scsi.SenseData;
import io.sluice.scsi.internal.command.Command;
import io.sluice.scsi.internal.format.Bytes;
import io.sluice.scsi.internal.format.CdbFormat;
import io.sluice.scsi.internal.task.Execution;
import io.sluice.scsi.internal.unit.CopyManager;

/** RECEIVE ROD TOKEN INFORMATION (SPC-5 6.25, SBC-4 5.29): how a token operation is doing or has failed, and the token it made. */
public final class ReceiveRodTokenInformationCommand implements Command {

    private static final int HEADER = 32;
    private static final int TOKENS_LENGTH_FIELD = 4;
    private static final int TOKEN_DESCRIPTOR = 2 + CopyManager.TOKEN_LENGTH;
    private static final int IN_PROGRESS = 0x10;
    private static final int COMPLETED = 0x01;
    private static final int COMPLETED_WITH_ERRORS = 0x02;

    /** TRANSFER COUNT UNITS: logical blocks. */
    private static final int BLOCKS = 0xF1;

    @Override
    public void execute(Execution execution) throws CheckConditionException {
        long listId = 1L << 32 | Bytes.u32(execution.cdb(), 2);
        TokenOperation operation =
                execution.unit().copyOperations().get(execution.nexus(), listId, TokenOperation.class);
        if (operation == null) {
            throw new CheckConditionException(SenseData.invalidFieldInCdb(2, -1));
        }
        CopyStatus status = operation.status();
        boolean ended = status.ended();
        byte[] token = ended ? operation.token() : null;
        byte[] sense = ended ? status.sense() : new byte[0];
        int tokens = HEADER + sense.length;
        byte[] data = new byte[tokens + TOKENS_LENGTH_FIELD + (token == null ? 0 : TOKEN_DESCRIPTOR)];
        Bytes.put32(data, 0, data.length - 4);
        data[4] = (byte) operation.serviceAction();
        data[5] = (byte) (!ended ? IN_PROGRESS : status.failed() ? COMPLETED_WITH_ERRORS : COMPLETED);
        data[12] = (byte) (ended ? status.status().code() : 0);
        data[13] = (byte) sense.length;
        data[14] = (byte) sense.length;
        data[15] = (byte) BLOCKS;
        Bytes.put64(data, 16, status.bytes() / operation.blockSize());
        Bytes.put16(data, 24, status.segments());
        System.arraycopy(sense, 0, data, HEADER, sense.length);
        if (token != null) {
            Bytes.put32(data, tokens, TOKEN_DESCRIPTOR);
            System.arraycopy(token, 0, data, tokens + TOKENS_LENGTH_FIELD + 2, token.length);
        }
        execution.respond(data, CdbFormat.CDB16.length(execution.cdb()));
    }
}
