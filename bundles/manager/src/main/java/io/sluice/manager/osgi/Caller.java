package io.sluice.manager.osgi;

import java.security.AccessController;
import java.security.Principal;
import javax.security.auth.Subject;

/**
 * Who calls, as {@code alice@127.0.0.1}: the user and the address of the console session whose thread this is. Karaf's classes for
 * that are known by name only, so that they need not be there.
 */
final class Caller {

    /** Somebody who did not have to log in, which only code of this process can do. */
    private static final String LOCAL = "local";

    private static final String USER = "UserPrincipal";
    private static final String CLIENT = "ClientPrincipal";

    private Caller() {}

    /** Returns who calls in this thread. */
    @SuppressWarnings("removal")
    static String name() {
        return name(Subject.getSubject(AccessController.getContext()));
    }

    static String name(Subject subject) {
        String user = principal(subject, USER);
        String client = principal(subject, CLIENT);
        if (user == null) {
            return LOCAL;
        }
        return client == null ? user + "@" + LOCAL : user + "@" + host(client);
    }

    private static String principal(Subject subject, String type) {
        if (subject == null) {
            return null;
        }
        return subject.getPrincipals().stream()
                .filter(principal -> principal.getClass().getSimpleName().equals(type))
                .map(Principal::getName)
                .findFirst()
                .orElse(null);
    }

    /** Of {@code ssh(/127.0.0.1:4711)}, or {@code ssh(host/127.0.0.1:4711)}, the address. */
    private static String host(String client) {
        String endpoint = client.substring(client.indexOf('(') + 1).replaceFirst("\\)$", "");
        String address = endpoint.substring(endpoint.indexOf('/') + 1);
        int port = address.lastIndexOf(':');
        return port < 0 ? address : address.substring(0, port);
    }
}
