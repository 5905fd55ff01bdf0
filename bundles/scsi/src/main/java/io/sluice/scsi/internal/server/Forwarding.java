package io.sluice.scsi.internal.server;

import io.sluice.scsi.CheckConditionException;
import io.sluice.scsi.RemoteCommand;
import io.sluice.scsi.Status;
import io.sluice.scsi.internal.command.CommandDescriptor;
import io.sluice.scsi.internal.command.CommandDescriptor.Trait;
import io.sluice.scsi.internal.format.Bytes;
import io.sluice.scsi.internal.format.CdbFormat;
import io.sluice.scsi.internal.task.Execution;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.ToLongFunction;

/**
 * Commands that a path in the standby state supports too (SPC-5 5.16.2.4.4), but that only the gateway which serves the medium can
 * perform, because it alone knows what they are checked against. They are collected here and performed there.
 */
final class Forwarding {

    private static final byte[] NO_LIST = {};

    /** Where such a command has its PARAMETER LIST LENGTH, by its operation code. */
    static final Map<Integer, ToLongFunction<byte[]>> LENGTHS = Map.of(
            0x15, CdbFormat.CDB6::length,
            0x55, CdbFormat.CDB10::length,
            0x5F, cdb -> Bytes.u32(cdb, 5),
            0xA4, CdbFormat.CDB12::length);

    private Forwarding() {}

    /** A list that is too long, or longer than what the initiator offers, is refused there, as it would be here. */
    static void forward(CommandDescriptor row, Execution execution) throws CheckConditionException {
        row.checkReservedBits(execution.cdb());
        if (row.has(Trait.NEEDS_RIGHT_TO_WRITE)) {
            execution.needsRightToWrite();
        }
        long length = LENGTHS.get(row.opcode()).applyAsLong(execution.cdb());
        boolean whole = length > 0
                && length <= RemoteCommand.MOST_PARAMETER_BYTES
                && length <= execution.task().dataOutLength();
        if (whole) {
            execution.transfers(length);
            execution.receiveInOne((int) length, list -> send(execution, list));
        } else {
            send(execution, NO_LIST);
        }
    }

    private static void send(Execution execution, byte[] list) {
        RemoteCommand command = new RemoteCommand(
                execution.nexus().initiatorPort(), execution.nexus().targetPort(), execution.cdb(), list);
        CompletableFuture<RemoteCommand.Answer> answer =
                execution.unit().access().perform(command);
        execution.onAbort(() -> answer.cancel(false));
        execution.then(answer, () -> end(execution, answer.join()));
    }

    private static void end(Execution execution, RemoteCommand.Answer answer) {
        if (answer.status() == Status.RESERVATION_CONFLICT) {
            execution.reservationConflict();
        } else {
            execution.relay(answer.status(), answer.sense());
        }
    }
}
