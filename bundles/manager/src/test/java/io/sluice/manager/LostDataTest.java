package io.sluice.manager;

import static io.sluice.manager.GatewayFixture.request;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import io.sluice.backstore.BackstoreHealth;
import io.sluice.backstore.Durability;
import io.sluice.config.ConfigException;
import io.sluice.management.BackstoreStatus.State;
import io.sluice.volume.VolumeListener;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;

/** A disk whose storage keeps nothing never comes back empty unless somebody has said that it may. */
public class LostDataTest {

    private static final String LOST = "its data is lost, as its storage keeps nothing when it is closed:"
            + " backstore:reopen disk --empty lets it begin empty";

    @Rule
    public final GatewayFixture fixture = new GatewayFixture();

    private final FakeProvider memory = new FakeProvider();

    @Before
    public void useStorageThatKeepsNothing() throws Exception {
        memory.keepsData = false;
        fixture.gateway.removeProvider(fixture.provider);
        come();
    }

    private void come() throws Exception {
        fixture.gateway.addProvider(memory);
        Eventually.isEqual(1, () -> fixture.gateway.backstoreTypes().size());
    }

    private void restartTheBundle() throws Exception {
        fixture.gateway.removeProvider(memory);
        come();
    }

    private void isLost() throws Exception {
        Eventually.isEqual(LOST, () -> fixture.status("disk").problem());
        assertEquals(State.FAILED, fixture.stateOf("disk"));
        assertEquals(
                List.of("backstore disk: " + LOST), fixture.gateway.status().problems());
        assertEquals(Set.of(), memory.open);
    }

    private String refused(boolean empty) {
        return assertThrows(ConfigException.class, () -> fixture.gateway.reopenBackstore("disk", empty))
                .getMessage();
    }

    private CompletionStage<Void> write() {
        return fixture.volume("disk").write(0, new ByteBuffer[] {ByteBuffer.allocate(512)}, Durability.CACHED);
    }

    /** Returns what initiators are told when the next store comes: whether something has changed. */
    private CompletableFuture<Boolean> nextStore() {
        CompletableFuture<Boolean> came = new CompletableFuture<>();
        fixture.volume("disk").listen(new VolumeListener() {
            @Override
            public void capacityChanged() {}

            @Override
            public void storeGone(String reason) {}

            /** Unlike what is told when it has come, that of an earlier store is over when that is in use. */
            @Override
            public void storeComes(boolean failed) {
                came.complete(failed);
            }
        });
        return came;
    }

    @Test
    public void afterItsBundleHasRestartedItWaitsForTheOperator() throws Exception {
        fixture.create("disk");
        assertEquals(State.ONLINE, fixture.stateOf("disk"));
        CompletableFuture<Boolean> next = nextStore();
        restartTheBundle();
        isLost();
        assertEquals(1, memory.openings.get());
        assertEquals("backstore disk is not reopened: " + LOST, refused(false));
        restartTheBundle();
        isLost();
        fixture.gateway.reopenBackstore("disk", true);
        assertEquals(State.ONLINE, fixture.stateOf("disk"));
        assertTrue("initiators are told", next.get(60, TimeUnit.SECONDS));
        write().toCompletableFuture().get(60, TimeUnit.SECONDS);
        assertEquals(2, memory.openings.get());
        assertFalse(fixture.logged("backstore=disk offline: " + LOST).isEmpty());
    }

    @Test
    public void thePermissionIsForOneTime() throws Exception {
        fixture.create("disk");
        restartTheBundle();
        fixture.gateway.reopenBackstore("disk", true);
        restartTheBundle();
        isLost();
    }

    @Test
    public void aPermissionThatWasRefusedIsNone() throws Exception {
        fixture.create("disk");
        fixture.gateway.removeProvider(memory);
        assertEquals("backstore disk is not reopened: " + GatewayFixture.NOT_INSTALLED, refused(true));
        memory.refuseToOpen = true;
        come();
        isLost();
        assertEquals("backstore disk is not reopened: the place is locked", refused(true));
        memory.refuseToOpen = false;
        isLost();
    }

    @Test
    public void afterARestartOfTheGatewayItWaitsToo() throws Exception {
        fixture.create("disk");
        fixture.restart();
        come();
        isLost();
        fixture.gateway.reopenBackstore("disk", true);
        assertEquals(State.ONLINE, fixture.stateOf("disk"));
    }

    @Test
    public void aStoreThatIsLostIsNotOpenedAnewByItself() throws Exception {
        fixture.create("disk");
        memory.stores.get("disk").lose("a module of memory is broken");
        isLost();
    }

    /** What was written for the old data shall not be on the empty disk. */
    @Test
    public void whatWaitsForTheOldDataDoesNotReachTheNew() throws Exception {
        fixture.create("disk");
        fixture.gateway.removeProvider(memory);
        CompletableFuture<Void> waiting = write().toCompletableFuture();
        assertFalse(waiting.isDone());
        come();
        failsAsLost(waiting);
        assertThrows(
                CompletionException.class, () -> write().toCompletableFuture().join());
    }

    private static void failsAsLost(CompletableFuture<Void> stage) {
        Throwable failure = assertThrows(CompletionException.class, () -> stage.orTimeout(5, TimeUnit.SECONDS)
                        .join())
                .getCause();
        assertTrue(failure.toString(), failure.getMessage().contains("its data is lost"));
    }

    @Test
    public void withTheOptionItBeginsEmptyByItself() throws Exception {
        fixture.gateway.createBackstore(request("disk", Map.of("place", "here", "restart", "empty"), false));
        CompletableFuture<Boolean> next = nextStore();
        fixture.gateway.removeProvider(memory);
        CompletableFuture<Void> waiting = write().toCompletableFuture();
        come();
        Eventually.isEqual(State.ONLINE, () -> fixture.stateOf("disk"));
        assertTrue("initiators are told", next.get(60, TimeUnit.SECONDS));
        failsAsLost(waiting);
        fixture.restart();
        come();
        Eventually.isEqual(State.ONLINE, () -> fixture.stateOf("disk"));
        assertEquals("", fixture.status("disk").problem());
    }

    @Test
    public void whatIsThereIsNotThrownAwayWithoutAWord() throws Exception {
        fixture.create("disk");
        for (boolean empty : new boolean[] {false, true}) {
            assertEquals("backstore disk is not reopened: it is well, and would lose its data", refused(empty));
        }
        assertEquals(1, memory.openings.get());
        memory.stores.get("disk").turn(BackstoreHealth.State.FAILED, "a chunk is lost");
        Eventually.isEqual(State.FAILED, () -> fixture.stateOf("disk"));
        assertEquals(
                "a chunk is lost: mend that, then use backstore:reopen disk --empty",
                fixture.status("disk").problem());
        assertEquals("backstore disk is not reopened: it would lose its data: add --empty", refused(false));
        fixture.gateway.reopenBackstore("disk", true);
        assertEquals(State.ONLINE, fixture.stateOf("disk"));
    }

    @Test
    public void whatKeepsItsDataNeverBeginsEmpty() throws Exception {
        fixture.gateway.removeProvider(memory);
        memory.keepsData = true;
        come();
        fixture.create("disk");
        assertEquals(
                "backstore disk is not reopened: its storage keeps its data, and never begins empty: leave out --empty",
                refused(true));
        assertEquals(1, memory.openings.get());
        restartTheBundle();
        Eventually.isEqual(State.ONLINE, () -> fixture.stateOf("disk"));
    }
}
