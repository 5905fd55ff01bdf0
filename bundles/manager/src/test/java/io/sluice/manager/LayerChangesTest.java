package io.sluice.manager;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import io.sluice.backstore.Backstore;
import io.sluice.backstore.BackstoreException;
import io.sluice.backstore.Fault;
import io.sluice.config.ConfigException;
import io.sluice.config.LayerConfig;
import io.sluice.management.BackstoreStatus.State;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;

/** Layers that are put on a disk in use, changed and taken away: all of it, or nothing. */
public class LayerChangesTest {

    @Rule
    public final GatewayFixture fixture = new GatewayFixture();

    private final List<String> account = new CopyOnWriteArrayList<>();
    private final FakeLayer limit = new FakeLayer("limit", account);
    private final FakeLayer count = new FakeLayer("count", account);

    /** Layers that do not hang are waited for, however slow the machine is. */
    public LayerChangesTest() {
        fixture.drain = Duration.ofMinutes(1);
    }

    @Before
    public void makeDisk() throws Exception {
        fixture.create("disk");
        fixture.gateway.addLayer(limit);
        fixture.gateway.addLayer(count);
        Eventually.isEqual(2, () -> fixture.gateway.layers().types().size());
    }

    private static LayerConfig layer(String type, String... iops) {
        return new LayerConfig(type, iops.length == 0 ? Map.of() : Map.of("iops", iops[0]));
    }

    private void add(LayerConfig layer) throws Exception {
        fixture.gateway.layers().add("disk", layer, false);
    }

    private List<LayerConfig> kept() {
        return fixture.gateway.config().backstore("disk").orElseThrow().layers();
    }

    private String refused(Change change) {
        return assertThrows(ConfigException.class, change::make).getMessage();
    }

    private interface Change {
        void make() throws Exception;
    }

    @Test
    public void theStoreBelowStaysOpen() throws Exception {
        int opened = fixture.provider.openings.get();
        add(layer("limit", "9"));
        add(layer("count"));
        assertEquals(List.of("open limit{iops=9}", "open count{}"), account);
        fixture.gateway.layers().remove("disk", "limit");
        Eventually.isEqual(
                List.of("close count", "close limit", "open count{}"), () -> account.subList(2, account.size()));
        fixture.gateway.layers().remove("disk", "count");
        assertEquals(List.of(), kept());
        assertEquals("the store itself", opened, fixture.provider.openings.get());
        assertEquals(State.ONLINE, fixture.stateOf("disk"));
        fixture.gateway.close();
        Eventually.isEqual(Set.of(), () -> fixture.provider.open);
    }

    @Test
    public void changesAreKept() throws Exception {
        add(layer("limit", "9"));
        fixture.restart();
        assertEquals(List.of(layer("limit", "9")), kept());
    }

    @Test
    public void whatCannotBeOpenedChangesNothing() throws Exception {
        add(layer("limit"));
        account.clear();
        count.broken = true;
        assertTrue(refused(() -> add(layer("count"))).contains("of another version"));
        assertEquals(List.of(layer("limit")), kept());
        assertEquals(State.ONLINE, fixture.stateOf("disk"));
        assertEquals("what is below stays as it is", List.of("open count{}"), account);
    }

    @Test
    public void whatCannotBeSavedChangesNothing() throws Exception {
        limit.live = true;
        add(layer("limit", "1"));
        account.clear();
        Files.delete(fixture.document());
        Files.createDirectory(fixture.document());
        refused(() -> add(layer("count")));
        Eventually.isEqual(List.of("open count{}", "close count"), () -> List.copyOf(account));
        refused(() -> fixture.gateway.layers().set("disk", layer("limit", "2")));
        assertEquals("undo limit", account.get(account.size() - 1));
        assertEquals(List.of(layer("limit", "1")), kept());
        assertEquals(State.ONLINE, fixture.stateOf("disk"));
    }

    /** Gives a disk a layer that is not opened before the test says so. */
    private CompletableFuture<String> addHanging() throws Exception {
        count.opening = new CompletableFuture<>();
        CompletableFuture<String> told = CompletableFuture.supplyAsync(() -> refused(() -> add(layer("count"))));
        Eventually.isTrue(() -> account.contains("open count{}"));
        return told;
    }

    @Test
    public void aLayerThatIsNeverOpenIsGivenUpWhenItsBundleGoes() throws Exception {
        CompletableFuture<String> told = addHanging();
        CompletableFuture<Void> removed = CompletableFuture.runAsync(() -> fixture.gateway.removeLayer(count));
        assertEquals("the bundle for layer count is not installed", told.get(1, TimeUnit.MINUTES));
        Eventually.isEqual(State.ONLINE, () -> fixture.stateOf("disk"));
        assertEquals(List.of(), kept());
        assertFalse("it is still at work", removed.isDone());
        count.opening.complete(null);
        removed.get(1, TimeUnit.MINUTES);
        assertEquals(List.of("open count{}", "close count"), account);
        assertEquals("the store below stays open", Set.of("disk"), fixture.provider.open);
        fixture.gateway.close();
        Eventually.isEqual(Set.of(), () -> fixture.provider.open);
    }

    /** The store is that of the stack from before, of the one that hangs, and of the change. */
    @Test
    public void whatALayerThatHangsLiesOnIsClosedWhenItsBundleGoes() throws Exception {
        CompletableFuture<String> told = addHanging();
        CompletableFuture<Void> removed =
                CompletableFuture.runAsync(() -> fixture.gateway.removeProvider(fixture.provider));
        assertEquals(GatewayFixture.NOT_INSTALLED, told.get(1, TimeUnit.MINUTES));
        Eventually.isEqual(Set.of(), () -> fixture.provider.open);
        assertEquals(State.AWAY, fixture.stateOf("disk"));
        fixture.gateway.addProvider(fixture.provider);
        Eventually.isEqual(State.ONLINE, () -> fixture.stateOf("disk"));
        count.opening.complete(null);
        removed.get(1, TimeUnit.MINUTES);
        assertEquals(State.ONLINE, fixture.stateOf("disk"));
    }

    /** The store is closed so late that its bundle is there again by then. */
    @Test
    public void aChangeThatHasNotBegunWhenTheStorageGoesIsNoSuccess() throws Exception {
        FakeProvider.Store store = fixture.provider.stores.get("disk");
        CompletableFuture<Void> flushed = new CompletableFuture<>();
        store.flushing = flushed;
        CompletableFuture<String> told = CompletableFuture.supplyAsync(() -> refused(() -> add(layer("count"))));
        Eventually.isTrue(() -> store.flushes.get() > 0);
        CompletableFuture<Void> removed =
                CompletableFuture.runAsync(() -> fixture.gateway.removeProvider(fixture.provider));
        Eventually.isEqual(State.AWAY, () -> fixture.stateOf("disk"));
        fixture.gateway.addProvider(fixture.provider).toCompletableFuture().join();
        flushed.completeExceptionally(new BackstoreException(Fault.WRITE_FAILED, "the power was gone"));
        assertEquals(
                "the storage of backstore disk was opened anew before its layers could be changed, and they are as"
                        + " before: try again",
                told.get(1, TimeUnit.MINUTES));
        removed.get(1, TimeUnit.MINUTES);
        assertEquals(List.of(), kept());
        assertEquals("nobody has asked for the layer", List.of(), account);
    }

    private void restartWithLittlePatience() throws Exception {
        fixture.gateway.close();
        fixture.drain = Duration.ofMillis(100);
        fixture.start();
        fixture.gateway.addProvider(fixture.provider);
        fixture.gateway.addLayer(limit);
        fixture.gateway.addLayer(count);
        Eventually.isEqual(State.ONLINE, () -> fixture.stateOf("disk"));
        Eventually.isEqual(2, () -> fixture.gateway.layers().types().size());
    }

    /** What it writes later would be over what hosts have written meanwhile. */
    @Test
    public void aLayerThatHasBegunToChangeTheBlocksIsNotGivenUp() throws Exception {
        fixture.create("other");
        restartWithLittlePatience();
        limit.opening = new CompletableFuture<>();
        limit.writesFirst = true;
        CompletableFuture<Void> changing = CompletableFuture.runAsync(() -> {
            try {
                add(layer("limit", "1"));
            } catch (Exception refused) {
                throw new CompletionException(refused);
            }
        });
        Eventually.isTrue(() -> account.contains("written"));
        count.opening = new CompletableFuture<>();
        refused(() -> fixture.gateway.layers().add("other", layer("count"), false));
        assertFalse("another one, asked later, was given up", changing.isDone());
        limit.opening.complete(null);
        changing.get(1, TimeUnit.MINUTES);
        assertEquals(List.of(layer("limit", "1")), kept());
    }

    @Test
    public void hostsDoNotWaitForeverForALayer() throws Exception {
        restartWithLittlePatience();
        count.writesLast = true;
        assertEquals(
                "the layers of backstore disk were not open after 0 s, and nothing was changed: see to what they need,"
                        + " and try again",
                addHanging().get(1, TimeUnit.MINUTES));
        Eventually.isEqual(State.ONLINE, () -> fixture.stateOf("disk"));
        assertEquals(List.of(), kept());
        count.opening.complete(null);
        Eventually.isEqual(
                List.of("open count{}", "not written: the layer was not open in time, and was given up", "close count"),
                () -> List.copyOf(account));
    }

    /** All that was opened in vain goes in the end, and the disk did not wait for it. */
    private void goesInTheEnd(FakeLayer hung, String last) throws Exception {
        Eventually.isEqual(State.ONLINE, () -> fixture.stateOf("disk"));
        fixture.volume("disk").flush().toCompletableFuture().join();
        CompletableFuture<Void> removed = CompletableFuture.runAsync(() -> fixture.gateway.removeLayer(hung));
        Eventually.isTrue(() -> !fixture.logged("not awaited any more").isEmpty() || removed.isDone());
        assertFalse(
                "its bundle is waited for",
                fixture.logged("not awaited any more").isEmpty());
        hung.closing.complete(null);
        Eventually.isEqual(last, () -> account.get(account.size() - 1));
        fixture.gateway.close();
        Eventually.isEqual(Set.of(), () -> fixture.provider.open);
    }

    @Test
    public void aLayerThatIsNotKeptAndNeverClosedDoesNotHoldTheDisk() throws Exception {
        restartWithLittlePatience();
        count.stuck = config -> true;
        Files.delete(fixture.document());
        Files.createDirectory(fixture.document());
        String told = refused(() -> add(layer("count")));
        assertFalse(told, told.contains("still going on"));
        assertEquals(List.of(), kept());
        assertEquals(List.of("open count{}"), account);
        goesInTheEnd(count, "close count");
    }

    /** The one below it is open when the one above it is not to be had. */
    @Test
    public void aLayerThatIsNeverClosedAfterAnotherHasFailedDoesNotHoldTheDisk() throws Exception {
        restartWithLittlePatience();
        add(layer("limit", "1"));
        add(layer("count"));
        account.clear();
        limit.stuck = config -> "2".equals(config.options().get("iops"));
        count.failures.set(1);
        String told = refused(() -> fixture.gateway.layers().set("disk", layer("limit", "2")));
        assertTrue(
                told, told.startsWith("the layers of backstore disk were not open after 0 s, and nothing was changed"));
        assertEquals(List.of(layer("limit", "1"), layer("count")), kept());
        assertEquals(
                List.of(
                        "close count",
                        "close limit",
                        "open limit{iops=2}",
                        "open count{}",
                        "open limit{iops=1}",
                        "open count{}"),
                account);
        goesInTheEnd(limit, "close limit");
    }

    @Test
    public void aLayerThatCanIsSetInUse() throws Exception {
        limit.live = true;
        add(layer("limit", "1"));
        fixture.gateway.layers().set("disk", layer("limit", "2"));
        assertEquals(List.of("open limit{iops=1}", "set limit{iops=2}", "keep limit"), account);
        limit.live = false;
        fixture.gateway.layers().set("disk", layer("limit", "3"));
        Eventually.isEqual(List.of("close limit", "open limit{iops=3}"), () -> account.subList(3, account.size()));
        assertEquals(List.of(layer("limit", "3")), kept());
    }

    @Test
    public void whatChangesBlocksIsToldOnceAndStays() throws Exception {
        fixture.gateway.removeLayer(limit);
        limit.keepsBlocks = false;
        fixture.gateway.addLayer(limit);
        Eventually.isEqual(2, () -> fixture.gateway.layers().types().size());
        add(layer("limit"));
        assertEquals(List.of("open limit{format=empty}"), account);
        assertEquals(List.of(layer("limit")), kept());
        assertTrue(
                refused(() -> fixture.gateway.layers().remove("disk", "limit")).contains("nobody could read"));
        fixture.gateway.reopenBackstore("disk", false);
        assertEquals("open limit{}", account.get(account.size() - 1));
    }

    @Test
    public void aDiskThatHasLostSomethingStaysSo() throws Exception {
        fixture.provider.stores.get("disk").flushing =
                CompletableFuture.failedFuture(new BackstoreException(Fault.WRITE_FAILED, "the power was gone"));
        assertThrows(
                CompletionException.class,
                () -> fixture.volume("disk").flush().toCompletableFuture().join());
        fixture.provider.stores.get("disk").flushing = Backstore.done();
        String refusal = refused(() -> add(layer("limit")));
        assertTrue(refusal, refusal.contains("the power was gone"));
        assertTrue(refusal, refusal.endsWith(": mend that, then use backstore:reopen disk"));
        assertEquals(State.READ_ONLY, fixture.stateOf("disk"));
        assertEquals(List.of(), kept());
        fixture.gateway.reopenBackstore("disk", false);
        add(layer("limit"));
        fixture.volume("disk").flush().toCompletableFuture().join();
    }

    @Test
    public void mistakesAreToldInOneLine() throws Exception {
        add(layer("limit"));
        assertTrue(refused(() -> add(layer("limit"))).contains("already"));
        assertTrue(refused(() -> add(layer("fog"))).contains("there is no layer 'fog'"));
        assertTrue(
                refused(() -> add(new LayerConfig("count", Map.of("a", "b")))).contains("no option 'a'"));
        assertTrue(refused(() -> fixture.gateway.layers().add("disk", layer("count"), true))
                .contains("--format"));
        assertTrue(refused(() -> fixture.gateway.layers().set("disk", layer("count")))
                .contains("has no layer count"));
        assertTrue(
                refused(() -> fixture.gateway.layers().remove("gone", "limit")).contains("no backstore gone"));
    }
}
