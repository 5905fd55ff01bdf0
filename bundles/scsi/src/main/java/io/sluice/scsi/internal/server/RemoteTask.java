package io.sluice.scsi.internal.server;

import io.sluice.scsi.Nexus;
import io.sluice.scsi.RemoteCommand;
import io.sluice.scsi.Sense;
import io.sluice.scsi.SenseData;
import io.sluice.scsi.Status;
import io.sluice.scsi.Task;
import io.sluice.scsi.TaskAttribute;
import io.sluice.scsi.internal.unit.BlockDevice;
import io.sluice.scsi.internal.unit.TaskServer;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** A command that came through another gateway, as a task of the nexus that it came through there. All its data is there. */
final class RemoteTask implements Task {

    private static final byte[] NO_SENSE = {};

    private final Nexus nexus;
    private final RemoteCommand command;
    private final CompletableFuture<RemoteCommand.Answer> answer = new CompletableFuture<>();

    private RemoteTask(Nexus nexus, RemoteCommand command) {
        this.nexus = nexus;
        this.command = command;
    }

    static CompletionStage<RemoteCommand.Answer> perform(RemoteCommand command, BlockDevice unit, TaskServer server) {
        RemoteNexus nexus = new RemoteNexus(command.initiator(), command.target());
        RemoteTask task = new RemoteTask(nexus, command);
        server.executeInternally(
                task, nexus.mapping(unit, server), unit.access().era(), false);
        return task.answer;
    }

    static RemoteCommand.Answer refusal(Sense sense) {
        return new RemoteCommand.Answer(
                Status.CHECK_CONDITION, SenseData.of(sense).encode(false));
    }

    @Override
    public Nexus nexus() {
        return nexus;
    }

    @Override
    public long lun() {
        return 0;
    }

    @Override
    public byte[] cdb() {
        return command.cdb();
    }

    @Override
    public TaskAttribute attribute() {
        return TaskAttribute.SIMPLE;
    }

    @Override
    public long dataOutLength() {
        return command.parameters().length;
    }

    @Override
    public long dataInLength() {
        return 0;
    }

    @Override
    public ByteBuffer dataInBuffer(int length) {
        throw new UnsupportedOperationException("no such command has Data-In");
    }

    @Override
    public CompletionStage<ByteBuffer[]> receiveDataOut(int length) {
        return CompletableFuture.completedFuture(new ByteBuffer[] {ByteBuffer.wrap(command.parameters(), 0, length)});
    }

    @Override
    public void cancelDataOut() {
        // All data is there from the beginning.
    }

    @Override
    public void complete(Status status, byte[] sense, long transferLength) {
        answer.complete(new RemoteCommand.Answer(status, sense));
    }

    /** Somebody has reset the unit, or the like: the initiator is told, as its own gateway has not aborted its task. */
    @Override
    public void aborted() {
        answer.complete(new RemoteCommand.Answer(Status.TASK_ABORTED, NO_SENSE));
    }
}
