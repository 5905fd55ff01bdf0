package io.sluice.itests.badinput;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.sluice.testkit.initiator.LoginResult;
import io.sluice.testkit.initiator.RawPdu;
import io.sluice.testkit.initiator.TestInitiator;
import io.sluice.testkit.initiator.TextPairs;
import java.io.IOException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Texts of a login that are not pairs of keys and values, or too many of them (RFC 7143 6.1). Each byte is a character here. */
final class LoginTexts {

    private static final int MOST_BYTES = 8192;
    private static final int MANY = 2047;

    private LoginTexts() {}

    static List<BadInput> inputs() {
        return List.of(
                new BadInput(43, "a key of 64 to 8,000 characters: 0200", LoginTexts::longKeys),
                new BadInput(44, "a value of more than 255 bytes: 0200", LoginTexts::longValues),
                new BadInput(
                        45, "2,047 keys, alike or not: 0200; what is answered fits a response", LoginTexts::manyKeys),
                new BadInput(46, "a pair without '=': 0200", world -> refused(world, "a\0", "InitiatorName\0")),
                new BadInput(47, "an empty key: 0200", world -> refused(world, "=value\0", "=\0")),
                new BadInput(48, "8,189 to 8,192 bytes that do not end with a zero byte: 0200", LoginTexts::noEnd),
                new BadInput(49, "a text that is cut anywhere: put together (6.2)", LoginTexts::cut),
                new BadInput(50, "zero bytes without need: ignored; what is not UTF-8: 0200", LoginTexts::strangeBytes),
                new BadInput(51, "a key that comes twice, at once or later: 0200 (6.3)", LoginTexts::twice),
                new BadInput(52, "keys of another stage or of the target: 0200 (13)", LoginTexts::misplaced));
    }

    private static void refused(World world, String... texts) throws IOException {
        for (String text : texts) {
            refused(world, 0x87, text);
        }
    }

    private static void refused(World world, int flags, String text) throws IOException {
        try (TestInitiator initiator = world.connect()) {
            initiator.send(initiator.loginRequest(flags).data(bytes(names(initiator) + text)));
            Expect.refused(0x0200, initiator);
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(ISO_8859_1);
    }

    private static String names(TestInitiator initiator) {
        return new String(TextPairs.encode(initiator.names("Normal", World.TARGET)), ISO_8859_1);
    }

    private static void longKeys(World world) throws IOException {
        for (int length : new int[] {64, 65, 255, 256, 1024, 8000}) {
            refused(world, "X-" + "k".repeat(length - 2) + "=v\0");
        }
        try (TestInitiator initiator = world.connect()) {
            String longest = "X-" + "k".repeat(61);
            understood(initiator, Map.of(longest, "v"));
        }
    }

    private static void understood(TestInitiator initiator, Map<String, String> more) throws IOException {
        Map<String, String> keys = initiator.names("Normal", World.TARGET);
        keys.putAll(more);
        LoginResult result = initiator.tryLogin(keys);
        Expect.refused(0, result);
        for (String key : more.keySet()) {
            if (!"NotUnderstood".equals(result.keys().get(key))) {
                throw new AssertionError(key + " is answered " + result.keys().get(key));
            }
        }
    }

    private static void longValues(World world) throws IOException {
        for (int length : new int[] {256, 257, 1024, 7000}) {
            refused(world, "X-a=" + "v".repeat(length) + "\0");
        }
        refused(world, "HeaderDigest=" + "None,".repeat(60) + "None\0", "MaxBurstLength=" + "1".repeat(300) + "\0");
        try (TestInitiator initiator = world.connect()) {
            understood(initiator, Map.of("X-a", "v".repeat(255)));
        }
    }

    /** An answer that would not fit is not cut: the login is refused. */
    private static void manyKeys(World world) throws IOException {
        refused(world, "a=b\0".repeat(MANY - 60));
        StringBuilder different = new StringBuilder();
        for (int i = 0; i < MANY; i++) {
            different.append("X-").append(Integer.toString(i, 36)).append("=b\0");
        }
        try (TestInitiator initiator = world.connect()) {
            byte[] text = bytes(names(initiator) + different);
            initiator.send(initiator.loginRequest(0x44).data(Arrays.copyOf(text, MOST_BYTES)));
            initiator.expect(RawPdu.LOGIN_RESPONSE);
            initiator.send(initiator.loginRequest(0x87).data(Arrays.copyOfRange(text, MOST_BYTES, text.length)));
            Expect.refused(0x0200, initiator);
        }
        try (TestInitiator initiator = world.connect()) {
            Map<String, String> keys = new LinkedHashMap<>();
            for (int i = 0; i < 350; i++) {
                keys.put("X-" + i, "b");
            }
            understood(initiator, keys);
        }
    }

    private static void noEnd(World world) throws IOException {
        for (int length = MOST_BYTES - 3; length <= MOST_BYTES; length++) {
            try (TestInitiator initiator = world.connect()) {
                String names = names(initiator);
                String filling = "\0".repeat(length - names.length() - 8);
                byte[] text = bytes(names + filling + "X-last=1");
                initiator.send(initiator.loginRequest(0x87).data(text));
                Expect.refused(0x0200, initiator);
            }
        }
    }

    private static void cut(World world) throws IOException {
        int length = TextPairs.encode(Map.of("InitiatorName", "x")).length;
        for (int at = 1; at < length + 80; at++) {
            try (TestInitiator initiator = world.connect()) {
                byte[] text = bytes(names(initiator) + "MaxBurstLength=8192\0");
                initiator.send(initiator.loginRequest(0x44).data(Arrays.copyOf(text, at)));
                RawPdu empty = initiator.expect(RawPdu.LOGIN_RESPONSE);
                if (empty.data().length > 0 || (empty.int8(1) & 0x80) != 0) {
                    throw new AssertionError("an answer to half a text: " + empty);
                }
                initiator.send(initiator.loginRequest(0x87).data(Arrays.copyOfRange(text, at, text.length)));
                RawPdu response = initiator.expect(RawPdu.LOGIN_RESPONSE);
                String burst = TextPairs.decode(response.data()).get("MaxBurstLength");
                if (response.int16(36) != 0 || !"8192".equals(burst)) {
                    throw new AssertionError("MaxBurstLength=" + burst + " when cut at " + at + ": " + response);
                }
            }
        }
    }

    private static void strangeBytes(World world) throws IOException {
        try (TestInitiator initiator = world.connect()) {
            byte[] text = bytes("\0\0" + names(initiator) + "\0\0\0MaxBurstLength=8192\0\0\0");
            initiator.send(initiator.loginRequest(0x87).data(text));
            RawPdu response = initiator.expect(RawPdu.LOGIN_RESPONSE);
            if (response.int16(36) != 0) {
                throw new AssertionError("refused: " + response);
            }
        }
        refused(
                world,
                "X-a=\u00FF\0",
                "X-\u00FF=a\0",
                "X-a=\u00C0\u0080\0",
                "X-a=\u00ED\u00A0\u0080\0",
                "X-a=\u00E2\u0082\0",
                "X a=1\0",
                "X-a\u0001=1\0",
                "\u00C3\u00A4=1\0");
    }

    private static void twice(World world) throws IOException {
        refused(
                world,
                "HeaderDigest=None\0HeaderDigest=None\0",
                "HeaderDigest=None\0HeaderDigest=CRC32C\0",
                "X-a=1\0X-a=1\0",
                "InitiatorName=iqn.2026-11.io.sluice:other\0",
                "TargetName=" + World.BESIDE + "\0");
        for (String later : List.of("MaxBurstLength=8192\0", "InitiatorName=iqn.2026-11.io.sluice:other\0")) {
            try (TestInitiator initiator = world.connect()) {
                byte[] text = bytes(names(initiator) + "MaxBurstLength=4096\0");
                initiator.send(initiator.loginRequest(0x04).data(text));
                initiator.expect(RawPdu.LOGIN_RESPONSE);
                initiator.send(initiator.loginRequest(0x87).data(bytes(later)));
                Expect.refused(0x0200, initiator);
            }
        }
    }

    private static void misplaced(World world) throws IOException {
        refused(
                world,
                "TargetAddress=127.0.0.1:3260,1\0",
                "TargetAlias=disk\0",
                "TargetPortalGroupTag=1\0",
                "SendTargets=All\0",
                "AuthMethod=None\0");
        for (String operational : List.of("HeaderDigest=None\0", "MaxBurstLength=8192\0", "InitialR2T=Yes\0")) {
            refused(world, 0x81, operational);
        }
    }
}
