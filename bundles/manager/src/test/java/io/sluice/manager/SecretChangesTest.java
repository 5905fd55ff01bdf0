package io.sluice.manager;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import io.sluice.access.Caller;
import io.sluice.access.Credential;
import io.sluice.backstore.Secret;
import io.sluice.config.ChapConfig;
import io.sluice.config.ConfigException;
import io.sluice.config.GrantConfig;
import io.sluice.config.InitiatorConfig;
import io.sluice.config.InitiatorGroupConfig;
import io.sluice.config.IscsiName;
import io.sluice.management.AccessManagement;
import io.sluice.manager.document.HeldSecrets;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.function.ThrowingRunnable;

/** Secrets change with the initiators that name them, or not at all. */
public class SecretChangesTest {

    private static final IscsiName TARGET = new IscsiName("iqn.2026-11.io.sluice:disk");
    private static final String NAME = "iqn.2026-11.com.example:alice";
    private static final String OLD = "correct horse";
    private static final String NEW = "battery staple";
    private static final ChapConfig CHAP = new ChapConfig("al", "alice.chap");

    @Rule
    public final GatewayFixture fixture = new GatewayFixture();

    private AccessManagement access;

    @Before
    public void makeTarget() throws Exception {
        fixture.gateway.createTarget(TARGET, List.of());
        access = fixture.gateway.access();
    }

    private static InitiatorConfig alice(ChapConfig chap, ChapConfig mutual) {
        return new InitiatorConfig("alice", List.of(NAME), null, chap, mutual);
    }

    private static Map<String, Secret> secret(String name, String secret) {
        return Map.of(name, new Secret(secret.getBytes(StandardCharsets.UTF_8)));
    }

    private void createAlice() throws ConfigException {
        access.createInitiator(alice(CHAP, null), secret("alice.chap", OLD));
        access.allow(TARGET, new GrantConfig("alice", List.of(), false, false));
    }

    private Path folder() {
        return fixture.document().resolveSibling("secrets");
    }

    private List<String> files() throws Exception {
        if (!Files.exists(folder())) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(folder())) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    private void leave(String name, String secret) throws Exception {
        Files.setPosixFilePermissions(
                Files.writeString(folder().resolve(name), secret), PosixFilePermissions.fromString("rw-------"));
    }

    /** What a host has to know now. */
    private String asked() throws Exception {
        InetAddress address = InetAddress.getByName("127.0.0.1");
        Credential credential = fixture.gateway
                .rules()
                .admission(new Caller(NAME, address, address, GatewayFixture.PORTAL), TARGET.value())
                .credential("al")
                .orElseThrow();
        return new String(credential.secret(), StandardCharsets.UTF_8);
    }

    private void refused(String message, ThrowingRunnable change) throws Exception {
        String document = Files.readString(fixture.document());
        List<String> files = files();
        assertEquals(message, assertThrows(ConfigException.class, change).getMessage());
        assertEquals(document, Files.readString(fixture.document()));
        assertEquals(files, files());
    }

    @Test
    public void secretsComeAndGoWithTheirInitiator() throws Exception {
        String missing = "secret alice.chap is missing: there is no file " + folder().resolve("alice.chap");
        refused(missing, () -> access.createInitiator(alice(CHAP, null)));
        createAlice();
        assertEquals(OLD, asked());
        assertFalse(Files.readString(fixture.document()).contains(OLD));
        assertEquals(List.of(), fixture.logged(OLD));
        Files.delete(folder().resolve("alice.chap"));
        Eventually.isEqual(List.of(missing), () -> fixture.gateway.status().problems());
        access.deny(TARGET, "alice", true);
        access.deleteInitiator("alice");
        assertEquals(List.of(), files());
    }

    @Test
    public void aNewSecretIsUsedAtOnceAndTheOldOneIsGoneWithTheNextChange() throws Exception {
        createAlice();
        access.changeInitiator(alice(CHAP, null), secret("alice.chap", NEW));
        assertEquals(NEW, asked());
        assertEquals(List.of("alice.chap", "alice.chap-2"), files());
        ChapConfig second = new ChapConfig("al", "alice.chap-2");
        assertEquals(
                second,
                fixture.gateway.config().initiator("alice").orElseThrow().chap());
        fixture.restart();
        assertEquals(NEW, asked());
        access = fixture.gateway.access();
        access.changeInitiator(alice(second, new ChapConfig("gw", "gw.mutual")), secret("gw.mutual", OLD));
        assertEquals(List.of("alice.chap-2", "gw.mutual"), files());
        access.changeInitiator(alice(second, null));
        assertEquals(List.of("alice.chap-2", "gw.mutual"), files());
        access.changeInitiator(alice(null, null));
        assertEquals(List.of("alice.chap-2"), files());
        change();
        assertEquals(List.of(), files());
    }

    /** Makes a change that is not about secrets. */
    private void change() throws ConfigException {
        fixture.gateway.setTargetEnabled(
                TARGET, !fixture.gateway.config().targets().get(0).enabled());
    }

    /** Nobody waits for the disk because of secrets that are as they were. */
    @Test
    public void aChangeThatIsNotAboutSecretsReadsNone() throws Exception {
        fixture.gateway.close();
        AtomicInteger looks = new AtomicInteger();
        fixture.secretFiles = folder -> HeldSecrets.in(folder, () -> {
            if (!Thread.currentThread().getName().equals("sluice-secrets")) {
                looks.incrementAndGet();
            }
        });
        fixture.start();
        access = fixture.gateway.access();
        createAlice();
        assertTrue("the new one is", looks.getAndSet(0) > 0);
        change();
        change();
        assertEquals(0, looks.get());
        assertEquals(OLD, asked());
        leave("alice.chap", NEW);
        fixture.gateway.applyConfiguration();
        assertEquals(NEW, asked());
        Files.writeString(folder().resolve("alice.chap"), OLD);
        Files.writeString(
                fixture.document(),
                Files.readString(fixture.document()).replace("\"enabled\" : true", "\"enabled\" : false"));
        assertEquals(1, fixture.gateway.applyConfiguration().size());
        assertEquals("also with an edited document", OLD, asked());
    }

    /** What the line says that names a torn document. */
    @Test
    public void whoGoesBackToTheDocumentBeforeFindsItsSecrets() throws Exception {
        createAlice();
        access.changeInitiator(alice(CHAP, null), secret("alice.chap", NEW));
        fixture.gateway.close();
        Files.writeString(fixture.document(), "{");
        fixture.startWithoutPortals();
        fixture.gateway.close();
        Files.copy(
                fixture.document().resolveSibling("gateway.json.last-good"),
                fixture.document(),
                StandardCopyOption.REPLACE_EXISTING);
        fixture.start();
        assertEquals(OLD, asked());
        assertEquals(List.of("alice.chap"), files());
    }

    @Test
    public void aSecretThatSeveralShareIsNewForAll() throws Exception {
        createAlice();
        InitiatorConfig bob = new InitiatorConfig("bob", null, null, CHAP, null);
        access.createInitiator(bob);
        access.changeInitiator(bob, secret("alice.chap", NEW));
        assertEquals(NEW, asked());
        change();
        assertEquals(List.of("alice.chap-2"), files());
        access.changeInitiator(new InitiatorConfig("bob", null, null, null, null));
        assertEquals(NEW, asked());
    }

    @Test
    public void whoComesToShareASecretDoesNotChangeIt() throws Exception {
        createAlice();
        InitiatorConfig bob = new InitiatorConfig("bob", null, null, CHAP, null);
        String another = "the CHAP user al has another secret, with alice: leave the secret out, or change it there";
        refused(another, () -> access.createInitiator(bob, secret("alice.chap", NEW)));
        access.createInitiator(new InitiatorConfig("bob", null, null, null, null));
        refused(another, () -> access.changeInitiator(bob, secret("alice.chap", NEW)));
        assertEquals(OLD, asked());
        access.changeInitiator(bob, secret("alice.chap", OLD));
        assertEquals(OLD, asked());
        ChapConfig mutual = new ChapConfig("gw", "gw.mutual");
        ChapConfig own =
                fixture.gateway.config().initiator("alice").orElseThrow().chap();
        access.changeInitiator(alice(own, mutual), secret("gw.mutual", NEW));
        refused(
                "the CHAP user gw has another secret, with alice: leave the secret out, or change it there",
                () -> access.changeInitiator(
                        new InitiatorConfig("bob", null, null, own, mutual), secret("gw.mutual", "a third secret")));
        change();
        assertEquals(2, files().size());
    }

    @Test
    public void aChangeThatIsRefusedLeavesTheOldSecret() throws Exception {
        createAlice();
        access.putInitiatorGroup(new InitiatorGroupConfig("all", List.of("alice")));
        refused(
                "there is no initiator bob: initiator:list shows those that there are",
                () -> access.changeInitiator(
                        new InitiatorConfig("bob", null, null, CHAP, null), secret("alice.chap", NEW)));
        refused(
                "a secret has 12 to 255 bytes",
                () -> access.changeInitiator(alice(CHAP, null), secret("alice.chap", "short")));
        refused(
                "initiator alice: the two directions need different secrets, or whoever has seen one has both",
                () -> access.changeInitiator(alice(CHAP, new ChapConfig("gw", "gw.mutual")), secret("gw.mutual", OLD)));
        refused(
                "CHAP user al has two secrets",
                () -> access.createInitiator(
                        new InitiatorConfig("bob", null, null, new ChapConfig("al", "bob.chap"), null),
                        secret("bob.chap", NEW)));
        assertEquals(OLD, asked());
    }

    @Test
    public void aChangeThatIsNotSavedLeavesTheOldSecret() throws Exception {
        createAlice();
        Files.writeString(fixture.document(), Files.readString(fixture.document()) + "\n");
        refused(
                fixture.document() + " was changed by someone else and is left as it is: gateway:apply uses it as it is"
                        + " now, and so does a restart",
                () -> access.changeInitiator(alice(CHAP, null), secret("alice.chap", NEW)));
        assertEquals(OLD, asked());
    }

    @Test
    public void aSecretThatCannotBeWrittenChangesNothing() throws Exception {
        createAlice();
        Files.createDirectories(folder().resolve(".alice.chap-2.new").resolve("in the way"));
        refused(
                "the secret cannot be written into " + folder()
                        + " (DirectoryNotEmptyException), and nothing was changed",
                () -> access.changeInitiator(alice(CHAP, null), secret("alice.chap", NEW)));
        assertEquals(OLD, asked());
    }

    @Test
    public void whatIsTakenOutOfTheDocumentByHandIsForgottenToo() throws Exception {
        createAlice();
        String text = Files.readString(fixture.document());
        access.createInitiator(
                new InitiatorConfig("bob", null, null, new ChapConfig("bob", "bob.chap"), null),
                secret("bob.chap", NEW));
        Files.writeString(fixture.document(), text);
        fixture.gateway.applyConfiguration();
        change();
        assertEquals(List.of("alice.chap"), files());
    }

    @Test
    public void aStartBeforeTheChangeWasSavedFindsTheOldSecret() throws Exception {
        createAlice();
        fixture.gateway.close();
        leave("alice.chap-2", NEW);
        leave(".alice.chap-3.new", "half of");
        fixture.start();
        assertEquals(OLD, asked());
        assertEquals(List.of("alice.chap"), files());
    }

    @Test
    public void aStartAfterTheChangeWasSavedFindsTheNewSecret() throws Exception {
        createAlice();
        access.changeInitiator(alice(CHAP, null), secret("alice.chap", NEW));
        change();
        fixture.gateway.close();
        leave("alice.chap", OLD);
        fixture.start();
        assertEquals(NEW, asked());
        assertEquals(List.of("alice.chap-2"), files());
    }

    @Test
    public void aStartThatCannotReadTheDocumentRemovesNoSecret() throws Exception {
        createAlice();
        fixture.gateway.close();
        String text = Files.readString(fixture.document());
        Files.writeString(fixture.document(), "{");
        fixture.startWithoutPortals();
        assertEquals(List.of("alice.chap"), files());
        Files.writeString(fixture.document(), text);
        fixture.gateway.applyConfiguration();
        assertEquals(OLD, asked());
    }
}
