package io.sluice.itests;

import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import java.io.IOException;
import org.junit.ClassRule;
import org.junit.Test;

/** Backends are taken out and put back by their features, as the README says, and that is still so after a restart. */
public class FeaturesIT {

    private static final String MEMORY = "sluice-backstore-memory";

    @ClassRule
    public static final Sluice SLUICE = new Sluice().light();

    private static boolean hasMemory() throws IOException {
        return SLUICE.console("backstore:types").contains("blocks in memory");
    }

    @Test
    public void aBackendIsTakenOutAndPutBack() throws IOException {
        SLUICE.console("backstore:create memory kept --size 8M");
        SLUICE.console("backstore:create memory scratch --size 8M -o restart=empty");
        SLUICE.console("target:create " + Sluice.TARGET + " --backstore kept --backstore scratch");
        Tool.run("qemu-io", "-f", "raw", "-c", "write -P 0x5a 0 1M", SLUICE.url(Sluice.TARGET, 0))
                .expectSuccess();
        SLUICE.console("feature:uninstall " + MEMORY);
        assertFalse(hasMemory());
        String status = SLUICE.script("client", "gateway:status").output();
        assertTrue(status, status.contains("feature:install " + MEMORY));

        SLUICE.stop().expectSuccess();
        SLUICE.start();
        assertFalse("it does not come back by itself", hasMemory());
        SLUICE.console("feature:install " + MEMORY);
        assertTrue(hasMemory());
        String lost = SLUICE.script("client", "gateway:status").output();
        assertTrue(lost, lost.contains("backstore:reopen kept --empty lets it begin empty"));
        assertFalse("it may begin empty by itself", lost.contains("backstore scratch"));
        Tool.run("qemu-io", "-f", "raw", "-c", "read -P 0 0 1M", SLUICE.url(Sluice.TARGET, 1))
                .expectSuccess();
        Tool.run("qemu-io", "-f", "raw", "-c", "read 0 1M", SLUICE.url(Sluice.TARGET, 0))
                .expectFailure();

        SLUICE.stop().expectSuccess();
        SLUICE.start();
        assertTrue("it has come back", hasMemory());
    }

    @Test
    public void whatCannotBeHadIsRefused() throws IOException {
        String refusal = SLUICE.script("client", "backstore:create memory huge --size 8G")
                .expectFailure()
                .output();
        assertTrue(refusal, refusal.contains("M are left: ask for less"));
        assertTrue(refusal, refusal.contains("SLUICE_DIRECT_MEMORY"));
    }
}
