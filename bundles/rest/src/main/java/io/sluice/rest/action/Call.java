package io.sluice.rest.action;

import io.sluice.config.IscsiName;
import io.sluice.config.PortalConfig;
import io.sluice.management.Gateway;
import io.sluice.rest.shape.Fields;
import io.sluice.rest.shape.RefusedException;
import java.util.Map;

/**
 * A request that may be done.
 *
 * @param gateway who does it
 * @param path values of the path, by the names in braces
 * @param query what stands behind the question mark
 * @param body the document; without fields where none is taken
 */
public record Call(Gateway gateway, Map<String, String> path, Fields query, Fields body) {

    private static final int MOST_DIGITS = 9;

    /** Returns a value of the path. */
    String value(String name) {
        return path.get(name);
    }

    /** Returns the target that the path names. */
    IscsiName target() {
        return new IscsiName(value("iqn"));
    }

    /** Returns the portal that the path names. */
    PortalConfig portal() {
        return PortalConfig.parse(value("portal"));
    }

    /** Returns a number of the path; there is nothing under what is none. */
    int number(String name) {
        String digits = value(name);
        if (!digits.matches("[0-9]{1," + MOST_DIGITS + "}")) {
            throw new RefusedException(404, "there is no " + name + " '" + digits + "': it is a number");
        }
        return Integer.parseInt(digits);
    }
}
