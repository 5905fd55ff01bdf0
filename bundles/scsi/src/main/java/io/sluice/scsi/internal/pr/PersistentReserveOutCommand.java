package io.sluice.scsi.internal.pr;

import io.sluice.scsi.CheckConditionException;
import io.sluice.scsi.InitiatorPort;
import io.sluice.scsi.Nexus;
import io.sluice.scsi.Sense;
import io.sluice.scsi.SenseData;
import io.sluice.scsi.internal.command.Command;
import io.sluice.scsi.internal.format.Bytes;
import io.sluice.scsi.internal.reservation.Registration;
import io.sluice.scsi.internal.reservation.ReservationType;
import io.sluice.scsi.internal.reservation.Reservations.Outcome;
import io.sluice.scsi.internal.reservation.ReserveOutParameters;
import io.sluice.scsi.internal.task.Execution;
import io.sluice.scsi.internal.unit.PortGroup;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;

/** PERSISTENT RESERVE OUT (SPC-5 6.14): one object for each service action. */
public final class PersistentReserveOutCommand implements Command {

    /** REGISTER. */
    public static final Command REGISTER =
            new PersistentReserveOutCommand((execution, list) -> register(execution, list, false));
    /** RESERVE. */
    public static final Command RESERVE = new PersistentReserveOutCommand(PersistentReserveOutCommand::reserve);
    /** RELEASE. */
    public static final Command RELEASE = new PersistentReserveOutCommand(PersistentReserveOutCommand::release);
    /** CLEAR. */
    public static final Command CLEAR = new PersistentReserveOutCommand(PersistentReserveOutCommand::clear);
    /** PREEMPT. */
    public static final Command PREEMPT = new PersistentReserveOutCommand(PersistentReserveOutCommand::preempt);
    /** PREEMPT AND ABORT. */
    public static final Command PREEMPT_AND_ABORT =
            new PersistentReserveOutCommand(PersistentReserveOutCommand::preempt, true);
    /** REGISTER AND IGNORE EXISTING KEY. */
    public static final Command REGISTER_AND_IGNORE_EXISTING_KEY =
            new PersistentReserveOutCommand((execution, list) -> register(execution, list, true));
    /** REGISTER AND MOVE. */
    public static final Command REGISTER_AND_MOVE = new PersistentReserveOutCommand(PersistentReserveOutCommand::move);

    private static final int MAX_LIST_LENGTH = 8192;
    private static final int ADDITIONAL_LENGTH = 4;

    private final ServiceAction action;

    /** Whether the tasks of those whose registrations are gone are aborted. */
    private final boolean aborts;

    /** What one service action does. */
    @FunctionalInterface
    private interface ServiceAction {
        CompletionStage<Outcome> perform(Execution execution, byte[] list) throws CheckConditionException;
    }

    private PersistentReserveOutCommand(ServiceAction action) {
        this(action, false);
    }

    private PersistentReserveOutCommand(ServiceAction action, boolean aborts) {
        this.action = action;
        this.aborts = aborts;
    }

    @Override
    public void execute(Execution execution) throws CheckConditionException {
        long length = Bytes.u32(execution.cdb(), 5);
        if (length < ReserveOutParameters.LENGTH || length > MAX_LIST_LENGTH) {
            throw new CheckConditionException(Sense.PARAMETER_LIST_LENGTH_ERROR);
        }
        execution.receiveParameters((int) length, list -> {
            CompletionStage<Outcome> outcome = action.perform(execution, list);
            execution.thenUnlessStopped(
                    outcome, () -> end(execution, outcome.toCompletableFuture().join()));
        });
    }

    private void end(Execution execution, Outcome outcome) {
        if (outcome.conflict()) {
            execution.reservationConflict();
        } else if (aborts) {
            execution.endAfter(execution.taskManager().abortPreempted(outcome.preempted(), execution));
        } else {
            execution.good();
        }
    }

    private static CompletionStage<Outcome> register(Execution execution, byte[] list, boolean ignoreKey)
            throws CheckConditionException {
        ReserveOutParameters asked = ReserveOutParameters.parse(list);
        if (ignoreKey) {
            asked.refuseSpecIPt();
        }
        List<Registration> others = List.of();
        if (asked.specifiesInitiatorPorts()) {
            others = named(execution, list, asked);
        } else {
            requireBasicLength(list);
        }
        return execution.unit().reservations().register(execution.nexus(), asked, ignoreKey, others);
    }

    /** The nexuses that SPEC_I_PT adds: each TransportID with this target port or, by ALL_TG_PT, with all. */
    private static List<Registration> named(Execution execution, byte[] list, ReserveOutParameters asked)
            throws CheckConditionException {
        int offset = ReserveOutParameters.LENGTH + ADDITIONAL_LENGTH;
        if (list.length < offset || Bytes.u32(list, ReserveOutParameters.LENGTH) != list.length - offset) {
            throw new CheckConditionException(Sense.PARAMETER_LIST_LENGTH_ERROR);
        }
        List<Registration> registrations = new ArrayList<>();
        while (offset < list.length) {
            TransportId id = TransportId.parse(list, offset);
            for (InitiatorPort port : ports(execution, id, offset)) {
                registrations.add(new Registration(
                        port,
                        asked.allTargetPorts() ? null : execution.nexus().targetPort(),
                        asked.serviceActionKey()));
            }
            offset += id.lengthBytes();
        }
        return registrations;
    }

    private static List<InitiatorPort> ports(Execution execution, TransportId id, int offset)
            throws CheckConditionException {
        if (id.isid() != TransportId.ANY_PORT) {
            return List.of(new InitiatorPort(id.iscsiName(), id.isid()));
        }
        List<InitiatorPort> known = execution.unit().initiatorPorts(id.iscsiName());
        if (known.isEmpty()) {
            throw new CheckConditionException(SenseData.invalidFieldInParameterList(offset, -1));
        }
        return known;
    }

    private static void requireBasicLength(byte[] list) throws CheckConditionException {
        if (list.length != ReserveOutParameters.LENGTH) {
            throw new CheckConditionException(Sense.PARAMETER_LIST_LENGTH_ERROR);
        }
    }

    private static ReserveOutParameters parse(byte[] list) throws CheckConditionException {
        requireBasicLength(list);
        ReserveOutParameters asked = ReserveOutParameters.parse(list);
        asked.refuseSpecIPt();
        return asked;
    }

    private static ReservationType type(Execution execution) throws CheckConditionException {
        return ReservationType.parse(scopeAndType(execution));
    }

    private static int scopeAndType(Execution execution) {
        return Bytes.u8(execution.cdb(), 2);
    }

    private static CompletionStage<Outcome> reserve(Execution execution, byte[] list) throws CheckConditionException {
        ReserveOutParameters asked = parse(list);
        return execution.unit().reservations().reserve(execution.nexus(), asked.key(), type(execution));
    }

    private static CompletionStage<Outcome> release(Execution execution, byte[] list) throws CheckConditionException {
        ReserveOutParameters asked = parse(list);
        return execution.unit().reservations().release(execution.nexus(), asked.key(), type(execution));
    }

    private static CompletionStage<Outcome> clear(Execution execution, byte[] list) throws CheckConditionException {
        return execution
                .unit()
                .reservations()
                .clear(execution.nexus(), parse(list).key());
    }

    private static CompletionStage<Outcome> preempt(Execution execution, byte[] list) throws CheckConditionException {
        ReserveOutParameters asked = parse(list);
        return execution
                .unit()
                .reservations()
                .preempt(execution.nexus(), asked.key(), asked.serviceActionKey(), scopeAndType(execution));
    }

    private static CompletionStage<Outcome> move(Execution execution, byte[] list) throws CheckConditionException {
        ReserveOutParameters asked = ReserveOutParameters.parseMove(list);
        int offset = ReserveOutParameters.MOVE_TRANSPORT_ID;
        if (Bytes.u32(list, offset - ADDITIONAL_LENGTH) != list.length - offset) {
            throw new CheckConditionException(Sense.PARAMETER_LIST_LENGTH_ERROR);
        }
        TransportId id = TransportId.parse(list, offset);
        Nexus nexus = execution.nexus();
        if (id.isid() == TransportId.ANY_PORT) {
            throw new CheckConditionException(SenseData.invalidFieldInParameterList(offset, 7));
        }
        PortGroup port = execution.unit().ports().find(asked.relativeTargetPort());
        if (port == null) {
            throw new CheckConditionException(SenseData.invalidFieldInParameterList(18, -1));
        }
        Registration destination =
                new Registration(new InitiatorPort(id.iscsiName(), id.isid()), port.port(), asked.serviceActionKey());
        return execution.unit().reservations().move(nexus, asked, destination);
    }
}
