package io.sluice.manager;

import io.sluice.config.ConfigException;
import io.sluice.config.PortalConfig;
import java.util.ArrayList;
import java.util.List;

/** Changes of where the gateway listens. */
final class PortalChanges {

    private final Composition composition;

    PortalChanges(Composition composition) {
        this.composition = composition;
    }

    void create(PortalConfig portal) throws ConfigException {
        composition.change("opening portal " + portal, before -> {
            List<PortalConfig> portals =
                    new ArrayList<>(composition.reconciler().portals(before));
            if (portals.stream().anyMatch(portal::sameAddress)) {
                throw new ConfigException(
                        "there is a portal " + portal + " already: portal:list shows whether it listens");
            }
            Strangers.requireConsent(portal, before);
            portals.add(portal);
            return before.withPortals(portals);
        });
    }

    void change(PortalConfig portal) throws ConfigException {
        composition.change("changing portal " + portal, before -> {
            List<PortalConfig> portals =
                    new ArrayList<>(composition.reconciler().portals(before));
            PortalConfig old = portals.stream()
                    .filter(portal::sameAddress)
                    .findFirst()
                    .orElseThrow(() -> ConfigException.notFound(
                            portal.address(),
                            "there is no portal " + portal + ": portal:list shows those that there are"));
            if (portal.group() != old.group() && !old.openToAll()) {
                Strangers.requireConsent(portal, before);
            }
            portals.set(portals.indexOf(old), portal);
            return before.withPortals(portals);
        });
    }

    void delete(PortalConfig portal) throws ConfigException {
        composition.change("closing portal " + portal, before -> {
            List<PortalConfig> portals =
                    new ArrayList<>(composition.reconciler().portals(before));
            if (!portals.removeIf(portal::sameAddress)) {
                throw ConfigException.notFound(
                        portal.address(), "there is no portal " + portal + ": portal:list shows those that there are");
            }
            if (portals.isEmpty()) {
                throw new ConfigException("portal " + portal + " is the only one: create another first");
            }
            return before.withPortals(portals);
        });
    }
}
