package io.sluice.itests.badinput;

import static io.sluice.itests.badinput.ProvenTarget.ABSENT;
import static io.sluice.itests.badinput.ProvenTarget.HIDDEN;
import static io.sluice.itests.badinput.ProvenTarget.SECRET;
import static io.sluice.itests.badinput.ProvenTarget.TARGET;
import static io.sluice.itests.badinput.ProvenTarget.USER;
import static io.sluice.itests.badinput.ProvenTarget.with;

import io.sluice.testkit.initiator.ChapLogin;
import io.sluice.testkit.initiator.LoginResult;
import io.sluice.testkit.initiator.TestInitiator;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Logins that do not prove what they have to (RFC 7143 9.2.1, 12.1.3). */
final class ChapLogins {

    private static final int FAILED = 0x0201;
    private static final int INITIATOR_ERROR = 0x0200;
    private static final int CHALLENGES = 1_000;

    private ChapLogins() {}

    static List<BadInput> inputs() {
        List<BadInput> inputs = new ArrayList<>();
        inputs.add(new BadInput(
                63,
                "None where proof is needed, of discovery too: 0201 (RFC 7143 12.1)",
                with(ChapLogins::withoutProof)));
        inputs.add(new BadInput(
                64, "out of the security stage without a proof: refused (RFC 7143 6.3.2)", with(ChapLogins::jumps)));
        inputs.add(new BadInput(
                65,
                "lists of algorithms: the first that is known, or 0201 (RFC 7143 12.1.3)",
                with(ChapLogins::algorithms)));
        inputs.add(new BadInput(
                66, "responses of all lengths and encodings: 0201 (RFC 7143 6.1)", with(ChapLogins::responses)));
        inputs.add(new BadInput(
                67, "user names are texts, compared as they are: 0201 (RFC 7143 12.1.3)", with(ChapLogins::users)));
        inputs.add(new BadInput(68, "the response twice: refused (RFC 7143 6.3)", with(ChapLogins::responseTwice)));
        inputs.add(new BadInput(
                69, "our challenge comes back as theirs: closed (RFC 7143 9.2.1)", with(ChapLogins::reflection)));
        inputs.add(new BadInput(
                70, "one secret for both directions: refused (RFC 7143 9.2.1)", with(ChapLogins::oneSecretForBoth)));
        inputs.add(new BadInput(
                71, "challenges of 1 and of 1,025 bytes (RFC 7143 12.1.3)", with(ChapLogins::challengesOfTheirs)));
        inputs.add(
                new BadInput(72, "challenges are all different (RFC 7143 9.2.1)", with(ChapLogins::challengesOfOurs)));
        inputs.add(new BadInput(73, "a captured exchange comes again: 0201", with(ChapLogins::replay)));
        inputs.addAll(Guesses.inputs());
        return inputs;
    }

    private static void withoutProof(ProvenTarget target) throws IOException {
        for (String name : new String[] {TARGET, HIDDEN, ABSENT}) {
            refused(target, FAILED, name, login -> login.offer("None"));
            refused(target, FAILED, name, login -> login.offer("KRB5,SRP"));
        }
        target.requireProofOfDiscovery();
        refused(target, FAILED, null, login -> login.offer("None"));
        try (TestInitiator initiator = target.connect()) {
            Expect.refused(FAILED, initiator.tryLogin(initiator.names("Discovery", null)));
        }
        try (TestInitiator initiator = target.connect()) {
            new ChapLogin(initiator, null).login(USER, SECRET).logout();
        }
    }

    private static void jumps(ProvenTarget target) throws IOException {
        for (int flags : new int[] {0x81, 0x83, 0x87}) {
            try (TestInitiator initiator = target.connect()) {
                Expect.refused(FAILED, new ChapLogin(initiator, TARGET).step(flags, initiator.names("Normal", TARGET)));
                initiator.expectClosed();
            }
        }
        for (int flags : new int[] {0x81, 0x83}) {
            refused(target, FAILED, TARGET, login -> {
                login.challenge("5");
                return login.step(flags, Map.of());
            });
        }
        refused(target, INITIATOR_ERROR, TARGET, login -> {
            login.challenge("5");
            return login.step(0x87, Map.of());
        });
        target.letsIn();
    }

    private static void algorithms(ProvenTarget target) throws IOException {
        for (String list : new String[] {"56", "", ",", "0", "-5", "5.0", "md5", "99,".repeat(80) + "4"}) {
            refused(target, FAILED, TARGET, login -> login.challenge(list));
        }
        Map<String, String> chosen = Map.of("6,5", "6", "99,".repeat(80) + "7", "7", "0x5", "5");
        for (Map.Entry<String, String> row : chosen.entrySet()) {
            try (TestInitiator initiator = target.connect()) {
                LoginResult result = new ChapLogin(initiator, TARGET).challenge(row.getKey());
                if (!row.getValue().equals(result.keys().get("CHAP_A"))) {
                    throw new AssertionError(row + ": " + result);
                }
            }
        }
    }

    private static void responses(ProvenTarget target) throws IOException {
        String[] wrong = {
            "",
            "0x",
            "0b",
            "0x0",
            "0x00",
            "0x" + "0".repeat(31),
            "0x" + "0".repeat(34),
            "0x" + "ab".repeat(1000),
            "0x" + "zz".repeat(16),
            "0b" + "A".repeat(128),
            "0b" + "*".repeat(24),
            "0bAAAAAAAAAAAAAAAAAAAAAA",
            "0bAAAAAAAAAAAAAAAAAAAAAA=",
            "1".repeat(32)
        };
        for (String response : wrong) {
            refused(target, FAILED, TARGET, login -> {
                login.challenge("5");
                return login.prove(Map.of("CHAP_N", USER, "CHAP_R", response));
            });
        }
        refused(target, INITIATOR_ERROR, TARGET, login -> {
            login.challenge("5");
            return login.prove(Map.of("CHAP_N", USER, "CHAP_R", "0x" + "ab".repeat(1025)));
        });
    }

    private static void users(ProvenTarget target) throws IOException {
        for (String user :
                new String[] {"0x" + USER, "0b" + USER, "", " ", "HOST1", "host1 ", "host2", "\u001b[31mhost1"}) {
            refused(target, FAILED, TARGET, login -> {
                login.challenge("5");
                return login.prove(login.proof(user, SECRET));
            });
        }
        refused(target, INITIATOR_ERROR, TARGET, login -> {
            login.challenge("5");
            return login.prove(login.proof("u".repeat(256), SECRET));
        });
        if (target.audit().indexOf('\u001b') >= 0) {
            throw new AssertionError("the audit log has control characters of a stranger");
        }
    }

    private static void responseTwice(ProvenTarget target) throws IOException {
        refused(target, INITIATOR_ERROR, TARGET, login -> {
            login.challenge("5");
            Map<String, String> proof = login.proof(USER, SECRET);
            LoginResult first = login.step(0, proof);
            return first.status() == 0 ? login.step(0, proof) : first;
        });
    }

    private static void reflection(ProvenTarget target) throws IOException {
        try (TestInitiator waiting = target.connect()) {
            ChapLogin other = new ChapLogin(waiting, TARGET);
            other.challenge("5");
            refused(target, FAILED, TARGET, login -> {
                login.challenge("5");
                return login.prove(mutual(login, other.challenge()));
            });
            refused(target, FAILED, TARGET, login -> {
                login.challenge("5");
                return login.prove(mutual(login, login.challenge()));
            });
            Expect.refused(0, other.prove(other.proof(USER, SECRET)));
        }
    }

    private static Map<String, String> mutual(ChapLogin login, String challenge) {
        Map<String, String> keys = login.proof(USER, SECRET);
        keys.put("CHAP_I", "1");
        keys.put("CHAP_C", challenge);
        return keys;
    }

    private static void oneSecretForBoth(ProvenTarget target) throws IOException {
        if (!target.mutualSecret(SECRET).failed()) {
            refused(target, FAILED, TARGET, login -> {
                login.challenge("5");
                return login.prove(mutual(login, "0x" + "ab".repeat(16)));
            });
        }
    }

    private static void challengesOfTheirs(ProvenTarget target) throws IOException {
        try (TestInitiator initiator = target.connect()) {
            ChapLogin login = new ChapLogin(initiator, TARGET);
            login.challenge("5");
            Expect.refused(0, login.prove(mutual(login, "0x01")));
        }
        refused(target, INITIATOR_ERROR, TARGET, login -> {
            login.challenge("5");
            return login.prove(mutual(login, "0x" + "ab".repeat(1025)));
        });
        refused(target, FAILED, TARGET, login -> {
            login.challenge("5");
            return login.prove(mutual(login, "0b" + "AAAA".repeat(342)));
        });
    }

    private static void challengesOfOurs(ProvenTarget target) throws IOException {
        Set<String> seen = new HashSet<>();
        for (int i = 0; i < CHALLENGES; i++) {
            try (TestInitiator initiator = target.connect()) {
                ChapLogin login = new ChapLogin(initiator, TARGET);
                login.challenge("5");
                if (login.challenge().length() != 2 + 2 * 16 || !seen.add(login.challenge())) {
                    throw new AssertionError("challenge " + i + ": " + login.challenge());
                }
            }
        }
    }

    private static void replay(ProvenTarget target) throws IOException {
        try (TestInitiator initiator = target.connect()) {
            ChapLogin captured = new ChapLogin(initiator, TARGET);
            captured.challenge("5");
            Map<String, String> proof = captured.proof(USER, SECRET);
            Expect.refused(0, captured.prove(proof));
            refused(target, FAILED, TARGET, login -> {
                login.challenge("5");
                return login.prove(proof);
            });
        }
    }

    /** A login as far as it comes. */
    @FunctionalInterface
    interface Login {
        LoginResult run(ChapLogin login) throws IOException;
    }

    static void refused(ProvenTarget target, int status, String name, Login attempt) throws IOException {
        try (TestInitiator initiator = target.connect()) {
            Expect.refused(status, attempt.run(new ChapLogin(initiator, name)));
            initiator.expectClosed();
        }
    }
}
