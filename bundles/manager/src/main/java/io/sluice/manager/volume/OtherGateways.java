package io.sluice.manager.volume;

import io.sluice.config.AccessState;
import io.sluice.manager.document.GatewayIdentity;
import io.sluice.manager.document.SharedJson;
import io.sluice.manager.document.SharedJson.Name;
import io.sluice.manager.document.SharedJson.Other;
import io.sluice.scsi.SharedUnit;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * What other gateways say of a disk that they have too.
 *
 * @param server who serves it
 * @param taker who says that it is taking the disk by force
 * @param asked whether somebody asks for the disk
 * @param all the others
 */
record OtherGateways(Name server, Name taker, boolean asked, List<Other> all) {

    /** The record that says who serves the disk. */
    static final String SERVER = "server";

    /** The record that says who is taking the disk by force. */
    static final String TAKER = "taker";

    /** The record that says who asks for the disk. */
    static final String REQUEST = "request";

    /** What the name of a record begins with that a gateway has about itself. */
    static final String GATEWAY = "gateway.";

    static final OtherGateways NONE = new OtherGateways(Name.NOBODY, Name.NOBODY, false, List.of());

    /** Reads what there is. */
    static CompletionStage<OtherGateways> read(SharedStorage storage, GatewayIdentity me) {
        return storage.names().thenCompose(names -> others(names, storage, GATEWAY + me.id())
                .thenCombine(
                        taker(names, storage),
                        (all, taker) ->
                                new OtherGateways(Name.NOBODY, taker, names.contains(REQUEST), List.copyOf(all)))
                .thenCombine(storage.read(SERVER, SharedJson::name), (known, server) -> known.with(server)));
    }

    /** Returns the same with another one who serves the disk. */
    OtherGateways with(Name other) {
        return new OtherGateways(other, taker, asked, all);
    }

    /** Nearly always nobody is, and nothing is read. */
    private static CompletionStage<Name> taker(List<String> names, SharedStorage storage) {
        return names.contains(TAKER)
                ? storage.read(TAKER, SharedJson::name)
                : CompletableFuture.completedFuture(Name.NOBODY);
    }

    private static CompletionStage<List<Other>> others(List<String> names, SharedStorage storage, String own) {
        CompletionStage<List<Other>> all = CompletableFuture.completedFuture(new ArrayList<>());
        for (String name : names) {
            if (name.startsWith(GATEWAY) && !name.equals(own)) {
                all = all.thenCombine(storage.read(name, OtherGateways::present), OtherGateways::with);
            }
        }
        return all;
    }

    /** One that was removed meanwhile is there no more. */
    private static Optional<Other> present(byte[] record) throws IOException {
        return record.length == 0 ? Optional.empty() : Optional.of(SharedJson.other(record));
    }

    private static List<Other> with(List<Other> known, Optional<Other> another) {
        another.ifPresent(known::add);
        return known;
    }

    /** Returns whether a gateway was given the disk by who served it before, and has not begun to serve it. */
    boolean given(GatewayIdentity to) {
        return server.gateway().equals(to.id()) && server.term().isEmpty();
    }

    /**
     * Returns their ports as initiators see them, by number: those of who does not serve it stand by.
     *
     * @param unserved whether nobody serves the disk, whoever is named as the one that is to
     */
    List<SharedUnit.Port> ports(boolean unserved) {
        return all.stream()
                .flatMap(other -> other.ports().stream()
                        .map(port -> new SharedUnit.Port(port.port(), seen(other, port.accessState(), !unserved))))
                .sorted(Comparator.comparingInt(port -> port.port().number()))
                .toList();
    }

    private AccessState seen(Other other, AccessState own, boolean served) {
        boolean serves = served && other.name().gateway().equals(server.gateway());
        return own.active() && !serves ? AccessState.STANDBY : own;
    }

    /** Returns those that have ports which cannot be told from these, and do not serve the disk. */
    List<Other> inTheWayOf(List<SharedUnit.Port> own) {
        return all.stream()
                .filter(other -> !other.name().gateway().equals(server.gateway()))
                .filter(other -> !new OtherGateways(server, taker, asked, List.of(other))
                        .collision(own)
                        .isEmpty())
                .toList();
    }

    /** Returns why ports cannot be told from theirs, one line; empty if they can. */
    String collision(List<SharedUnit.Port> own) {
        for (Other other : all) {
            for (SharedUnit.Port theirs : other.ports()) {
                Optional<SharedUnit.Port> same = own.stream()
                        .filter(port -> port.port().number() == theirs.port().number()
                                || port.port().equals(theirs.port()))
                        .findFirst();
                if (same.isPresent()) {
                    return collision(same.get(), theirs, other.name());
                }
            }
        }
        return "";
    }

    private static String collision(SharedUnit.Port own, SharedUnit.Port theirs, Name other) {
        return own.port().equals(theirs.port())
                ? "target " + own.port().iscsiName() + " with portal group "
                        + own.port().groupTag() + " is there at " + other.text()
                        + " too: give the target another name here, or the portal another group"
                : "number " + own.port().number() + " of a port of target "
                        + own.port().iscsiName()
                        + " is one at " + other.text()
                        + " too: set firstTargetPort in etc/io.sluice.manager.cfg, and make the target anew";
    }
}
