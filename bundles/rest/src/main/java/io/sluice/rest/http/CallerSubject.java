package io.sluice.rest.http;

import java.net.InetSocketAddress;
import java.security.Principal;
import java.security.PrivilegedAction;
import java.util.Set;
import javax.security.auth.Subject;

/** Who calls, as the gateway looks for it when it writes down who has changed something: by the names of these classes. */
final class CallerSubject {

    private CallerSubject() {}

    /** A name, such as {@code token:ci}. */
    private record UserPrincipal(String getName) implements Principal {}

    /** Where somebody comes from. */
    private record ClientPrincipal(String getName) implements Principal {}

    /** Does something in the name of a caller. */
    @SuppressWarnings("removal")
    static <T> T doAs(String caller, InetSocketAddress remote, PrivilegedAction<T> action) {
        String client = "rest(/" + remote.getAddress().getHostAddress() + ":" + remote.getPort() + ")";
        Subject subject =
                new Subject(true, Set.of(new UserPrincipal(caller), new ClientPrincipal(client)), Set.of(), Set.of());
        return Subject.doAs(subject, action);
    }
}
