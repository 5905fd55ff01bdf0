package io.sluice.rest.token;

import static org.junit.Assert.assertArrayEquals;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import io.sluice.config.ConfigException;
import io.sluice.management.Role;
import io.sluice.management.TokenStatus;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** Tokens in their file. */
public class TokenStoreTest {

    private static final Clock CLOCK = Clock.fixed(Instant.parse("2026-11-29T12:00:00.5Z"), ZoneOffset.UTC);

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    private Path file;
    private TokenStore store;

    @Before
    public void open() {
        file = folder.getRoot().toPath().resolve("state").resolve("tokens.json");
        store = new TokenStore(file, CLOCK, () -> "");
    }

    @Test
    public void aTokenIsKnownAfterARestart() throws Exception {
        String token = store.create("ci", Role.OPERATOR);
        TokenStatus status = new TokenStatus("ci", Role.OPERATOR, Instant.parse("2026-11-29T12:00:00Z"));
        TokenStore again = new TokenStore(file, CLOCK, () -> "");
        assertEquals(Optional.of(status), again.find(token));
        assertEquals(List.of(status), again.list());
        again.revoke("ci");
        assertEquals(Optional.empty(), new TokenStore(file, CLOCK, () -> "").find(token));
    }

    @Test
    public void theFileHasNoTokenAndIsForItsOwner() throws Exception {
        String token = store.create("ci", Role.ADMIN);
        assertTrue(token, token.matches("sluice_[A-Za-z0-9_-]{43}"));
        assertFalse(Files.readString(file).contains(token.substring("sluice_".length())));
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
        try (var files = Files.list(file.getParent())) {
            assertEquals(1, files.count());
        }
    }

    @Test
    public void namesAreThereOnce() throws Exception {
        store.create("ci", Role.VIEWER);
        assertThrows(ConfigException.class, () -> store.create("ci", Role.ADMIN));
        assertThrows(IllegalArgumentException.class, () -> store.create("a b", Role.ADMIN));
        assertThrows(ConfigException.class, () -> store.revoke("other"));
        assertEquals(1, store.list().size());
    }

    @Test
    public void noTwoTokensAreTheSame() throws Exception {
        assertFalse(store.create("a", Role.VIEWER).equals(store.create("b", Role.VIEWER)));
    }

    @Test
    public void aFileThatCannotBeReadIsLeftAlone() throws Exception {
        Files.createDirectories(file.getParent());
        for (String wrong : List.of(
                "{",
                "[]",
                "{\"version\":2,\"tokens\":[]}",
                "{\"version\":1}",
                "{\"version\":1,\"tokens\":[{\"name\":\"a\",\"role\":\"root\",\"made\":\"2026-11-29T12:00:00Z\",\"sha256\":\"00\"}]}",
                "{\"version\":1,\"tokens\":[{\"name\":\"a\",\"role\":\"admin\",\"made\":\"now\",\"sha256\":\""
                        + "0".repeat(64) + "\"}]}",
                "{\"version\":1,\"tokens\":[{\"name\":\"a\",\"role\":\"admin\",\"made\":\"2026-11-29T12:00:00Z\",\"sha256\":\"00\"}]}")) {
            Files.writeString(file, wrong);
            TokenStore broken = new TokenStore(file, CLOCK, () -> "");
            assertTrue(wrong, broken.problem().contains("tokens.json cannot be read"));
            assertEquals(List.of(), broken.list());
            assertThrows(ConfigException.class, () -> broken.create("ci", Role.VIEWER));
            assertEquals(wrong, Files.readString(file));
        }
    }

    @Test
    public void aFileThatCannotBeLookedAtIsNotNone() throws Exception {
        String token = store.create("ci", Role.VIEWER);
        byte[] kept = Files.readAllBytes(file);
        Path state = file.getParent();
        Path away = state.resolveSibling("away");
        Files.move(state, away);
        Files.createSymbolicLink(state, state);
        TokenStore broken = new TokenStore(file, CLOCK, () -> "");
        assertTrue(broken.problem(), broken.problem().contains("tokens.json cannot be read"));
        Files.delete(state);
        Files.move(away, state);
        assertThrows(ConfigException.class, () -> broken.create("other", Role.ADMIN));
        assertArrayEquals(kept, Files.readAllBytes(file));
        assertTrue(new TokenStore(file, CLOCK, () -> "").find(token).isPresent());
    }

    /** It may be below a folder that is not mounted, or be another gateway's, whose revoked tokens would count again. */
    @Test
    public void aFileThatMayBeOfAnotherGatewayIsNotWritten() throws Exception {
        String[] refusal = {"mount it first"};
        TokenStore refused = new TokenStore(file, CLOCK, () -> refusal[0]);
        assertEquals(
                "mount it first",
                assertThrows(ConfigException.class, () -> refused.create("ci", Role.ADMIN))
                        .getMessage());
        assertFalse(Files.exists(file.getParent()));
        String mounted = store.create("mounted", Role.VIEWER);
        byte[] kept = Files.readAllBytes(file);
        assertThrows(ConfigException.class, () -> refused.revoke("mounted"));
        assertArrayEquals(kept, Files.readAllBytes(file));
        refusal[0] = "";
        String more = refused.create("ci", Role.ADMIN);
        TokenStore again = new TokenStore(file, CLOCK, () -> "");
        assertTrue("what was there is not replaced", again.find(mounted).isPresent());
        assertTrue(again.find(more).isPresent());
        assertTrue(refused.find(mounted).isPresent());
    }

    /** They may be those of before they were revoked, or of somebody else. */
    @Test
    public void tokensThatMayBeOfAnotherGatewayDoNotCount() throws Exception {
        String another = store.create("another", Role.ADMIN);
        String[] refusal = {"mount it first"};
        TokenStore refused = new TokenStore(file, CLOCK, () -> refusal[0]);
        assertFalse(refused.readOwn());
        assertEquals(Optional.empty(), refused.find(another));
        assertEquals(List.of(), refused.list());
        store.revoke("another");
        String own = store.create("own", Role.VIEWER);
        refusal[0] = "";
        assertEquals("nothing is read where requests are", Optional.empty(), refused.find(own));
        assertTrue(refused.readOwn());
        assertTrue(refused.find(own).isPresent());
        assertEquals(Optional.empty(), refused.find(another));
        store.create("more", Role.VIEWER);
        assertTrue("once is enough", refused.readOwn());
        assertEquals(1, refused.list().size());
    }

    @Test
    public void whoeverAsksWhichThereAreHasThemRead() throws Exception {
        store.create("own", Role.VIEWER);
        String[] refusal = {"mount it first"};
        TokenStore refused = new TokenStore(file, CLOCK, () -> refusal[0]);
        refusal[0] = "";
        assertEquals(store.list(), refused.list());
    }

    @Test
    public void whatCannotBeKeptIsNotThere() throws Exception {
        Files.createDirectories(file.getParent());
        Files.createDirectories(file.resolveSibling(".tokens.json.new").resolve("in the way"));
        assertThrows(ConfigException.class, () -> store.create("ci", Role.VIEWER));
        assertEquals(List.of(), store.list());
    }

    @Test
    public void attemptsAreCountedForEachAddressAndSecond() throws Exception {
        AtomicLong nanos = new AtomicLong();
        FailedAttempts attempts = new FailedAttempts(2, nanos::get);
        InetAddress one = InetAddress.getByName("192.0.2.1");
        assertFalse(attempts.tooMany(one));
        assertFalse(attempts.tooMany(one));
        assertTrue(attempts.tooMany(one));
        assertFalse(attempts.tooMany(InetAddress.getByName("192.0.2.2")));
        nanos.set(1_000_000_000L);
        assertFalse(attempts.tooMany(one));
    }
}
