package io.sluice.itests.badinput;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sluice.config.ChapAlgorithm;
import io.sluice.testkit.initiator.ChapLogin;
import io.sluice.testkit.initiator.LoginResult;
import io.sluice.testkit.initiator.TestInitiator;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;

/** A stranger who says that he is a host that is logged in (RFC 7143 6.3.5, 9.2.1). */
final class Hijacks {

    private static final int AUTHENTICATION_FAILURE = 0x0201;
    private static final String VICTIM = "iqn.2026-11.io.sluice:victim";
    private static final long ISID = 0x8000_0000_4242L;
    private static final String SECRET = "only-the-victim-knows";
    private static final String OTHER_SECRET = "what-the-stranger-has";
    private static final int FULL_FEATURE = 0x87;

    private Hijacks() {}

    /** The session of the victim goes on until somebody has proven that he is the victim. */
    static void unproven(World world) throws IOException {
        Path document = world.sluice().etc().resolve("gateway.json");
        try (Disk disk = new Disk(world, "guarded", "memory guarded --size 1M")) {
            String before = Files.readString(document);
            try {
                guard(world, document, disk.target());
                attempts(world, disk.target());
            } finally {
                Files.writeString(document, before);
                world.console("gateway:apply");
            }
        }
    }

    private static void guard(World world, Path document, String target) throws IOException {
        secret(world, "victim", SECRET);
        secret(world, "stranger", OTHER_SECRET);
        ObjectMapper json = new ObjectMapper();
        ObjectNode gateway = (ObjectNode) json.readTree(document.toFile());
        gateway.set(
                "initiators",
                json.readTree("[{\"name\": \"victim\", \"names\": [\"" + VICTIM
                        + "\"], \"chap\": {\"user\": \"victim\", \"secret\": \"victim\"}},"
                        + "{\"name\": \"stranger\", \"chap\": {\"user\": \"stranger\", \"secret\": \"stranger\"}}]"));
        for (JsonNode entry : gateway.required("targets")) {
            if (target.equals(entry.path("name").asText())) {
                ((ObjectNode) entry).set("grants", json.readTree("[{\"initiator\": \"victim\"}]"));
            }
        }
        json.writeValue(document.toFile(), gateway);
        world.console("gateway:apply");
    }

    private static void secret(World world, String name, String secret) throws IOException {
        Path folder = Files.createDirectories(world.sluice().etc().resolve("secrets"));
        Path file = Files.writeString(folder.resolve(name), secret + "\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    }

    /** Connects with the names of the victim. */
    private static TestInitiator twin(World world) throws IOException {
        return TestInitiator.connectFrom("127.0.0.3", world.portal())
                .name(VICTIM)
                .isid(ISID);
    }

    @FunctionalInterface
    private interface Theft {
        LoginResult attempt(TestInitiator thief, ChapLogin login) throws IOException;
    }

    private static void attempts(World world, String target) throws IOException {
        String md5 = Integer.toString(ChapAlgorithm.MD5.number());
        try (TestInitiator twin = twin(world)) {
            TestInitiator victim = new ChapLogin(twin, target).login("victim", SECRET);
            Disk.ready(victim);
            refused(world, target, victim, (thief, login) -> thief.tryLogin(thief.names("Normal", target)));
            refused(world, target, victim, (thief, login) -> login.offer("None"));
            refused(
                    world,
                    target,
                    victim,
                    (thief, login) -> login.authenticate(ChapAlgorithm.MD5, "victim", OTHER_SECRET));
            refused(
                    world,
                    target,
                    victim,
                    (thief, login) -> login.authenticate(ChapAlgorithm.MD5, "stranger", OTHER_SECRET));
            refused(
                    world,
                    target,
                    victim,
                    (thief, login) -> login.authenticate(ChapAlgorithm.MD5, "nobody", OTHER_SECRET));
            try (TestInitiator thief = twin(world)) {
                ChapLogin login = new ChapLogin(thief, target);
                login.challenge(md5);
                assertTrue("past the proof", login.step(FULL_FEATURE, Map.of()).status() != 0);
            }
            Expect.serves(victim);
            try (TestInitiator thief = twin(world)) {
                new ChapLogin(thief, target).challenge(md5);
                Expect.serves(victim);
            }
            try (TestInitiator thief = twin(world)) {
                ChapLogin login = new ChapLogin(thief, target);
                // Who has proven it and has not finished the login replaces nobody either.
                assertEquals(
                        0,
                        login.authenticate(ChapAlgorithm.MD5, "victim", SECRET).status());
                Expect.serves(victim);
                login.finish();
                victim.expectClosed();
                Disk.ready(thief);
                Expect.serves(thief);
            }
        }
    }

    private static void refused(World world, String target, TestInitiator victim, Theft theft) throws IOException {
        try (TestInitiator thief = twin(world)) {
            Expect.refused(AUTHENTICATION_FAILURE, theft.attempt(thief, new ChapLogin(thief, target)));
            thief.expectClosed();
        }
        Expect.serves(victim);
    }
}
