package io.sluice.itests;

import static org.junit.Assert.assertArrayEquals;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import io.sluice.testkit.initiator.TestInitiator;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.ClassRule;
import org.junit.Test;

/** Several initiators, sessions and units at once. */
public class ManyIT {

    private static final int UNITS = 64;
    private static final int SESSIONS = 8;

    @ClassRule
    public static final Sluice SLUICE = new Sluice();

    @Test
    public void sixtyFourUnitsOfOneTarget() throws IOException {
        String target = "iqn.2026-11.io.sluice:many";
        StringBuilder commands = new StringBuilder();
        StringBuilder create = new StringBuilder("target:create " + target);
        for (int i = 0; i < UNITS; i++) {
            commands.append("backstore:create memory many").append(i).append(" --size 1M; ");
            create.append(" --backstore many").append(i);
        }
        SLUICE.console(commands.append(create).toString());
        long units = Tool.run("iscsi-ls", "-s", "iscsi://" + SLUICE.portalText()).expectSuccess().lines().stream()
                .filter(line -> line.startsWith("Lun:"))
                .count();
        assertEquals(UNITS, units);
        for (int lun : new int[] {0, 63}) {
            String byteValue = Integer.toString(lun + 1);
            Tool.run(
                            "qemu-io",
                            "-f",
                            "raw",
                            "-c",
                            "write -P " + byteValue + " 0 1M",
                            "-c",
                            "read -P " + byteValue + " 0 1M",
                            SLUICE.url(target, lun))
                    .expectSuccess();
        }
        Tool.run("qemu-io", "-f", "raw", "-c", "read -P 0 0 1M", SLUICE.url(target, 1))
                .expectSuccess();
    }

    @Test
    public void twoInitiatorsSeeEachOthersWrites() throws IOException {
        String target = "iqn.2026-11.io.sluice:shared";
        SLUICE.console("backstore:create memory shared --size 8M; target:create " + target + " --backstore shared");
        try (TestInitiator one = TestInitiator.connect(SLUICE.portal())
                        .name("iqn.2026-11.test:one")
                        .login(target);
                TestInitiator two = TestInitiator.connect(SLUICE.portal())
                        .name("iqn.2026-11.test:two")
                        .login(target)) {
            one.execute(0, new byte[6], null, 0);
            two.execute(0, new byte[6], null, 0);
            byte[] data = new byte[4096];
            Arrays.fill(data, (byte) 0x42);
            one.write10(0, 8, data, 512);
            assertArrayEquals(data, two.read10(0, 8, 8, 512));
            assertTrue(SLUICE.console("session:list").contains("iqn.2026-11.test:two"));
        }
    }

    @Test
    public void eightSessionsAtOnce() throws IOException {
        String target = "iqn.2026-11.io.sluice:busy";
        SLUICE.console("target:create " + target + " --file busy.img --size 64M");
        List<String[]> commands = new ArrayList<>();
        for (int i = 0; i < SESSIONS; i++) {
            String range = i * 8 + "M 8M";
            commands.add(new String[] {
                "qemu-io",
                "-f",
                "raw",
                "-c",
                "write -P " + (i + 1) + " " + range,
                "-c",
                "flush",
                "-c",
                "read -P " + (i + 1) + " " + range,
                SLUICE.url(target, 0)
            });
        }
        Tool.runAtOnce(commands);
        for (int i = 0; i < SESSIONS; i++) {
            Tool.run("qemu-io", "-f", "raw", "-c", "read -P " + (i + 1) + " " + i * 8 + "M 8M", SLUICE.url(target, 0))
                    .expectSuccess();
        }
    }
}
