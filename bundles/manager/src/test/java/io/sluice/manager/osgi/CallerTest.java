package io.sluice.manager.osgi;

import static org.junit.Assert.assertEquals;

import java.security.Principal;
import java.security.PrivilegedAction;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import javax.security.auth.Subject;
import org.junit.Test;

/** The principals are those that Karaf makes of a console session, which are known by the names of their classes. */
public final class CallerTest {

    private record UserPrincipal(String getName) implements Principal {
        @Override
        public String getName() {
            return getName;
        }
    }

    private record RolePrincipal(String getName) implements Principal {
        @Override
        public String getName() {
            return getName;
        }
    }

    private record ClientPrincipal(String getName) implements Principal {
        @Override
        public String getName() {
            return getName;
        }
    }

    private static Subject subject(Principal... principals) {
        return new Subject(true, Set.of(principals), Set.of(), Set.of());
    }

    @Test
    public void aConsoleSession() {
        Principal alice = new UserPrincipal("alice");
        Principal admin = new RolePrincipal("admin");
        assertEquals(
                "alice@127.0.0.1", Caller.name(subject(admin, alice, new ClientPrincipal("ssh(/127.0.0.1:47012)"))));
        assertEquals(
                "alice@10.0.0.7", Caller.name(subject(alice, new ClientPrincipal("ssh(desk.example/10.0.0.7:47012)"))));
        assertEquals(
                "alice@[0:0:0:0:0:0:0:1]",
                Caller.name(subject(alice, new ClientPrincipal("ssh(/[0:0:0:0:0:0:0:1]:47012)"))));
    }

    @Test
    public void withoutAnAddressOrAUser() {
        assertEquals("alice@local", Caller.name(subject(new UserPrincipal("alice"))));
        assertEquals("local", Caller.name(subject(new RolePrincipal("admin"))));
        assertEquals("local", Caller.name(null));
        assertEquals("local", Caller.name());
    }

    @Test
    @SuppressWarnings("removal")
    public void theThreadOfTheSessionCounts() throws InterruptedException {
        Subject alice = subject(new UserPrincipal("alice"), new ClientPrincipal("ssh(/127.0.0.1:47012)"));
        assertEquals("alice@127.0.0.1", Subject.doAs(alice, (PrivilegedAction<String>) Caller::name));
        AtomicReference<String> pipe = new AtomicReference<>();
        Thread made = Subject.doAs(alice, (PrivilegedAction<Thread>) () -> new Thread(() -> pipe.set(Caller.name())));
        made.start();
        made.join();
        assertEquals("a console runs each part of a pipe in a thread", "alice@127.0.0.1", pipe.get());
    }
}
