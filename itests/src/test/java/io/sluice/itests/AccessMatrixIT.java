package io.sluice.itests;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import io.sluice.config.ChapAlgorithm;
import io.sluice.testkit.initiator.Cdb;
import io.sluice.testkit.initiator.ChapLogin;
import io.sluice.testkit.initiator.CopyList;
import io.sluice.testkit.initiator.LoginResult;
import io.sluice.testkit.initiator.ScsiResult;
import io.sluice.testkit.initiator.TestInitiator;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;
import java.util.TreeMap;
import org.junit.BeforeClass;
import org.junit.ClassRule;
import org.junit.Test;

/** Four hosts and six targets: what each sees of each, by every way in which a host can look. */
public class AccessMatrixIT {

    private static final String PREFIX = "iqn.2026-11.io.sluice:";
    private static final String SECRET = "alice-proves-this";
    private static final String MUTUAL = "the-gateway-proves";
    private static final int BLOCK = 512;
    private static final int COPY_TARGET_DEVICE_NOT_REACHABLE = 0x0A0D02;
    private static final int RESERVATION_CONFLICT = 0x18;
    private static final String[] TARGETS = {"plain", "readonly", "private", "views", "network", "anybody"};

    /**
     * A host.
     *
     * @param from its address
     * @param secret what it knows of alice's secret, or null if it offers no proof
     */
    private record Person(String name, String iqn, String from, String secret) {}

    private static final Person ALICE = new Person("alice", "iqn.2026-11.com.example:alice", "127.0.20.1", SECRET);
    private static final Person MALLORY =
            new Person("mallory", "iqn.2026-11.com.example:alice", "127.0.20.1", "mallory-guesses-this");
    private static final Person BOB = new Person("bob", "iqn.2026-11.com.example:bob", "127.0.20.1", null);
    private static final Person CAROL = new Person("carol", "iqn.2026-11.com.example:carol", "127.0.21.7", null);

    @ClassRule
    public static final Sluice SLUICE = new Sluice().light();

    @BeforeClass
    public static void makeTargets() throws IOException {
        secret("alice.secret", SECRET);
        secret("mutual.secret", MUTUAL);
        for (String target : TARGETS) {
            for (int lun = 0; lun < 2; lun++) {
                SLUICE.console("backstore:create memory " + target + lun + " --size 1M");
            }
            SLUICE.console(
                    "target:create " + PREFIX + target + " --backstore " + target + "0 --backstore " + target + "1");
        }
        for (String line : List.of(
                "initiator:create alice --iqn " + ALICE.iqn() + " --chap alice --secret-file " + path("alice.secret")
                        + " --mutual gateway --mutual-secret-file " + path("mutual.secret"),
                "initiator:create bob --iqn " + BOB.iqn(),
                "initiator:create net --address 127.0.21.0/24",
                "initiator:create everybody",
                "initiator:group people alice bob",
                "target:allow " + PREFIX + "plain people",
                "target:allow " + PREFIX + "readonly people --read-only",
                "target:allow " + PREFIX + "private bob",
                "target:allow " + PREFIX + "views alice --lun 7=0 --lun 0=1:ro",
                "target:allow " + PREFIX + "views bob --lun 0",
                "target:allow " + PREFIX + "network net",
                "target:allow " + PREFIX + "anybody everybody")) {
            SLUICE.console(line);
        }
    }

    private static Path path(String name) {
        return SLUICE.folder().resolve(name);
    }

    private static void secret(String name, String text) throws IOException {
        Files.writeString(path(name), text + "\n");
    }

    private static TestInitiator connect(Person who) throws IOException {
        if (who == MALLORY) {
            // Who guesses waits for each answer.
            return TestInitiator.connect(SLUICE.portal(), Duration.ofSeconds(20), 0)
                    .name(who.iqn());
        }
        return TestInitiator.connectFrom(who.from(), SLUICE.portal()).name(who.iqn());
    }

    /** Logs in and returns the initiator; or says with which status it was refused. */
    private static TestInitiator logIn(Person who, String target, StringJoiner seen) throws IOException {
        TestInitiator initiator = connect(who);
        LoginResult result;
        ChapLogin chap = new ChapLogin(initiator, PREFIX + target);
        if (who.secret() == null) {
            Map<String, String> keys = new HashMap<>(initiator.names("Normal", PREFIX + target));
            keys.putAll(TestInitiator.OPERATIONAL_KEYS);
            result = initiator.tryLogin(keys);
        } else {
            LoginResult method = chap.offer("CHAP,None");
            if (method.status() == 0 && "None".equals(method.keys().get("AuthMethod"))) {
                result = chap.step(0x81, Map.of());
            } else {
                initiator.close();
                initiator = connect(who);
                chap = new ChapLogin(initiator, PREFIX + target);
                result = chap.authenticate(ChapAlgorithm.SHA256, "alice", who.secret());
            }
            if (result.status() == 0) {
                return chap.finish();
            }
        }
        if (result.status() != 0) {
            seen.add(String.format("%04x", result.status()));
            initiator.close();
            return null;
        }
        return initiator;
    }

    /** Says what a host sees of a target: whether it discovers it, and what it may do with which LUN. */
    private static String seen(Person who, String target) throws IOException {
        StringJoiner seen = new StringJoiner(" ");
        try (TestInitiator discovery = connect(who)) {
            boolean found = discovery
                    .loginDiscovery()
                    .text(Map.of("SendTargets", "All"))
                    .contains(PREFIX + target);
            seen.add(found ? "found" : "-");
        }
        try (TestInitiator host = logIn(who, target, seen)) {
            if (host != null) {
                luns(host).forEach((lun, rights) -> seen.add(lun + rights));
            }
        }
        return seen.toString();
    }

    private static Map<Integer, String> luns(TestInitiator host) throws IOException {
        ByteBuffer list = ByteBuffer.wrap(
                host.execute(0, Cdb.twelve(0xA0, 0, 0, 256), null, 256).data());
        Map<Integer, String> luns = new TreeMap<>();
        for (int at = 8; at < 8 + list.getInt(0); at += 8) {
            long field = list.getLong(at);
            ready(host, field);
            ScsiResult write = host.execute(field, Cdb.write10(0, 1), new byte[BLOCK], 0);
            luns.put((int) (field >> 48), write.status() == 0 ? "rw" : write.senseCode() == 0x072700 ? "ro" : "?");
        }
        for (int lun = 0; lun < 10; lun++) {
            int qualifier =
                    host.execute((long) lun << 48, Cdb.inquiry(36), null, 36).expectGood()[0] & 0xFF;
            assertEquals("LUN " + lun, luns.containsKey(lun) ? 0x00 : 0x7F, qualifier);
        }
        return luns;
    }

    private static void ready(TestInitiator host, long field) throws IOException {
        while (host.execute(field, Cdb.testUnitReady(), null, 0).senseCode() >> 16 == 6) {
            // One unit attention after the other.
        }
    }

    @Test
    public void eachSeesWhatIsGrantedToHim() throws IOException {
        Map<Person, String[]> expected = new LinkedHashMap<>();
        expected.put(
                ALICE,
                new String[] {"found 0rw 1rw", "found 0ro 1ro", "- 0201", "found 0ro 7rw", "- 0201", "found 0rw 1rw"});
        expected.put(
                MALLORY, new String[] {"found 0201", "found 0201", "- 0201", "found 0201", "- 0201", "found 0rw 1rw"});
        expected.put(BOB, new String[] {
            "found 0rw 1rw", "found 0ro 1ro", "found 0rw 1rw", "found 0rw", "- 0201", "found 0rw 1rw"
        });
        expected.put(CAROL, new String[] {"- 0201", "- 0201", "- 0201", "- 0201", "found 0rw 1rw", "found 0rw 1rw"});
        for (Map.Entry<Person, String[]> row : expected.entrySet()) {
            for (int i = 0; i < TARGETS.length; i++) {
                assertEquals(
                        row.getKey().name() + " at " + TARGETS[i], row.getValue()[i], seen(row.getKey(), TARGETS[i]));
            }
        }
    }

    @Test
    public void theGatewayProvesItselfToWhoAsks() throws IOException {
        for (boolean right : new boolean[] {true, false}) {
            try (TestInitiator host = connect(ALICE)) {
                ChapLogin chap = new ChapLogin(host, PREFIX + "plain");
                chap.challenge(Integer.toString(ChapAlgorithm.SHA3_256.number()));
                Map<String, String> proof = new LinkedHashMap<>(chap.proof("alice", SECRET));
                String challenge = "0x" + "5a".repeat(32);
                proof.put("CHAP_I", "33");
                proof.put("CHAP_C", challenge);
                LoginResult answer = chap.prove(proof);
                assertEquals("gateway", answer.keys().get("CHAP_N"));
                String secret = right ? MUTUAL : "another-secret-than-that";
                assertEquals(
                        right,
                        ChapLogin.response("8", "33", challenge, secret)
                                .equalsIgnoreCase(answer.keys().get("CHAP_R")));
            }
        }
    }

    @Test
    public void copiesGoOnlyWhereTheHostMay() throws IOException {
        StringJoiner refused = new StringJoiner(" ");
        byte[] hidden;
        try (TestInitiator bob = logIn(BOB, "private", refused)) {
            ready(bob, 0);
            hidden = CopyList.target(bob, 0);
        }
        try (TestInitiator here = logIn(ALICE, "plain", refused);
                TestInitiator there = logIn(ALICE, "readonly", refused);
                TestInitiator bob = logIn(BOB, "readonly", refused)) {
            for (TestInitiator host : List.of(here, there, bob)) {
                ready(host, 0);
                ready(host, 1L << 48);
            }
            byte[] own = CopyList.target(here, 0);
            byte[] readOnly = CopyList.target(there, 0);
            assertEquals("within its sessions", 0, copy(here, readOnly, own).status());
            assertTrue("to what is read-only", copy(here, own, readOnly).status() != 0);
            for (TestInitiator host : List.of(here, there)) {
                assertEquals(
                        COPY_TARGET_DEVICE_NOT_REACHABLE,
                        copy(host, own, hidden).senseCode());
                assertEquals(
                        COPY_TARGET_DEVICE_NOT_REACHABLE,
                        copy(host, hidden, own).senseCode());
            }
            assertEquals(
                    "of another host's session",
                    COPY_TARGET_DEVICE_NOT_REACHABLE,
                    copy(bob, readOnly, own).senseCode());
        }
        assertEquals("", refused.toString());
    }

    private static ScsiResult copy(TestInitiator host, byte[] from, byte[] to) throws IOException {
        return CopyList.copy(host, CopyList.list(List.of(from, to), List.of(CopyList.segment(0, 1, 0, 0, 8))));
    }

    @Test
    public void reservationsHoldBetweenHostsThatShareAUnit() throws IOException {
        StringJoiner refused = new StringJoiner(" ");
        try (TestInitiator alice = logIn(ALICE, "plain", refused);
                TestInitiator bob = logIn(BOB, "plain", refused)) {
            ready(alice, 0);
            ready(bob, 0);
            byte[] register = ByteBuffer.allocate(24).putLong(8, 1).array();
            alice.execute(0, Cdb.hex("5f 00 00 00 00 00 00 00 18 00"), register, 0)
                    .expectGood();
            byte[] key = ByteBuffer.allocate(24).putLong(0, 1).array();
            alice.execute(0, Cdb.hex("5f 01 01 00 00 00 00 00 18 00"), key, 0).expectGood();
            assertEquals(
                    RESERVATION_CONFLICT,
                    bob.execute(0, Cdb.write10(0, 1), new byte[BLOCK], 0).status());
            alice.write10(0, 0, new byte[BLOCK], BLOCK);
            alice.execute(0, Cdb.hex("5f 03 00 00 00 00 00 00 18 00"), key, 0).expectGood();
        }
        assertEquals("", refused.toString());
    }

    @Test
    public void whatIsTakenAwayEndsAtOnce() throws IOException {
        StringJoiner refused = new StringJoiner(" ");
        SLUICE.console(
                "target:create " + PREFIX + "taken --backstore plain0 --backstore plain1; initiator:create taker --iqn "
                        + BOB.iqn() + "; target:allow " + PREFIX + "taken taker; target:allow " + PREFIX + "taken net");
        try (TestInitiator bob = logIn(BOB, "taken", refused)) {
            ready(bob, 0);
            ready(bob, 1L << 48);
            SLUICE.console("target:allow " + PREFIX + "taken taker --lun 0");
            assertEquals(
                    "REPORTED LUNS DATA HAS CHANGED",
                    0x063F0E,
                    bob.execute(0, Cdb.testUnitReady(), null, 0).senseCode());
            assertEquals(
                    0x052500,
                    bob.execute(1L << 48, Cdb.testUnitReady(), null, 0).senseCode());
            SLUICE.console("target:deny " + PREFIX + "taken taker");
            bob.expectClosed();
        }
        assertEquals("", refused.toString());
        String audit = Files.readString(SLUICE.folder().resolve("data/log/audit.log"));
        assertTrue(audit, audit.contains("it may not use its target any more"));
    }
}
