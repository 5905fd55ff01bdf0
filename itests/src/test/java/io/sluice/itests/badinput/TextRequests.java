package io.sluice.itests.badinput;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sluice.testkit.initiator.LoginResult;
import io.sluice.testkit.initiator.RawPdu;
import io.sluice.testkit.initiator.TestInitiator;
import io.sluice.testkit.initiator.TextPairs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** Text of the full feature phase that has no place there, or has no end (RFC 7143 11.10, 13.3). */
final class TextRequests {

    private static final int PROTOCOL_ERROR = 0x04;
    private static final int MANY = 1024;
    private static final int FINAL = 0x80;
    private static final int TO_BE_CONTINUED = 0x40;
    private static final String PREFIX = "iqn.2026-11.io.sluice:many-";

    private TextRequests() {}

    static List<BadInput> inputs() {
        return List.of(
                new BadInput(
                        58, "SendTargets=All in a normal session: Reject 04; of 1,024 targets: all", TextRequests::all),
                new BadInput(
                        59,
                        "text to be continued that never is: answered, and served (11.10.2)",
                        TextRequests::endless),
                new BadInput(
                        60, "a target transfer tag that is not, or no more: Reject 04 (11.10.4)", TextRequests::tags),
                new BadInput(61, "keys that nobody knows: NotUnderstood (6.2)", TextRequests::unknownKeys),
                new BadInput(62, "keys of the login: Reject 04 (13)", TextRequests::keysOfTheLogin));
    }

    private static void all(World world) throws IOException {
        try (TestInitiator initiator = world.login()) {
            initiator.send(text(initiator, FINAL, "SendTargets=All\0"));
            initiator.expectReject(PROTOCOL_ERROR);
            if (!initiator.text(Map.of("SendTargets", "")).startsWith("TargetName=" + World.TARGET + "\0")) {
                throw new AssertionError("does not tell the session's target");
            }
        }
        List<String> names = IntStream.range(0, MANY).mapToObj(i -> PREFIX + i).toList();
        Path document = world.sluice().etc().resolve("gateway.json");
        byte[] before = Files.readAllBytes(document);
        ObjectNode more = (ObjectNode) new ObjectMapper().readTree(before);
        names.forEach(name -> more.withArray("targets").addObject().put("name", name));
        apply(world, document, more.toString().getBytes(UTF_8));
        try {
            for (String limit : List.of("512", "8192", "262144")) {
                try (TestInitiator initiator = world.connect()) {
                    Map<String, String> keys = initiator.names("Discovery", null);
                    keys.put("MaxRecvDataSegmentLength", limit);
                    Expect.refused(0, initiator.tryLogin(keys));
                    List<String> listed = listed(initiator.text(Map.of("SendTargets", "All")));
                    if (!listed.equals(names.stream().sorted().toList())) {
                        throw new AssertionError("listed " + listed);
                    }
                }
            }
        } finally {
            apply(world, document, before);
        }
    }

    private static void apply(World world, Path document, byte[] content) throws IOException {
        Files.write(document, content);
        world.console("gateway:apply");
    }

    private static List<String> listed(String text) {
        return text.lines()
                .flatMap(line -> List.of(line.split("\0")).stream())
                .filter(pair -> pair.startsWith("TargetName=" + PREFIX))
                .map(pair -> pair.substring("TargetName=".length()))
                .toList();
    }

    private static RawPdu text(TestInitiator initiator, int flags, String pairs) {
        return initiator
                .request(RawPdu.TEXT)
                .flags(flags)
                .int32(20, RawPdu.RESERVED_TAG)
                .data(pairs.getBytes(UTF_8));
    }

    private static void endless(World world) throws IOException {
        try (TestInitiator initiator = world.login()) {
            RawPdu request = text(initiator, TO_BE_CONTINUED, "");
            initiator.send(request);
            RawPdu answer = initiator.expect(RawPdu.TEXT_RESPONSE);
            for (int i = 0; i < 200; i++) {
                if (answer.last() || answer.data().length > 0 || answer.int32(20) == RawPdu.RESERVED_TAG) {
                    throw new AssertionError("not an answer to half a text: " + answer);
                }
                initiator.send(text(initiator, TO_BE_CONTINUED, "")
                        .taskTag(request.taskTag())
                        .int32(20, answer.int32(20)));
                answer = initiator.expect(RawPdu.TEXT_RESPONSE);
            }
            initiator.send(
                    text(initiator, FINAL, "X-a=1\0").taskTag(request.taskTag()).int32(20, answer.int32(20)));
            Expect.same(
                    "X-a=NotUnderstood\0".getBytes(UTF_8),
                    initiator.expect(RawPdu.TEXT_RESPONSE).data());
            initiator.send(text(initiator, FINAL | TO_BE_CONTINUED, ""));
            initiator.expectReject(PROTOCOL_ERROR);
            tooMuch(initiator);
            Expect.serves(initiator);
        }
    }

    /** It is kept up to 64 KiB. */
    private static void tooMuch(TestInitiator initiator) throws IOException {
        RawPdu request = text(initiator, TO_BE_CONTINUED, "x".repeat(40_000));
        initiator.send(request);
        RawPdu answer = initiator.expect(RawPdu.TEXT_RESPONSE);
        initiator.send(text(initiator, TO_BE_CONTINUED, "x".repeat(40_000))
                .taskTag(request.taskTag())
                .int32(20, answer.int32(20)));
        initiator.expectReject(PROTOCOL_ERROR);
    }

    private static void tags(World world) throws IOException {
        try (TestInitiator initiator = world.login()) {
            for (int tag : new int[] {0, 1, 0x7777, Integer.MIN_VALUE}) {
                initiator.send(text(initiator, FINAL, "").int32(20, tag));
                initiator.expectReject(PROTOCOL_ERROR);
            }
            RawPdu request = text(initiator, TO_BE_CONTINUED, "X-a=1\0");
            initiator.send(request);
            int tag = initiator.expect(RawPdu.TEXT_RESPONSE).int32(20);
            // A request with the reserved tag begins anew, and so ends what was before (11.10.4).
            initiator.send(text(initiator, FINAL, "X-b=1\0"));
            Expect.same(
                    "X-b=NotUnderstood\0".getBytes(UTF_8),
                    initiator.expect(RawPdu.TEXT_RESPONSE).data());
            initiator.send(
                    text(initiator, FINAL, "X-c=1\0").taskTag(request.taskTag()).int32(20, tag));
            initiator.expectReject(PROTOCOL_ERROR);
            Expect.serves(initiator);
        }
    }

    private static void unknownKeys(World world) throws IOException {
        List<String> keys = List.of("X-com.example.key", "X#key", "Y-", "Unknown", "headerdigest", "SendTarget");
        for (String key : keys) {
            try (TestInitiator initiator = world.connect()) {
                Map<String, String> login = initiator.names("Normal", World.TARGET);
                login.put(key, "1");
                LoginResult result = initiator.tryLogin(login);
                Expect.refused(0, result);
                notUnderstood(key, result.keys());
                notUnderstood(
                        key, TextPairs.decode(initiator.text(Map.of(key, "1")).getBytes(UTF_8)));
                Expect.serves(World.ready(initiator));
            }
        }
    }

    private static void notUnderstood(String key, Map<String, String> answers) {
        if (!"NotUnderstood".equals(answers.get(key))) {
            throw new AssertionError(key + " is answered " + answers);
        }
    }

    private static void keysOfTheLogin(World world) throws IOException {
        try (TestInitiator initiator = world.login()) {
            for (String key : List.of(
                    "HeaderDigest=CRC32C",
                    "DataDigest=None",
                    "AuthMethod=None",
                    "InitiatorName=iqn.2026-11.io.sluice:other",
                    "TargetName=" + World.BESIDE,
                    "SessionType=Discovery",
                    "MaxConnections=8",
                    "InitialR2T=No",
                    "ImmediateData=No",
                    "MaxBurstLength=512",
                    "FirstBurstLength=512",
                    "MaxOutstandingR2T=8",
                    "ErrorRecoveryLevel=2",
                    "DefaultTime2Wait=0",
                    "TargetPortalGroupTag=1",
                    "TargetAddress=127.0.0.1",
                    "MaxRecvDataSegmentLength=511")) {
                initiator.send(text(initiator, FINAL, key + "\0"));
                initiator.expectReject(PROTOCOL_ERROR);
            }
            Expect.serves(initiator);
        }
    }
}
