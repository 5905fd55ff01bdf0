package io.sluice.shell;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import java.util.List;
import org.junit.Test;

/** The commands for tokens of the REST interface. */
public class TokenCommandTest {

    private final FakeGateway gateway = new FakeGateway();

    @Test
    public void aNewTokenIsAllThatIsPrinted() throws Exception {
        assertEquals("sluice_abc\n", gateway.run("token:create ci --role operator"));
        assertEquals(List.of("createToken[ci, OPERATOR]"), gateway.calls);
    }

    @Test
    public void aTokenIsForLookingUnlessMoreIsSaid() throws Exception {
        gateway.run("token:create ci");
        assertThrows(Exception.class, () -> gateway.run("token:create ci --role root"));
        assertEquals("'root' is not a role: it is one of viewer, operator, admin\n", gateway.errors);
        assertEquals(List.of("createToken[ci, VIEWER]"), gateway.calls);
    }

    @Test
    public void tokensAreListedAndRevoked() throws Exception {
        assertTrue(gateway.run("token:list").contains("backup"));
        assertEquals("Revoked token backup.\n", gateway.run("token:revoke backup"));
        assertEquals(List.of("revokeToken[backup]"), gateway.calls);
    }

    @Test
    public void withoutTheInterfaceEachSaysHowToGetIt() {
        gateway.rest = false;
        for (String line :
                List.of("token:create ci --role viewer", "token:list", "token:list --json", "token:revoke a")) {
            assertThrows(Exception.class, () -> gateway.run(line));
            assertEquals("there is no REST interface: feature:install sluice-rest brings it\n", gateway.errors);
        }
    }
}
