package io.sluice.shell;

import io.sluice.config.IscsiName;
import io.sluice.management.Gateway;

/** Names that the shell makes up when the user gives none. */
final class Names {

    private static final int MAX_LENGTH = 56;

    private Names() {}

    /** Returns an unused backstore name from what stands behind the colon of a target's name. */
    static String unused(IscsiName target, Gateway gateway) {
        String value = target.value();
        String end = value.substring(value.indexOf(':') + 1).replaceAll("[^A-Za-z0-9._-]", "-");
        String base = end.replaceAll("^[^A-Za-z0-9]+", "");
        base = base.isEmpty() ? "disk" : base.substring(0, Math.min(base.length(), MAX_LENGTH));
        String name = base;
        for (int i = 2; gateway.config().backstore(name).isPresent(); i++) {
            name = base + "-" + i;
        }
        return name;
    }
}
