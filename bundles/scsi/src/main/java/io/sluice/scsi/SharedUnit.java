package io.sluice.scsi;

import io.sluice.config.AccessState;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * What a logical unit asks whoever composes the gateway, when another gateway has the same unit on the same storage. One of them
 * serves the medium, the others stand by. Thread-safe.
 */
public interface SharedUnit {

    /**
     * A target port of another gateway.
     *
     * @param port its name and number
     * @param accessState its asymmetric access state now, as initiators see it
     */
    record Port(TargetPort port, AccessState accessState) {}

    /**
     * Finds out what the other gateways say of the unit, and has the unit know it.
     *
     * @return completes on any thread, within a few seconds; fails if the storage cannot be asked
     */
    CompletionStage<Void> refresh();

    /**
     * Takes the medium, whoever serves it, because an initiator wants it so.
     *
     * @return completes on any thread when the unit is served here, with everything that it keeps; fails if it is not
     */
    CompletionStage<Void> take();

    /**
     * Has a command performed by the gateway that serves the medium, because this one stands by.
     *
     * @return completes on any thread, within some seconds, with what it has ended with there. Fails with
     *     {@link CheckConditionException}: TARGET PORT IN STANDBY STATE if it was not performed, ASYMMETRIC ACCESS STATE TRANSITION if
     *     that is not known. Who cancels it takes the command back, which may have been performed then.
     */
    CompletableFuture<RemoteCommand.Answer> perform(RemoteCommand command);

    /** The unit, which is served here, has established a unit attention that nexuses of other gateways are to have too. Never waits. */
    void established(SharedAttention attention);
}
