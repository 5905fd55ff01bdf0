package io.sluice.rest.osgi;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;

import io.sluice.config.ConfigException;
import io.sluice.management.Role;
import io.sluice.rest.token.TokenStore;
import java.security.Principal;
import java.security.PrivilegedExceptionAction;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import javax.security.auth.Subject;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** Who has made and revoked tokens. */
public class AuditedTokensTest {

    private record UserPrincipal(String getName) implements Principal {}

    private record ClientPrincipal(String getName) implements Principal {}

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    @Test
    @SuppressWarnings("removal")
    public void eachChangeIsALineWithoutTheToken() throws Exception {
        List<String> lines = new ArrayList<>();
        AuditedTokens tokens = new AuditedTokens(
                new TokenStore(folder.getRoot().toPath().resolve("tokens.json"), Clock.systemUTC(), () -> ""),
                lines::add);
        Subject alice = new Subject(
                true,
                Set.of(new UserPrincipal("alice"), new ClientPrincipal("ssh(/127.0.0.1:4711)")),
                Set.of(),
                Set.of());
        Subject.doAs(alice, (PrivilegedExceptionAction<String>) () -> tokens.create("ci", Role.VIEWER));
        tokens.revoke("ci");
        assertThrows(ConfigException.class, () -> tokens.revoke("c\ni"));
        assertEquals(
                List.of(
                        "alice@127.0.0.1 create token ci as viewer: done",
                        "local revoke token ci: done",
                        "local revoke token c?i: refused: there is no token c?i: token:list shows those that there are"),
                lines);
    }
}
