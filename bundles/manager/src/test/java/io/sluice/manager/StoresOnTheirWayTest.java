package io.sluice.manager;

import static io.sluice.manager.GatewayFixture.TARGET;
import static org.junit.Assert.assertEquals;

import io.sluice.config.LayerConfig;
import io.sluice.management.BackstoreStatus.State;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;

/** What happens to stores, and their bundles, that are open and on their way to a disk. */
public class StoresOnTheirWayTest {

    @Rule
    public final GatewayFixture fixture = new GatewayFixture();

    private final FakeLayer layer = new FakeLayer("limit");

    /** What storage waits for. */
    private final CompletableFuture<Void> held = new CompletableFuture<>();

    /** Nothing hangs here but what a test holds. */
    public StoresOnTheirWayTest() {
        fixture.drain = Duration.ofMinutes(1);
        fixture.stop = Duration.ofMinutes(1);
    }

    @Before
    public void makeDisks() throws Exception {
        fixture.gateway.addLayer(layer);
        Eventually.isEqual(1, () -> fixture.gateway.layers().types().size());
        fixture.create("disk");
        fixture.create("spare");
        fixture.gateway.createTarget(TARGET, List.of("disk"));
    }

    private static <T> CompletableFuture<T> begin(Callable<T> change) {
        return CompletableFuture.supplyAsync(() -> {
            try {
                return change.call();
            } catch (Exception refused) {
                throw new CompletionException(refused);
            }
        });
    }

    /** The spare one has left its disk, and has not come to the other. */
    private CompletableFuture<String> replacing() throws Exception {
        FakeProvider.Store served = fixture.provider.stores.get("disk");
        int before = served.flushes.get();
        served.flushing = held;
        CompletableFuture<String> replaced = begin(() -> fixture.gateway.replaceLun(TARGET, 0, "spare"));
        Eventually.isTrue(() -> served.flushes.get() > before);
        return replaced;
    }

    @Test
    public void aLayerWhoseBundleHasGoneMeanwhileIsLeft() throws Exception {
        fixture.gateway.layers().add("spare", new LayerConfig("limit", Map.of()), false);
        CompletableFuture<String> replaced = replacing();
        fixture.gateway.removeLayer(layer);
        held.complete(null);
        assertEquals("disk", replaced.get(1, TimeUnit.MINUTES));
        Eventually.isEqual("the bundle for layer limit is not installed", () -> fixture.status("spare")
                .problem());
        Eventually.isEqual(List.of("open limit{}", "close limit"), () -> List.copyOf(layer.account));
        assertEquals(State.AWAY, fixture.stateOf("spare"));
        fixture.gateway.addLayer(layer);
        Eventually.isEqual(State.ONLINE, () -> fixture.stateOf("spare"));
        assertEquals("open limit{}", layer.account.get(2));
    }

    @Test
    public void aStoreThatIsLostMeanwhileIsOpenedAnew() throws Exception {
        CompletableFuture<String> replaced = replacing();
        FakeProvider.Store spare = fixture.provider.stores.get("spare");
        spare.lose("the cable is out");
        held.complete(null);
        assertEquals("disk", replaced.get(1, TimeUnit.MINUTES));
        Eventually.isTrue(() -> fixture.provider.stores.get("spare") != spare);
        Eventually.isEqual(State.ONLINE, () -> fixture.stateOf("spare"));
        assertEquals(1, fixture.logged("backstore=spare away: the cable is out").size());
    }

    @Test
    public void aStoreThatIsLostWhileItGetsALayerIsOpenedAnew() throws Exception {
        FakeProvider.Store below = fixture.provider.stores.get("disk");
        below.flushing = held;
        CompletableFuture<?> added = begin(() -> {
            fixture.gateway.layers().add("disk", new LayerConfig("limit", Map.of()), false);
            return null;
        });
        Eventually.isTrue(() -> below.flushes.get() > 0);
        below.lose("the cable is out");
        held.complete(null);
        added.get(1, TimeUnit.MINUTES);
        Eventually.isTrue(() -> fixture.provider.stores.get("disk") != below);
        Eventually.isEqual(State.ONLINE, () -> fixture.stateOf("disk"));
    }
}
