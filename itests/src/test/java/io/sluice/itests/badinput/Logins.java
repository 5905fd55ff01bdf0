package io.sluice.itests.badinput;

import io.sluice.testkit.initiator.RawPdu;
import io.sluice.testkit.initiator.TestInitiator;
import java.io.IOException;
import java.util.List;

/** Logins that are not as they should be (RFC 7143 6.3, 11.12). */
final class Logins {

    private Logins() {}

    static List<BadInput> inputs() {
        return List.of(
                new BadInput(28, "another PDU comes before the login: closed (RFC 7143 7.9)", Logins::notALogin));
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
    }
}
