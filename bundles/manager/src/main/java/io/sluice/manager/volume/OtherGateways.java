package io.sluice.manager.volume;

import io.sluice.config.AccessState;
import io.sluice.manager.document.SharedJson.Name;
import io.sluice.manager.document.SharedJson.Other;
import io.sluice.scsi.SharedUnit;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * What other gateways say of a disk that they have too.
 *
 * @param server who serves it
 * @param all the others
 */
record OtherGateways(Name server, List<Other> all) {

    static final OtherGateways NONE = new OtherGateways(Name.NOBODY, List.of());

    /** Returns their ports as initiators see them, by number: those of who does not serve it stand by. */
    List<SharedUnit.Port> ports() {
        return all.stream()
                .flatMap(other -> other.ports().stream()
                        .map(port -> new SharedUnit.Port(port.port(), seen(other, port.accessState()))))
                .sorted(Comparator.comparingInt(port -> port.port().number()))
                .toList();
    }

    private AccessState seen(Other other, AccessState own) {
        boolean serves = other.name().gateway().equals(server.gateway());
        return own.active() && !serves ? AccessState.STANDBY : own;
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
