package io.sluice.itests.badinput;

import io.sluice.testkit.initiator.Cdb;
import io.sluice.testkit.initiator.LoginResult;
import io.sluice.testkit.initiator.RawPdu;
import io.sluice.testkit.initiator.TestInitiator;
import io.sluice.testkit.initiator.TextPairs;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/** Logins that are not as they should be: their order, their stages, and who they say they are (RFC 7143 6.3, 11.12). */
final class Logins {

    private static final int PROTOCOL_ERROR = 0x04;
    private static final int MOST_REQUESTS = 16;

    /** Flags of a request: T, C, CSG and NSG (11.12.1 to 11.12.3). */
    private static final int OPERATIONAL_TO_FULL_FEATURE = 0x87;

    private static final int SECURITY = 0x00;
    private static final int OPERATIONAL = 0x04;
    private static final int OPERATIONAL_TO_BE_CONTINUED = 0x44;

    private Logins() {}

    static List<BadInput> inputs() {
        return Stream.of(order(), identity(), LoginTexts.inputs(), LoginValues.inputs(), TextRequests.inputs())
                .flatMap(List::stream)
                .toList();
    }

    private static List<BadInput> order() {
        return List.of(
                new BadInput(28, "another PDU comes before the login: closed (7.9)", Logins::notALogin),
                new BadInput(29, "bytes right behind a login: served when it is over, or closed", Logins::bytesBehind),
                new BadInput(30, "stages that are reserved or go back, T and C together: 0200 or 020b", Logins::stages),
                new BadInput(31, "a later version: 0205 (11.13.5)", Logins::version),
                new BadInput(36, "ITT, CID, ISID, TSIH or CmdSN change in a login: 0200 (6.3.1)", Logins::changes),
                new BadInput(37, "a login without end: 0200 after 16 requests", Logins::endless),
                new BadInput(38, "more than 64 KiB of text: 0200", Logins::longText),
                new BadInput(39, "a request without text: 0207, or 0200 in the security stage (6.3)", Logins::noText));
    }

    private static List<BadInput> identity() {
        return List.of(
                new BadInput(32, "a session that does not exist: 020a (11.13.5)", Logins::unknownSession),
                new BadInput(33, "a second connection of a session that may have one: 0206", Logins::secondConnection),
                new BadInput(
                        34,
                        "the connection of a session comes again: the old one ends (6.3.4)",
                        Logins::sameConnection),
                new BadInput(
                        35, "the session of another connection: that one is closed (6.3.5)", Logins::reinstatement),
                new BadInput(40, "names that are missing, unknown or disabled: 0207, 0203, 0301", Logins::names),
                new BadInput(41, "another type of session: 0209", Logins::sessionType),
                new BadInput(42, "commands in a discovery session: Reject 04 (4.3)", Logins::discoveryCommands));
    }

    private static void notALogin(World world) throws IOException {
        for (int opcode = 0; opcode < 0x40; opcode++) {
            if (opcode != RawPdu.LOGIN) {
                try (TestInitiator initiator = world.connect()) {
                    initiator.send(RawPdu.of(opcode).flags(0x80));
                    Expect.closedUnanswered(initiator);
                }
            }
        }
        try (TestInitiator initiator = world.connect()) {
            initiator.send(initiator.loginRequest(OPERATIONAL).data(names(initiator)));
            initiator.expect(RawPdu.LOGIN_RESPONSE);
            initiator.send(initiator.command(0, Cdb.inquiry(36), 0, 36));
            Expect.closedUnanswered(initiator);
        }
    }

    private static byte[] names(TestInitiator initiator) {
        return TextPairs.encode(initiator.names("Normal", World.TARGET));
    }

    private static RawPdu login(TestInitiator initiator) {
        return initiator.loginRequest(OPERATIONAL_TO_FULL_FEATURE).data(names(initiator));
    }

    private static void bytesBehind(World world) throws IOException {
        Random random = new Random(50350);
        for (int round = 0; round < 50; round++) {
            byte[] garbage = new byte[1 + random.nextInt(2000)];
            random.nextBytes(garbage);
            TestInitiator initiator = world.connect();
            initiator.sendBytes(Expect.concat(login(initiator).toBytes(), garbage));
            if (round % 2 == 0) {
                initiator.halfClose();
                initiator.expectClosed();
            }
            initiator.reset();
        }
        try (TestInitiator initiator = world.connect()) {
            byte[] login = login(initiator).toBytes();
            RawPdu ping = initiator.request(RawPdu.NOP_OUT).int32(20, RawPdu.RESERVED_TAG);
            initiator.sendBytes(Expect.concat(login, ping.toBytes()));
            initiator.expect(RawPdu.LOGIN_RESPONSE);
            Expect.tag(ping, initiator.expect(RawPdu.NOP_IN));
        }
        try (TestInitiator initiator = world.connect()) {
            byte[] refused = initiator.loginRequest(OPERATIONAL_TO_FULL_FEATURE).toBytes();
            initiator.sendBytes(Expect.concat(refused, login(initiator).toBytes()));
            Expect.refused(0x0207, initiator);
        }
    }

    private static void stages(World world) throws IOException {
        Map<Integer, Integer> statuses = new LinkedHashMap<>();
        statuses.put(0x8C | 3, 0x020B);
        statuses.put(0x0C, 0x020B);
        statuses.put(0x88 | 3, 0x0200);
        statuses.put(0x80 | 2, 0x0200);
        statuses.put(0x84 | 2, 0x0200);
        statuses.put(0x84, 0x0200);
        statuses.put(0x84 | 1, 0x0200);
        statuses.put(0x80, 0x0200);
        statuses.put(0xC4 | 3, 0x0200);
        for (Map.Entry<Integer, Integer> status : statuses.entrySet()) {
            try (TestInitiator initiator = world.connect()) {
                initiator.send(initiator.loginRequest(status.getKey()).data(names(initiator)));
                Expect.refused(status.getValue(), initiator);
            }
        }
        try (TestInitiator initiator = world.connect()) {
            initiator.send(initiator.loginRequest(0x81).data(names(initiator)));
            initiator.expect(RawPdu.LOGIN_RESPONSE);
            initiator.send(initiator.loginRequest(0x81));
            Expect.refused(0x0200, initiator);
        }
    }

    private static void version(World world) throws IOException {
        for (int lowest : new int[] {1, 2, 0xFF}) {
            try (TestInitiator initiator = world.connect()) {
                initiator.send(login(initiator).int8(2, 0xFF).int8(3, lowest));
                Expect.refused(0x0205, initiator);
            }
        }
        try (TestInitiator initiator = world.connect()) {
            initiator.send(login(initiator).int8(2, 0xFF));
            RawPdu response = initiator.expect(RawPdu.LOGIN_RESPONSE);
            if (response.int16(36) != 0 || response.int16(2) != 0) {
                throw new AssertionError("not version 0: " + response);
            }
        }
    }

    private static void changes(World world) throws IOException {
        List<UnaryOperator<RawPdu>> changes = List.of(
                pdu -> pdu.taskTag(5),
                pdu -> pdu.int16(20, 5),
                pdu -> pdu.int8(13, pdu.int8(13) + 1),
                pdu -> pdu.int16(14, 5),
                pdu -> pdu.int32(24, pdu.int32(24) + 1));
        for (UnaryOperator<RawPdu> change : changes) {
            try (TestInitiator initiator = world.connect()) {
                initiator.send(initiator.loginRequest(OPERATIONAL).data(names(initiator)));
                initiator.expect(RawPdu.LOGIN_RESPONSE);
                initiator.send(change.apply(initiator.loginRequest(OPERATIONAL_TO_FULL_FEATURE)));
                Expect.refused(0x0200, initiator);
            }
        }
    }

    private static void endless(World world) throws IOException {
        for (int flags : new int[] {OPERATIONAL, OPERATIONAL_TO_BE_CONTINUED}) {
            try (TestInitiator initiator = world.connect()) {
                initiator.send(initiator.loginRequest(flags).data(names(initiator)));
                for (int i = 1; i < MOST_REQUESTS; i++) {
                    initiator.expect(RawPdu.LOGIN_RESPONSE);
                    initiator.send(initiator.loginRequest(flags));
                }
                RawPdu last = initiator.expect(RawPdu.LOGIN_RESPONSE);
                if (last.int16(36) != 0) {
                    throw new AssertionError("refused too early: " + last);
                }
                initiator.send(initiator.loginRequest(flags));
                Expect.refused(0x0200, initiator);
            }
        }
    }

    private static void longText(World world) throws IOException {
        try (TestInitiator initiator = world.connect()) {
            int status = 0;
            for (int i = 0; i <= 8; i++) {
                initiator.send(
                        initiator.loginRequest(OPERATIONAL_TO_BE_CONTINUED).data(new byte[8192]));
                status = initiator.expect(RawPdu.LOGIN_RESPONSE).int16(36);
                if (status != (i < 8 ? 0 : 0x0200)) {
                    throw new AssertionError(String.format("status %04x with request %d", status, i));
                }
            }
            initiator.expectClosed();
        }
    }

    private static void noText(World world) throws IOException {
        for (int flags : new int[] {0x81, 0x83, OPERATIONAL, OPERATIONAL_TO_FULL_FEATURE}) {
            try (TestInitiator initiator = world.connect()) {
                initiator.send(initiator.loginRequest(flags));
                Expect.refused(0x0207, initiator);
            }
        }
        try (TestInitiator initiator = world.connect()) {
            initiator.send(initiator.loginRequest(SECURITY));
            Expect.refused(0x0200, initiator);
        }
        try (TestInitiator initiator = world.connect()) {
            initiator.send(initiator.loginRequest(SECURITY).data(names(initiator)));
            initiator.expect(RawPdu.LOGIN_RESPONSE);
            initiator.send(initiator.loginRequest(SECURITY));
            Expect.refused(0x0200, initiator);
        }
    }

    private static void unknownSession(World world) throws IOException {
        for (int handle : new int[] {0x7FFF, 0xFFFF}) {
            try (TestInitiator initiator = world.connect()) {
                initiator.send(login(initiator).int16(14, handle));
                Expect.refused(0x020A, initiator);
            }
        }
    }

    private static final String TWICE = "iqn.2026-11.io.sluice:twice";

    private static void secondConnection(World world) throws IOException {
        try (TestInitiator initiator = world.connect().name(TWICE);
                TestInitiator second = world.connect().name(TWICE).isid(0x8000_0000_0777L)) {
            LoginResult first = initiator.isid(0x8000_0000_0777L).tryLogin(initiator.names("Normal", World.TARGET));
            Expect.refused(0, first);
            second.send(login(second).int16(14, first.tsih()).int16(20, 1));
            Expect.refused(0x0206, second);
            Expect.serves(World.ready(initiator));
        }
    }

    private static void sameConnection(World world) throws IOException {
        TestInitiator old = world.login();
        for (int round = 0; round < 10; round++) {
            old.send(old.command(0, Cdb.write10(0, 512), 512 * World.BLOCK, 0));
            TestInitiator young = world.connect().join(old, 0, World.TARGET);
            old.expectClosed();
            old.close();
            Expect.serves(young);
            old = young;
        }
        old.close();
    }

    private static void reinstatement(World world) throws IOException {
        for (int round = 0; round < 10; round++) {
            try (TestInitiator old = world.connect().name(TWICE).isid(0x8000_0000_0778L);
                    TestInitiator young = world.connect().name(TWICE).isid(0x8000_0000_0778L)) {
                World.ready(old.login(World.TARGET));
                RawPdu owed = old.command(0, Cdb.write10(0, 512), 512 * World.BLOCK, 0);
                old.send(owed);
                World.ready(young.login(World.TARGET));
                old.expectClosed();
                Expect.serves(young);
            }
        }
    }

    private static void names(World world) throws IOException {
        String disabled = "iqn.2026-11.io.sluice:off";
        try (TestInitiator initiator = world.connect()) {
            Expect.refused(0x0207, initiator.tryLogin(Map.of("TargetName", World.TARGET)));
        }
        try (TestInitiator initiator = world.connect()) {
            Expect.refused(0x0207, initiator.tryLogin(Map.of("SessionType", "Discovery")));
        }
        try (TestInitiator initiator = world.connect()) {
            Expect.refused(0x0207, initiator.tryLogin(initiator.names("Normal", null)));
        }
        try (TestInitiator initiator = world.connect()) {
            Expect.refused(0x0203, initiator.tryLogin(initiator.names("Normal", disabled)));
        }
        world.console("target:create " + disabled + "; target:disable " + disabled);
        try (TestInitiator initiator = world.connect()) {
            Expect.refused(0x0301, initiator.tryLogin(initiator.names("Normal", disabled)));
        } finally {
            world.console("target:delete " + disabled);
        }
    }

    private static void sessionType(World world) throws IOException {
        for (String type : List.of("X", "", "normal", "Normal,Discovery", "Discovery ")) {
            try (TestInitiator initiator = world.connect()) {
                Expect.refused(0x0209, initiator.tryLogin(initiator.names(type, World.TARGET)));
                initiator.expectClosed();
            }
        }
    }

    private static void discoveryCommands(World world) throws IOException {
        try (TestInitiator initiator = world.connect().loginDiscovery()) {
            List<RawPdu> pdus = List.of(
                    initiator.command(0, Cdb.inquiry(36), 0, 36),
                    initiator.command(0, Cdb.read10(0, 1), 0, 512).immediate(),
                    initiator.dataOut(0, 1, RawPdu.RESERVED_TAG, 0, 0, new byte[512], true),
                    initiator.taskManagementRequest(5, 0, RawPdu.RESERVED_TAG, 0));
            for (RawPdu pdu : pdus) {
                initiator.cmdSn(1);
                initiator.send(pdu.int32(24, pdu.opcode() == RawPdu.DATA_OUT ? 0 : 1));
                initiator.expectReject(PROTOCOL_ERROR);
            }
            initiator.cmdSn(1);
            initiator.ping(new byte[3]);
        }
    }
}
