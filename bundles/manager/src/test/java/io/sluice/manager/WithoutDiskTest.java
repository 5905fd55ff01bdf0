package io.sluice.manager;

import static io.sluice.manager.GatewayFixture.SIZE;
import static io.sluice.manager.GatewayFixture.TARGET;
import static io.sluice.manager.GatewayFixture.request;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertSame;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import io.sluice.config.BackstoreConfig;
import io.sluice.config.ConfigException;
import io.sluice.config.IscsiName;
import io.sluice.config.LunConfig;
import io.sluice.management.BackstoreStatus.State;
import io.sluice.manager.volume.Disk;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.function.ThrowingRunnable;

/** No LUN is a disk that is closed, or goes to another backstore, while somebody maps it. */
public class WithoutDiskTest {

    private static final IscsiName OTHER = new IscsiName("iqn.2026-11.io.sluice:other");

    @Rule
    public final GatewayFixture fixture = new GatewayFixture();

    /** What goes on meanwhile waits for it. */
    private final CompletableFuture<Void> go = new CompletableFuture<>();

    private final CompletableFuture<Void> begun = new CompletableFuture<>();

    @Before
    public void serve() throws Exception {
        fixture.gateway.createTarget(TARGET, request("disk"));
        fixture.create("spare");
    }

    private static <T> CompletableFuture<T> meanwhile(Callable<T> change) {
        return CompletableFuture.supplyAsync(() -> {
            try {
                return change.call();
            } catch (Exception failed) {
                throw new CompletionException(failed);
            }
        });
    }

    private static void refused(String message, ThrowingRunnable change) {
        assertEquals(message, assertThrows(ConfigException.class, change).getMessage());
    }

    private void notMapped(String backstore, String doing) {
        String message = "backstore " + backstore + " is being " + doing + ": wait until that is over";
        refused(message, () -> fixture.gateway.mapLun(TARGET, new LunConfig(5, backstore, false)));
        refused(message, () -> fixture.gateway.createTarget(OTHER, List.of(backstore)));
    }

    private static String spare(String colour) {
        return "{\"version\": 1, \"part\": true, \"backstores\": [{\"name\": \"spare\", \"type\": \"fake\", \"sizeBytes\": "
                + SIZE + ", \"options\": {\"place\": \"here\", \"colour\": \"" + colour + "\"}}]}";
    }

    @Test
    public void whatADocumentMakesAnewIsNotMappedMeanwhile() throws Exception {
        fixture.provider.making = config -> {
            begun.complete(null);
            return go.thenApply(gone -> config);
        };
        CompletableFuture<?> applied =
                meanwhile(() -> fixture.gateway.configuration().apply(spare("red"), true, ""));
        begun.join();
        notMapped("spare", "changed");
        go.complete(null);
        applied.join();
        fixture.gateway.mapLun(TARGET, new LunConfig(5, "spare", false));
        assertEquals(State.ONLINE, fixture.stateOf("spare"));
    }

    /** Begins to put the spare in the place of the disk, and holds it before the decision. */
    private CompletableFuture<String> replace() throws Exception {
        FakeProvider.Store store = fixture.provider.stores.get("spare");
        store.flushing = go;
        int flushes = store.flushes.get();
        CompletableFuture<String> replaced = meanwhile(() -> fixture.gateway.replaceLun(TARGET, 0, "spare"));
        Eventually.isTrue(() -> store.flushes.get() > flushes);
        return replaced;
    }

    @Test
    public void whatTakesThePlaceOfAnotherIsNotMappedMeanwhile() throws Exception {
        CompletableFuture<String> replaced = replace();
        notMapped("spare", "put in the place of another");
        notMapped("disk", "replaced");
        go.complete(null);
        assertEquals("disk", replaced.join());
    }

    @Test
    public void whatADocumentHasMappedMeanwhileTakesThePlaceOfNothing() throws Exception {
        CompletableFuture<String> replaced = replace();
        Disk spare = fixture.gateway.disk("spare");
        BackstoreConfig served = fixture.status("disk").config();
        String mapped = fixture.gateway
                .configuration()
                .export(Optional.empty())
                .replace("\"luns\" : [ {", "\"luns\" : [ {\"lun\": 5, \"backstore\": \"spare\"}, {");
        fixture.gateway.configuration().apply(mapped, false, "");
        go.complete(null);
        CompletionException failed = assertThrows(CompletionException.class, replaced::join);
        assertTrue(
                failed.getMessage(), failed.getMessage().contains("backstore spare is in use as " + TARGET + " lun 5"));
        assertEquals(served, fixture.status("disk").config());
        Eventually.isEqual(State.ONLINE, () -> fixture.stateOf("spare"));
        assertSame("the one that is mapped", spare, fixture.gateway.disk("spare"));
    }
}
