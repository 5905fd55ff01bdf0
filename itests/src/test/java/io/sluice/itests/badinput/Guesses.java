package io.sluice.itests.badinput;

import static io.sluice.itests.badinput.ProvenTarget.ABSENT;
import static io.sluice.itests.badinput.ProvenTarget.HIDDEN;
import static io.sluice.itests.badinput.ProvenTarget.OTHER_SECRET;
import static io.sluice.itests.badinput.ProvenTarget.OTHER_USER;
import static io.sluice.itests.badinput.ProvenTarget.SECRET;
import static io.sluice.itests.badinput.ProvenTarget.TARGET;
import static io.sluice.itests.badinput.ProvenTarget.USER;
import static io.sluice.itests.badinput.ProvenTarget.WRONG;
import static io.sluice.itests.badinput.ProvenTarget.with;

import io.sluice.itests.Terminal;
import io.sluice.testkit.initiator.ChapLogin;
import io.sluice.testkit.initiator.LoginResult;
import io.sluice.testkit.initiator.RawPdu;
import io.sluice.testkit.initiator.TestInitiator;
import io.sluice.testkit.initiator.TextPairs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/** Strangers who guess users, secrets and targets, and what they learn by it. */
final class Guesses {

    private static final int FAILED = 0x0201;
    private static final int ROUNDS = 20;
    private static final int STORM = 100;
    /** Too many guesses before: this one was not looked at. */
    private static final int NOT_NOW = 0x0301;
    /** So many are looked at before anybody waits longer than a second. */
    private static final int AT_ONCE = 5;

    private static final String STORM_HOST = "127.9.9.9";
    private static final String STORM_NAME = "iqn.2026-11.io.sluice:storm";

    /** What a busy machine makes of two answers that take the same. */
    private static final Duration ALIKE = Duration.ofMillis(10);

    private Guesses() {}

    static List<BadInput> inputs() {
        return List.of(
                new BadInput(
                        74,
                        "unknown, hidden, absent and wrong are answered alike, in answer and time",
                        with(Guesses::alike)),
                new BadInput(75, "a hundred wrong logins at once: slowed down, others get in", with(Guesses::storm)),
                new BadInput(76, "a secret of 11 bytes is not taken, and none is shown", with(Guesses::shortSecret)));
    }

    private static void alike(ProvenTarget target) throws IOException {
        String[][] kinds = {
            {TARGET, USER, WRONG},
            {TARGET, "nobody", SECRET},
            {TARGET, OTHER_USER, OTHER_SECRET},
            {HIDDEN, USER, SECRET},
            {ABSENT, USER, SECRET},
        };
        long[][] nanos = new long[kinds.length][ROUNDS];
        LoginResult first = null;
        for (int round = 0; round < ROUNDS; round++) {
            for (int kind = 0; kind < kinds.length; kind++) {
                try (TestInitiator initiator = target.connect()) {
                    ChapLogin login = new ChapLogin(initiator, kinds[kind][0]);
                    login.challenge("5");
                    var proof = login.proof(kinds[kind][1], kinds[kind][2]);
                    long begun = System.nanoTime();
                    LoginResult result = login.prove(proof);
                    nanos[kind][round] = System.nanoTime() - begun;
                    Expect.refused(FAILED, result);
                    first = first == null ? result : first;
                    if (!first.equals(result)) {
                        throw new AssertionError(Arrays.toString(kinds[kind]) + ": " + result + " is not " + first);
                    }
                }
            }
        }
        long[] medians = Arrays.stream(nanos)
                .mapToLong(times -> Arrays.stream(times)
                        .sorted()
                        .skip(ROUNDS / 2)
                        .findFirst()
                        .orElseThrow())
                .sorted()
                .toArray();
        if (medians[medians.length - 1] - medians[0] > ALIKE.toNanos()) {
            throw new AssertionError("medians of answers in ns: " + Arrays.toString(medians));
        }
    }

    /** All wrong proofs are sent before the first answer is read. */
    private static void storm(ProvenTarget target) throws IOException {
        List<TestInitiator> guessing = new ArrayList<>();
        int lines = target.audit().split("\n").length;
        long begun = System.nanoTime();
        try {
            for (int i = 0; i < STORM; i++) {
                TestInitiator initiator = target.connectFrom(STORM_HOST, STORM_NAME);
                guessing.add(initiator);
                ChapLogin login = new ChapLogin(initiator, TARGET);
                login.challenge("5");
                initiator.send(initiator.loginRequest(0x81).data(TextPairs.encode(login.proof(USER, WRONG))));
            }
            long good = System.nanoTime();
            target.letsIn();
            Expect.within(Duration.ofSeconds(1).plus(ALIKE), good);
            int looked = 0;
            for (TestInitiator initiator : guessing) {
                int status = initiator.expect(RawPdu.LOGIN_RESPONSE).int16(36);
                if (status != FAILED && status != NOT_NOW) {
                    throw new AssertionError("a guess was not refused");
                }
                looked += status == FAILED ? 1 : 0;
            }
            long seconds = Duration.ofNanos(System.nanoTime() - begun).toSeconds();
            if (looked > AT_ONCE + seconds) {
                throw new AssertionError(looked + " guesses were looked at in " + seconds + " s");
            }
        } finally {
            for (TestInitiator initiator : guessing) {
                initiator.close();
            }
        }
        int more = target.audit().split("\n").length - lines;
        if (more > STORM / 2) {
            throw new AssertionError(more + " lines in the audit log of " + STORM + " guesses");
        }
        World.await("the audit log names the host", Duration.ofSeconds(15), () -> named(target));
    }

    /** The log may be silent for a while, after so many refusals of others just before. */
    private static boolean named(ProvenTarget target) {
        try {
            if (target.audit().contains(STORM_HOST)) {
                return true;
            }
            try (TestInitiator initiator = target.connectFrom(STORM_HOST, STORM_NAME)) {
                Expect.refused(FAILED, new ChapLogin(initiator, TARGET).offer("None"));
            }
            return false;
        } catch (IOException failed) {
            throw new AssertionError(failed);
        }
    }

    private static void shortSecret(ProvenTarget target) throws IOException {
        String tooShort = "onlyeleven1";
        Terminal.Outcome outcome = target.mutualSecret(tooShort);
        String shown = target.world().tryConsole("gateway:status --json").text()
                + target.world().console("target:list --json")
                + outcome.text();
        if (!shown.contains("shorter than 12 bytes")) {
            throw new AssertionError("nothing is said of a secret of 11 bytes: " + shown);
        }
        try (Stream<Path> files = Files.walk(target.world().sluice().folder().resolve("data/log"))) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                shown += Files.readString(file);
            }
        }
        for (String secret : new String[] {tooShort, SECRET, OTHER_SECRET, WRONG, ProvenTarget.MUTUAL}) {
            if (shown.contains(secret)) {
                throw new AssertionError("a secret is shown");
            }
        }
    }
}
